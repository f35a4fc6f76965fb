"""Requests, replies and the values between them; ACK and RSP messages built from values and read back."""

from mockiis.message.acknowledgment import acknowledgment
from mockiis.message.answer import Answer, read_answer
from mockiis.message.misbehaviour import Misbehaviour
from mockiis.message.query_response import query_response
from mockiis.message.reply import FaultKind, FaultReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.message.request import Request, Transport

__all__ = [
    "Answer",
    "FaultKind",
    "FaultReply",
    "HTTPReply",
    "MessageReply",
    "Misbehaviour",
    "NoReply",
    "Reply",
    "Request",
    "Transport",
    "acknowledgment",
    "query_response",
    "read_answer",
]
