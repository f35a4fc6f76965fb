"""The checks, one by one: what each compares, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from certification import checks
from certification.case import Step
from certification.exchange import Exchange, Failure
from certification.recipe import record
from mockiis.er7 import read
from sender.answer import judge
from sender.outcome import Accepted, ConnectionFailed, Faulted, Outcome, TimedOut

VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||7^^^X^MR||DOE^JANE^^^^^L||20200101|F\r"
ACK = "MSH|^~\\&|C|D|A|B|20240101||ACK^V04^ACK|X|P|2.5.1\rMSA|AE|M1\rERR||PID^1^22|101^^HL70357|E||||Say it\r"
NO_ANSWER = ConnectionFailed(reason="the connection was closed", connected=True)
Check = Callable[[Step, Exchange], Any]


def step(**keys: Any) -> Step:
    """A step that sends a record and expects acceptance, unless the keywords say otherwise."""
    return Step.model_validate({"send": "refusal.yaml", "expect": {"outcome": "accepted"}, **keys})


def exchange(received: tuple[str, ...] | None = (VXU,), outcome: Outcome | None = None, **keys: Any) -> Exchange:
    """A message that arrived and was answered by ACK."""
    return Exchange(
        **{
            "case": "a-case",
            "transport": "soap",
            "step": 2,
            "made": VXU,
            "received": received,
            "outcome": judge(VXU, ACK) if outcome is None else outcome,
            **keys,
        }
    )


def said(check: Check, a_step: Step, an_exchange: Exchange) -> list[tuple[str, str, str]]:
    """(field, expected, found) of each failure."""
    return [(failure.field, failure.expected, failure.found) for failure in check(a_step, an_exchange)]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ((VXU,), []),
        (None, []),
        ((), [("arrival", "received once", "not received")]),
        ((VXU, VXU), [("arrival", "received once", "received 2 times")]),
    ],
)
def test_a_message_arrives_once(received: tuple[str, ...] | None, expected: list[tuple[str, str, str]]) -> None:
    """Nothing is said where nobody can watch."""

    assert expected == said(checks.arrived, step(), exchange(received))


def test_a_connectivity_test_arrives_over_soap_only() -> None:
    """MLLP has no message for it."""
    test = step(send={"connectivity": "hello"})

    assert [] == said(checks.arrived, test, exchange((), transport="mllp"))
    assert [("arrival", "received once", "not received")] == said(checks.arrived, test, exchange(()))


def test_the_text_of_a_connectivity_test_is_compared() -> None:
    """It must reach the IIS as it was given."""
    test = step(send={"connectivity": "hello"})

    assert [] == said(checks.sent, test, exchange(("hello",)))
    assert [("echoBack", "hello", "HELLO")] == said(checks.sent, test, exchange(("HELLO",)))


@pytest.mark.parametrize(
    ("expected", "failures"),
    [
        ({"PID-5.1": "DOE", "PID-22": {"missing": "true"}, "PID-3[5=MR].1": "7"}, []),
        ({"PID-5.1": "ROE"}, [("PID-5.1", "ROE", "DOE")]),
        ({"PID-22": {"present": "true"}}, [("PID-22", "a value", "missing")]),
        ({"MSH-10": {"new": "true"}}, [("MSH-10", "a value that no earlier message of the case had", "M1")]),
        ({"PID": "PID|1||7^^^X^MR||DOE^JANE^^^^^L||20200101|F"}, []),
        (
            {"PID": "PID|1||8^^^X^MR||DOE^JANE^^^^^L||20200101|F|x"},
            [("PID-3", "8^^^X^MR", "7^^^X^MR"), ("PID-9", "x", "missing")],
        ),
        ({"PD1": "PD1|1"}, [("PD1", "PD1|1", "missing")]),
    ],
)
def test_the_message_is_compared_place_by_place(expected: dict[str, Any], failures: list[tuple[str, str, str]]) -> None:
    """A whole segment is compared field by field, so that the failure names the field."""

    assert failures == said(checks.sent, step(sent=expected), exchange(earlier=(read(VXU),)))


def test_a_field_of_separators_only_is_empty() -> None:
    """``^^^`` says nothing."""
    sent = step(sent={"PID-22": {"missing": "true"}})

    assert [] == said(checks.sent, sent, exchange((VXU.replace("|F\r", "|F||||||||||||||^^^\r"),)))


def test_what_was_made_is_compared_when_nobody_can_watch() -> None:
    """Another IIS does not tell what reached it."""

    assert [("PID-5.1", "ROE", "DOE")] == said(checks.sent, step(sent={"PID-5.1": "ROE"}), exchange(None))


def test_what_is_no_message_fails_once() -> None:
    """Not once for every place."""
    sent = step(sent={"PID-5.1": "ROE", "PID-7": "20200101"})

    assert [("MSH", "an HL7 message", "none")] == said(checks.sent, sent, exchange(("hello",)))


def test_a_message_is_compared_with_a_file() -> None:
    """Field by field, missing segments, segments too many, and their order."""
    expected = {"sent": {"same_as": "adt-a04.hl7"}}
    adt = (
        "MSH|^~\\&|SENDAPP|SENFAC|RECAPP|RECFAC|20141027111600-0500||ADT^A04^ADT_A01|26999999-9|P|2.5.1|||ER|AL\r"
        "PID|1||50000009^^^SENFAC^PI||DOE^KIM^J^^^^L||20131001|M\rEVN|A04|20141027111600-0500\rPV1|1|R\r"
    )
    order = "MSH EVN PID PV1"

    assert [("segments", order, "MSH PID EVN PV1")] == said(checks.sent, step(**expected), exchange((adt,)))
    changed = adt.replace("|R\r", "|I\rZZZ|1\r").replace("EVN|A04|20141027111600-0500\r", "")
    assert [
        ("EVN[1]", "EVN|A04|20141027111600-0500", "missing"),
        ("PV1[1]-2", "R", "I"),
        ("ZZZ[1]", "missing", "ZZZ|1"),
    ] == said(checks.sent, step(**expected), exchange((changed,)))


def test_the_outcome_is_compared_by_name() -> None:
    """One of several may be allowed."""
    timed_out = exchange(outcome=TimedOut(seconds=1.0))

    assert [("outcome", "accepted", "timed out (no answer within 1 s)")] == said(checks.outcome, step(), timed_out)
    assert [] == said(checks.outcome, step(expect={"outcome": ["accepted", "timed out"]}), timed_out)


def test_a_wrong_reading_is_told_from_a_wrong_answer() -> None:
    """The advice goes to the sender when our own reader sees something else, to the registry when it sees the same."""
    honest = exchange()
    lying = exchange(outcome=Accepted(answer=honest.outcome.answer, text=ACK))  # type: ignore[attr-defined]
    [registry] = checks.outcome(step(), honest)
    [sender] = checks.outcome(step(expect={"outcome": "rejected"}), lying)

    assert "the registry's answer is not the expected one" in registry.advice
    assert "report AR, and AE with an ERR of severity E, as a rejection" in sender.advice


@pytest.mark.parametrize(
    ("outcome", "failures"),
    [
        (Faulted(kind="SecurityFault", detail="who are you"), []),
        (Faulted(kind="UnknownFault", detail="who are you"), [("fault", "SecurityFault", "UnknownFault")]),
        (Faulted(kind="SecurityFault"), [("detail", "who are you", "missing")]),
        (NO_ANSWER, [("fault", "SecurityFault", "no fault"), ("detail", "who are you", "missing")]),
    ],
)
def test_a_fault_is_compared(outcome: Outcome, failures: list[tuple[str, str, str]]) -> None:
    """Its name and what it says."""
    expect = {"outcome": "faulted", "fault": "SecurityFault", "detail": "who are you"}

    assert failures == said(checks.fault, step(expect=expect), exchange(outcome=outcome))


def test_the_answer_is_compared_place_by_place() -> None:
    """As the sender received it; without one the first place fails, once."""
    expect = {"outcome": "rejected", "MSA-1": "AA", "MSA-2": "M1", "ERR-4": "E"}

    assert [("MSA-1", "AA", "AE")] == said(checks.answer, step(expect=expect), exchange())
    assert [("MSA-1", "an HL7 answer", "none")] == said(checks.answer, step(expect=expect), exchange(outcome=NO_ANSWER))


RIGHT = {"at": "PID-22", "words": "Patient ethnic group (PID-22)", "code": "101", "severity": "E", "text": "Say it"}


@pytest.mark.parametrize(
    ("expected", "failures"),
    [
        ([RIGHT], []),
        ([{"severity": "E"}], []),
        ([{**RIGHT, "at": "PID-10"}], [("ERR[1]-2", "Patient race (PID-10)", "Patient ethnic group (PID-22)")]),
        (
            [{"words": "Patient race (PID-10)"}],
            [("ERR[1]-2", "Patient race (PID-10)", "Patient ethnic group (PID-22)")],
        ),
        ([{**RIGHT, "code": "102"}], [("ERR[1]-3", "102", "101")]),
        ([{**RIGHT, "severity": "W"}], [("ERR[1]-4", "W", "E")]),
        ([{**RIGHT, "app": "5"}], [("ERR[1]-5", "5", "missing")]),
        ([{**RIGHT, "text": "Other"}], [("ERR[1]-8", "Other", "Say it")]),
        ([RIGHT, RIGHT], [("ERR", "2", "1: E Patient ethnic group (PID-22) Say it")]),
        ([], [("ERR", "none", "1: E Patient ethnic group (PID-22) Say it")]),
    ],
)
def test_findings_are_compared_in_order(expected: list[dict[str, str]], failures: list[tuple[str, str, str]]) -> None:
    """What a case does not write is not compared."""

    assert failures == said(checks.findings, step(expect={"outcome": "rejected", "findings": expected}), exchange())


def test_the_words_of_another_registry_are_its_own() -> None:
    """ERR-8 is compared only when the built-in mock answers; the code is compared always."""
    expect = {"outcome": "rejected", "findings": [{"text": "Other", "code": "102"}]}

    assert [("ERR[1]-3", "102", "101")] == said(checks.findings, step(expect=expect), exchange(None))


QUERY = "MSH|^~\\&|A|B|C|D|20240101||QBP^Q11^QBP_Q11|M1|P|2.5.1\rQPD|Z34^x^y|T|\r"
RSP = (
    "MSH|^~\\&|C|D|A|B|20240101||RSP^K11^RSP_K11|X|P|2.5.1\rMSA|AA|M1\rQAK|T|OK|Z34\rQPD|Z34^x^y|T|\r"
    "PID|1||007^^^NDIIS^SR||DOE^JANE^^^^^L||20200101|F\rORC|RE||5^N\rRXA|0|1|20210101||08^HepB^CVX|999\r"
)
JANE = {"identifier": "007", "family": "DOE", "given": "JANE", "birth_date": "20200101", "sex": "F", "doses": ["08"]}


@pytest.mark.parametrize(
    ("expected", "failures"),
    [
        ([JANE], []),
        ([{}], []),
        ([{**JANE, "identifier": "7"}], [("PID[1]-3.1", "7", "007")]),
        ([{**JANE, "family": "ROE"}], [("PID[1]-5.1", "ROE", "DOE")]),
        ([{**JANE, "given": "JO"}], [("PID[1]-5.2", "JO", "JANE")]),
        ([{**JANE, "birth_date": "20200102"}], [("PID[1]-7", "20200102", "20200101")]),
        ([{**JANE, "sex": "M"}], [("PID[1]-8", "M", "F")]),
        ([{**JANE, "doses": ["08", "03"]}], [("RXA-5.1", "08, 03", "08")]),
        ([{**JANE, "forecast": ["03"]}], [("OBX[3.1=30956-7]-5.1", "03", "none")]),
        ([], [("PID", "0", "1")]),
    ],
)
def test_persons_are_compared_as_the_sender_understood_them(
    expected: list[dict[str, Any]], failures: list[tuple[str, str, str]]
) -> None:
    """Who was found, what they were given, what is due."""
    a_step = step(expect={"outcome": "accepted", "persons": expected})

    assert failures == said(checks.persons, a_step, exchange((QUERY,), judge(QUERY, RSP)))


def test_all_checks_speak_of_one_exchange() -> None:
    """In the order in which things happen, each with case, transport and step."""
    failures = checks.check(step(sent={"PID-5.1": "ROE"}, expect={"outcome": "accepted", "MSA-1": "AA"}), exchange(()))

    assert ["arrival", "PID-5.1", "outcome", "MSA-1"] == [failure.field for failure in failures]
    assert {("a-case", "soap", 2)} == {(failure.case, failure.transport, failure.step) for failure in failures}


def test_a_failure_shows_nothing_that_a_terminal_would_obey() -> None:
    """Text of a peer may hold escape sequences."""
    failure = Failure(
        case="c", transport="soap", step=1, field="f", words="w", expected="a", found="\x1b[2Jb\rc", advice="do"
    )

    assert "step 1: w\n  expected: a\n  found:    ?[2Jb?c\n  to do:    do" == str(failure)


def test_the_record_of_these_tests_is_there() -> None:
    """The step above names it."""

    assert record(step().send)
