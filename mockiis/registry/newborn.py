"""Names that hospitals give a newborn before it has one: "Baby Boy", "Girl A", "Newborn", "Kari's Boy"."""

from __future__ import annotations

import re

from mockiis.message.person import Name, Person
from mockiis.registry.keys import names, plain

_KIND = "BOY|GIRL|MALE|FEMALE|SON|DAUGHTER"
_PLACEHOLDER = re.compile(
    rf"(?:[A-Z]+S)?(?:BABY|INFANT|NEWBORN|NB|TWIN|TRIPLET|CHILD)(?:OF[A-Z]+)?(?:{_KIND})?(?P<one>[A-D1-4])?(?:OF[A-Z]+)?"
    rf"|(?:BB|BG|{_KIND})(?P<other>[A-D1-4])?(?:OF[A-Z]+)?"
    rf"|[A-Z]+S(?:BOY|GIRL|SON|DAUGHTER)"
)
_REAL = frozenset({"BOYD"})
"""Names that people have, and that look like one."""


def is_placeholder(name: Name) -> bool:
    """Whether the given name is one of those."""
    return _match(name) is not None


def order_in_name(name: Name) -> str:
    """The birth order that such a name tells, as PID-25 has it: "Girl B" is the second; empty where it tells none."""
    found = _match(name)
    letter = (found["one"] or found["other"] or "") if found else ""
    return str("ABCD".index(letter) + 1) if letter and letter in "ABCD" else letter


def birth_order(person: Person) -> str:
    """Which of a multiple birth a person is: PID-25, or what a placeholder name tells."""
    told = (order_in_name(name) for name in names(person))
    return person.birth_order.lstrip("0") or next((order for order in told if order), "")


def is_one_of_many(person: Person) -> bool:
    """Whether the person was born with others."""
    return person.multiple_birth == "Y" or birth_order(person) not in ("", "1")


def _match(name: Name) -> re.Match[str] | None:
    given = plain(name.given)
    return None if given in _REAL else _PLACEHOLDER.fullmatch(given)
