"""One sentence of somebody else's about a message: the second opinion that stands beside our findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Opinion:
    """What hl7apy says (``error``, ``warning``), or what it did with the message (``note``)."""

    kind: Literal["error", "warning", "note"]
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
