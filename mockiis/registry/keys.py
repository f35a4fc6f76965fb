"""Keys that records are looked up by: two persons who could be the same share one. Names as they are compared.

A key is made of an identifier (``i:CLINIC|MR|7``), of the birth date (``b:20240115``), of family and given name
(``n:LARSON:ERIK``), or of all three (``x:LARSON:ERIK:20240115``). Of those who share none, no pair is a match (see
``matching``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from mockiis.message.person import Identifier, Name, Person


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name as it is compared: capitals and digits only; no accents, blanks, hyphens or apostrophes."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.upper()))
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLED)).upper()
    return "".join(character for character in decomposed if character.isalnum())


_SPELLED = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})
"""Letters that have no accent to take away, and are written so where they cannot be typed."""


def birth_day(person: Person) -> str:
    """The day of birth, YYYYMMDD; empty where none is known to the day."""
    day = person.birth_date[:8]
    return day if re.fullmatch("[0-9]{8}", day) else ""


def names(person: Person) -> tuple[Name, ...]:
    """Every name a person is known by, the legal one first."""
    return (person.name, *person.aliases)


EXACT = "x:"
"""How a key of all three begins."""


def keys(person: Person) -> tuple[str, ...]:
    """Every key of a person."""
    return tuple(dict.fromkeys(key for key, _ in entries(person)))


def entries(person: Person) -> tuple[tuple[str, str], ...]:
    """Where a person stands in the index: under each key, with what tells the most of those apart who share it.

    Under a birth date that is the name (see ``Sketch``), so that of all born on a day only those are read whose name
    is alike; under a name it is the birth date.
    """
    day = birth_day(person)
    found = [(identifier_key(identifier), "") for identifier in person.identifiers]
    if day:
        found += [(_birth_key(day), str(Sketch.of(name))) for name in names(person)]
    found += [(key, day) for key in name_keys(person)] + [(key, "") for key in exact_keys(person)]
    return tuple(dict.fromkeys(found))


def identifier_key(identifier: Identifier) -> str:
    """That of whoever has the identifier."""
    return f"i:{identifier.authority}|{identifier.type}|{identifier.id}"


def birth_key(person: Person) -> str:
    """That of whoever is born on the same day; empty where none is known."""
    day = birth_day(person)
    return _birth_key(day) if day else ""


def _birth_key(day: str) -> str:
    return f"b:{day}"


class Sketch(NamedTuple):
    """What there is to compare of a name: family and given name, and the words of the family name."""

    family: str
    given: str
    words: frozenset[str]

    @classmethod
    def of(cls, name: Name) -> Sketch:
        """That of a name."""
        return cls(_cut(plain(name.family)), _cut(plain(name.given)), frozenset(map(_cut, words_of(name.family))))

    @classmethod
    def read(cls, detail: str) -> Sketch:
        """As it was written."""
        family, given, *words = detail.split(_MARK)
        return cls(family, given, frozenset(words or [family]))

    def __str__(self) -> str:
        words = sorted(self.words) if self.words != {self.family} else ()
        return _MARK.join((self.family, self.given, *words))


def words_of(family: str) -> set[str]:
    """The parts of a family name that tell something: both of Garcia-Lopez, not the "de" of de Vries."""
    words = {plain(word) for word in family.replace("-", " ").split()}
    return {word for word in words if len(word) > _SHORTEST_WORD}


_SHORTEST_WORD = 3


def name_keys(person: Person) -> tuple[str, ...]:
    """Those that are shared by whoever has the same family and given name."""
    return tuple(dict.fromkeys(f"n:{_plain(name)}" for name in _full(person)))


def exact_keys(person: Person) -> tuple[str, ...]:
    """Those that are shared by whoever has the same family name, given name and birth date."""
    day = birth_day(person)
    if not day:
        return ()
    return tuple(dict.fromkeys(f"{EXACT}{_plain(name)}:{day}" for name in _full(person)))


def _full(person: Person) -> list[Name]:
    return [name for name in names(person) if plain(name.family) and plain(name.given)]


def _plain(name: Name) -> str:
    return f"{_cut(plain(name.family))}:{_cut(plain(name.given))}"


def _cut(text: str) -> str:
    return text[:_LONGEST]


_MARK = "\n"
_LONGEST = 100
"""Characters of a name in a key, which a database has a limit for. Those who share a key are compared in full."""
