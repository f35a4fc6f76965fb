"""ACK messages as they are built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location, read
from mockiis.message import Request, acknowledgment
from mockiis.profile import Finding

Make = Callable[..., Request]


def test_an_acknowledgment_answers_the_one_who_asked(request_for: Make) -> None:
    """Sender and receiver change places, MSA-2 is the request's MSH-10, MSH-7 is a 24-hour time with zone."""

    assert (
        "MSH|^~\\&|IIS|ND0000|EHR|CLINIC|20240506170809-0600||ACK^V04^ACK|A-1|T|2.5.1|||NE|NE|||||Z23^CDCPHINVS\r"
        "MSA|AA|M1\r"
    ) == acknowledgment(request_for(), "AA")


def test_each_finding_is_one_err(request_for: Make) -> None:
    """ERR-2 where, ERR-3 what, ERR-4 how bad, ERR-5 the application's code, ERR-8 in words; order is kept."""
    findings = [
        Finding(code="101", severity="E", text="Birth date is required", location=Location.parse("PID-7")),
        Finding(code="999", severity="W", text="Site?", location=Location.parse("RXR[2]-2.1"), application_code="5"),
        Finding(code="0", severity="I", text="3 of 3"),
    ]

    assert [
        "ERR||PID^1^7|101^Required field missing^HL70357|E||||Birth date is required",
        "ERR||RXR^2^2^1^1|999^Application error^HL70357|W|5^Table value not found^HL70533|||Site?",
        "ERR|||0^Message accepted^HL70357|I||||3 of 3",
    ] == acknowledgment(request_for(), "AE", findings).split("\r")[2:-1]


@pytest.mark.parametrize(
    ("message_type", "answered"),
    [
        ("VXU^V04^VXU_V04", "ACK^V04^ACK"),
        ("QBP^Q11^QBP_Q11", "ACK^Q11^ACK"),
        ("QBP^Q13^QBP_Q13", "ACK^Q11^ACK"),
        ("QBP", "ACK^Q11^ACK"),
        ("ADT^A04", "ACK^V04^ACK"),
        ("ACK", "ACK^V04^ACK"),
    ],
)
def test_msh_9_names_the_event_of_the_request(request_for: Make, message_type: str, answered: str) -> None:
    """Only the two events of the guide are named (IZ-51)."""
    request = request_for(f"MSH|^~\\&|A|B|C|D|20240101||{message_type}|1|P|2.5.1\r")

    assert answered == read(acknowledgment(request, "AR")).get("MSH-9")


def test_a_request_without_a_receiver_is_answered_by_ndiis(request_for: Make) -> None:
    """MSH-5 and MSH-6 are often empty; an answer without a sender helps nobody."""
    answer = read(acknowledgment(request_for("MSH|^~\\&|A|B|||20240101||VXU^V04|1\r"), "AA"))

    assert ("NDIIS", "ND0000", "A", "B", "P") == tuple(
        answer.get(place) for place in ("MSH-3", "MSH-4", "MSH-5", "MSH-6", "MSH-11")
    )


def test_an_unreadable_request_is_answered_with_an_empty_msa_2(request_for: Make) -> None:
    """There is no control id to echo, and the reason stands in ERR-8."""
    request = replace(request_for(), message=None)
    answer = read(acknowledgment(request, "AR", [Finding(code="207", severity="E", text="no MSH")]))

    assert ("AR", "", "207", "no MSH") == tuple(answer.get(place) for place in ("MSA-1", "MSA-2", "ERR-3.1", "ERR-8"))


def test_own_encoding_characters_are_written_as_the_standard_ones(request_for: Make) -> None:
    """What is echoed means the same in the answer's encoding characters."""
    request = request_for("MSH#*@!%#A*1.2*ISO#B#C#D#20240101##VXU*V04#x|y!S!z#P#2.5.1\r")
    answer = read(acknowledgment(request, "AA"))

    assert ("A^1.2^ISO", "x|y*z") == (answer.get("MSH-5"), answer.get("MSA-2"))


def test_a_script_may_place_an_error_anywhere(request_for: Make) -> None:
    """ERR-2 word for word, for what is no location: AIRA's own example has the component at the wrong place."""
    finding = Finding(code="101", severity="W", erl="PID^1^11^5")

    assert "ERR||PID^1^11^5|101^Required field missing^HL70357|W" in acknowledgment(request_for(), "AE", [finding])


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_message(text: str) -> None:
    """Whatever ERR-8 says, the answer has three segments and an outside reader finds the text escaped."""
    request = Request(
        transport="mllp",
        received=datetime(2024, 1, 1, tzinfo=UTC),
        control_id="1",
        message=read("MSH|^~\\&|A|B|C|D|20240101||VXU^V04|1|P|2.5.1\r"),
    )
    answer = acknowledgment(request, "AE", [Finding(code="999", severity="E", text=text)])

    assert ["MSH", "MSA", "ERR"] == [str(segment[0]) for segment in hl7.parse(answer)]
    assert text == read(answer).get("ERR-8")
