"""How a message is derived that breaks one row of the profile data, and what the judge should say about it.

A row is told by its name; what it derives is a ``Broken``: the message and the finding that must be among its findings.
Nothing of the engine is used to break a message: a condition is made true or false by setting the values it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from mockiis.er7 import REPEATING
from mockiis.profile.specification import Condition, FieldSpec, MessageProfile, SegmentItem, Standard, Usage
from mockiis.profile.standard import shipped

from .judge_messages import Draft, draft_of, judged

_DOSE = ("new MMR", "eligible V01", "private stock", "MMR statement", "dose 1", "comment")
_ANSWER = ("taken", "warning at PID-13", "found", "ask history")
_PIECES = {
    "Z22": ("VXU", "software", "boy", "shared", "mother", "visit", "guarantor", "insured", *_DOSE),
    "Z23": ("ACK", "software", "taken", "error at RXA-15"),
    "Z34": ("Z34", "software", "ask history", "at most 5"),
    "Z44": ("Z44", "software", "ask forecast", "at most 5"),
    "Z31": ("Z31", "software", *_ANSWER, "first candidate", "shared", "mother"),
    "Z32": ("Z32", "software", *_ANSWER, "boy", "shared", "mother", "visit", "insured", *_DOSE),
    "Z33": ("Z33", "software", *_ANSWER),
    "Z42": (
        *("Z42", "software", "taken", "warning at PID-13", "found forecast", "ask forecast", "boy"),
        *("new MMR", "evaluated DTaP"),
    ),
}
"""A message of each profile with as many of its segments as the pieces have."""

SAMPLES = {
    "CE": "X1^text^99NDI^Y1^other^99OTH",
    "CE_TX": "^text",
    "CQ": "5^RD&Records&HL70126",
    "CWE": "X1^text^99NDI^Y1^other^99OTH",
    "CX": "123^7^M10^NDIIS&2.16.840.1.113883.3.99&ISO^MR",
    "DT": "20260901",
    "DT_D": "20260901",
    "EI": "123^NDIIS^2.16.840.1.113883.3.99^ISO",
    "ERL": "RXA^1^15^1^1^1",
    "FN": "Larson^van^Larson",
    "FT": "text",
    "HD": "NDIIS^2.16.840.1.113883.3.99^ISO",
    "LA2": "^^^DCL^^^^^12 Elm St",
    "MSG": "VXU^V04^VXU_V04",
    "NM": "1",
    "PT": "P^T",
    "SAD": "12 Elm St^Elm St^12",
    "SI": "1",
    "TS": "20260901",
    "TS_M": "20270630",
    "TS_NZ": "20260901",
    "TS_Z": "20261001101500-0500",
    "VID": "2.5.1^USA",
    "XAD": "12 Elm St&Elm St&12^Apt 1^Fargo^ND^58102^USA^L",
    "XCN": "1001^Dahl&van^Per^A^^^^^DCL^L^5^M10^EI",
    "XON": "Dakota Clinic^L^^^^NDIIS^XX^^^12",
    "XPN": "Larson&van^Erik^Nils^^^^L",
    "XPN_M": "Berg&van^Kari^^^^^M",
    "XTN": "^PRN^PH^^^701^5550144",
}
"""A full value of each data type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A message with one row broken, and the finding: place, code, and its id or words of its text."""

    row: str
    text: str
    place: str
    code: str
    says: str
    standard: str = "cdc"

    def missed(self) -> str | None:
        """What was found instead; None when the finding is there."""
        found = judged(self.text, self.standard).findings
        here = [one for one in found if (str(one.location), one.code) == (self.place, self.code)]
        if any(self.says == one.statement or self.says in one.text for one in here):
            return None
        instead = [f"{one.location} {one.code} {one.statement}" for one in found][:6]
        return f"{self.row}: expected {self.place} {self.code} {self.says!r}, found {instead}"


@cache
def _base(profile: str) -> tuple[str, ...]:
    """The message of a profile with every segment that its grammar knows."""
    draft = draft_of(_PIECES[profile])
    previous = "MSH"
    for item in segments_of(shipped("cdc").profiles[profile].grammar):
        if not draft.has(item.segment) and item.usage != "X":
            draft.lines.insert(_last(draft, previous), f"{item.segment}||")
        previous = item.segment if draft.has(item.segment) else previous
    return tuple(draft.lines)


def _last(draft: Draft, segment: str) -> int:
    """The line after the first run of a segment."""
    number = draft.index(segment)
    while draft.lines[number].startswith(segment):
        number += 1
    return number


def base(profile: str) -> Draft:
    """A message of the profile, to be broken."""
    return Draft(_base(profile))


def segments_of(items: Iterable[object]) -> Iterator[SegmentItem]:
    """The segments of a grammar, in order."""
    for item in items:
        if isinstance(item, SegmentItem):
            yield item
        else:
            yield from segments_of(item.items)  # type: ignore[attr-defined]


def where(segment: str, place: str = "") -> str:
    """A place in the first such segment, as findings print it."""
    number = "[1]" if segment in REPEATING else ""
    return f"{segment}{number}{'-' if place else ''}{place}"


def specs(standard: Standard, profile: MessageProfile) -> Iterator[FieldSpec]:
    """The fields that a profile has something to say about."""
    for item in segments_of(profile.grammar):
        if item.usage != "X":
            yield from standard.segments[item.segment].values()


def sample(spec: FieldSpec) -> str:
    """A value that is right for the field, or at least of its data type."""
    return SAMPLES.get(spec.type, "x")


def make(draft: Draft, conditions: Iterable[Condition], *, true: bool, owner: str = "") -> Draft:
    """Make a predicate true, or false by its first term. ``owner`` is the field of conditions on components."""
    for condition in conditions:
        place = str(condition.place)
        draft.put(f"{owner}.{place}" if owner else place, _value(condition, true=true))
        if not true:
            break
    return draft


def _value(condition: Condition, *, true: bool) -> str:
    values = sorted(condition.values)
    match condition.test:
        case "in":
            return values[0] if true else "OTHER"
        case "not in":
            return "OTHER" if true else values[0]
        case "valued":
            return "X" if true else ""
        case "empty":
            return "" if true else "X"
        case "table":
            return next(iter(shipped("cdc").tables[values[0]].codes)) if true else "OTHER"
    raise AssertionError(condition.test)


def used(draft: Draft, usage: Usage, *code: str) -> Draft | None:
    """The message with the condition such that the usage is one of these; None where it never is."""
    if usage.when_false is None:
        return draft if usage.when_true in code else None
    if usage.when_true in code:
        return make(draft, usage.condition, true=True)
    return make(draft, usage.condition, true=False) if usage.when_false in code else None


def carriers(standard: Standard, kind: str) -> Iterator[tuple[str, str, str]]:
    """Profile, segment and place of values of a data type: fields, and the components that are of it."""
    for profile in standard.profiles.values():
        for spec in specs(standard, profile):
            usage = spec.usage(profile.id)
            if usage.when_true == "X" or (usage.when_true == "O" and usage.when_false is None):
                continue  # optional fields are as the base standard has them
            if spec.later_type == kind:
                yield profile.id, spec.segment, f"{spec.number}[2]"
            if spec.type == kind:
                yield profile.id, spec.segment, f"{spec.number}"
            for part in standard.types.get(spec.type, {}).values():
                if part.type == kind and part.usage.when_true != "X":
                    yield profile.id, spec.segment, f"{spec.number}.{part.number}"


def filled(draft: Draft, segment: str, place: str, kind: str) -> Draft:
    """The message with a full value of the data type at that place."""
    value = SAMPLES[kind]
    inner = "." in place
    if "[2]" in place and not draft.get(f"{segment}-{place.partition('[')[0]}"):
        draft.put(f"{segment}-{place.partition('[')[0]}", "X1")
    return draft.put(f"{segment}-{place}", value.replace("^", "&") if inner else value)
