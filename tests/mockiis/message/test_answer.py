"""Answers as registries send them, read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location, read
from mockiis.message import read_answer
from mockiis.profile import Finding

HEAD = "MSH|^~\\&|NDIIS|ND0000||04999|20240101||ACK^V04^ACK|1|T|2.5.1\rMSA|AE|M1\r"


@pytest.mark.parametrize(
    ("err", "finding"),
    [
        (
            "ERR||PID^1^22|101^Required field missing^HL70357|E|5^Table value not found^HL70533|||Ethnic group?",
            Finding(
                code="101",
                severity="E",
                text="Ethnic group?",
                location=Location(segment="PID", occurrence=1, field=22),
                application_code="5",
            ),
        ),
        (
            "ERR|PID^22|103^Required Field Missing^HL70357|",
            Finding(code="103", severity="E", text="Required Field Missing", location=Location.parse("PID-22")),
        ),
        (
            "ERR|PID^1^7^101&Required field missing&HL70357",
            Finding(
                code="101",
                severity="E",
                text="Required field missing",
                location=Location(segment="PID", occurrence=1, field=7),
            ),
        ),
        (
            "ERR||RXA^2^5^1^1|103^Table value not found^HL70357|W||||",
            Finding(
                code="103",
                severity="W",
                text="Table value not found",
                location=Location(segment="RXA", occurrence=2, field=5, repetition=1, component=1),
            ),
        ),
        (
            "ERR|||207^Application internal error^HL70357|e",
            Finding(code="207", severity="E", text="Application internal error"),
        ),
        ("ERR||?||I||||hm", Finding(code="", severity="I", text="hm", erl="?")),
    ],
)
def test_err_is_read_in_every_form(err: str, finding: Finding) -> None:
    """The guide's form, the form before version 2.5 and what NDIIS prints say the same thing."""

    assert (finding,) == read_answer(read(HEAD + err + "\r")).findings


@pytest.mark.parametrize(
    ("name", "code", "control_id", "status", "persons", "notes"),
    [
        ("ACK_no_error", "AA", "0000000004", "", 0, set()),
        ("ACK_error", "AE", "0000000005", "", 0, {"err-1", "err-severity-missing"}),
        ("RSP_K11_ex1_one_match", "AA", "4766546", "OK", 1, set()),
        ("RSP_K11_ex2_multiple", "AA", "4766339", "OK", 2, {"qak-acknowledgment-code"}),
        ("RSP_K11_ex3_no_match", "AA", "4766388", "NF", 0, {"msa-query-status"}),
    ],
)
def test_the_answers_ndiis_prints_are_understood(
    data: Path, name: str, code: str, control_id: str, status: str, persons: int, notes: set[str]
) -> None:
    """NF as MSA-1, AA as QAK-2, a location in ERR-1, missing encoding characters: read, and noted."""
    message = read((data / "ndiis-examples-as-printed" / f"{name}.hl7").read_text("utf-8"))
    answer = read_answer(message)

    assert (code, control_id, status, persons) == (
        answer.acknowledgment_code,
        answer.message_control_id,
        answer.query_status,
        len(answer.persons),
    )
    assert notes == {note.code for note in answer.notes}


def test_a_message_that_is_no_answer_has_no_acknowledgment_code() -> None:
    """Without MSA there is nothing to believe."""

    assert "" == read_answer(read("MSH|^~\\&|A|B|||20240101||VXU^V04|1\rPID|1\r")).acknowledgment_code


@given(st.text(alphabet="MSAERQKPIDXN|^~\\&\r12 ", max_size=200))
def test_no_answer_is_too_odd_to_read(text: str) -> None:
    """Whatever follows the MSH, reading gives an answer and never an exception."""

    assert isinstance(read_answer(read("MSH|^~\\&|A\r" + text)).acknowledgment_code, str)
