"""Why a condition may have failed although its author meant this message: the usual slips, in a sentence each.

A hint names places and what the script says, never what the message holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockiis.er7 import Location
from mockiis.profile.names import in_words
from mockiis.scenario.checks import Exactly, OneOf
from mockiis.scenario.conditions import Condition, ValueCondition
from mockiis.scenario.subject import Subject


def hint(condition: Condition, subject: Subject) -> str:
    """What to look at; empty when nothing is known."""
    if not isinstance(condition, ValueCondition):
        return ""
    if not isinstance(condition.check, OneOf | Exactly):
        return ""
    return next(_slips(condition, condition.check, subject), "")


def _slips(condition: ValueCondition, check: OneOf | Exactly, subject: Subject) -> Iterator[str]:
    got = subject.values(condition.key, condition.location)
    wanted = {_plain(value): value for value in check.values}
    for value in got:
        if _plain(value) in wanted and value.casefold() != wanted[_plain(value)].casefold():
            yield "the two differ in leading zeros or spaces only"
    if isinstance(check, Exactly) and OneOf.of(*check.values)(got, subject):
        yield "the two differ in capitals only; a plain value, without exact, does not mind"
    message, where = subject.message, condition.location
    if message is None or where is None or where.field is None:
        return
    for other in _neighbours(where):
        if check(message.filled(other), subject):
            yield f"{in_words(other)} holds it"


def _plain(text: str) -> str:
    return text.strip().lstrip("0").casefold()


def _neighbours(where: Location) -> Iterator[Location]:
    """Where a value stands that was put, or looked for, one place off."""
    assert where.field is not None
    if where.component is not None:
        yield replace(where, component=None, subcomponent=None)
        for component in range(1, 9):
            if component != where.component:
                yield replace(where, component=component, subcomponent=None)
    else:
        for component in range(1, 9):
            yield replace(where, component=component)
    if where.repetition is not None or where.repetition_key is not None:
        yield replace(where, repetition=None, repetition_key=None)
    for field in (where.field - 1, where.field + 1):
        if field > 0:
            yield replace(where, field=field)
            yield replace(where, field=field, component=1 if where.component is None else None, subcomponent=None)
    if where.occurrence is not None or where.key is not None:
        yield replace(where, occurrence=None, key=None)
