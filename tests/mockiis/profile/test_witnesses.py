"""The judge compared with two libraries that share no code with it: python-hl7 for places, hl7apy for structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hl7
import pytest

from mockiis.er7 import Location, read
from mockiis.profile.finding import Finding
from mockiis.profile.flaw import shown
from mockiis.profile.hl7apy_tables import second_opinion

from . import test_derived, test_derived_statements
from .judge_messages import CASES, draft_of, judged, loaded, told, valid

BROKEN = {
    **{name: valid(case).changed(case["defect"]).text for name, case in CASES.items()},
    **{name: draft_of(entry["message"]).changed(entry).text for name, entry in loaded("rules").items()},
    **{name: draft_of(entry["message"]).changed(entry).text for name, entry in loaded("tolerances").items()},
}


def inside(container: Any) -> list[Any]:
    """What a container of python-hl7 holds; plain text holds itself."""
    return [container] if isinstance(container, str) else list(container)


def theirs(witness: Any, where: Location) -> str:
    """What python-hl7 reads at a place; empty where it has nothing."""
    segments = [segment for segment in witness if str(segment[0]) == where.segment]
    if (where.occurrence or 1) > len(segments) or where.field is None:
        return ""
    segment = segments[(where.occurrence or 1) - 1]
    found = segment[where.field] if where.field < len(segment) else ""
    for number in (where.repetition or 1, where.component, where.subcomponent):
        if number is not None:
            pieces = inside(found)
            found = pieces[number - 1] if number <= len(pieces) else ""
    return str(witness.unescape(str(found)))


def compared(text: str) -> Iterator[tuple[Finding, str, str]]:
    """Each finding at a field, with the value that we and python-hl7 read there."""
    message, witness = read(text), hl7.parse(text)
    for standard in ("cdc", "ndiis"):
        for finding in judged(text, standard).findings:
            where = finding.location
            if where is not None and where.field is not None and (where.segment != "MSH" or where.field > 2):
                yield finding, message.get(where), theirs(witness, where)


@pytest.mark.parametrize("name", BROKEN)
def test_python_hl7_reads_the_same_at_each_finding(name: str) -> None:
    """Where a finding stands, both read the same; a code that is not in its table is the value shown as found."""
    for finding, ours, witnessed in compared(BROKEN[name]):
        assert (told(finding), witnessed) == (told(finding), ours)
        if finding.code == "103" and not finding.statement:
            assert shown(witnessed) == finding.found


@pytest.mark.parametrize("name", [*test_derived.ROWS, *test_derived_statements.ROWS])
def test_python_hl7_reads_the_same_where_a_row_is_broken(name: str) -> None:
    """In the messages that are derived from the profile data, too."""
    rows = test_derived.rows(name) if name in test_derived.ROWS else test_derived_statements.rows(name)
    for broken in [broken for _, broken in rows if broken is not None and "-" in broken.place]:
        where = Location.parse(broken.place)
        if where.segment != "MSH" or (where.field or 0) > 2:
            assert (broken.row, theirs(hl7.parse(broken.text), where)) == (broken.row, read(broken.text).get(where))


DIFFERENCES = {
    "error: Missing required child RXA.RXA_4": "RXA-4 is R in HL7 2.5.1; the guide makes it O and lets it be empty",
    "warning: Value TM not in table HL70208 in element QAK.QAK_2": "TM is of the guide (too many candidates)",
    "warning: Value ID not in table HL70125 in element OBX.OBX_2": "the guide asks for ID in OBX-2 of 59781-5",
}
"""What hl7apy says about messages that are valid by the guide, and why."""


@pytest.mark.parametrize("name", CASES)
def test_hl7apy_agrees_on_the_structure_of_valid_messages(name: str) -> None:
    """It has nothing against them but what the guide has otherwise than the base standard."""
    said = {str(one).partition(" (")[0] for one in second_opinion(read(valid(CASES[name]).text))}
    assert said <= set(DIFFERENCES)


def test_every_difference_of_hl7apy_is_one() -> None:
    """A listed difference that hl7apy does not have any more is to be taken from the list."""
    said = {str(one).partition(" (")[0] for case in CASES.values() for one in second_opinion(read(valid(case).text))}
    assert set(DIFFERENCES) == said
