"""The shipped scenarios: each loads, says what it does, and answers as it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import scenarios
from mockiis.er7 import Message, read
from mockiis.message import Answer, FaultKind, FaultReply, MessageReply, Reply, Request, read_answer
from mockiis.respond import respond
from mockiis.scenario import Scenario, load

NAMES = (
    "accept-all",
    "aira-acknowledgments",
    "iis-latency",
    "iis-sandbox/flavors-of-answers",
    "iis-sandbox/flavors-of-records",
    "iis-sandbox/flavors-of-time",
    "iis-sandbox/flavors-of-updates",
    "iis-sandbox/without-flavor",
    "izgateway/acknowledgments",
    "izgateway/broken-xml",
    "izgateway/faults",
    "izgateway/http-status",
    "izgateway/mock",
    "izgateway/perf",
    "izgateway/transport",
    "ndiis-as-printed",
    "ndiis-examples",
    "ndiis-rejections",
    "onc-exchanges",
    "production-faults",
    "registry",
    "reject-all",
    "security-fault",
    "slow",
    "smm-endpoints",
)
VXU = "messages/VXU_without_ethnic_group.hl7"
QBP = "messages/QBP_Q11_Z34_no_match.hl7"
ADT = "messages/ADT_A04.hl7"


def shipped(name: str) -> Scenario:
    """A shipped scenario, loaded."""
    path = scenarios.path(name)
    return load(path.read_text(encoding="utf-8"), path.name)


def asked(message: Message, **more: Any) -> Request:
    """A request as the server hands it over, at the time of the specification's example."""
    moment = datetime(2010, 6, 9, 11, 2, tzinfo=timezone(timedelta(hours=-5)))
    return Request(**{"transport": "mllp", "received": moment, "control_id": "7731029", "message": message, **more})


def message_in(path: Path) -> Message:
    """The message in a file, line ends as they are."""
    return read(path.read_bytes().decode("utf-8"))


def printed_answer(path: Path) -> Answer:
    """An answer as the specification prints it, without what is odd about the line ends of the file."""
    return replace(read_answer(message_in(path)), notes=())


def answer_to(message: Message, name: str) -> tuple[Reply, Answer]:
    """What a scenario answers over MLLP, as data and read."""
    reply = respond(asked(message), [shipped(name)])
    assert isinstance(reply, MessageReply)
    answer = read_answer(read(reply.text))
    assert message.get("MSH-10") == answer.message_control_id
    assert () == answer.notes
    return reply, answer


def test_names() -> None:
    """Every shipped file is known by its name."""
    assert scenarios.names() == NAMES


@pytest.mark.parametrize("name", [*NAMES, "accept-all.yaml"])
def test_path(name: str) -> None:
    """A name leads to its file, with or without the ending."""
    assert scenarios.path(name).as_posix().endswith(f"/scenarios/{name.removesuffix('.yaml')}.yaml")
    assert (scenarios.path(name),) == scenarios.paths(name)


@pytest.mark.parametrize("name", ["accept", "../pyproject", "", ".yaml", "README.md"])
def test_path_of_what_is_not_shipped(name: str) -> None:
    """Any other name is refused with the names that there are."""
    with pytest.raises(LookupError, match="there are: accept-all, aira-acknowledgments"):
        scenarios.path(name)
    with pytest.raises(LookupError):
        scenarios.paths(name)


@pytest.mark.parametrize(("family", "count"), [("izgateway", 7), ("izgateway/", 7), ("iis-sandbox", 5)])
def test_a_family(family: str, count: int) -> None:
    """A folder stands for all of its files, in the order of their names."""
    assert scenarios.families() == ("iis-sandbox", "izgateway")
    found = scenarios.paths(family)
    assert count == len(found)
    assert sorted(found) == list(found)


