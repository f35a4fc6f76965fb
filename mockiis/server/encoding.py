"""An answer over MLLP as bytes: in the character set of its request, or else in UTF-8, and then it says so."""

from __future__ import annotations

from mockiis.er7 import ER7Error, read, read_batch, write
from mockiis.er7.batch import kind
from mockiis.er7.charset import TABLE_0211
from mockiis.message import MessageReply, Reply
from mockiis.server.frame_service import FrameAnswer


def encoded(reply: Reply, codec: str) -> FrameAnswer:
    """The bytes to frame, in the character set of the request; what it cannot hold is sent as UTF-8, and says so."""
    if not isinstance(reply, MessageReply):
        return FrameAnswer(reply=reply, data=b"")
    codec = _own(reply.text) if reply.keeps_charset else codec
    try:
        return FrameAnswer(reply=reply, data=reply.text.encode(codec), codec=codec)
    except UnicodeEncodeError:
        text = reply.text if reply.keeps_charset else _labelled(reply.text)
        return FrameAnswer(reply=reply, data=text.encode("utf-8", "replace"))


def _own(text: str) -> str:
    """The codec of the character set that the answer itself names."""
    try:
        label = read(text).header.repetitions(18)[0].strip().upper()
    except ER7Error:
        label = ""
    return TABLE_0211.get(label, "utf-8")


def _labelled(text: str) -> str:
    """The message, or the batch, with UTF-8 in MSH-18."""
    return "".join(
        write(read(part).replace("MSH-18", "UNICODE UTF-8")) if kind(part) == "MSH" else part
        for part in read_batch(text).parts
    )
