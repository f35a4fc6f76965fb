"""One finding about a message: what is wrong, where, how bad, what it does to the data and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mockiis.er7 import Location

Severity = Literal["E", "W", "I"]
"""Table HL70516: E the data or an important part is not accepted, W accepted with a possible issue, I information."""

Effect = Literal["", "message rejected", "dose rejected", "segment ignored", "field ignored"]
"""What the finding does to the data (CDC guide 1.5, table 3-1); empty: nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one ERR segment says; the report, the certification and the validator use the same value.

    ``location`` is None when the whole message is meant. ``code`` is of table HL70357, ``application_code`` of
    HL70533 or empty. ``text`` says what is wrong in a sentence, ``expected`` and ``found`` what it compares, ``fix``
    what to do. ``statement`` is the id of the conformance statement or rule, ``source`` where it is written.
    ``erl`` is ERR-2 word for word where a script or a peer gives one that is no location.
    """

    code: str
    severity: Severity
    text: str = ""
    location: Location | None = None
    application_code: str = ""
    erl: str = ""
    expected: str = ""
    found: str = ""
    fix: str = ""
    effect: Effect = ""
    statement: str = ""
    source: str = ""

    @property
    def err_2(self) -> str:
        """The location as ERR-2 carries it; empty for the whole message."""
        return self.erl or (self.location.erl() if self.location else "")
