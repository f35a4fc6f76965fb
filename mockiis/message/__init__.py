"""Requests, replies and the values between them; ACK and RSP messages built from values and read back."""

from mockiis.message.reply import FaultKind, FaultReply, MessageReply, NoReply, Reply
from mockiis.message.request import Request, Transport

__all__ = ["FaultKind", "FaultReply", "MessageReply", "NoReply", "Reply", "Request", "Transport"]
