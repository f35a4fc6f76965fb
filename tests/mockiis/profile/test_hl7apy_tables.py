"""The base tables are hl7apy's definitions, no more and no less; its second opinion, and what is done for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis import er7
from mockiis.er7 import Message
from mockiis.profile import hl7apy_tables
from mockiis.profile.data import read
from mockiis.profile.hl7apy_tables import base_tables, second_opinion

HEADER = "MSH|^~\\&|A|B|C|D|20240506||{type}|M1|P|2.5.1\r"
PATIENT = "PID|1||7^^^A^MR||DOE^JANE\r"
DOSE = "ORC|RE||1^A\rRXA|0|1|20240506|20240506|08^Hep B^CVX|999\r"
QUERY = "QPD|Z34^Request Immunization History^CDCPHINVS|37|7^^^A^MR|DOE^JANE|ROE^ANN|20240102|F|^^X^ND\r"


def message(*segments: str, kind: str = "VXU^V04^VXU_V04") -> Message:
    """A message of that type with these segments."""
    return er7.read(HEADER.format(type=kind) + "".join(segments))


def said(of: Message) -> list[str]:
    """What hl7apy says."""
    return list(map(str, second_opinion(of)))


def test_the_base_tables_are_what_hl7apy_defines() -> None:
    """Made again from the installed hl7apy, they are the same: an upgrade that changes them is seen."""

    assert base_tables() == read("base")


@pytest.mark.parametrize(
    "name",
    [
        *("VXU_ex1_V01_private", "VXU_ex3_two_vaccinations", "VXU_ex4_historical", "ACK_error", "QBP_Q11_Z34"),
        *("RSP_K11_ex2_candidates_Z31", "RSP_K11_ex3_no_match_Z33"),
    ],
)
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_it_has_no_objection_to_messages_that_are_right(data: Path, name: str, end: str) -> None:
    """With any line ends, with all fields of a query and with the patients of an answer."""
    text = er7.decode((data / "ndiis-examples" / f"{name}.hl7").read_bytes()).text
    lines = [line for line in er7.read(text).lines if line]

    assert () == second_opinion(er7.read("".join(line + end for line in lines)))


def test_it_says_all_that_it_finds() -> None:
    """Not only its first error; the same sentence stands once."""
    dose = DOSE.replace("20240506|20240506", "20240506|")

    assert [
        "error: Missing required child PID.PID_3",
        "error: Missing required child RXA.RXA_4 (2 times)",
        "warning: Value X not in table HL70001 in element PID.PID_8",
    ] == said(message("PID|1||||DOE^JANE|||X\r", dose, dose))


@pytest.mark.parametrize(
    ("segments", "kind", "expected"),
    [
        ((PATIENT, "ZPI|1\r", DOSE, "EVN|1\r", "ZPI|2\r"), "VXU^V04^VXU_V04", "ZPI (2 times), EVN"),
        ((PATIENT, "x"), "VXU^V04^VXU_V04", "X"),
        ((QUERY, "RCP|I\r", PATIENT), "QBP^Q11^QBP_Q11", "PID"),
    ],
)
def test_segments_that_it_drops_are_told(segments: tuple[str, ...], kind: str, expected: str) -> None:
    """It says nothing about them itself, so that silence would be taken for consent."""

    assert [f"note: it left out segments without a word, so it did not judge them: {expected}"] == said(
        message(*segments, kind=kind)
    )


def test_the_history_in_an_answer_is_judged() -> None:
    """Its own RSP^K11 knows no patient: it would drop all of it."""
    segments = ("MSA|AA|1\r", "QAK|37|OK\r", QUERY, PATIENT, DOSE.replace("|08^Hep B^CVX", "|"))

    assert ["error: Missing required child RXA.RXA_5"] == said(message(*segments, kind="RSP^K11^RSP_K11"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER.format(type="ACK^"), "note: not asked, since it cannot read a message with one component in MSH-9"),
        (HEADER.format(type=""), "note: not asked, since it cannot read a message with one component in MSH-9"),
        (HEADER.format(type="VXU^V04").replace("2.5.1", "2.9"), "error: it could not read the message: Unsupported"),
        (HEADER.format(type="VXU^V04").replace("2.5.1", ""), "error: it could not read the message: Unsupported"),
        (HEADER.format(type="VXU^V04").replace("^~\\&", ""), "error: it could not read the message: InvalidEncod"),
        (HEADER.format(type="VXU^V04^NO_SUCH"), "error: "),
    ],
)
def test_what_it_cannot_read_is_told(text: str, expected: str) -> None:
    """It crashes on some messages and refuses others; here it never raises."""
    (first, *_) = said(er7.read(text))

    assert first.startswith(expected)


def test_it_is_not_asked_about_what_would_take_it_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """More characters than a real message has."""
    monkeypatch.setattr(hl7apy_tables, "LARGEST", 100)

    assert ["note: not asked, since the message has more than 100 characters"] == said(message(PATIENT, DOSE))


def test_any_character_can_be_in_a_message() -> None:
    """Its report is a file in the character set of the system, which may lack them."""

    assert ["warning: Value ? not in table HL70001 in element PID.PID_8"] == said(
        message("PID|1||7^^^A^MR||Sømmer^日本|||日\r")
    )


PIECES = st.sampled_from(
    [PATIENT, DOSE, QUERY, "OBX|1|CE|1^^LN\r", "Z", "|", "^", "~", "&", "\\", "\r", '""', "PID", "é"]
)


@settings(max_examples=50, deadline=None)
@given(pieces=st.lists(PIECES, max_size=12), kind=st.sampled_from(["VXU^V04^VXU_V04", "RSP^K11", "QBP^Q11^X", "^"]))
def test_it_never_raises(pieces: list[str], kind: str) -> None:
    """Whatever stands in the message, there is an opinion or none."""

    assert isinstance(second_opinion(message("".join(pieces), kind=kind)), tuple)
