"""The judge: a message and a standard -> findings. Structure, fields, data types, value sets, conformance statements,
observations and rules across fields; each finding with its place, its codes, its effect and how to fix it.

A Validator is compiled once from a standard and judges any number of messages. It never raises because of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from mockiis.er7 import STANDARD, Location, Message, Segment
from mockiis.er7.compose import in_standard
from mockiis.profile import codes as code_sets
from mockiis.profile import effects, grammar
from mockiis.profile.fields import FieldCompiler, SegmentRules
from mockiis.profile.finding import Finding
from mockiis.profile.flaw import Flaw
from mockiis.profile.identify import Identified, identify
from mockiis.profile.observations import Observations
from mockiis.profile.predicate import Test, compiled
from mockiis.profile.rules import RULES
from mockiis.profile.scene import REPEATING, Fault, Order, Scene, arranged
from mockiis.profile.special import SPECIAL
from mockiis.profile.standard import MessageProfile, Standard, Usage, shipped
from mockiis.profile.statements import Compiled, StatementCompiler

MAX_FINDINGS = 1000
"""Findings of one message; more than anybody reads."""
_DELIMITERS = (1, 2)
"""Fields of MSH that are judged as they were sent, before the message is put into the standard characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message is worth. ``profile`` is the one it was judged by, empty when it has none here.

    ``rejected``: nothing of it would be stored. ``rejected_doses`` are numbers of order groups, from 1.
    """

    profile: str
    findings: tuple[Finding, ...]
    rejected: bool
    rejected_doses: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Profile:
    """One profile, ready."""

    spec: MessageProfile
    statements: Mapping[str, tuple[Compiled, ...]]
    segments: dict[str, SegmentRules]


class Validator:
    """Judges messages by one standard."""

    def __init__(self, standard: Standard, codes: code_sets.CodeSets | None = None) -> None:
        self.standard = standard
        self.codes = codes or code_sets.CodeSets()
        self._defaults = {default.at: default for default in standard.defaults}
        self._fields = FieldCompiler(standard, self.has_code, self._test)
        self._observations: dict[str, Observations] = {}
        self._profiles: dict[str, _Profile] = {}

    def has_code(self, table: str, code: str) -> bool:
        """Whether a value set has a code; an open one has every code."""
        known = self.standard.tables.get(table)
        if known is not None:
            return known.has(code)
        return _CODE_SETS[table](self.codes, code)

    def judge(self, message: Message, received: datetime) -> Judgement:
        """Every finding about the message. ``received`` (with zone) is now, for rules about the future."""
        told = identify(message, self.standard)
        if told.profile is None:
            unsupported = tuple(effects.finding(fault, "message rejected") for fault in told.faults)
            return Judgement(profile="", findings=unsupported, rejected=True)
        standard_text = message if message.delimiters is STANDARD else _in_standard(message)
        scene = arranged(standard_text, told.profile, received)
        scene.header = message.header  # its own encoding characters, which are judged too
        profile = self._profile(told.profile)
        found = (_finding(fault, required) for fault, required in self._faults(scene, profile, told))
        findings = _in_order(found, scene)
        fallen = frozenset(_fallen(findings, scene))
        doses = frozenset(order.number for order in scene.orders)
        return Judgement(
            profile=told.profile,
            findings=findings,
            rejected=effects.rejected(findings, doses, fallen),
            rejected_doses=fallen,
        )

    def _faults(self, scene: Scene, profile: _Profile, told: Identified) -> Iterator[tuple[Fault, bool]]:
        """Each fault, and whether its field is required there."""
        for fault in told.faults:
            yield fault, False
        placed = grammar.match(scene.message.segments, profile.spec)
        for fault in placed.faults:
            yield fault, True
        ignored = frozenset(placed.ignored)
        for segment in scene.message.segments:
            if segment not in ignored:
                order = scene.groups.get(segment)
                yield from self._segment(segment, order, scene, profile)
        for rule in self._rules(scene):
            yield rule, True

    def _segment(
        self, segment: Segment, order: Order | None, scene: Scene, profile: _Profile
    ) -> Iterator[tuple[Fault, bool]]:
        rules = self._rules_of(segment.id, profile)
        for number, flaw, required in rules.check(segment, order, scene):
            yield _fault(segment, number, flaw), required and flaw.breaks
        if segment.id == "OBX":
            for number, flaw in self._observed(profile.spec.id).check(segment):
                yield _fault(segment, number, flaw), flaw.breaks
        for statement in profile.statements.get(segment.id, ()):
            field = statement.statement.at.field
            subject = scene.header if segment.id == "MSH" and field in _DELIMITERS else segment
            for fault in statement.faults(subject, order, scene):
                yield fault, field is None or rules.requires(field, segment, order, scene)

    def _rules(self, scene: Scene) -> Iterator[Fault]:
        for name, rule in self.standard.rules.items():
            if scene.profile in rule["profiles"]:
                for fault in RULES[rule["check"]](scene, rule, self.codes):
                    yield fault if fault.statement else replace(fault, statement=name)

    def _profile(self, name: str) -> _Profile:
        known = self._profiles.get(name)
        if known is None:
            maker = StatementCompiler(self.standard, self.has_code, self._defaults, SPECIAL)
            known = _Profile(self.standard.profiles[name], maker.by_segment(name), {})
            self._profiles[name] = known
        return known

    def _rules_of(self, segment_id: str, profile: _Profile) -> SegmentRules:
        known = profile.segments.get(segment_id)
        if known is None:
            known = profile.segments[segment_id] = self._fields.segment(segment_id, profile.spec.id)
        return known

    def _observed(self, profile: str) -> Observations:
        known = self._observations.get(profile)
        if known is None:
            known = self._observations[profile] = Observations(self.standard, self._fields, profile)
        return known

    def _test(self, usage: Usage) -> Test | None:
        return compiled(usage.condition, self.has_code, self._defaults)


_CODE_SETS: Mapping[str, Callable[[code_sets.CodeSets, str], bool]] = {
    "CVX": lambda codes, code: code in codes.vaccines,
    "MVX": lambda codes, code: code in codes.manufacturers,
    "NDC": lambda codes, code: codes.ndc(code) is not None,
    "NDC_Use": lambda codes, code: codes.ndc(code) is not None,
    "NDC_Sale": lambda codes, code: codes.ndc(code) is not None,
    "VIS": lambda codes, code: code in codes.vis_documents,
}
"""The value sets that are code sets of their own."""


def _fault(segment: Segment, number: int, flaw: Flaw) -> Fault:
    location = Location(
        segment=segment.id,
        occurrence=segment.occurrence if segment.id in REPEATING or segment.occurrence > 1 else None,
        field=number,
        repetition=flaw.repetition,
        component=flaw.component,
        subcomponent=flaw.subcomponent,
    )
    return Fault(
        location=location,
        kind=flaw.kind,
        code=flaw.code,
        application_code=flaw.application_code,
        text=flaw.text,
        expected=flaw.expected,
        found=flaw.found,
        fix=flaw.fix,
        severity=flaw.severity,
        statement=flaw.statement,
        source=flaw.source,
    )


def _finding(fault: Fault, required: bool) -> Finding:
    return effects.finding(fault, effects.of_fault(fault, required=required))


def _in_order(findings: Iterable[Finding], scene: Scene) -> tuple[Finding, ...]:
    """By place in the message, the worst first at the same place; none twice, and not more than can be read."""
    index = {(segment.id, segment.occurrence): number for number, segment in enumerate(scene.message.segments)}

    def place(finding: Finding) -> tuple[int, ...]:
        at = finding.location
        if at is None:
            return (-1,)
        numbers = (at.field, at.repetition, at.component, at.subcomponent)
        return (index.get((at.segment, at.occurrence or 1), len(index)), *(number or 0 for number in numbers))

    unique = dict.fromkeys(findings)
    ordered = sorted(unique, key=lambda finding: (place(finding), "EWI".index(finding.severity), finding.code))
    return tuple(ordered[:MAX_FINDINGS])


def _fallen(findings: Iterable[Finding], scene: Scene) -> Iterator[int]:
    """Numbers of the order groups that fall."""
    numbers = {(segment.id, segment.occurrence): order.number for segment, order in scene.groups.items()}
    for finding in findings:
        if finding.effect == "dose rejected" and finding.location is not None:
            number = numbers.get((finding.location.segment, finding.location.occurrence or 1))
            if number is not None:
                yield number


def _in_standard(message: Message) -> Message:
    """The message in the standard encoding characters, segment by segment."""
    lines = []
    for segment in message.segments:
        fields = [in_standard(message.delimiters, text) for text in segment.fields]
        if segment.id == "MSH":
            fields[1:3] = [r"^~\&"]
        lines.append("|".join(fields))
    return Message(lines, None)


@cache
def validator(name: str = "ndiis") -> Validator:
    """The judge of a shipped standard (``ndiis`` or ``cdc``), made once."""
    return Validator(shipped(name))
