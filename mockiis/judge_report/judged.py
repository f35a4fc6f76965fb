"""One message with what was found: what the writers of reports are given."""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.er7 import Message
from mockiis.profile.finding import Finding
from mockiis.profile.opinion import Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Message ``index`` (from 1) of a file, beginning at ``line``; ``profile`` is the one it was judged by.

    ``opinions`` is None when no second opinion was asked for.
    """

    file: str
    index: int
    line: int
    message: Message
    profile: str
    findings: tuple[Finding, ...]
    opinions: tuple[Opinion, ...] | None = None

    @property
    def control_id(self) -> str:
        """MSH-10."""
        return self.message.header.get(10)

    @property
    def type(self) -> str:
        """MSH-9 with its components, whatever encoding characters the message has."""
        return "^".join(self.message.header.get(9, component) for component in (1, 2, 3)).rstrip("^")

    def lines(self) -> dict[tuple[str, int], int]:
        """The line of the file that each segment stands in, by its id and number."""
        numbers = (number for number, line in enumerate(self.message.lines, self.line) if line)
        segments = self.message.segments
        return {(segment.id, segment.occurrence): n for segment, n in zip(segments, numbers, strict=True)}
