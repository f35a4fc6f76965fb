"""What registries answer: AIRA's examples, the ONC exchanges, NDIIS as printed, and the rejections of North Dakota."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockiis.er7 import Message, read
from mockiis.message import Answer, MessageReply, read_answer

Make = Callable[..., Message]
Replies = Callable[..., Any]
ZIP = ("PID^1^11^5", "999", "W", "1", "12345 is not a valid zip code in MYIIS")
BIRTH_DATE = ("PID^1^7", "101", "E", "", "Birth Date is required.")
ADDED = ("", "0", "I", "", "3 of 3 immunizations have been added to IIS")
VERSION = ("MSH^1^12", "203", "E", "", "Unsupported HL7 Version ID")
THREE = "RXA|0|1|20240402||03^MMR^CVX\rRXA|0|1|20240402||20^DTaP^CVX"


def read_back(reply: Any) -> Answer:
    assert isinstance(reply, MessageReply)
    return read_answer(read(reply.text))


def findings(answer: Answer) -> list[tuple[str, ...]]:
    return [(e.err_2, e.code, e.severity, e.application_code, e.text) for e in answer.findings]


def more(message: Message, *lines: str) -> Message:
    return Message([*message.lines, *lines], None, delimiters=message.delimiters)


@pytest.mark.parametrize(
    ("number", "changes", "doses", "code", "errors"),
    [
        (2, {}, 1, "AA", [ADDED]),
        (3, {"PID-11.5": "12345"}, 1, "AE", [ZIP]),
        (4, {"PID-11.5": "12345", "PID-7": ""}, 1, "AE", [ZIP, BIRTH_DATE]),
        (5, {"PID-11.5": "12345"}, 3, "AE", [ADDED, ZIP]),
        (6, {"PID-7": ""}, 3, "AE", [BIRTH_DATE]),
        (7, {"MSH-12": "2.3.1"}, 1, "AR", [VERSION]),
    ],
)
def test_aira_acknowledgments(
    update: Make,
    answer: Replies,
    number: int,
    changes: dict[str, str],
    doses: int,
    code: str,
    errors: list[tuple[str, ...]],
) -> None:
    """Each example of the guidance, for the message that it is meant for."""
    message = more(update(changes), *THREE.split("\r")[: doses - 1])

    reply = answer("aira-acknowledgments", message)

    assert reply.rule.startswith(f"example {number}: ")
    assert (code, errors) == (read_back(reply).acknowledgment_code, findings(read_back(reply)))


SITE = "Administration Site not recognized - site data will not be saved"
ONC = [
    # control id, MSA-1, ERR as (location, code, severity)
    *((f"NIST-IZ-AD-{n}.1_Send_V04_Z22", "AA", []) for n in range(1, 7)),
    ("NIST-IZ-AD-7.1_Send_V04_Z22", "AE", [("RXA^1^5^1^1", "999", "E")]),
    ("NIST-IZ-AD-8.1_Send_V04_Z22", "AE", [("RXR^1^2^1^1", "999", "W")]),
    ("NIST-IZ-AD-9.1_Send_V04_Z22", "AE", [("RXR^1^2^1^1", "999", "W"), ("RXR^2^2^1^1", "999", "W")]),
    ("NIST-IZ-AD-10.1_Send_V04_Z22", "AR", [("MSH^1^12^1^1", "203", "E")]),
]


@pytest.mark.parametrize(("control_id", "code", "errors"), ONC)
def test_onc_administration(
    update: Make, answer: Replies, control_id: str, code: str, errors: list[tuple[str, ...]]
) -> None:
    """The ten acknowledgments."""
    got = read_back(answer("onc-exchanges", update({"MSH-10": control_id})))

    assert (control_id, code, errors) == (
        got.message_control_id,
        got.acknowledgment_code,
        [finding[:3] for finding in findings(got)],
    )


@pytest.mark.parametrize(
    ("case", "family", "given", "profile", "status", "doses", "due"),
    [
        (1, "Fairchild", "Cameron", "Z42", "OK", 5, ["03", "10", "20"]),
        (2, "Stanley", "Clement", "Z42", "OK", 1, ["88", "133", "33", "121", "115", "45", "85", "21"]),
        (3, "Bee", "Donna", "Z33", "NF", 0, []),
        (4, "Smith", "James", "Z33", "TM", 0, []),
    ],
)
@pytest.mark.parametrize("by", ["control id", "name"])
def test_onc_queries(
    query: Make,
    answer: Replies,
    by: str,
    case: int,
    family: str,
    given: str,
    profile: str,
    status: str,
    doses: int,
    due: list[str],
) -> None:
    """The four query responses, by the control id of the test or by the patient's name."""
    by_name = {"QPD-4.1": family, "QPD-4.2": given}
    changes = by_name if by == "name" else {"MSH-10": f"NIST-IZ-QR-{case}.1_Query_Q11_Z44"}
    got = read_back(answer("onc-exchanges", query(changes | {"QPD-1.1": "Z44"})))

    assert ("AA", profile, status) == (got.acknowledgment_code, got.profile, got.query_status)
    persons = got.persons
    assert doses == sum(len(person.doses) for person in persons)
    assert due == [forecast.vaccine.code for person in persons for forecast in person.forecast]
    evaluations = [entry for person in persons for dose in person.doses for entry in dose.evaluations]
    invalid = [entry.reason for entry in evaluations if entry.validity == "N"]
    assert (["Too Young"] if case == 1 else []) == invalid


