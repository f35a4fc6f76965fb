"""Batch files: FHS, BHS, messages, BTS, FTS (HL7 v2.5.1 section 2.10.3), and plain files of several messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockiis.er7.reader import LEAD, can_delimit

_LINE = re.compile(f"[{LEAD}]*[^\r\n]*[\r\n]*")
_START = re.compile(f"[{LEAD}]*(MSH|FHS|BHS|BTS|FTS)(.?)", re.DOTALL)
_FIRST = frozenset(f"MFB{LEAD}")


@dataclass(frozen=True, slots=True)
class Batch:
    """The parts of a file in order, each as received: message texts, envelope segments, and what is neither.

    ``"".join(batch.parts)`` is the file. Blanks before a segment and line ends after it are part of it.
    """

    parts: tuple[str, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """Text of each message, in order."""
        return tuple(part for part in self.parts if kind(part) == "MSH")

    @property
    def header(self) -> str:
        """The FHS or BHS segment that makes this a batch; empty for plain messages."""
        return next((part.lstrip(LEAD) for part in self.parts if kind(part) in ("FHS", "BHS")), "")

    def has(self, segment_id: str) -> bool:
        """Whether the envelope has a segment of that name."""
        return any(kind(part) == segment_id for part in self.parts)

    @property
    def stray(self) -> str:
        """Text that belongs to no message and no envelope segment; blanks around it do not count."""
        return "".join(part for part in self.parts if not kind(part)).strip(LEAD)


def read_batch(text: str) -> Batch:
    """Split a file or frame into its messages and envelope segments. Loses nothing and never raises."""
    return Batch(tuple(parts_of(lines_of([text]))))


def lines_of(chunks: Iterable[str], limit: int | None = None) -> Iterator[str]:
    """The lines of a text that comes in pieces, each with its ends and the blanks before it.

    One that is longer than ``limit`` may be cut anywhere after it.
    """
    held: list[str] = []
    size = 0
    for chunk in chunks:
        if ("\r" not in chunk and "\n" not in chunk) or not chunk.strip(LEAD):
            if limit is None or size <= limit:
                held.append(chunk)
                size += len(chunk)
            continue
        *whole, last, _ = _LINE.findall("".join(held) + chunk)
        yield from whole
        held, size = [last], len(last)
    yield from filter(None, _LINE.findall("".join(held)))


def parts_of(lines: Iterable[str], limit: int | None = None) -> Iterator[str]:
    """The parts of a file as ``Batch`` has them, one after another; one longer than ``limit`` is cut there."""
    part: list[str] = []
    inside, size = "", 0
    for line in lines:
        found = kind(line)
        if found or inside not in ("MSH", "stray"):
            yield from filter(None, ["".join(part)[:limit]])
            part, inside, size = [], found or "stray", 0
        if limit is None or size < limit:
            part.append(line)
        size += len(line)
    yield from filter(None, ["".join(part)[:limit]])


def kind(part: str) -> str:
    """The name of the message header or envelope segment that the part begins with; empty for anything else."""
    match = _START.match(part) if part[:1] in _FIRST else None  # most segments begin otherwise
    if match is None:
        return ""
    name, mark = match.groups()
    bare_trailer = name in ("BTS", "FTS") and not mark.isalnum()
    return name if bare_trailer or can_delimit(mark) else ""
