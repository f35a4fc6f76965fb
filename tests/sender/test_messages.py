"""Messages made from records: the specification's examples byte for byte, and outside readers as witnesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import read
from sender.messages import message, qbp, vxu
from sender.record import QueryRecord, Record, VaccinationRecord, load_record

EXAMPLES = {
    "ndiis-vxu-1-private": "VXU_ex1_V01_private",
    "ndiis-vxu-2-state": "VXU_ex2_V02_state",
    "ndiis-vxu-3-two-vaccinations": "VXU_ex3_two_vaccinations",
    "ndiis-vxu-4-historical": "VXU_ex4_historical",
    "ndiis-query": "QBP_Q11_Z34",
}


@pytest.mark.parametrize(("release", "folder"), [("1.5", "ndiis-examples"), ("1.4", "ndiis-examples-1.4")])
@pytest.mark.parametrize(("name", "example"), EXAMPLES.items())
def test_makes_the_examples_of_the_specification(
    shipped_record: Callable[..., Record],
    data: Path,
    now: datetime,
    name: str,
    example: str,
    release: str,
    folder: str,
) -> None:
    """One record makes the example in both forms, byte for byte."""
    expected = (data / folder / f"{example}.hl7").read_bytes().replace(b"\n", b"\r")
    assert expected == message(shipped_record(name, release), "unused", now).encode()


def test_uses_the_given_control_id_and_time_where_the_record_has_none(
    vaccination_record: Callable[..., VaccinationRecord], query_record: Callable[..., QueryRecord], now: datetime
) -> None:
    """Clock and numbering are the caller's; a query's tag is its control id unless it has one."""
    update = read(vxu(vaccination_record(), "C7", now))
    query = read(qbp(query_record(), "C8", now))
    assert (update.get("MSH-10"), update.get("MSH-7")) == ("C7", "20240506070809+0000")
    assert (query.get("MSH-10"), query.get("QPD-2")) == ("C8", "C8")


def test_a_record_without_vaccinations_reports_demographics(
    vaccination_record: Callable[..., VaccinationRecord], now: datetime
) -> None:
    """A VXU may have no order group."""
    segments = [segment.id for segment in read(vxu(vaccination_record(), "C", now)).segments]
    assert segments == ["MSH", "PID"]


@pytest.mark.parametrize(("name", "expected"), [("Noor", ""), ("Nóra", "UNICODE UTF-8"), ("王", "UNICODE UTF-8")])
def test_names_the_character_set_only_when_ascii_will_not_do(
    vaccination_record: Callable[..., VaccinationRecord], now: datetime, name: str, expected: str
) -> None:
    """Without MSH-18 a message is ASCII."""
    record = vaccination_record({"name": {"family": "Winter", "given": name}})
    assert expected == read(vxu(record, "C", now)).get("MSH-18")


WITNESSED = {
    ("MSH", 1, 3): "TESTEHR^2.16.840.1.999^ISO",
    ("MSH", 1, 4): "CLINIC",
    ("MSH", 1, 5): "NDIIS",
    ("MSH", 1, 6): "ND0000",
    ("MSH", 1, 7): "20240506070809-0500",
    ("MSH", 1, 9): "VXU^V04^VXU_V04",
    ("MSH", 1, 10): "EVERY-1",
    ("MSH", 1, 11): "T",
    ("MSH", 1, 12): "2.5.1",
    ("MSH", 1, 15): "ER",
    ("MSH", 1, 16): "AL",
    ("MSH", 1, 18): "UNICODE UTF-8",
    ("MSH", 1, 21): "Z22^CDCPHINVS",
    ("PID", 1, 1): "1",
    ("PID", 1, 3): "1001^^^CLINIC^MR~2002^^^NDIIS^SR",
    ("PID", 1, 5): "O'Hara \\T\\ Söhne^Ann\\S\\Marie^Q^II^Ms^^L~Smith^Ann^^^^^M",
    ("PID", 1, 6): "Berg^Liv^K^^^^M",
    ("PID", 1, 7): "20200229",
    ("PID", 1, 8): "F",
    ("PID", 1, 10): "2106-3^White^CDCREC~2028-9^Asian^CDCREC",
    ("PID", 1, 11): "1 Elm St^Apt 2^Minot^ND^58701^USA^H^^38101",
    ("PID", 1, 13): "^PRN^PH^^^701^5550100~^WPN^CP^^^701^5550101^7~^NET^Internet^ann@example.org",
    ("PID", 1, 15): "eng^English^ISO6392",
    ("PID", 1, 16): "S",
    ("PID", 1, 22): "2186-5^Not Hispanic or Latino^CDCREC",
    ("PID", 1, 24): "Y",
    ("PID", 1, 25): "2",
    ("PID", 1, 29): "20240505",
    ("PID", 1, 30): "Y",
    ("PD1", 1, 11): "02^Reminder/recall - any method^HL70215",
    ("PD1", 1, 12): "N",
    ("PD1", 1, 13): "20240102",
    ("PD1", 1, 16): "A",
    ("PD1", 1, 17): "20240103",
    ("PD1", 1, 18): "20240101",
    ("NK1", 1, 1): "1",
    ("NK1", 1, 2): "O'Hara^Liv^^^^^L",
    ("NK1", 1, 3): "MTH^Mother^HL70063",
    ("NK1", 1, 4): "^^Minot",
    ("NK1", 1, 5): "^PRN^PH^^^701^5550102~^NET^Internet^liv@example.org",
    ("NK1", 1, 16): "19900825",
    ("NK1", 2, 1): "2",
    ("NK1", 2, 3): "FTH^Father^HL70063",
    ("ORC", 1, 1): "RE",
    ("ORC", 1, 2): "P1^CLINIC",
    ("ORC", 1, 3): "F1^CLINIC",
    ("ORC", 1, 10): "^Clerk^Carl",
    ("ORC", 1, 12): "55^Doctor^Dora^D^Jr^^^^NDA^L^^^MD",
    ("ORC", 1, 17): "CLINIC^Nodak Clinic^HL70362",
    ("ORC", 3, 3): "9999^CLINIC",
    ("RXA", 1, 3): "202405060700",
    ("RXA", 1, 4): "202405060700",
    ("RXA", 1, 5): "94^MMRV^CVX^00006-4171-00^ProQuad^NDC",
    ("RXA", 1, 6): "0.5",
    ("RXA", 1, 7): "mL^^UCUM",
    ("RXA", 1, 9): "00^New immunization record^NIP001",
    ("RXA", 1, 10): "56^Nurse^Nina^^^^^^NDA^^^^EI",
    ("RXA", 1, 11): "^^^Nodak Clinic^^^^^2 Oak St^^Fargo^ND^58102",
    ("RXA", 1, 15): "L\\F\\1",
    ("RXA", 1, 16): "202506",
    ("RXA", 1, 17): "MSD^Merck^MVX",
    ("RXA", 1, 20): "PA",
    ("RXA", 1, 21): "U",
    ("RXA", 2, 6): "999",
    ("RXA", 2, 7): "",
    ("RXA", 2, 9): "05^Historical information - from other registry^NIP001",
    ("RXA", 2, 20): "CP",
    ("RXA", 3, 6): "999",
    ("RXA", 3, 9): "",
    ("RXA", 3, 18): "03^Patient decision^NIP002",
    ("RXA", 3, 20): "RE",
    ("RXA", 3, 21): "A",
    ("RXR", 1, 1): "C38299^Subcutaneous^NCIT^SC^Subcutaneous^HL70162",
    ("RXR", 1, 2): "LA^Left Arm^HL70163",
    ("OBX", 1, 3): "64994-7^Vaccine funding program eligibility category^LN",
    ("OBX", 1, 4): "1",
    ("OBX", 1, 5): "V03^VFC eligible - Uninsured^HL70064",
    ("OBX", 1, 11): "F",
    ("OBX", 1, 14): "20240507",
    ("OBX", 1, 17): "VXC41^Eligibility captured at the visit level^CDCPHINVS",
    ("OBX", 2, 3): "30963-3^Vaccine purchased with^LN",
    ("OBX", 2, 4): "2",
    ("OBX", 2, 5): "VXC51^Public VFC^CDCPHINVS",
    ("OBX", 3, 4): "3",
    ("OBX", 3, 5): "94^^CVX",
    ("OBX", 4, 2): "DT",
    ("OBX", 4, 4): "3",
    ("OBX", 4, 5): "20240506",
    ("OBX", 5, 4): "3",
    ("OBX", 5, 5): "20210806",
    ("OBX", 6, 3): "69764-9^Document type^LN",
    ("OBX", 6, 4): "4",
    ("OBX", 6, 5): "253088698300001111110714^^cdcgs1vis",
    ("OBX", 7, 4): "4",
    ("OBX", 8, 5): "VXC14^Rash within 14 days of dose^CDCPHINVS",
    ("OBX", 9, 4): "6",
    ("OBX", 9, 5): "39579001^Anaphylaxis^SCT",
    ("OBX", 10, 1): "10",
    ("OBX", 10, 2): "NM",
    ("OBX", 10, 3): "30973-2^Dose number in series^LN",
    ("OBX", 10, 5): "2",
    ("OBX", 10, 6): "NA^^HL70353",
}
"""(segment, occurrence, field) -> what python-hl7 must find there in the message of ``everything.yaml``."""


def test_an_outside_reader_finds_every_value_at_its_field(data: Path, now: datetime) -> None:
    """python-hl7 finds each value of a record that uses every key where the guide wants it."""
    text = (data / "records" / "everything.yaml").read_text(encoding="utf-8")
    made = hl7.parse(message(load_record(text, "everything.yaml"), "unused", now))
    found = {place: _found(made, *place) for place in WITNESSED}
    assert found == WITNESSED
    order = "MSH PID PD1 NK1 NK1 ORC RXA RXR" + " OBX" * 10 + " ORC RXA ORC RXA"
    assert order.split() == [str(segment[0]) for segment in made]


def _found(made: Any, segment: str, occurrence: int, field: int) -> str:
    found = made.segments(segment)[occurrence - 1]
    return str(found[field]) if field < len(found) else ""


NEVER = datetime.min.replace(tzinfo=UTC)
anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
tricky = (st.text("|^~\\&\r\nA \x0b\x1c", min_size=1) | anything).filter(lambda text: text not in ("~", "null"))
"""Any value but those by which YAML and JSON write nothing."""


@given(family=tricky, given=tricky, lot=tricky, facility=tricky, street=tricky, identifier=tricky)
def test_values_come_back_at_their_locations(
    family: str, given: str, lot: str, facility: str, street: str, identifier: str
) -> None:
    """Delimiters, line ends and control characters in a record never move or split anything."""
    record = VaccinationRecord.model_validate(
        {
            "sending_facility": facility,
            "control_id": "1",
            "time": "2024-05-06T07:08:09Z",
            "patient": {
                "identifiers": {"id": identifier, "type": "MR"},
                "name": {"family": family, "given": given},
                "birth_date": "2020-02-29",
                "sex": "F",
                "addresses": {"street": street},
            },
            "vaccinations": {
                "kind": "historical",
                "date": "2021-03-04",
                "vaccine": "20",
                "filler_order_number": identifier,
                "lot": lot,
                "location": facility,
            },
        }
    )
    made = read(vxu(record, "", NEVER))
    found = [made.get(location) for location in ("PID-5.1", "PID-5.2", "RXA-15", "RXA-11.4", "PID-11.1", "PID-3.1")]
    assert [family, given, lot, facility, street, identifier] == found
    assert (made.get("MSH-4"), made.get("PID-3.4"), made.get("ORC-3.2")) == (facility,) * 3
    assert [segment.id for segment in made.segments] == ["MSH", "PID", "ORC", "RXA"]
