"""What a standard (``cdc``, ``ndiis``, a user's file) says about messages: the values that the validator compiles.

==================  ===================================================================================
Standard            everything below of one standard, by name; ``standard`` makes it from the data files
MessageProfile      one of Z22 ... Z44: MSH-9 and the grammar, a tuple of SegmentItem and GroupItem
FieldSpec           one field: data type, tables, coding systems, length, and its Usage in each profile
ComponentSpec       one component of a data type, with one Usage
Usage               R, RE, O or X, or C(when_true/when_false) with its condition; cardinality
Condition           one term of a predicate, a flat AND: a tuple of conditions (empty: always true)
Place               what conditions, statements and tolerances point at: RXA-9[1].1, XPN.7, OBX (place.py)
Format              a date and time flavor: TS_Z, TS_NZ, TS_M, DT_D
Statement, Must     a conformance statement: at this place, when the predicate is true, this must be so
ObservationSpec     what OBX-2 and OBX-5 must be for one LOINC code in OBX-3
Tolerance           findings of these kinds at these places get this severity: what a registry lets pass
Default             what an empty field counts as where predicates look at it
Table, Code         a value set
==================  ===================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockiis.profile.finding import Severity
from mockiis.profile.place import Place

UsageCode = Literal["R", "RE", "O", "X"]
Kind = Literal[
    "missing",  # required and empty
    "unexpected",  # usage X, and valued
    "repeats",  # more repetitions, segments or groups than allowed
    "type",  # not what the data type or its format asks for
    "length",
    "table",  # the code is not of the value set
    "system",  # the coding system is not the one to be named here
    "observation",  # OBX-2 is not what the LOINC code asks for
]
"""What a finding is about; tolerances name them. Statements and rules are named by their id."""

Predicate = tuple["Condition", ...]
"""A flat AND; an empty one is always true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One term of a predicate. A place in another segment is looked up in the same order group, else in the message.

    ``in``: the value is one of ``values``; ``not in``: it is none of them, as when it is empty; ``table`` and
    ``not in table``: the same with the codes of the table named in ``values``.
    """

    place: Place
    test: Literal["in", "not in", "valued", "empty", "table", "not in table"]
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Usage and cardinality. ``when_false`` is None unless it is conditional; ``maximum`` None is ``*``."""

    when_true: UsageCode
    when_false: UsageCode | None = None
    condition: Predicate = ()
    minimum: int = 0
    maximum: int | None = None

    def __str__(self) -> str:
        code = f"C({self.when_true}/{self.when_false})" if self.when_false else self.when_true
        return f"{code}[{self.minimum}..{'*' if self.maximum is None else self.maximum}]"


