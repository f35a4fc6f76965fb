"""The rules across fields of one profile: entries of ``data/rules.yaml`` with their checks, asked of a message.

What a check looks at decides when it is asked: of each dose of its kinds, of each repetition of its fields, or once.
The codes of doses repeat from message to message, so that what only looks at them is asked once for each set of them,
and after that only if it was broken. No check looks at anything but the message and the code sets, and none raises
because of a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from mockiis.er7 import Segment
from mockiis.profile import facts, rules_codes, rules_dates, rules_doses, rules_funding, rules_people
from mockiis.profile.codes import CodeSets
from mockiis.profile.facts import Dose, Facts, Field, Said
from mockiis.profile.memory import Memory
from mockiis.profile.rule import EVERY, Check, Entry, Hit, OfDose, OfMessage, OfRepetition, fault, fields
from mockiis.profile.scene import Fault, Order, Scene

CHECKS: Mapping[str, Check] = {
    **rules_codes.CHECKS,
    **rules_dates.CHECKS,
    **rules_doses.CHECKS,
    **rules_funding.CHECKS,
    **rules_people.CHECKS,
}
"""By the name in ``check:`` of an entry. What an entry holds is said at the top of rules.yaml."""


class _OfDose(NamedTuple):
    number: int
    entry: Entry
    check: OfDose
    by_codes: bool


class _OfRepetition(NamedTuple):
    number: int
    entry: Entry
    check: OfRepetition


class _OfMessage(NamedTuple):
    number: int
    entry: Entry
    check: OfMessage


class _Known(NamedTuple):
    """What the codes of an RXA say, and the rules that are to be asked of such a dose."""

    said: Said
    rules: Sequence[_OfDose]


Found = list[tuple[int, Entry, Hit]]
"""Number and entry of the rule that is broken, and where."""


class Rules:
    """The rules of one profile, ready to be asked. Faults come in the order of the entries."""

    def __init__(self, entries: Iterable[Entry], codes: CodeSets) -> None:
        self._codes = codes
        self._messages: list[_OfMessage] = []
        self._repetitions: dict[Field, list[_OfRepetition]] = {}
        self._doses: dict[facts.Kind, list[_OfDose]] = {kind: [] for kind in EVERY}
        self._known: Memory[_Known] = Memory(longest=_LONGEST)
        for number, entry in enumerate(entries):
            self._add(number, _indexed(entry), CHECKS[entry["check"]])

    def _add(self, number: int, entry: Entry, check: Check) -> None:
        if check.message is not None:
            self._messages.append(_OfMessage(number, entry, check.message))
        if check.repetition is not None:
            for place in fields(entry):
                self._repetitions.setdefault(place, []).append(_OfRepetition(number, entry, check.repetition))
        if check.dose is not None:
            for kind in check.kinds:
                self._doses[kind].append(_OfDose(number, entry, check.dose, check.by_codes))

    def faults(self, scene: Scene) -> list[Fault]:
        """What the message has against these rules."""
        known = facts.facts(scene, self._codes)
        found: Found = []
        for order in scene.orders:
            if order.rxa is not None:
                self._judge_dose(order, order.rxa, known, found)
        self._judge_repetitions(scene, known, found)
        for number, entry, whole in self._messages:
            for hit in whole(known, entry):
                found.append((number, entry, hit))
        return [fault(entry, hit) for _number, entry, hit in sorted(found, key=itemgetter(0))] if found else []

    def _judge_repetitions(self, scene: Scene, known: Facts, found: Found) -> None:
        """Ask the rules about fields that some of them are about."""
        for (owner, field), asked in self._repetitions.items():
            for segment in scene.by_id.get(owner, ()):
                for one in facts.repetitions(segment, field):
                    for number, entry, check in asked:
                        for hit in check(one, entry, known):
                            found.append((number, entry, hit))

    def _judge_dose(self, order: Order, rxa: Segment, known: Facts, found: Found) -> None:
        """Ask the rules about one dose, and count it among the doses of the message."""
        texts = facts.coded(order, rxa)
        remembered = self._known.get(texts)
        what = remembered.said if remembered is not None else facts.said(rxa)
        dose = Dose(order=order, rxa=rxa, said=what, date=facts.date_in(rxa, 3))
        known.doses.append(dose)
        rules = remembered.rules if remembered is not None else self._doses[what.kind]
        broken = set()
        for number, entry, check, _by_codes in rules:
            for hit in check(dose, entry, known):
                found.append((number, entry, hit))
                broken.add(number)
        if remembered is None:
            left = [rule for rule in rules if not rule.by_codes or rule.number in broken]
            self._known.keep(texts, _Known(what, left))


def _indexed(entry: Entry) -> Entry:
    """The entry with its lists as mappings: the same items in the same order, found without a search."""
    given = entry.get("with", {})
    return {**entry, "with": {key: dict.fromkeys(one) if isinstance(one, list) else one for key, one in given.items()}}


_LONGEST = 600
"""Characters of the codes of a dose that are remembered."""
