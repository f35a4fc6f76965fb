"""The shipped standards against a second transcription of the guide's tables, and what NDIIS changes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from mockiis.er7 import Location
from mockiis.profile.data import read
from mockiis.profile.place import Place
from mockiis.profile.specification import Condition, GroupItem, SegmentItem, Standard
from mockiis.profile.standard import CODE_SETS, SEGMENTS, SHIPPED, shipped

DATA = files("mockiis.profile.data")
ALL = "Z22 Z23 Z31 Z32 Z33 Z34 Z42 Z44"
HEADER = {"R": "1 2 7 9 10 11 12 15 16", "R[1..*]": "21", "RE": "3 4 5 6 22 23"}
PATIENT = {"R": "1 7 8", "R[1..*]": "3 5", "X": "2 4 9 12 19 20 21"}
DOSE = {"R": "1 2 3 5 6", "C(R/X)[0..1]": "7", "C(R/X)[0..*]": "18", "RE": "20"}
RESULT = {"R": "1 2 3 4 5 11", "C(R/O)[0..1]": "6", "RE": "14", "X": "20 21 22"}
USAGE = {
    ("MSH", ALL): HEADER,
    ("PID", "Z22 Z31 Z32"): PATIENT
    | {"RE": "6 22 24 30", "RE[0..*]": "10 11 13", "C(RE/O)[0..1]": "25", "C(RE/X)[0..1]": "29"},
    ("PID", "Z42"): PATIENT | {"RE": "30", "RE[0..*]": "11"},
    ("PD1", "Z22 Z31 Z32"): {"X": "4", "RE": "11 12 16", "C(RE/X)[0..1]": "13 17 18"},
    ("NK1", "Z22 Z31 Z32"): {"R": "1 3", "R[1..*]": "2", "RE[0..*]": "4 5"},
    ("PV1", "Z22 Z32"): {"R": "2", "X": "9 40 52"},
    ("PV2", "Z22"): {},
    ("IN1", "Z22 Z32"): {"R": "1 2 3 15", "RE": "29", "X": "38 40 41"},
    ("ORC", "Z22 Z32"): {"R": "1 3", "RE": "2 10 17", "X": "7", "C(RE/O)[0..1]": "12"},
    ("ORC", "Z42"): {"R": "1 3", "RE": "2 17", "X": "7"},
    ("RXA", "Z22"): DOSE | {"C(R/O)[0..*]": "9 15", "C(RE/O)[0..1]": "10 11 16", "C(R/O)[0..1]": "17 21"},
    ("RXA", "Z32"): DOSE | {"C(R/O)[0..*]": "9 15", "C(RE/O)[0..1]": "10 11 16", "C(R/O)[0..1]": "17"},
    ("RXA", "Z42"): DOSE | {"C(R/O)[0..*]": "9", "C(RE/O)[0..1]": "10 11", "C(R/O)[0..1]": "17"},
    ("RXR", "Z22 Z32 Z42"): {"R": "1", "RE": "2"},
    ("OBX", "Z22 Z32"): RESULT | {"C(RE/O)[0..1]": "17"},
    ("OBX", "Z42"): RESULT,
    ("NTE", "Z22 Z32"): {"R": "3"},
    ("MSA", "Z23 Z31 Z32 Z33 Z42"): {"R": "1 2", "X": "3 5 6"},
    ("ERR", "Z23 Z31 Z32 Z33 Z42"): {"X": "1", "RE": "2 5 8", "R": "3 4"},
    ("QAK", "Z31 Z32 Z33 Z42"): {"R": "1 2 3"},
    ("QPD", "Z31 Z32 Z33 Z34 Z42 Z44"): {"R": "1 2", "RE[0..*]": "3", "RE": "4 5 6 7 8 9 10 11"},
    ("RCP", "Z34 Z44"): {"RE": "1", "R": "2"},
}
WITH_CARDINALITY = {"R": "R[1..1]", "RE": "RE[0..1]", "X": "X[0..0]"}
NEW_DOSE = "RXA-9.1 in 00 and RXA-20 in CP PA"
CONDITIONS = {
    "PID-25": "PID-24 in Y",
    "PID-29": "PID-30 in Y",
    "PD1-13": "PD1-12 valued",
    "PD1-17": "PD1-16 valued",
    "PD1-18": "PD1-11 valued",
    "ORC-12": NEW_DOSE,
    "RXA-7": "RXA-6 not in 999",
    "RXA-9": "RXA-20 in CP PA",
    "RXA-10": NEW_DOSE,
    "RXA-11": NEW_DOSE,
    "RXA-15": NEW_DOSE,
    "RXA-16": NEW_DOSE,
    "RXA-17": NEW_DOSE,
    "RXA-18": "RXA-20 in RE",
    "RXA-21": "RXA-5.1 not in 998",
    "OBX-6": "OBX-2 in NM",
    "OBX-17": "OBX-3.1 in 64994-7",
}
GRAMMARS = {
    "Z22": "MSH SFT? PID PD1? NK1* (PV1 PV2?)? GT1* (IN1 IN2? IN3?)? (ORC (TQ1 TQ2*)* RXA RXR? (OBX NTE?)*)* DSC!",
    "Z23": "MSH SFT? MSA ERR* DSC!",
    "Z34": "MSH SFT? QPD RCP DSC!",
    "Z44": "MSH SFT? QPD RCP DSC!",
    "Z31": "MSH SFT? MSA ERR? QAK QPD (PID PD1? NK1*)+ DSC!",
    "Z32": "MSH SFT? MSA ERR? QAK QPD PID PD1? NK1* PV1? IN1? (ORC RXA RXR? (OBX NTE?)*)* DSC!",
    "Z33": "MSH SFT? MSA ERR? QAK QPD DSC!",
    "Z42": "MSH SFT? MSA ERR? QAK QPD PID (ORC RXA RXR? (OBX)+)+ DSC!",
}
MARKS = {(1, 1): "", (0, 1): "?", (0, None): "*", (1, None): "+", (0, 0): "!"}
IN_FORCE = """
    IZ-1 IZ-2 IZ-3 IZ-4 IZ-5 IZ-6 IZ-8 IZ-9 IZ-10 IZ-11 IZ-12 IZ-13 IZ-15 IZ-17 IZ-22 IZ-23 IZ-24 IZ-25 IZ-27 IZ-28
    IZ-29 IZ-30 IZ-31 IZ-41 IZ-42 IZ-43 IZ-44 IZ-45 IZ-46 IZ-47 IZ-48 IZ-49 IZ-51 IZ-52 IZ-53 IZ-54 IZ-55 IZ-56 IZ-57
    IZ-58 IZ-59 IZ-60 IZ-61 IZ-63 IZ-64 IZ-65 IZ-66 IZ-67 IZ-68 IZ-69 IZ-70 IZ-71 IZ-72 NIST-01 AD-CQ-2
