"""What speaks for two persons being the same beside name and birth date: mother, address, telephone.

None of it decides. It settles which of two is meant, and raises a pair whose names or dates differ a little.
"""

from __future__ import annotations

import re

from mockiis.message.person import Address, Name, Person, Phone
from mockiis.registry.keys import plain

_MOTHER = "MTH"


def supported_by(one: Person, other: Person) -> tuple[str, ...]:
    """What both have in common, in words: mother, address, telephone."""
    found = []
    if same_mother(one, other):
        found.append("the same mother")
    if _addresses(one) & _addresses(other):
        found.append("the same address")
    if _phones(one) & _phones(other):
        found.append("the same telephone or e-mail")
    return tuple(found)


def same_mother(one: Person, other: Person) -> bool:
    """Whether the mother is the same: her maiden name (PID-6), or her name as next of kin, given names alike."""
    maiden = one.mother is not None and other.mother is not None and _same_name(one.mother, other.mother)
    return maiden or any(_same_name(a, b) and a.given and b.given for a in _mothers(one) for b in _mothers(other))


def _same_name(one: Name, other: Name) -> bool:
    """The family name is the same, and the given name where both have one."""
    if not plain(one.family) or plain(one.family) != plain(other.family):
        return False
    given, others = plain(one.given), plain(other.given)
    return given == others or not (given and others)


def _mothers(person: Person) -> list[Name]:
    return [relative.name for relative in person.next_of_kin if relative.relationship.code == _MOTHER]


def _addresses(person: Person) -> set[tuple[str, str]]:
    """Street, and ZIP code or else city, of each address that has both."""
    all_addresses = (person.address, *person.other_addresses)
    return {key for address in all_addresses if address and all(key := _address(address))}


def _address(address: Address) -> tuple[str, str]:
    return _street(address.street), address.zip[:5] or plain(address.city)


def _street(text: str) -> str:
    """A street as it is compared: the usual words for its parts are one."""
    words = re.findall(r"[^\W_]+", text.upper())
    return " ".join(_WORDS.get(word, word) for word in words)


_WORDS = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "AV": "AVE",
    "ROAD": "RD",
    "DRIVE": "DR",
    "LANE": "LN",
    "COURT": "CT",
    "BOULEVARD": "BLVD",
    "PLACE": "PL",
    "CIRCLE": "CIR",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "APARTMENT": "APT",
}


def _phones(person: Person) -> set[str]:
    return {key for phone in (person.phone, *person.other_phones) if phone and (key := _phone(phone))}


def _phone(phone: Phone) -> str:
    digits = re.sub(r"\D", "", phone.area + phone.number)
    return phone.email.casefold() or (digits if len(digits) >= 7 else "")
