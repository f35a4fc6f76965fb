"""Encoding characters (MSH-1, MSH-2) and escape sequences. HL7 v2.5.1 chapter 2, sections 2.5.4 and 2.7."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property



@dataclass(frozen=True)
class Delimiters:
    """The five characters that give a message its structure. One that is empty does not occur."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @cached_property
    def _names(self) -> dict[str, str]:
        """Escape letter -> the character it stands for."""
        return {
            "F": self.field,
            "S": self.component,
            "T": self.subcomponent,
            "R": self.repetition,
            "E": self.escape,
        }

    @cached_property
    def _sequence(self) -> re.Pattern[str]:
        mark = re.escape(self.escape)
        return re.compile(f"{mark}([^{mark}\r\n]*){mark}")

    @cached_property
    def _special(self) -> re.Pattern[str]:
        characters = "".join(re.escape(character) for character in self._names.values() if character)
        return re.compile(f"[{characters}\x00-\x1f]")

    def unescape(self, text: str) -> str:
        r"""Text as a person reads it: ``\F\ \S\ \T\ \R\ \E\ \Xhh..\ \.br\`` decoded, other sequences kept."""
        if not self.escape or self.escape not in text:
            return text
        return self._sequence.sub(self._decoded, text)

    def _decoded(self, match: re.Match[str]) -> str:
        name = match[1]
        if name in self._names:
            return self._names[name]
        if name == ".br":
            return "\n"
        if name[:1] == "X":
            return _hexadecimal(name[1:], otherwise=match[0])
        return match[0]

    def escaped(self, text: str) -> str:
        """Text made safe to stand in a field: ``unescape(escaped(text)) == text`` for every text.

        Delimiters and control characters (a carriage return would end the segment) become escape sequences.
        Without an escape character they cannot be written and become blanks.
        """
        return self._special.sub(self._encoded, text)

    def _encoded(self, match: re.Match[str]) -> str:
        character = match[0]
        if not self.escape:
            return " "
        for name, special in self._names.items():
            if character == special:
                return f"{self.escape}{name}{self.escape}"
        return f"{self.escape}X{ord(character):02X}{self.escape}"


def _hexadecimal(digits: str, otherwise: str) -> str:
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return otherwise
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


STANDARD = Delimiters()
