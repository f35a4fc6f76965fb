"""The answer to a batch: one batch with one answer for each message (HL7 v2.5.1 section 2.10.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mockiis.er7 import Batch
from mockiis.er7.compose import segment
from mockiis.message.acknowledgment import timestamp


def batch_reply(batch: Batch, answers: Sequence[str], received: datetime, control_id: str) -> str:
    """The answers in the envelope that the request had: FHS and FTS only when it came with FHS."""
    names = batch.header.split(batch.header[3], 6) if batch.header else []
    application, facility, to_application, to_facility = (names[n] if n < len(names) else "" for n in (4, 5, 2, 3))
    fields = {2: "^~\\&", 3: application, 4: facility, 5: to_application, 6: to_facility, 7: timestamp(received)}
    file_level = batch.has("FHS")
    parts = []
    if file_level:
        parts.append(_header("FHS", fields, control_id))
    parts.append(_header("BHS", fields, control_id))
    parts.extend(answers)
    parts.append(f"BTS|{len(answers)}\r")
    if file_level:
        parts.append("FTS|1\r")
    return "".join(parts)


def _header(name: str, fields: dict[int, str], control_id: str) -> str:
    text = segment(name, {**{number - 1: value for number, value in fields.items()}, 10: control_id})
    return text.replace("\r", "").replace("\n", "") + "\r"
