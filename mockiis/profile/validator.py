"""The judge: a message and a standard -> findings. Structure, fields, data types, value sets, conformance statements,
observations and rules across fields; each finding with its place, its codes, its effect and how to fix it.

A Validator is compiled once from a standard and judges any number of messages. It never raises because of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from mockiis.er7 import STANDARD, Message, Segment
from mockiis.er7.compose import in_standard
from mockiis.profile import codes as code_sets
from mockiis.profile import effects, grammar
from mockiis.profile.fields import FieldCompiler, Found
from mockiis.profile.finding import Finding
from mockiis.profile.identify import Identified, Identifier
from mockiis.profile.memory import Memory
from mockiis.profile.observations import Observations
from mockiis.profile.rules import Rules
from mockiis.profile.scene import Fault, Scene, arranged
from mockiis.profile.segments import SegmentRules
from mockiis.profile.special import SPECIAL
from mockiis.profile.specification import MessageProfile, Standard
from mockiis.profile.standard import shipped
from mockiis.profile.statements import Compiled, StatementCompiler

MAX_FINDINGS = 1000
"""Findings of one message; more than anybody reads. What the message is worth follows from all of them."""
MAX_FAULTS = 20_000
"""Faults after which no further segment is judged and the message is rejected, so that garbage costs bounded memory."""
_LONGEST_ORDER = 4000
"""Characters of the names of a message's segments whose order is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message is worth. ``profile`` is the one it was judged by, empty when it has none here.

    ``rejected``: nothing of it would be stored. ``rejected_doses`` are numbers of order groups, from 1.
    """

    profile: str
    findings: tuple[Finding, ...]
    rejected: bool
    rejected_doses: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """One profile, ready. ``orders`` are the orders of segments that were found fine."""

    spec: MessageProfile
    statements: Mapping[str, tuple[Compiled, ...]]
    rules: Rules
    segments: dict[str, SegmentRules] = field(default_factory=dict)
    orders: Memory[bool] = field(default_factory=lambda: Memory(longest=_LONGEST_ORDER))


class Validator:
    """Judges messages by one standard."""

    def __init__(self, standard: Standard, codes: code_sets.CodeSets | None = None) -> None:
        self.standard = standard
        self.codes = codes or code_sets.CodeSets()
        self._defaults = {default.at: default for default in standard.defaults}
        self._fields = FieldCompiler(standard, self.has_code, self._defaults)
        self._identify = Identifier(standard)
        self._profiles: dict[str, _Profile] = {}

    def has_code(self, table: str, code: str) -> bool:
        """Whether a value set has a code; an open one has every code."""
        known = self.standard.tables.get(table)
        if known is not None:
            return known.has(code)
        return _CODE_SETS[table](self.codes, code)

    def judge(self, message: Message, received: datetime) -> Judgement:
        """Every finding about the message. ``received`` (with zone) is now, for rules about the future."""
        told = self._identify(message)
        if told.profile is None:
            unsupported = tuple(effects.finding(fault, "message rejected") for fault in told.faults)
            return Judgement(profile="", findings=unsupported, rejected=True)
        standard_text = message if message.delimiters is STANDARD else _in_standard(message)
        scene = arranged(standard_text, told.profile, received)
        scene.header = message.header  # its own encoding characters, which are judged too
        profile = self._profile(told.profile)
        faults = self._faults(scene, profile, told)
        if not faults:
            return Judgement(profile=told.profile, findings=(), rejected=False)
        findings = _in_order([_finding(*found) for found in faults], scene)
        fallen = frozenset(_fallen(findings, scene))
        doses = frozenset(order.number for order in scene.orders)
        return Judgement(
            profile=told.profile,
            findings=_readable(findings),
            rejected=effects.rejected(findings, doses, fallen),
            rejected_doses=fallen,
        )

    def _faults(self, scene: Scene, profile: _Profile, told: Identified) -> list[Found]:
        """Each fault, and whether its field is required there."""
        found = [(fault, False) for fault in told.faults]
        placed = _placed(scene.message.segments, profile)
        found += [(fault, True) for fault in placed.faults]
        known, groups = profile.segments, scene.groups
        for segment in scene.message.segments:
            if placed.ignored and segment in placed.ignored:
                continue
            rules = known.get(segment.id) or self._segment(segment.id, profile)
            found += rules.check(segment, groups.get(segment), scene)
            if found and len(found) > MAX_FAULTS:
                return [*found[:MAX_FAULTS], (_TOO_MANY, True)]
        found += [(fault, True) for fault in profile.rules.faults(scene)]
        return found

    def _profile(self, name: str) -> _Profile:
        known = self._profiles.get(name)
        if known is None:
            maker = StatementCompiler(self.standard, self.has_code, self._defaults, SPECIAL)
            entries = [entry for entry in self.standard.rules.values() if name in entry["profiles"]]
            known = self._profiles[name] = _Profile(
                spec=self.standard.profiles[name],
                statements=maker.by_segment(name),
                rules=Rules(entries, self.codes),
            )
        return known

    def _segment(self, segment_id: str, profile: _Profile) -> SegmentRules:
        name = profile.spec.id
        statements = profile.statements.get(segment_id, ())
        also = Observations(self.standard, self._fields, name).check if segment_id == "OBX" else None
        made = SegmentRules(segment_id, self._fields.fields(segment_id, name, statements), statements, also)
        profile.segments[segment_id] = made
        return made


_CODE_SETS: Mapping[str, Callable[[code_sets.CodeSets, str], bool]] = {
    "CVX": lambda codes, code: code in codes.vaccines,
    "MVX": lambda codes, code: code in codes.manufacturers,
    "NDC": lambda codes, code: codes.ndc(code) is not None,
    "NDC_Use": lambda codes, code: codes.ndc(code) is not None,
    "NDC_Sale": lambda codes, code: codes.ndc(code) is not None,
    "VIS": lambda codes, code: code in codes.vis_documents,
}
"""The value sets that are code sets of their own."""


_TOO_MANY = Fault(
    location=None,
    kind="too many faults",
    code="100",
    text=f"The message has more than {MAX_FAULTS:,} faults; what follows is not judged, and nothing of it is taken.",
    expected="a message that its sender has checked",
    fix="Look at the first findings, and send messages of a usual size.",
    source="mockiis: a bound, so that no message keeps the registry busy",
)


def _placed(segments: Sequence[Segment], profile: _Profile) -> grammar.Placed:
    order = "|".join([segment.id for segment in segments])
    if order in profile.orders:
        return grammar.Placed()
    placed = grammar.match(segments, profile.spec)
    if not placed.faults and not placed.ignored:
        profile.orders.keep(order, True)
    return placed


def _finding(fault: Fault, required: bool) -> Finding:
    return effects.finding(fault, effects.of_fault(fault, required=required))


def _in_order(findings: Sequence[Finding], scene: Scene) -> tuple[Finding, ...]:
    """By place in the message, the worst first at the same place; none twice."""
    index = {(segment.id, segment.occurrence): number for number, segment in enumerate(scene.message.segments)}

    def place(finding: Finding) -> tuple[tuple[int, ...], int, str]:
        return _place(finding, index), "EWI".index(finding.severity), finding.code

    return tuple(sorted(dict.fromkeys(findings), key=place))


def _readable(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Not more findings than can be read; of too many the worst are kept, in their order."""
    if len(findings) <= MAX_FINDINGS:
        return findings
    numbers = sorted(range(len(findings)), key=lambda number: "EWI".index(findings[number].severity))
    rest = Finding(code="0", severity="I", text=f"There are {len(findings) - MAX_FINDINGS} further findings.")
    return (*(findings[number] for number in sorted(numbers[:MAX_FINDINGS])), rest)


def _place(finding: Finding, index: Mapping[tuple[str, int], int]) -> tuple[int, ...]:
    at = finding.location
    if at is None:
        return (-1,)
    segment = index.get((at.segment, at.occurrence or 1), len(index))
    return segment, at.field or 0, at.repetition or 0, at.component or 0, at.subcomponent or 0


def _fallen(findings: Iterable[Finding], scene: Scene) -> Iterator[int]:
    """Numbers of the order groups that fall."""
    lost = [finding.location for finding in findings if finding.effect == "dose rejected" and finding.location]
    if lost:
        numbers = {(segment.id, segment.occurrence): order.number for segment, order in scene.groups.items()}
        places = ((location.segment, location.occurrence or 1) for location in lost)
        yield from (numbers[place] for place in places if place in numbers)


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
