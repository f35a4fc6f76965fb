"""Why a condition may have failed although its author meant this message: the usual slips, in a sentence each.

A hint names places and what the script says, never what the message holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mockiis.er7 import Location, Message
from mockiis.profile.names import in_words
from mockiis.scenario.checks import Check, Containing, Exactly, Matching, OneOf, Wording
from mockiis.scenario.conditions import AnyOf, Condition, SameSegment, ValueCondition
from mockiis.scenario.subject import Subject

_NEAR = range(1, 9)
"""Components, repetitions and segments that are looked at."""


def hint(condition: Condition, subject: Subject) -> str:
    """What to look at; empty when nothing is known."""
    match condition:
        case ValueCondition():
            return next(_slips(condition, subject), "")
        case AnyOf():
            nearest = min((_failed(part, subject) for part in condition.alternatives), key=len)
            return _first(nearest, subject)
        case SameSegment(quantifier="any"):
            return _in_one_segment(condition, subject)
    return ""


def _first(conditions: Iterable[Condition], subject: Subject) -> str:
    return next(filter(None, (hint(condition, subject) for condition in conditions)), "")


def _failed(conditions: Iterable[Condition], subject: Subject) -> list[Condition]:
    return [condition for condition in conditions if not condition.holds(subject)]


def _in_one_segment(condition: SameSegment, subject: Subject) -> str:
    """What the segment that comes closest lacks; or that its conditions are spread over several."""
    parts = subject.parts(condition.segment)
    if not parts:
        return f"the message has no {condition.segment}"
    if all(any(one.holds(part.subject) for part in parts) for one in condition.conditions):
        return f"several {condition.segment} together have all of it, but no single one"
    failed = [(_failed(condition.conditions, part.subject), part.subject) for part in parts]
    nearest, part = min(failed, key=lambda entry: len(entry[0]))
    return _first(nearest, part)


def _slips(condition: ValueCondition, subject: Subject) -> Iterator[str]:
    check, got = condition.check, subject.values(condition.key, condition.location)
    if isinstance(check, OneOf | Exactly):
        yield from _nearly(check, got, subject, located=condition.location is not None)
    message, where = subject.message, condition.location
    if message is None or where is None or where.field is None or not _telling(check):
        return
    for other in _neighbours(where):
        if check(message.filled(other), subject):
            yield f"{in_words(other)} holds it"


def _telling(check: Check) -> bool:
    """Whether it is a slip worth telling when another place satisfies the check."""
    if isinstance(check, Matching):
        return not (check.pattern.fullmatch("") or check.pattern.fullmatch("\0\0"))  # which any text would match
    return isinstance(check, OneOf | Exactly | Containing | Wording)


def _nearly(check: OneOf | Exactly, got: Sequence[str], subject: Subject, *, located: bool) -> Iterator[str]:
    """The value is there but for its form."""
    wanted = {_plain(value): value for value in check.values}
    for value in got:
        meant = wanted.get(_plain(value))
        if meant is not None and value.casefold() != meant.casefold():
            yield _form(value, meant)
    if isinstance(check, Exactly) and OneOf.of(*check.values)(got, subject):
        yield "the two differ in capitals only; a plain value, without exact, does not mind"
    for value in got if located else ():
        longer = next((meant for meant in check.values if len(meant) >= _LONG and value.startswith(meant)), None)
        if longer:
            yield f"the message has more after it; {{starts: {longer}}} takes that too"


_LONG = 4
"""Characters of a value that is worth comparing by its beginning: a year at least."""


def _form(value: str, meant: str) -> str:
    if value.strip().casefold() == meant.strip().casefold():
        return "the two differ in spaces only"
    lost = "message" if len(value.strip()) < len(meant.strip()) else "script"
    return f"the {lost} has lost leading zeros, as spreadsheets do; the two differ in nothing else"


def _plain(text: str) -> str:
    return text.strip().lstrip("0").casefold()


def _neighbours(where: Location) -> Iterator[Location]:
    """Where a value stands that was put, or looked for, one place off."""
    yield from _components(where)
    if where.repetition is not None or where.repetition_key is not None:
        for repetition in _NEAR:
            yield replace(where, repetition=repetition, repetition_key=None)
    yield from _fields(where)
    if where.occurrence is not None or where.key is not None:
        for occurrence in _NEAR:
            yield replace(where, occurrence=occurrence, key=None)


def _components(where: Location) -> Iterator[Location]:
    for component in _NEAR:
        if component != where.component:
            yield replace(where, component=component, subcomponent=None)
    if where.component is not None:
        yield replace(where, component=None, subcomponent=None)


def _fields(where: Location) -> Iterator[Location]:
    assert where.field is not None
    for field in (where.field - 1, where.field + 1):
        if field > 0:
            yield replace(where, field=field)
            yield replace(where, field=field, component=1 if where.component is None else None, subcomponent=None)


def odd_line_ends(message: Message | None) -> str:
    """What to know of a message whose segments end with LF; empty for any other."""
    if message is None or all(note.code != "line-ends-lf" for note in message.notes):
        return ""
    return "segments end with LF, not with CR as HL7 asks; they were read all the same"