@pytest.mark.parametrize(
    ("kind", "changes", "printed"),
    [
        ("update", {"MSH-10": "0000000004"}, "ACK_no_error"),
        ("update", {"MSH-10": "0000000005", "PID-22": ""}, "ACK_error"),
        ("query", {"MSH-10": "4766546", "QPD-2": "979696988", "QPD-4.1": "Doe"}, "RSP_K11_ex1_one_match"),
        ("query", {"MSH-10": "4766339", "QPD-2": "972227778", "QPD-4.1": "Net"}, "RSP_K11_ex2_multiple"),
        ("query", {"MSH-10": "4766388", "QPD-2": "971227778"}, "RSP_K11_ex3_no_match"),
    ],
)
def test_ndiis_as_printed(
    request: pytest.FixtureRequest, answer: Replies, data: Path, kind: str, changes: dict[str, str], printed: str
) -> None:
    """Letter by letter, when the message has the control id and the query tag of the example."""
    reply = answer("ndiis-as-printed", request.getfixturevalue(kind)(changes))

    text = (data / f"ndiis-examples-as-printed/{printed}.hl7").read_bytes().decode()
    assert text.replace("\r\n", "\r").replace("\n", "\r").rstrip("\r") == reply.text.rstrip("\r")


REJECTIONS = [
    # what differs from a sound update, a segment left out, the rule, MSA-1, ERR
    ({"MSH-12": "2.3.1"}, "the version is not supported", "AR", [("MSH^1^12", "203", "E")]),
    ({"MSH-9.1": "ADT"}, "the message type is not supported", "AR", [("MSH^1^9", "200", "E")]),
    ({"PID-3": ""}, "the patient has no identifier", "AE", [("PID^1^3", "101", "E")]),
    ({"PID-5.2": ""}, "the patient's name is incomplete", "AE", [("PID^1^5", "101", "E")]),
    ({"PID-7": ""}, "the birth date is missing", "AE", [("PID^1^7", "101", "E")]),
    ({"PID-7": "20240404"}, "the birth date is in the future", "AE", [("PID^1^7", "999", "E")]),
    ({"PID-22": ""}, "the ethnic group is missing", "AE", [("PID^1^22", "101", "E")]),
    ({"RXA-3": "20190301"}, "a dose was given before the birth", "AE", [("RXA^1^3", "999", "E")]),
    ({"RXA-3": "20240501"}, "a dose will be given in the future", "AE", [("RXA^1^3", "999", "E")]),
    ({"RXA-5.3": "NDC"}, "a dose has no CVX code", "AE", [("RXA^1^5", "103", "E")]),
    ({"OBX[1]-5": ""}, "an administered dose has no eligibility", "AE", [("RXA^1", "101", "E")]),
    ({"OBX[1]-5.1": "V06"}, "the eligibility of a dose is not accepted", "AE", [("RXA^1", "103", "E")]),
    ({"OBX[2]-5": ""}, "an administered dose has no funding", "AE", [("RXA^1", "101", "E")]),
    ({"OBX[2]-5.1": "VXC51"}, "the funding of a dose is in use elsewhere only", "AE", [("RXA^1", "103", "W")]),
    ({"OBX[2]-5.1": "OTH"}, "the funding of a dose is not accepted", "AE", [("RXA^1", "103", "E")]),
    ({"RXA-15": ""}, "an administered dose has no lot number", "AE", [("RXA^1^15", "101", "W")]),
    ({"RXR-2.1": "MO"}, "a dose in the mouth was not given by mouth", "AE", [("RXR^1^2", "999", "W")]),
    ({"RXR-2.1": "NO"}, "a dose in the nose was not given through the nose", "AE", [("RXR^1^2", "999", "W")]),
    ({"RXR-2.1": "NO", "RXR-1.1": "C38284"}, "every other update is accepted", "AA", []),
    (
        {"OBX[2]-5.1": "PHC70"},
        "a private dose for a patient who is eligible is a borrow event",
        "AA",
        [("", "0", "I")],
    ),
    (
        {"OBX[1]-5.1": "V01"},
        "a public dose for a patient who is not eligible is a borrow event",
        "AA",
        [("", "0", "I")],
    ),
    ({"OBX[1]-5.1": "V07"}, "every other update is accepted", "AA", []),
    ({"RXA-9.1": "01", "OBX[1]-5": "", "OBX[2]-5": ""}, "every other update is accepted", "AA", []),
    ({"RXA-20": "RE", "OBX[1]-5": "", "OBX[2]-5": ""}, "every other update is accepted", "AA", []),
    ({}, "every other update is accepted", "AA", []),
]