@pytest.mark.parametrize("name", NAMES)
def test_file_introduces_itself(name: str) -> None:
    """Each file begins with what it does, who wants it and how to run it, and has a name and a description."""
    text = scenarios.path(name).read_text(encoding="utf-8")
    comment = text.partition("version: 1")[0]
    assert all(line.startswith("#") for line in comment.splitlines())
    assert "Who wants it: " in comment
    assert "Run it: mockiis serve" in comment
    assert f"mockiis serve {name}.yaml" in comment
    scenario = shipped(name)
    assert scenario.name
    assert scenario.about


REQUESTS = [
    # file, rule, profile, MSA-1, QAK-2, how many persons
    *(
        (f"{folder}/{name}.hl7", "every other update is accepted", "Z23", "AA", "", 0)
        for folder in ("ndiis-examples", "ndiis-examples-1.4")
        for name in (
            "VXU_ex1_V01_private",
            "VXU_ex2_V02_state",
            "VXU_ex3_two_vaccinations",
            "VXU_ex4_historical",
        )
    ),
    ("ndiis-examples/QBP_Q11_Z34.hl7", "one match, history and forecast", "Z32", "AA", "OK", 1),
    ("ndiis-examples-1.4/QBP_Q11_Z34.hl7", "one match, history and forecast", "Z32", "AA", "OK", 1),
    (
        "ndiis-examples-1.4/QBP_Q11_Z34_no_such_date.hl7",
        "the birth date is not in the calendar",
        "Z33",
        "AE",
        "AE",
        0,
    ),
    ("messages/QBP_Q11_Z34_candidates.hl7", "several candidates", "Z31", "AA", "OK", 2),
    ("messages/QBP_Q11_Z34_no_match.hl7", "no match", "Z33", "AA", "NF", 0),
    ("messages/QBP_Q11_Z44_one_match.hl7", "one match, evaluated history and forecast", "Z42", "AA", "OK", 1),
    ("messages/VXU_without_ethnic_group.hl7", "the ethnic group is missing", "Z23", "AE", "", 0),
    ("messages/ADT_A04.hl7", "the message type is not supported", "Z23", "AR", "", 0),
]


@pytest.mark.parametrize(("file", "rule", "profile", "code", "status", "persons"), REQUESTS)
def test_ndiis_examples(data: Path, file: str, rule: str, profile: str, code: str, status: str, persons: int) -> None:
    """Every request of the specification, in both forms, gets the answer meant for it."""
    reply, answer = answer_to(message_in(data / file), "ndiis-examples")
    assert (rule, profile, code, status, persons) == (
        reply.rule,
        answer.profile,
        answer.acknowledgment_code,
        answer.query_status,
        len(answer.persons),
    )


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("ndiis-examples/QBP_Q11_Z34.hl7", "ndiis-examples/RSP_K11_ex1_one_match_Z32.hl7"),
        ("messages/QBP_Q11_Z34_candidates.hl7", "ndiis-examples/RSP_K11_ex2_candidates_Z31.hl7"),
        ("messages/QBP_Q11_Z34_no_match.hl7", "ndiis-examples/RSP_K11_ex3_no_match_Z33.hl7"),
    ],
)
def test_ndiis_answers_are_the_printed_ones(data: Path, query: str, printed: str) -> None:
    """MSA, QAK, QPD and the persons are those of the specification's answers, down to each dose and forecast."""
    message = message_in(data / query)
    _, answer = answer_to(message, "ndiis-examples")
    assert printed_answer(data / printed) == answer