OPTIONAL = Usage(when_true="O")
"""What is said about a field that a profile does not mention: anything goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of one segment. ``tables`` and ``usages`` are by profile; a profile that is not in there says nothing.

    A code must be in one of the tables. ``systems`` are the names allowed in the coding system component (CE.3).
    ``later_type`` is the data type of the second and later repetitions where it differs (RXA-9).
    ``severity`` holds for every finding at this field; without it the effect on the data decides.
    ``statement`` is the conformance statement that says the same as the usage, to be named in findings about it.
    """

    segment: str
    number: int
    type: str
    usages: Mapping[str, Usage] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    systems: tuple[str, ...] = ()
    length: int | None = None
    later_type: str = ""
    severity: Severity | None = None
    statement: str = ""
    source: str = ""

    def usage(self, profile: str) -> Usage:
        """How the field is used in the profile."""
        return self.usages.get(profile, OPTIONAL)

    def tables_in(self, profile: str) -> tuple[str, ...]:
        """The value sets one of which must hold the code; none: the guide binds no table here."""
        return self.tables.get(profile, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSpec:
    """One component of a data type; the places of its condition have no owner (``2.1`` is component 2.1)."""

    number: int
    usage: Usage
    type: str = ""
    table: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A flavor of a date or time. ``base`` is the data type that it refines, the one that goes on the wire."""

    base: str
    least: Literal["year", "month", "day", "minute", "second"]
    most: Literal["day", "minute", "second", "fraction"]
    zone: Literal["required", "forbidden", "optional"]
    shown: str
    statement: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentItem:
    """A segment at its place in a grammar. Usage X with a maximum of 0 must not be sent."""

    segment: str
    usage: UsageCode
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupItem:
    """A group at its place in a grammar; its first item is the segment it begins with."""

    group: str
    usage: UsageCode
    minimum: int
    maximum: int | None
    items: tuple[SegmentItem | GroupItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageProfile:
    """One message profile; ``message_types`` are the values allowed in MSH-9 (VXU^V04^VXU_V04)."""

    id: str
    title: str
    message_types: tuple[str, ...]
    grammar: tuple[SegmentItem | GroupItem, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """What a conformance statement asks for.

    ``equals``, ``in``, ``not_in``: ``values``. ``table``, ``not_in_table``: the table named in ``values``.
    ``empty``, ``valued``. ``present``: the message has such a segment. ``same_as``: the place in ``values`` has the
    same value. ``positive``: a whole number above 0. ``oid``. ``some_repetition``: one repetition begins with these
    components (Z22^CDCPHINVS). ``sequential``: 1, 2, 3 ..., either through the message or from 1 again at each of
    the segments in ``values`` (message, ORC). ``observation``: the order group has an OBX with one of these codes in
    OBX-3.1. ``matches``: a regular expression. ``check``: a function of this name.
    """

    kind: Literal[
        "equals", "in", "not_in", "table", "not_in_table", "empty", "valued", "present", "same_as", "positive", "oid",
        "matches", "some_repetition", "sequential", "observation", "check",
    ]  # fmt: skip
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A conformance statement. An empty place fulfills all but ``valued``, ``present`` and ``observation``.

    ``severity``, ``code`` and ``application_code`` are given where the effect and the kind do not say them.
    """

    id: str
    profiles: frozenset[str]
    at: Place
    must: Must
    when: Predicate = ()
    text: str
    severity: Severity | None = None
    code: str = ""
    application_code: str = ""
    fix: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationSpec:
    """What an OBX with this code in OBX-3.1 holds. No table: any value of the type (local codes, dates, numbers).

    ``types`` are the values allowed in OBX-2; ``format`` refines one of them (DT_D for DT).
    """

    code: str
    name: str
    types: tuple[str, ...]
    format: str = ""
    tables: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    severity: Severity | None = None
    statement: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Findings of these kinds at these places get ``severity``; None: no finding at all.

    A place in a data type (XPN.7) means it wherever that is used. With ``values``, ``tables`` or ``type`` only what is
    found there counts: one of these values, a code of these tables, a value that is right by the looser data type.
    What is tolerated is never treated as empty. No profiles: in all. ``id`` is a number such as V30 (see ndiis.yaml).
    """

    id: str
    at: tuple[Place, ...]
    kinds: frozenset[Kind]
    severity: Severity | None
    profiles: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    tables: tuple[str, ...] = ()
    type: str = ""
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """What an empty field counts as in predicates: RXA-20 is CP where a registry of Release 1.4 asks for no more."""

    at: Place
    value: str
    when: Predicate = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of a table."""

    code: str
    text: str
    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A value set. An open one is filled by each registry itself: any code passes, as do those that fit ``pattern``."""

    name: str
    title: str
    codes: Mapping[str, Code]
    source: str
    open: bool = False
    pattern: str = ""

    def has(self, code: str) -> bool:
        """Whether the code passes."""
        return code in self.codes or self.open or bool(self.pattern and re.fullmatch(self.pattern, code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard, complete. ``rules`` are the entries of rules.yaml by id, with what the standard changes in them.

    ``types`` are the constrained data types only; ``formats`` the flavors of dates and times. A table that
    ``tables`` does not have is a code set of its own (CVX, MVX, NDC).
    """

    name: str
    profiles: Mapping[str, MessageProfile]
    segments: Mapping[str, Mapping[int, FieldSpec]]
    types: Mapping[str, Mapping[int, ComponentSpec]]
    formats: Mapping[str, Format]
    statements: Mapping[str, Statement]
    observations: Mapping[str, ObservationSpec]
    rules: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Table]
    tolerances: tuple[Tolerance, ...] = ()
    defaults: tuple[Default, ...] = ()
