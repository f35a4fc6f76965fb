"""Encoding characters (MSH-1, MSH-2) and escape sequences. HL7 v2.5.1 chapter 2, sections 2.5.4 and 2.7."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Delimiters:
    """The five characters that give a message its structure. One that is empty does not occur.

    Those that occur differ, and none is a letter, a digit or a blank: ``reader`` makes no others.
    """

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
        """Every escape sequence of section 2.7, known ones first: a lone escape character starts none."""
        mark = re.escape(self.escape)
        other = rf"[HN]|[CM](?:[0-9A-Fa-f]{{2}})+|\.[a-z]{{2}}[+-]?[0-9]*|Z[^{mark}\r\n]*"
        return re.compile(rf"{mark}(?:([FSTRE])|X((?:[0-9A-Fa-f]{{2}})+)|(\.br)|{other}){mark}")

    @cached_property
    def _special(self) -> re.Pattern[str]:
        characters = "".join(re.escape(character) for character in self._names.values())
        return re.compile(f"[{characters}\x00-\x1f]")

    def unescape(self, text: str) -> str:
        r"""Text as a person reads it: ``\F\ \S\ \T\ \R\ \E\ \Xhh..\ \.br\`` decoded, all else kept.

        Formatting, character set and local sequences (``\H\ \.sp\ \C..\ \Z..\``) stay as they are; so does an
        escape sequence for a delimiter that does not occur.
        """
        if not self.escape or self.escape not in text:
            return text
        return self._sequence.sub(self._decoded, text)

    def _decoded(self, match: re.Match[str]) -> str:
        name, digits, line_break = match.groups()
        if digits:
            return _hexadecimal(digits)
        if line_break:
            return "\n"
        return self._names.get(name, "") or match[0]

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


def _hexadecimal(digits: str) -> str:
    """Bytes written in hexadecimal; UTF-8 where they are that, else Latin-1, which every byte string is."""
    data = bytes.fromhex(digits)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


STANDARD = Delimiters()
