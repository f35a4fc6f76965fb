"""What a record says of a person after a message: value by value, the newer one stays.

An empty field changes nothing, HL7 null clears, a message that is older than the value (by MSH-7) does not touch it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockiis.message.person import Name, NextOfKin, Person
from mockiis.profile.dates import before, parse
from mockiis.registry.keys import plain
from mockiis.registry.newborn import is_placeholder
from mockiis.registry.reading import Submission
from mockiis.registry.records import Record

_VALUES: dict[str, tuple[str, ...]] = {
    "PID-6": ("mother",),
    "PID-7": ("birth_date",),
    "PID-8": ("sex",),
    "PID-10": ("races",),
    "PID-11": ("address", "other_addresses"),
    "PID-13": ("phone", "other_phones"),
    "PID-22": ("ethnicity",),
    "PID-24": ("multiple_birth",),
    "PID-25": ("birth_order",),
    "PID-29": ("death_date",),
    "PID-30": ("death",),
    "PD1-11": ("publicity", "publicity_date"),
    "PD1-12": ("protection", "protection_date"),
    "PD1-16": ("status", "status_date"),
}
"""Fields, and the values of Person that they fill; the first says whether the field was sent."""
_KEPT = frozenset({"PID-7", "PID-8"})
"""Fields that a record is never without."""
_PROTECTION = "PD1-12"
MOST_ALIASES = 20


def is_older(sent: str, than: str) -> bool:
    """Whether a message was sent before another, as far as both MSH-7 tell."""
    this, that = parse(sent), parse(than)
    return this is not None and that is not None and before(this, that)


def begun(report: Submission) -> Record:
    """A new record of a person, without doses."""
    person = replace(report.person, aliases=(), identifiers=(), next_of_kin=())
    empty = {name: _EMPTY.get(name, "") for fields in _VALUES.values() for name in fields}
    kept = {name: getattr(person, name) for place in _KEPT for name in _VALUES[place]}
    return Record(person=replace(person, **{**empty, **kept}), origins=(("PID-5", report.origin),))


_EMPTY: dict[str, Any] = {
    "mother": None,
    "races": (),
    "address": None,
    "other_addresses": (),
    "phone": None,
    "other_phones": (),
    "ethnicity": None,
    "publicity": None,
}


class Merge:
    """A record, and what a message makes of it. ``stale`` are the fields whose newer value stayed, and ``guarded``
    tells whether somebody else's protection did.
    """

    def __init__(self, record: Record, report: Submission) -> None:
        self._record, self._report = record, report
        self._origins = dict(record.origins)
        self.stale: list[str] = []
        self.guarded = False

    def merged(self) -> Record:
        """The record as it is from now on."""
        person = self._record.person
        values = {}
        for place in _VALUES:
            if place != _PROTECTION or self._may_protect():
                values.update(self._value(place))
        person = replace(
            self._named(replace(person, **values)), identifiers=self._identifiers(), next_of_kin=self._next_of_kin()
        )
        owner = self._owner(person)
        return replace(self._record, person=person, owner=owner, origins=tuple(sorted(self._origins.items())))

    def _value(self, place: str) -> dict[str, Any]:
        """What the field becomes; nothing where it stays."""
        fields = _VALUES[place]
        here = {name: getattr(self._report.person, name) for name in fields}
        there = {name: getattr(self._record.person, name) for name in fields}
        if place in self._report.cleared and place not in _KEPT:
            here = {name: _EMPTY.get(name, "") for name in fields}
        elif not here[fields[0]] or (place == "PID-8" and here["sex"] == "U"):
            return {}
        if not self._is_news(place, here != there):
            return {}
        return here

    def _is_news(self, place: str, differs: bool) -> bool:
        """Whether the message may set the field; if so it is known from now on where it came from."""
        known, origin = self._origins.get(place), self._report.origin
        if known is not None and is_older(origin.sent, known.sent):
            if differs:
                self.stale.append(place)
            return False
        if differs or known is None or is_older(known.sent, origin.sent):
            self._origins[place] = origin
        return True

    def _may_protect(self) -> bool:
        """Only the facility that asked for protection can lift it."""
        owner, facility = self._record.owner, self._report.origin.facility
        lifts = _PROTECTION in self._report.cleared or self._report.person.protection == "N"
        self.guarded = bool(owner) and owner != facility and lifts
        return not self.guarded

    def _owner(self, person: Person) -> str:
        if person.protection != "Y":
            return ""
        return self._record.owner or self._report.origin.facility

    def _identifiers(self) -> tuple[Any, ...]:
        known, told = self._record.person.identifiers, self._report.person.identifiers
        if set(told) - set(known):
            self._origins.setdefault("PID-3", self._report.origin)
        return tuple(dict.fromkeys((*known, *told)))

    def _named(self, person: Person) -> Person:
        """The legal name is the newer one; the former one, and whatever else is told, are aliases."""
        told, known = self._report.person.name, person.name
        legal = self._legal(told, known)
        others = (*person.aliases, *(() if legal is known else (known,)), told, *self._report.person.aliases)
        aliases: dict[tuple[str, str], Name] = {}
        for name in others:
            if _key(name) != _key(legal) and name.family:
                aliases.setdefault(_key(name), name if name.type not in ("L", "") else replace(name, type="A"))
        return replace(person, name=legal, aliases=tuple(aliases.values())[:MOST_ALIASES])

    def _legal(self, told: Name, known: Name) -> Name:
        if is_placeholder(told) and not is_placeholder(known):
            return known
        if _key(told) == _key(known):
            told = _with_the_rest(told, known)
        if is_placeholder(known) and not is_placeholder(told):
            self._origins["PID-5"] = self._report.origin
            return told
        return told if self._is_news("PID-5", told != known) else known

    def _next_of_kin(self) -> tuple[NextOfKin, ...]:
        """One of the same relationship and given name is told anew; the others stay."""
        known, told = self._record.person.next_of_kin, self._report.person.next_of_kin
        kin = {_relation(relative): relative for relative in known}
        kin.update({_relation(relative): relative for relative in told})
        changed = tuple(kin.values())
        return changed if told and self._is_news("NK1", changed != known) else known


def _key(name: Name) -> tuple[str, str]:
    return plain(name.family), plain(name.given)


def _with_the_rest(told: Name, known: Name) -> Name:
    """The name with middle name and suffix of the known one where it has none, or the initial only."""
    middle = known.middle if plain(known.middle).startswith(plain(told.middle)) else told.middle
    return replace(told, middle=middle, suffix=told.suffix or known.suffix)


def _relation(relative: NextOfKin) -> tuple[str, str]:
    return relative.relationship.code, plain(relative.name.given)
