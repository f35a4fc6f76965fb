"""Senders that make wrong messages: each defect fails the right case, at the right field, and spoils no other."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_twisted

from certification.vendor import OurSender
from sender.record import Record, VaccinationRecord

Make = Callable[[OurSender, Record], str]
Spoil = Callable[..., Awaitable[tuple[list[str], tuple[Any, ...]]]]


def drops(pattern: str, replacement: str = "") -> Make:
    """Leaves out whatever the pattern matches in the finished message."""

    def make(sender: OurSender, record: Record) -> str:
        return re.sub(pattern, replacement, sender.make(record))

    return make


def drops_field(segment: str, number: int) -> Make:
    """Leaves one field empty in every segment of that name."""

    def emptied(line: str) -> str:
        fields = line.split("|")
        if fields[0] == segment and len(fields) > number:
            fields[number] = ""
        return "|".join(fields)

    def make(sender: OurSender, record: Record) -> str:
        return "\r".join(emptied(line) for line in sender.make(record).split("\r"))

    return make


def strips_zeros(sender: OurSender, record: Record) -> str:
    """Takes identifiers for numbers."""
    return re.sub(r"(?<=[|^])0+(?=\d{4})", "", sender.make(record))


def forgets_escapes(sender: OurSender, record: Record) -> str:
    """Writes delimiters inside values as they are."""
    marks = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"}
    return re.sub(r"\\([FSTRE])\\", lambda match: marks[match[1]], sender.make(record))


def loses_accents(sender: OurSender, record: Record) -> str:
    """Sends ASCII whatever the name is."""
    return sender.make(record).encode("ascii", "replace").decode()


def same_control_id(sender: OurSender, record: Record) -> str:
    """Numbers no messages."""
    return sender.make(record.model_copy(update={"control_id": "1"}))


def reorders_doses(sender: OurSender, record: Record) -> str:
    """Sends the last dose first."""
    if not isinstance(record, VaccinationRecord):
        return sender.make(record)
    return sender.make(record.model_copy(update={"vaccinations": record.vaccinations[::-1]}))


def knows_one_release(sender: OurSender, record: Record) -> str:
    """Always writes Release 1.5."""
    return sender.make(record.model_copy(update={"release": "1.5"}))


def never_deletes(sender: OurSender, record: Record) -> str:
    """Sends every dose as an addition."""
    return re.sub(r"(\rRXA[^\r]*\|)[DU](?=\r)", r"\1A", sender.make(record))


def breaks_down(sender: OurSender, record: Record) -> str:
    """Raises instead of reporting."""
    raise KeyError("ethnicity")


VXU_1 = "ndiis-vxu-1-private"
DEFECTS: dict[str, dict[str, Any]] = {
    "drops the ethnic group": {
        "making": drops_field("PID", 22),
        "case": VXU_1,
        "fields": ["PID[1]-22", "outcome", "MSA-1", "ERR"],
        "control": "nobody-found",
    },
    "drops the lot number": {"making": drops_field("RXA", 15), "case": VXU_1, "fields": ["RXA[1]-15"]},
    "drops the order number": {"making": drops_field("ORC", 3), "case": VXU_1, "fields": ["ORC[1]-3"]},
    "drops the profile": {"making": drops_field("MSH", 20), "case": VXU_1, "fields": ["MSH[1]-21"]},
    "drops the next of kin": {"making": drops(r"NK1[^\r]*\r"), "case": VXU_1, "fields": ["NK1[1]"]},
    "drops the eligibility": {
        "making": drops(r"OBX\|1\|CE\|64994-7[^\r]*\r"),
        "case": "eligibility-V02-funding-VXC1",
        "fields": ["OBX[3.1=64994-7]-5.1", "OBX[3.1=64994-7]-5.3", "OBX[3.1=64994-7]-17.1"],
    },
    "always says private funds": {
        "making": drops(r"VXC\d\^\w+ Funds", "PHC70^Private Funds"),
        "case": "eligibility-V02-funding-VXC1",
        "fields": ["OBX[3.1=30963-3]-5.1"],
    },
    "writes .25 as 0.25": {"making": drops(r"\|\.25\|", "|0.25|"), "case": VXU_1, "fields": ["RXA[1]-6"]},
    "knows no local site": {
        "making": drops(r"MO\^Mouth\^HL70163"),
        "case": "site-MO-route-PO",
        "fields": ["RXR-2.1"],
        "control": "site-NO-route-NS",
    },
    "gives historical doses an eligibility": {
        "making": drops(r"(\rRXA[^\r]*\r)$", r"\1OBX|1|CE|64994-7^^LN|1|V01^^HL70064||||||F\r"),
        "case": "historical-dose",
        "fields": ["OBX"],
    },
    "strips leading zeros": {
        "making": strips_zeros,
        "case": "leading-zeros-kept",
        "fields": ["MSH-10", "PID-3.1", "PID-11.5", "ORC-3.1", "RXA-15", "MSA-2"],
    },
    "forgets escape sequences": {
        "making": forgets_escapes,
        "case": "escape-sequences",
        "fields": ["PID-5.1", "PID-5.2", "PID-7", "PID-11.1", "PID-11.3", "RXA-15", "RXA-16", "outcome", "MSA-1"],
    },
    "loses accents": {"making": loses_accents, "case": "names-beyond-ASCII", "fields": ["PID-5.1", "PID-5.2"]},
    "numbers no messages": {"making": same_control_id, "case": "control-ids-are-unique", "fields": ["MSH-10"]},
    "reorders doses": {
        "making": reorders_doses,
        "case": "ndiis-vxu-3-two-vaccinations",
        "fields": [
            *("ORC[1]-3", "RXA[1]-5", "RXA[1]-6", "RXA[1]-15", "RXA[1]-16", "RXA[1]-17"),
            *("ORC[2]-3", "RXA[2]-5", "RXA[2]-6", "RXA[2]-15", "RXA[2]-16", "RXA[2]-17"),
        ],
    },
    "knows one release": {
        "making": knows_one_release,
        "case": "ndiis-1.4-query",
        "fields": [
            *("MSH[1]-7", "MSH[1]-15", "MSH[1]-16", "MSH[1]-21", "QPD[1]-1", "QPD[1]-4", "QPD[1]-5"),
            *("RCP[1]-1", "RCP[1]-2", "QAK-3"),
        ],
    },
    "never corrects a dose": {
        "making": never_deletes,
        "case": "correction-and-deletion-of-a-dose",
        "fields": ["RXA-21"],
    },
    "breaks down": {
        "making": breaks_down,
        "case": VXU_1,
        "fields": ["sender"],
        "control": "birth-date-not-in-the-calendar",
    },
}


@pytest.mark.parametrize("name", DEFECTS)
@pytest_twisted.ensureDeferred
async def test_a_defect_fails_the_right_case_at_the_right_field(name: str, spoil: Spoil) -> None:
    """The failures name the fields that the defect spoils, and a case it does not touch passes."""
    defect = dict(DEFECTS[name])
    expected = defect.pop("fields")
    fields, control = await spoil(**defect)

    assert expected == fields
    assert () == control


@pytest_twisted.ensureDeferred
async def test_a_failure_says_all_that_its_reader_needs(judge: Any, broken: Any) -> None:
    """Case, transport, step, the location with its name, expected, found, what to do."""
    vendor = broken(making=drops_field("RXA", 15))
    [finished] = await judge("correction-and-deletion-of-a-dose", vendor=vendor)
    [failure] = finished.failures

    assert ("correction-and-deletion-of-a-dose", "mllp", 1) == (failure.case, failure.transport, failure.step)
    assert (
        "step 1: Vaccine lot number (RXA-15)\n"
        "  expected: U5018AA\n"
        "  found:    missing\n"
        "  to do:    correct what fills this place in the message"
    ) == str(failure)