@pytest.mark.parametrize(
    ("request_file", "printed"),
    [
        ("messages/VXU_without_ethnic_group.hl7", "ndiis-examples/ACK_error.hl7"),
        ("ndiis-examples-1.4/QBP_Q11_Z34_no_such_date.hl7", None),
        ("messages/ADT_A04.hl7", None),
    ],
)
def test_ndiis_errors(data: Path, request_file: str, printed: str | None) -> None:
    """The error acknowledgment is the printed one; the other errors say where and what."""
    message = message_in(data / request_file)
    _, answer = answer_to(message, "ndiis-examples")
    if printed:
        assert printed_answer(data / printed) == answer
    else:
        expected = {
            "QBP": ("QPD^1^6", "102", "E", "2", "The birth date is not in the calendar"),
            "ADT": ("MSH^1^9", "200", "E", "", "This registry takes VXU and QBP messages, not ADT"),
        }[message.get("MSH-9.1")]
        [finding] = answer.findings
        assert expected == (
            finding.err_2,
            finding.code,
            finding.severity,
            finding.application_code,
            finding.text,
        )


@pytest.mark.parametrize(
    ("birth_date", "status"),
    [
        *((date, "AE") for date in ("19981912", "19980012", "19981301", "19980600", "19980632", "19980230")),
        *((date, "AE") for date in ("19980231", "19980431", "19980631", "19980931", "19981131", "199806311200")),
        *((date, "NF") for date in ("19980630", "19980228", "20000229", "19981231", "199812", "1998", "")),
        ("19980629", "OK"),
    ],
)
def test_birth_date_that_is_no_date(data: Path, birth_date: str, status: str) -> None:
    """A QPD-6 whose month or day cannot be is an error; a date that can be, a shorter one or none is not."""
    query = message_in(data / "ndiis-examples/QBP_Q11_Z34.hl7").replace("QPD-6", birth_date)
    assert status == answer_to(query, "ndiis-examples")[1].query_status


def test_candidates_are_not_told_to_an_evaluated_query(data: Path) -> None:
    """Z44 knows no list of candidates: none found."""
    query = message_in(data / "messages/QBP_Q11_Z34_candidates.hl7").replace("QPD-1.1", "Z44")
    assert "NF" == answer_to(query, "ndiis-examples")[1].query_status


@pytest.mark.parametrize(
    ("name", "code", "file", "profile", "findings", "delay"),
    [
        ("accept-all", "AA", VXU, "Z23", [], 0.0),
        ("accept-all", "AA", QBP, "Z33", [], 0.0),
        ("accept-all", "AA", ADT, "Z23", [], 0.0),
        ("reject-all", "AE", VXU, "Z23", ["999"], 0.0),
        ("reject-all", "AE", QBP, "Z33", ["999"], 0.0),
        ("reject-all", "AR", ADT, "Z23", ["200"], 0.0),
        ("security-fault", "AR", VXU, "Z23", ["207"], 0.0),
        ("security-fault", "AR", QBP, "Z23", ["207"], 0.0),
        ("slow", "AA", VXU, "Z23", [], 8.0),
        ("slow", "AA", QBP, "Z33", [], 8.0),
        ("slow", "AR", ADT, "Z23", ["200"], 8.0),
    ],
)
def test_simple_scenarios(
    data: Path, name: str, code: str, file: str, profile: str, findings: list[str], delay: float
) -> None:
    """An update, a query and a message of another type each get the answer that the scenario is named for."""
    reply, answer = answer_to(message_in(data / file), name)
    assert (code, profile, findings, delay) == (
        answer.acknowledgment_code,
        answer.profile,
        [finding.code for finding in answer.findings],
        reply.delay,
    )


def test_security_fault_over_soap(data: Path) -> None:
    """Every SOAP message gets the fault, with what came along; connectivityTest works."""
    message = message_in(data / VXU)
    scripts = [shipped("security-fault")]
    reply = respond(asked(message, transport="soap", operation="submitSingleMessage"), scripts)
    assert isinstance(reply, FaultReply)
    assert FaultKind.SECURITY == reply.kind
    test = Request(
        transport="soap",
        received=datetime(2010, 6, 9, tzinfo=UTC),
        control_id="",
        text="hello",
        operation="connectivityTest",
    )
    assert MessageReply(text="hello") == respond(test, scripts)
