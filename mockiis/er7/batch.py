"""Batch files: FHS, BHS, messages, BTS, FTS (HL7 v2.5.1 section 2.10.3), and plain files of several messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENVELOPE = re.compile(r"(?:^|(?<=[\r\n]))(?=(?:MSH|FHS|BHS|BTS|FTS)[^A-Za-z0-9\s])")
_LEAD = "\ufeff \t\r\n\x00\x0b"


@dataclass(frozen=True, slots=True)
class Batch:
    """The parts of a file in order, each as received: message texts and envelope segments.

    ``"".join(batch.parts)`` is the file. ``messages`` are the parts that begin with MSH; text before the first
    part that could be recognized is a part of its own.
    """

    parts: tuple[str, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """Text of each message, in order."""
        return tuple(part for part in self.parts if part.startswith("MSH"))

    @property
    def header(self) -> str:
        """The FHS or BHS segment that makes this a batch; empty for plain messages."""
        return next((part for part in self.parts if part.startswith(("FHS", "BHS"))), "")

    def has(self, segment_id: str) -> bool:
        """Whether the envelope has a segment of that name."""
        return any(part.startswith(segment_id) for part in self.parts)

    @property
    def stray(self) -> str:
        """Text that belongs to no message and no envelope segment; blanks do not count."""
        first = self.parts[0] if self.parts else ""
        return "" if first.startswith(("MSH", "FHS", "BHS", "BTS", "FTS")) else first.strip(_LEAD)


def read_batch(text: str) -> Batch:
    """Split a file or frame into its messages and envelope segments. Loses nothing and never raises."""
    lead = text[: len(text) - len(text.lstrip(_LEAD))]
    pieces = _ENVELOPE.split(text[len(lead) :])
    parts = [piece for piece in pieces if piece]
    return Batch((lead, *parts) if lead else tuple(parts))
