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
    ("err", "found"),
    [
        ("ERR|PID^1^22||101^Required^HL70357|E", [("PID[1]-22", "101", "E", "Required")]),
        ("ERR|PID^1^22|PID^1^7|101^Required^HL70357|W", [("PID[1]-7", "101", "W", "Required")]),
        ("ERR|PID^1^22|?|101^Required^HL70357|W", [("PID[1]-22", "101", "W", "Required")]),
        ("ERR|PID^1^5^1^2||101^Required^HL70357|E", [("PID[1]-5[1].2", "101", "E", "Required")]),
        ("ERR|PID^1^22|||E", [("PID[1]-22", "", "E", "")]),
        ("ERR|PID^22|103^Not found^HL70357|W|5", [("PID-22", "103", "W", "Not found")]),
        (
            "ERR|PID^1^7^101&Required&HL70357~PID^1^8^102&Data type error&HL70357",
            [("PID[1]-7", "101", "E", "Required"), ("PID[1]-8", "102", "E", "Data type error")],
        ),
        ("ERR|^^^207&Application internal error&HL70357~", [("None", "207", "E", "Application internal error")]),
        (
            "ERR||PID^1^5~PID^1^7|101^Required|E",
            [("PID[1]-5", "101", "E", "Required"), ("PID[1]-7", "101", "E", "Required")],
        ),
    ],
)
def test_err_1_is_a_location_or_all_of_it(err: str, found: list[tuple[str, str, str, str]]) -> None:
    """ERR-1 holds the code only where ERR-2 and ERR-3 are empty; every repetition is a finding of its own."""
    findings = read_answer(read(HEAD + err + "\r")).findings

    assert found == [(str(item.location), item.code, item.severity, item.text) for item in findings]


def test_a_location_is_read_with_the_separators_of_its_message() -> None:
    """ERR-2 has the component separator that MSH-2 names."""
    text = (
        (HEAD + "ERR||PID^1^22~NK1^2^3|101^Required^HL70357|E\r")
        .replace("^~", "$%")
        .replace("^", "$")
        .replace("~", "%")
    )

    assert ["PID[1]-22", "NK1[2]-3"] == [str(finding.location) for finding in read_answer(read(text)).findings]


def test_what_is_odd_about_the_text_is_noted_too() -> None:
    """Line ends, blanks before MSH, encoding characters: whatever the reader notes, the answer keeps."""
    answer = read_answer(read("\n" + HEAD.replace("^~\\&", "").replace("\r", "\n")))

    assert ["leading-blanks", "line-ends-lf", "encoding-missing"] == [note.code for note in answer.notes]


@pytest.mark.parametrize(
    ("name", "code", "control_id", "status", "persons", "notes"),
    [
        ("ACK_no_error", "AA", "0000000004", "", 0, []),
        ("ACK_error", "AE", "0000000005", "", 0, ["err-1", "err-severity-missing"]),
        ("RSP_K11_ex1_one_match", "AA", "4766546", "OK", 1, ["encoding-missing"]),
        ("RSP_K11_ex2_multiple", "AA", "4766339", "OK", 2, ["qak-acknowledgment-code"]),
        ("RSP_K11_ex3_no_match", "AA", "4766388", "NF", 0, ["msa-query-status"]),
    ],
)
def test_the_answers_ndiis_prints_are_understood(
    data: Path, name: str, code: str, control_id: str, status: str, persons: int, notes: list[str]
) -> None:
    """NF as MSA-1, AA as QAK-2, a location in ERR-1, missing encoding characters: read, and noted."""
    text = (data / "ndiis-examples-as-printed" / f"{name}.hl7").read_text("utf-8")
    answer = read_answer(read(text.replace("\n", "\r")))

    assert (code, control_id, status, persons) == (
        answer.acknowledgment_code,
        answer.message_control_id,
        answer.query_status,
        len(answer.persons),
    )
    assert notes == [note.code for note in answer.notes]


def test_a_message_that_is_no_answer_has_no_acknowledgment_code() -> None:
    """Without MSA there is nothing to believe."""

    assert "" == read_answer(read("MSH|^~\\&|A|B|||20240101||VXU^V04|1\rPID|1\r")).acknowledgment_code


@given(st.text(alphabet="MSAERQKPIDXN|^~\\&\r12 ", max_size=200))
def test_no_answer_is_too_odd_to_read(text: str) -> None:
    """Whatever follows the MSH, reading gives an answer and never an exception."""

    assert isinstance(read_answer(read("MSH|^~\\&|A\r" + text)).acknowledgment_code, str)
