"""The doses of a record: which report is of which dose, what a new report makes of a kept one, which are told.

Every facility's report is kept. Reports of one dose by several facilities are told once: see ``told``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mockiis.er7 import Location
from mockiis.message.person import Dose, Identifier, Observation
from mockiis.profile import Finding, Severity
from mockiis.profile.codes import CodeSets, Vaccine
from mockiis.registry.merging import is_older
from mockiis.registry.reading import Report
from mockiis.registry.reading_doses import in_sets
from mockiis.registry.records import KeptDose, Origin

GIVEN = frozenset({"CP", "PA"})
ADMINISTERED = "00"
_LASTING = ("units", "facility", "lot", "expires", "manufacturer", "route", "site")
"""What an update leaves as it is where it says nothing."""
_FIELDS = {
    "units": "RXA-7",
    "facility": "RXA-11",
    "lot": "RXA-15",
    "expires": "RXA-16",
    "manufacturer": "RXA-17",
}


MOST_OF_ONE = 200
"""Doses of one order number, or of one day, that are looked at. Nobody has that many."""


@dataclass(slots=True)
class Doses:
    """The doses of a record while a message's reports are taken in; and what there is to say of it."""

    kept: list[KeptDose]
    origin: Origin
    codes: CodeSets
    findings: list[Finding] = field(default_factory=list)
    _by_order: dict[Identifier, list[int]] = field(init=False, default_factory=dict)
    _by_day: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for place in range(len(self.kept)):
            self._index(place)

    def _index(self, place: int) -> None:
        kept = self.kept[place]
        ordered = self._by_order.setdefault(kept.order, [])
        for places in (ordered, self._by_day.setdefault(_day(kept.dose), [])):
            if place not in places[:MOST_OF_ONE]:
                places.append(place)

    def take(self, report: Report) -> None:
        """Add, update or delete the dose that the report is of."""
        place = self._place(report)
        if report.action == "D":
            self._delete(report, place)
        elif place is None:
            if report.action == "U":
                self._say(report, "205", "I", _UPDATED_UNKNOWN, orc=True)
            elif self._numbered(report):
                self._say(report, "205", "W", _NUMBER_IN_USE, orc=True)
            self._keep(report, None)
        else:
            self._keep(report, place)

    def _keep(self, report: Report, place: int | None) -> None:
        new = KeptDose(dose=report.dose, order=report.order, origin=self.origin)
        if place is None:
            place = len(self.kept)
            self.kept.append(new)
        else:
            new = self._updated(report, self.kept[place], new)
            self.kept[place] = new
        self._index(place)
        if not new.deleted and any(self._elsewhere(new, other) for other in self._of_day(new.dose)):
            self._say(report, "0", "I", _REPORTED_ELSEWHERE)

    def _updated(self, report: Report, old: KeptDose, new: KeptDose) -> KeptDose:
        if is_older(self.origin.sent, old.origin.sent):
            self._say(report, "0", "I", _DELETED_SINCE if old.deleted else _CHANGED_SINCE)
            return old
        if old.deleted and report.action == "U":
            self._say(report, "205", "I", _UPDATED_DELETED, orc=True)
        if self._alike(old.dose, new.dose) and old.dose.completion == new.dose.completion and not old.deleted:
            new = replace(new, dose=_completed(old.dose, new.dose, report.cleared))
        same = (old.dose, old.deleted, old.origin.sent) == (new.dose, new.deleted, new.origin.sent)
        return old if same else new

    def _delete(self, report: Report, place: int | None) -> None:
        if place is None:
            self._say(report, "204", "W", _DELETED_UNKNOWN, orc=True)
        elif is_older(self.origin.sent, self.kept[place].origin.sent):
            self._say(report, "0", "I", _CHANGED_SINCE)
        elif not self.kept[place].deleted:
            self.kept[place] = replace(self.kept[place], origin=self.origin, deleted=True)

    def _place(self, report: Report) -> int | None:
        """Which kept dose the report is of: that of its order number, of the same vaccine first; None for none.

        Senders give one number to several vaccines, so a dose that is added under the number of another vaccine is
        another dose, while an update or a deletion means the only one of that number. Without a number it is what
        the same facility reports of the same vaccine on the same day.
        """
        places = self._numbered(report)
        if not report.order.id:
            places = self._by_day.get(_day(report.dose), [])
            return next((place for place in places if self._is_same_unnumbered(self.kept[place], report)), None)
        alike = [place for place in places if self._alike(self.kept[place].dose, report.dose)]
        if alike:
            same_day = (place for place in alike if _day(self.kept[place].dose) == _day(report.dose))
            return next(same_day, alike[0])
        return places[0] if report.action != "A" and len(places) == 1 else None

    def _numbered(self, report: Report) -> list[int]:
        return self._by_order.get(report.order, [])[:MOST_OF_ONE] if report.order.id else []

    def _of_day(self, dose: Dose) -> list[KeptDose]:
        return [self.kept[place] for place in self._by_day.get(_day(dose), [])[:MOST_OF_ONE]]

    def _is_same_unnumbered(self, kept: KeptDose, report: Report) -> bool:
        same = kept.origin.facility == self.origin.facility and not kept.order.id
        return same and _content(kept.dose) == _content(report.dose)

    def _alike(self, one: Dose, other: Dose) -> bool:
        return one.vaccine.code == other.vaccine.code or bool(_groups(one, self.codes) & _groups(other, self.codes))

    def _elsewhere(self, one: KeptDose, other: KeptDose) -> bool:
        if other.deleted or other.origin.facility == one.origin.facility:
            return False
        return is_same_event(one, other, self.codes)

    def _say(self, report: Report, code: str, severity: Severity, words: tuple[str, str], *, orc: bool = False) -> None:
        text, fix = words
        where = Location(segment="RXA", occurrence=report.rxa)
        if orc and report.orc is not None:
            where = Location(segment="ORC", occurrence=report.orc, field=3)
        self.findings.append(Finding(code=code, severity=severity, text=text, fix=fix, location=where))


