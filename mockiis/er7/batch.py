"""Batch files: FHS, BHS, messages, BTS, FTS (HL7 v2.5.1 section 2.10.3), and plain files of several messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mockiis.er7.reader import LEAD, can_delimit

_LINE = re.compile(f"[{LEAD}]*[^\r\n]*[\r\n]*")
_START = re.compile(f"[{LEAD}]*(MSH|FHS|BHS|BTS|FTS)(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Batch:
    """The parts of a file in order, each as received: message texts, envelope segments, and what is neither.

    ``"".join(batch.parts)`` is the file. Blanks before a segment and line ends after it are part of it.
    """

    parts: tuple[str, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """Text of each message, in order."""
        return tuple(part for part in self.parts if _kind(part) == "MSH")

    @property
    def header(self) -> str:
        """The FHS or BHS segment that makes this a batch; empty for plain messages."""
        return next((part.lstrip(LEAD) for part in self.parts if _kind(part) in ("FHS", "BHS")), "")

    def has(self, segment_id: str) -> bool:
        """Whether the envelope has a segment of that name."""
        return any(_kind(part) == segment_id for part in self.parts)

    @property
    def stray(self) -> str:
        """Text that belongs to no message and no envelope segment; blanks around it do not count."""
        return "".join(part for part in self.parts if not _kind(part)).strip(LEAD)


def read_batch(text: str) -> Batch:
    """Split a file or frame into its messages and envelope segments. Loses nothing and never raises."""
    parts: list[list[str]] = []
    inside = ""
    for line in filter(None, _LINE.findall(text)):
        kind = _kind(line)
        if kind or inside not in ("MSH", "stray"):
            parts.append([])
            inside = kind or "stray"
        parts[-1].append(line)
    return Batch(tuple(map("".join, parts)))


def _kind(text: str) -> str:
    """The name of the message header or envelope segment that the text begins with; empty for anything else."""
    match = _START.match(text)
    if match is None:
        return ""
    name, mark = match.groups()
    bare_trailer = name in ("BTS", "FTS") and not mark.isalnum()
    return name if bare_trailer or can_delimit(mark) else ""