@pytest.mark.parametrize(("changes", "rule", "code", "errors"), REJECTIONS)
def test_ndiis_rejections(
    update: Make, answer: Replies, changes: dict[str, str], rule: str, code: str, errors: list[tuple[str, str, str]]
) -> None:
    """One rule for each reason, and nothing for a sound message."""
    reply = answer("ndiis-rejections", update(changes))
    got = read_back(reply)

    assert (rule, code, errors) == (reply.rule, got.acknowledgment_code, [f[:3] for f in findings(got)])


def test_every_rejection_is_shown(shipped: Callable[..., Any]) -> None:
    """No rule of the file for updates was forgotten here."""
    [scenario] = shipped("ndiis-rejections")
    shown = {entry[1] for entry in REJECTIONS}
    others = {rule.name for rule in scenario.rules} - shown
    assert {
        "the provider is not the one of the account",
        "the query has no name",
        "the birth date of the query is not in the calendar",
        "every other query finds nobody",
    } == others


def test_the_provider_of_another_account(update: Make, answer: Replies) -> None:
    """MSH-4 is compared with the facility id; over MLLP there is none."""
    for facility, place in (("04999", "MSH^1^4"), ("DCS", ""), ("", "")):
        got = read_back(answer("ndiis-rejections", update(), facility=facility))
        assert place == "".join(entry.err_2 for entry in got.findings)
    assert "AA" == read_back(answer("ndiis-rejections", update(), transport="mllp")).acknowledgment_code


@pytest.mark.parametrize(
    ("changes", "status", "place"),
    [({"QPD-4.2": ""}, "AE", "QPD^1^4"), ({"QPD-6": "19981912"}, "AE", "QPD^1^6"), ({}, "NF", "")],
)
def test_queries_to_ndiis(query: Make, answer: Replies, changes: dict[str, str], status: str, place: str) -> None:
    """What is wrong with a query."""
    got = read_back(answer("ndiis-rejections", query(changes)))

    assert (status, place) == (got.query_status, "".join(entry.err_2 for entry in got.findings))
