"""The examples of the NDIIS specification: accepted and stored, in the forms of Release 1.4 and of the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockiis.er7 import read

from .talk import Talk, errors

UPDATES = ("VXU_ex1_V01_private", "VXU_ex2_V02_state", "VXU_ex3_two_vaccinations", "VXU_ex4_historical")
KIM = (
    "MSH|^~\\&|PROVIDERX|SENFAC||ND0000|20261001110000-0500||QBP^Q11^QBP_Q11|4766546|T|2.5.1|||ER|AL|||||Z34^CDCPHINVS\r"
    "QPD|Z34^Request Immunization History^CDCPHINVS|979696988||DOE^KIM^J^^^^L||20131001|M\r"
    "RCP|I|5^RD&records&HL70126\r"
)


@pytest.mark.parametrize("folder", ["ndiis-examples", "ndiis-examples-1.4"])
def test_the_examples_are_stored(data: Path, folder: str) -> None:
    """One child with three doses, who is found; no example is rejected, even in part."""
    talk = Talk()
    for name in UPDATES:
        answer = talk.say((data / folder / f"{name}.hl7").read_text("utf-8"))
        assert [] == [error for error in errors(answer) if error.startswith("E")]
    [person] = talk.say(KIM).persons
    assert ["100", "161", "83"] == [dose.vaccine.code for dose in person.doses]
    assert ["KIM", "MARY"] == [person.name.given, person.next_of_kin[0].name.given]


def test_the_printed_query_with_a_date_that_does_not_exist(data: Path) -> None:
    """AE at QPD-6; it never matches."""
    answer = Talk().say((data / "ndiis-examples-1.4" / "QBP_Q11_Z34_no_such_date.hl7").read_text("utf-8"))
    assert ("Z33", "AE", "AE", ["E QPD^1^6"]) == (
        answer.profile,
        answer.acknowledgment_code,
        answer.query_status,
        errors(answer),
    )


@pytest.mark.parametrize("name", UPDATES)
def test_what_was_printed_with_shifted_fields_is_answered(data: Path, name: str) -> None:
    """The conversion lost delimiters: such messages are rejected, and answered all the same."""
    text = (data / "ndiis-examples-as-printed" / f"{name}.hl7").read_text("utf-8")
    talk = Talk()
    answer = talk.say(text)
    assert answer.acknowledgment_code in ("AE", "AR")
    assert read(text).get("MSH-10") == answer.message_control_id