_UPDATED_UNKNOWN = (
    "There is no dose with this order number to be updated; it is stored as a new one.",
    "Nothing, if the dose is new. Otherwise send the order number that it was sent with.",
)
_UPDATED_DELETED = (
    "The dose with this order number was deleted; the update is stored as a new one.",
    "Nothing, if the dose is to be there again. Otherwise send D in RXA-21.",
)
_NUMBER_IN_USE = (
    "The order number is already that of another vaccine; both are stored.",
    "Send a number of its own for each dose. To correct the vaccine, send U in RXA-21.",
)
_DELETED_UNKNOWN = (
    "There is no dose with this order number to be deleted; nothing is changed.",
    "Send the order number, and its authority, that the dose was sent with.",
)
_REPORTED_ELSEWHERE = (
    "Another facility has reported this dose too; it is told once, as who administered it reports it.",
    "Nothing, if it is the same dose.",
)
_CHANGED_SINCE = (
    "A newer message has reported this dose; what that said stays.",
    "Send messages in their order, each with the time it was made in MSH-7.",
)
_DELETED_SINCE = (
    "A newer message has deleted this dose; it stays deleted.",
    "To report it again, send a new message with the present time in MSH-7.",
)


def _completed(old: Dose, new: Dose, cleared: frozenset[str]) -> Dose:
    """The new report, with what it says nothing about as it was."""
    values = {
        name: getattr(old, name)
        for name in _LASTING
        if not getattr(new, name)
        and _FIELDS.get(name, "") not in cleared
        and not (name == "units" and new.amount == "999")
    }
    return replace(new, observations=_observed(old, new), **values)


def _observed(old: Dose, new: Dose) -> tuple[Observation, ...]:
    """What the new report says was observed, and of the old one what it does not speak of; the sets are numbered."""
    codes = {seen.code.code for seen in new.observations}
    left = [replace(seen, group=f"old {seen.group}") for seen in old.observations if seen.code.code not in codes]
    return in_sets((*new.observations, *left))


def told(doses: Iterable[KeptDose], codes: CodeSets) -> tuple[KeptDose, ...]:
    """Those that are told, by date: none that was deleted, and each event once.

    An administered report beats a historical one, and then the one that was received first.
    """
    present = [kept for kept in doses if not kept.deleted]
    present.sort(key=lambda kept: (not is_administered(kept.dose), kept.origin.received))
    chosen: dict[str, list[KeptDose]] = {}
    for kept in present:
        same_day = chosen.setdefault(_day(kept.dose), [])
        if len(same_day) < MOST_OF_ONE and not any(is_same_event(kept, other, codes) for other in same_day):
            same_day.append(kept)
    all_days = (kept for same_day in chosen.values() for kept in same_day)
    return tuple(sorted(all_days, key=lambda kept: (kept.dose.given, kept.dose.vaccine.code, kept.order.id)))


def is_administered(dose: Dose) -> bool:
    """Whether who reports it gave it."""
    return dose.completion in GIVEN and dose.source.code == ADMINISTERED


def is_same_event(one: KeptDose, other: KeptDose, codes: CodeSets) -> bool:
    """Whether two reports are of one dose: the same day, and the same vaccine or the same vaccine groups."""
    a, b = one.dose, other.dose
    if one is other or _day(a) != _day(b) or (a.completion in GIVEN) != (b.completion in GIVEN):
        return False
    if a.completion not in GIVEN:
        return _content(a) == _content(b) and a.observations == b.observations
    return a.vaccine.code == b.vaccine.code or _same_groups(a, b, codes)


def _same_groups(one: Dose, other: Dose, codes: CodeSets) -> bool:
    """The same vaccine groups, or an unspecified formulation of one that the other has."""
    here, there = _groups(one, codes), _groups(other, codes)
    if not here or not there:
        return False
    vague = (_is_vague(one, codes) and here <= there) or (_is_vague(other, codes) and there <= here)
    return here == there or vague


def _groups(dose: Dose, codes: CodeSets) -> frozenset[str]:
    vaccine = codes.cvx(dose.vaccine.code)
    return frozenset(group.name for group in vaccine.groups) if vaccine else frozenset()


def _is_vague(dose: Dose, codes: CodeSets) -> bool:
    vaccine: Vaccine | None = codes.cvx(dose.vaccine.code)
    return vaccine is not None and vaccine.is_unspecified


def _day(dose: Dose) -> str:
    return dose.given[:8]


def _content(dose: Dose) -> Sequence[str]:
    """What a dose without a number is known by."""
    return dose.vaccine.code, _day(dose), dose.completion
