"""From findings to the acknowledgment: MSA-1, the ERR segments, AR, and what is in words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from mockiis.profile import Finding
from mockiis.profile.validator import validator
from mockiis.registry.acknowledging import code_of

from .talk import MMR, NEW, Talk, errors, query, update


@pytest.mark.parametrize(
    ("severities", "warnings", "expected"),
    [
        ("", "AE", "AA"),
        ("I", "AE", "AA"),
        ("W", "AE", "AE"),
        ("IW", "AE", "AE"),
        ("E", "AE", "AE"),
        ("IWE", "AE", "AE"),
        ("W", "AA", "AA"),
        ("WE", "AA", "AE"),
    ],
)
def test_msa_1(severities: str, warnings: str, expected: str) -> None:
    """AE for any error or warning; the policy may let warnings pass."""
    findings = [Finding(code="0", severity=severity) for severity in severities]  # type: ignore[arg-type]
    assert expected == code_of(findings, warnings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "code", "place"),
    [
        ({"MSH_9": "ADT^A04^ADT_A01"}, "200", "MSH^1^9"),
        ({"MSH_9": "ACK^V04^ACK", "MSH_21": "Z23^CDCPHINVS"}, "200", "MSH^1^9"),
        ({"MSH_9": "VXU^V05^VXU_V04"}, "201", "MSH^1^9"),
        ({"MSH_11": "X"}, "202", "MSH^1^11"),
        ({"MSH_12": "2.3.1"}, "203", "MSH^1^12"),
    ],
)
def test_ar(values: dict[str, str], code: str, place: str) -> None:
    """What is not supported at all is refused as a whole, and nothing is stored."""
    talk = Talk()
    answer = talk.say(update(**values))
    assert ("AR", "Z23", [code], [f"E {place}"]) == (
        answer.acknowledgment_code,
        answer.profile,
        [finding.code for finding in answer.findings],
        errors(answer),
    )
    assert [] == talk.everybody


@pytest.mark.parametrize("message_type", ["ADT^A04^ADT_A01", "RSP^K11^RSP_K11", "ACK^V04^ACK"])
def test_another_type_of_message_is_told_what_is_taken(message_type: str) -> None:
    """Updates and queries, not whatever the judge knows."""
    [finding] = Talk().say(update(MSH_9=message_type)).findings
    assert finding.text.endswith("Send VXU or QBP.")


@pytest.mark.parametrize("values", [{"MSH_12": "2.4"}, {"MSH_11": "X"}, {"MSH_9": "QBP^Q13^QBP_Q13"}])
def test_ar_to_a_query_is_an_ack(values: dict[str, str]) -> None:
    """Profile Z23, and no QAK."""
    answer = Talk().answer(query(**values))
    assert ("ACK", "Z23", "AR", []) == (
        answer.get("MSH-9.1"),
        answer.get("MSH-21.1"),
        answer.get("MSA-1"),
        answer.named("QAK"),
    )


def test_one_err_for_each_finding_in_the_order_of_the_message() -> None:
    """Not the last one only."""
    sent = update(*MMR, "new hepatitis A", *NEW, PID_13="^PRN^PH^^^7011^1", RXA_15="UNKNOWN", RXA2_5="777^none^CVX")
    answer = Talk().answer(sent)
    places = [segment.get(2) for segment in answer.named("ERR")]
    order = ["PID", "ORC", "RXA", "RXR", "OBX"]
    assert len(places) >= 3
    assert places == sorted(
        places, key=lambda place: (place[4:5] if place[:3] != "PID" else "0", order.index(place[:3]))
    )


def test_err_says_what_and_where_and_what_to_do() -> None:
    """ERR-2 with all its components, ERR-3, ERR-4, ERR-5, ERR-8; no value of the message in the words."""
    answer = Talk().answer(update(RXA_5="777^none^CVX"))
    [err] = [segment for segment in answer.named("ERR") if segment.get(2) == "RXA^1^5^1^1" and segment.get(4) == "E"]
    assert ("103", "HL70357", "5", "HL70533") == (err.get(3, 1), err.get(3, 3), err.get(5, 1), err.get(5, 3))
    words = err.get(8)
    assert words.startswith("Vaccine 1: vaccine given - code (RXA[1]-5.1):") or "RXA[1]-5.1" in words
    assert "The dose is not stored." in words
    assert "Send" in words
    assert "777" not in words


@pytest.mark.parametrize(
    ("facilities", "code"), [((), "AA"), (("DAKOTA CLINIC",), "AA"), (("dakota clinic",), "AA"), (("X",), "AE")]
)
def test_the_facility_is_one_of_the_account_s(facilities: tuple[str, ...], code: str) -> None:
    """Otherwise AE at MSH-4, and nothing is stored."""
    talk = Talk()
    answer = talk.say(update(), facilities)
    assert code == answer.acknowledgment_code
    assert (code == "AA") == bool(talk.everybody)
    assert ([] if code == "AA" else ["E MSH^1^4"]) == errors(answer)


def test_the_policy_for_warnings() -> None:
    """AA with a warning, as the guide's Appendix B has it."""
    sent = update(RXA_15="UNKNOWN")
    assert "AE" == Talk().say(sent).acknowledgment_code
    answer = Talk(warnings="AA").say(sent)
    assert ("AA", ["W"]) == (answer.acknowledgment_code, [finding.severity for finding in answer.findings])


def test_a_registry_may_judge_by_the_guide_alone() -> None:
    """An NDC alone is enough by ``cdc``, and is told by its CVX code; PID-22 may be empty."""
    talk = Talk(forecast_in_history=False)
    talk.registry = replace(talk.registry, judge=partial(validator, "cdc"))
    sent = update("new Tdap by NDC", *NEW, RXA_5="49281-0400-58^Adacel^NDC", PID_22="")
    answer = talk.say(sent.put("OBX[2]-5", "VXC50^Public^CDCPHINVS").put("OBX[1]-5", "V02^Medicaid^HL70064"))
    assert [] == [error for error in errors(answer) if error.startswith("E")]
    assert ["115"] == [dose.vaccine.code for dose in talk.doses()]