"""
SAID_ELSEWHERE = {"IZ-32", "IZ-35", "IZ-36", "IZ-37", "IZ-TS_Z", "IZ-TS_NZ", "IZ-TS_M", "IZ-DT_D"}


def yaml_files(folder: Traversable = DATA) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from yaml_files(entry)
        elif entry.name.endswith(".yaml"):
            yield entry


@pytest.mark.parametrize("file", list(yaml_files()), ids=lambda file: file.name)
def test_a_data_file_says_first_what_it_is_and_where_it_comes_from(file: Traversable) -> None:
    """An analyst opens the file and knows what it is before the first entry."""

    text = file.read_text(encoding="utf-8")
    comment = text[: text.find("\n\n")]

    assert comment.startswith("# "), file.name
    assert "source" in text.lower() or "Made from" in comment, file.name


def test_every_segment_of_the_grammars_has_its_file() -> None:
    """DSC is in every grammar as one that must not be sent, and needs no fields."""

    named = {item for profile in shipped("cdc").profiles.values() for item in segments_of(profile.grammar)}

    assert named - {"DSC"} == set(SEGMENTS)
    assert set(SEGMENTS) == {name: read(f"cdc/segments/{name}")["segment"] for name in SEGMENTS}.keys()


def segments_of(items: tuple[SegmentItem | GroupItem, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, SegmentItem):
            yield item.segment
        else:
            yield from segments_of(item.items)


@pytest.mark.parametrize(("segment", "profiles"), list(USAGE), ids=str)
def test_usage_and_cardinality_are_those_of_the_guide(segment: str, profiles: str) -> None:
    """Every field that is not optional stands in the second transcription, and the other way round."""

    expected = {
        int(number): WITH_CARDINALITY.get(usage, usage)
        for usage, numbers in USAGE[segment, profiles].items()
        for number in numbers.split()
    }
    for profile in profiles.split():
        fields = shipped("cdc").segments[segment].values()
        used = {spec.number: str(spec.usage(profile)) for spec in fields if spec.usage(profile).when_true != "O"}

        assert dict(sorted(expected.items())) == dict(sorted(used.items())), profile


def test_the_conditions_are_those_of_the_guide() -> None:
    """Each C(a/b) has its predicate, and nothing else has one."""

    found = {
        f"{spec.segment}-{spec.number}": shown(usage.condition)
        for fields in shipped("cdc").segments.values()
        for spec in fields.values()
        for usage in spec.usages.values()
        if usage.when_false
    }

    assert found == CONDITIONS


def shown(condition: tuple[Condition, ...]) -> str:
    return " and ".join(f"{one.place} {one.test} {' '.join(sorted(one.values))}".strip() for one in condition)


@pytest.mark.parametrize("profile", list(GRAMMARS))
def test_the_grammars_are_those_of_the_guide(profile: str) -> None:
    """Order, groups, usage and cardinality; * for 0..*, + for 1..*, ? for 0..1, ! for must not be sent."""

    expected = GRAMMARS[profile].replace("SFT?", "SFT*")

    assert written(shipped("cdc").profiles[profile].grammar) == expected


def written(items: tuple[SegmentItem | GroupItem, ...]) -> str:
    words = []
    for item in items:
        word = item.segment if isinstance(item, SegmentItem) else f"({written(item.items)})"
        words.append(word + MARKS[item.minimum, item.maximum])
        assert (item.minimum == 1) == (item.usage == "R"), word
        assert (item.maximum == 0) == (item.usage == "X"), word
    return " ".join(words)


def test_the_statements_in_force_are_there_and_no_others() -> None:
    """Those that usage, tables or formats say are named there, so that a finding can cite them."""

    standard = shipped("cdc")
    cited = {spec.statement for fields in standard.segments.values() for spec in fields.values()}
    cited |= {form.statement for form in standard.formats.values()}
    cited |= {spec.statement for spec in standard.observations.values()}

    assert set(standard.statements) == set(IN_FORCE.split())
    assert cited - {""} == SAID_ELSEWHERE


@pytest.mark.parametrize("name", SHIPPED)
def test_every_table_that_is_named_exists(name: str) -> None:
    """In fields, components, observations, statements, conditions and tolerances."""

    standard = shipped(name)

    assert set(tables_named(standard)) <= {*standard.tables, *CODE_SETS}


def tables_named(standard: Standard) -> Iterator[str]:
    specs = [spec for fields in standard.segments.values() for spec in fields.values()]
    yield from (table for spec in specs for tables in spec.tables.values() for table in tables)
    yield from (spec.table for parts in standard.types.values() for spec in parts.values() if spec.table)
    yield from (table for spec in standard.observations.values() for table in spec.tables)
    musts = [statement.must for statement in standard.statements.values()]
    yield from (table for must in musts if "table" in must.kind for table in must.values)
    yield from (table for one in conditions(standard) if "table" in one.test for table in one.values)
    yield from (table for tolerance in standard.tolerances for table in tolerance.tables)


def conditions(standard: Standard) -> Iterator[Condition]:
    for fields in standard.segments.values():
        for spec in fields.values():
            for usage in spec.usages.values():
                yield from usage.condition
    for statement in standard.statements.values():
        yield from statement.when
    for default in standard.defaults:
        yield from default.when


@pytest.mark.parametrize("name", SHIPPED)
def test_every_place_is_one_that_messages_have(name: str) -> None:
    """A field of a segment, in the form of a location, or a component of a constrained data type."""

    standard = shipped(name)
    places = [condition.place for condition in conditions(standard)]
    places += [statement.at for statement in standard.statements.values() if "batch" not in statement.profiles]
    places += [place for tolerance in standard.tolerances for place in tolerance.at]
    places += [default.at for default in standard.defaults]

    assert [place for place in places if not exists(place, standard)] == []


def exists(place: Place, standard: Standard) -> bool:
    if place.in_type:
        return (place.component or 0) in standard.types[place.owner] or place.owner in ("EI", "HD")
    Location.parse(str(place))
    return place.field is None or place.field in standard.segments[place.owner]


def test_conditions_inside_data_types_name_components_of_the_same_type() -> None:
    """They have no owner, and the number of a component."""

    for name, components in shipped("cdc").types.items():
        for spec in components.values():
            for condition in spec.usage.condition:
                assert (condition.place.owner, condition.place.field) == ("", None), name
                assert condition.place.component, name


@pytest.mark.parametrize(
    ("component", "usage"),
    [
        ("CX.1", "R[1..1]"),
        ("CX.3", "C(O/X)[0..1]"),
        ("CX.4", "R[1..1]"),
        ("CX.5", "R[1..1]"),
        ("CE.1", "R[1..1]"),
        ("CE.2", "RE[0..1]"),
        ("CE.3", "R[1..1]"),
        ("CE.6", "C(R/X)[0..1]"),
        ("CWE.3", "C(R/X)[0..1]"),
        ("EI.2", "C(R/O)[0..1]"),
        ("ERL.3", "C(R/RE)[0..1]"),
        ("HD.3", "C(R/X)[0..1]"),
        ("LA2.4", "R[1..1]"),
        ("TS_Z.2", "X[0..0]"),
        ("XAD.7", "R[1..1]"),
        ("XCN.1", "C(R/RE)[0..1]"),
        ("XCN.13", "C(R/X)[0..1]"),
        ("XON.10", "C(R/RE)[0..1]"),
        ("XPN.7", "R[1..1]"),
        ("XPN.10", "X[0..0]"),
        ("XTN.1", "X[0..0]"),
        ("XTN.4", "C(R/X)[0..1]"),
        ("XTN.6", "C(RE/X)[0..1]"),
        ("XTN.7", "C(R/X)[0..1]"),
    ],
)
def test_components_are_used_as_the_addendum_says(component: str, usage: str) -> None:
    """The data types of chapter 4 as the addendum changes them."""

    name, number = component.split(".")

    assert str(shipped("cdc").types[name][int(number)].usage) == usage
