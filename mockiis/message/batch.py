"""The answer to a batch: one batch with one answer for each message (HL7 v2.5.1 section 2.10.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from mockiis.er7 import STANDARD, Batch, Message, read
from mockiis.er7.batch import kind
from mockiis.er7.compose import segment
from mockiis.er7.reader import LEAD
from mockiis.message.acknowledgment import echoed, timestamp

_BARE = re.compile(r"(?<=[\r\n])(?=MSH(?:[\r\n]|\Z))")


def members(batch: Batch) -> list[str]:
    """The text of each message. An MSH without a separator begins one too, which nobody can read: as a segment
    of the message before it, it would be accepted with it. So does text that stands where a message should.
    """
    parts = (part for part in batch.parts if kind(part) == "MSH" or not (kind(part) or not part.strip(LEAD)))
    return [text for part in parts for text in _BARE.split(part)]


def batch_reply(batch: Batch, answers: Sequence[str], received: datetime, new_control_id: Callable[[], str]) -> str:
    """The answers in the envelope that the request had: FHS and FTS only when it came with FHS."""
    file, group = _sent(batch, "FHS"), _sent(batch, "BHS")
    parts = [_header("FHS", file, received, new_control_id())] if file else []
    parts.append(_header("BHS", group or file, received, new_control_id()))
    parts.extend(answer if answer.endswith(("\r", "\n")) else f"{answer}\r" for answer in answers)
    parts.append(f"BTS|{len(answers)}\r")
    if file:
        parts.append("FTS|1\r")
    return "".join(parts)


def _sent(batch: Batch, name: str) -> Message | None:
    """The header of the request, read as an MSH: their first six fields and their separators are the same."""
    text = next((part.lstrip(LEAD) for part in batch.parts if kind(part) == name), "")
    return read(f"MSH{text[3:]}") if text else None


def _header(name: str, sent: Message | None, received: datetime, control_id: str) -> str:
    """Sender and receiver change places; field 12 refers to the request's own control id, its field 11."""
    fields = {
        2: "^~\\&",
        3: echoed(sent, 5),
        4: echoed(sent, 6),
        5: echoed(sent, 3),
        6: echoed(sent, 4),
        7: timestamp(received),
        11: STANDARD.escaped(control_id),
        12: echoed(sent, 11),
    }
    return segment(name, {number - 1: value for number, value in fields.items()}) + "\r"
