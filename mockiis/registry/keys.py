"""Keys that records are looked up by: two persons who could be the same share one. Names as they are compared.

A key is made of birth date (``b:20240115``), or of family and given name (``n:LARSON:ERIK``), or of all three
(``x:LARSON:ERIK:20240115``). Of those who share none, no pair is a match (see ``matching``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mockiis.message.person import Name, Person


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A name as it is compared: capitals and digits only; no accents, blanks, hyphens or apostrophes."""
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


def keys(person: Person) -> tuple[str, ...]:
    """Every key of a person."""
    return (*broad_keys(person), *exact_keys(person))


def broad_keys(person: Person) -> tuple[str, ...]:
    """Those that candidates share: the birth date, or a name."""
    day = birth_day(person)
    found = [f"b:{day}"] if day else []
    found += [f"n:{plain(name.family)}:{plain(name.given)}" for name in _full(person)]
    return tuple(dict.fromkeys(found))


def exact_keys(person: Person) -> tuple[str, ...]:
    """Those that are shared by whoever has the same family name, given name and birth date."""
    day = birth_day(person)
    if not day:
        return ()
    return tuple(dict.fromkeys(f"x:{plain(name.family)}:{plain(name.given)}:{day}" for name in _full(person)))


def _full(person: Person) -> list[Name]:
    return [name for name in names(person) if plain(name.family) and plain(name.given)]
