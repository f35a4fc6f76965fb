"""Senders that send or read wrongly: each defect fails the right case, at the right field, and spoils no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_twisted

from certification.vendor import OurSender
from mockiis.er7 import Message, read, write
from mockiis.message import Answer, read_answer
from sender.destination import Destination
from sender.outcome import Accepted, Answered, Outcome, Rejected

Submit = Callable[[OurSender, str, Destination], Awaitable[Outcome]]
Spoil = Callable[..., Awaitable[tuple[list[str], tuple[Any, ...]]]]


def claims(outcome: Callable[[Outcome], Outcome]) -> Submit:
    """Reports something else than what came back."""

    async def submit(sender: OurSender, message: str, destination: Destination) -> Outcome:
        return outcome(await sender.submit(message, destination))

    return submit


NOTHING = Answer(message_type="ACK", acknowledgment_code="AA", message_control_id="")


def ignores_the_answer(outcome: Outcome) -> Outcome:
    """Whatever comes back is success."""
    return Accepted(answer=NOTHING, text=outcome.text)


def looks_at_MSA_1_only(outcome: Outcome) -> Outcome:
    """AA is success, all else failure: neither MSA-2 nor ERR-4 is read."""
    answer = read_answer(read(outcome.text)) if outcome.text.startswith("MSH") else NOTHING
    kind = Accepted if answer.acknowledgment_code == "AA" else Rejected
    return kind(answer=answer, text=outcome.text)


def ignores_severities(outcome: Outcome) -> Outcome:
    """Takes every ERR for an error."""
    if isinstance(outcome, Answered) and outcome.findings:
        errors = tuple(replace(finding, severity="E") for finding in outcome.findings)
        return Rejected(answer=replace(outcome.answer, findings=errors), text=outcome.text)
    return outcome


def loses_locations(outcome: Outcome) -> Outcome:
    """Lists errors without saying where they are."""
    if isinstance(outcome, Answered):
        found = tuple(replace(finding, location=None) for finding in outcome.findings)
        return replace(outcome, answer=replace(outcome.answer, findings=found))
    return outcome


def lists_one_finding(outcome: Outcome) -> Outcome:
    """Reads the first ERR and stops."""
    if isinstance(outcome, Answered):
        return replace(outcome, answer=replace(outcome.answer, findings=outcome.findings[:1]))
    return outcome


def sees_one_person(outcome: Outcome) -> Outcome:
    """Takes the first candidate for the patient."""
    if isinstance(outcome, Answered):
        return replace(outcome, answer=replace(outcome.answer, persons=outcome.answer.persons[:1]))
    return outcome


def ignores_the_forecast(outcome: Outcome) -> Outcome:
    """Reads the history and nothing else."""
    if isinstance(outcome, Answered):
        persons = tuple(replace(person, forecast=()) for person in outcome.answer.persons)
        return replace(outcome, answer=replace(outcome.answer, persons=persons))
    return outcome


def takes_none_found_for_failure(outcome: Outcome) -> Outcome:
    """Reports a query that finds nobody as rejected."""
    if isinstance(outcome, Answered) and outcome.answer.query_status == "NF":
        return Rejected(answer=outcome.answer, text=outcome.text)
    return outcome


async def ignores_the_time_limit(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """Waits as long as it takes."""
    return await sender.submit(message, replace(destination, timeout=destination.timeout + 2))


async def sends_twice(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """Sends to be on the safe side."""
    await sender.submit(message, destination)
    return await sender.submit(message, destination)


async def sends_no_credentials(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """Leaves user name and password out."""
    return await sender.submit(message, replace(destination, username="", password=""))


async def sends_its_own_password(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """Has the password built in, whatever the settings say."""
    return await sender.submit(message, replace(destination, password="only-for-this-run"))


class SendsNoCorrection:
    """Believes that what it has sent once is done: the same patient is not sent again."""

    def __init__(self) -> None:
        self.sent: set[str] = set()

    async def __call__(self, sender: OurSender, message: str, destination: Destination) -> Outcome:
        patient = read(message).get("PID-3.1")
        if patient in self.sent:
            return Accepted(answer=NOTHING)
        self.sent.add(patient)
        return await sender.submit(message, destination)


class RepeatsTheOldMessage:
    """Sends the rejected message again instead of the corrected one."""

    def __init__(self) -> None:
        self.first = ""

    async def __call__(self, sender: OurSender, message: str, destination: Destination) -> Outcome:
        self.first = self.first or message
        old: Message = read(self.first)
        return await sender.submit(write(old.replace("MSH-10", read(message).get("MSH-10"))), destination)


VXU_1 = "ndiis-vxu-1-private"
DEFECTS: dict[str, dict[str, Any]] = {
    "ignores the acknowledgment": {
        "submitting": lambda: claims(ignores_the_answer),
        "case": "ethnic-group-missing",
        "fields": ["outcome", "ERR"],
    },
    "ignores the acknowledgment of a query": {
        "submitting": lambda: claims(ignores_the_answer),
        "case": "several-candidates",
        "fields": ["PID"],
    },
    "accepts a wrong MSA-2": {
        "submitting": lambda: claims(looks_at_MSA_1_only),
        "case": "wrong-control-id",
        "fields": ["outcome"],
    },
    "ignores an error under AA": {
        "submitting": lambda: claims(looks_at_MSA_1_only),
        "case": "error-under-AA",
        "fields": ["outcome"],
    },
    "takes warnings for errors": {
        "submitting": lambda: claims(ignores_severities),
        "case": "warnings-only",
        "fields": ["outcome", "ERR[1]-4"],
    },
    "loses locations": {
        "submitting": lambda: claims(loses_locations),
        "case": "ethnic-group-missing",
        "fields": ["ERR[1]-2"],
    },
    "lists one finding": {"submitting": lambda: claims(lists_one_finding), "case": "two-warnings", "fields": ["ERR"]},
    "sees one person": {"submitting": lambda: claims(sees_one_person), "case": "several-candidates", "fields": ["PID"]},
    "ignores the forecast": {
        "submitting": lambda: claims(ignores_the_forecast),
        "case": "ndiis-query",
        "fields": ["OBX[3.1=30956-7]-5.1"],
    },
    "takes none found for failure": {
        "submitting": lambda: claims(takes_none_found_for_failure),
        "case": "nobody-found",
        "fields": ["outcome"],
    },
    "reports a fault as accepted": {
        "submitting": lambda: claims(ignores_the_answer),
        "case": "fault-UnknownFault",
        "fields": ["outcome", "fault", "detail"],
        "transport": "soap",
    },
    "reports a lost connection as accepted": {
        "submitting": lambda: claims(ignores_the_answer),
        "case": "connection-close",
        "fields": ["outcome"],
    },
    "ignores the time limit": {
        "submitting": lambda: ignores_the_time_limit,
        "case": "no-answer-in-time",
        "fields": ["outcome"],
    },
    "sends twice": {"submitting": lambda: sends_twice, "case": VXU_1, "fields": ["arrival"], "control": "connect-echo"},
    "does not send the correction": {
        "submitting": SendsNoCorrection,
        "case": "corrected-and-sent-again",
        "fields": ["arrival", "MSA-1"],
        "control": "nobody-found",
    },
    "repeats the old message": {
        "submitting": RepeatsTheOldMessage,
        "case": "corrected-and-sent-again",
        "fields": ["PID-22", "outcome", "MSA-1"],
        "control": "connect-echo",
    },
    "sends no credentials": {
        "submitting": lambda: sends_no_credentials,
        "case": VXU_1,
        "fields": ["outcome", "MSA-1"],
        "transport": "soap",
        "control": "connect-echo",
    },
    "has a password of its own": {
        "submitting": lambda: sends_its_own_password,
        "case": "credentials-wrong-password",
        "fields": ["outcome", "fault"],
        "transport": "soap",
    },
    "changes the text of the connectivity test": {
        "testing": str.upper,
        "case": "connect-echo-special-characters",
        "fields": ["echoBack"],
        "transport": "soap",
    },
}


@pytest.mark.parametrize("name", DEFECTS)
@pytest_twisted.ensureDeferred
async def test_a_defect_fails_the_right_case_at_the_right_field(name: str, spoil: Spoil) -> None:
    """The failures name the fields that the defect spoils, and a case it does not touch passes."""
    defect = dict(DEFECTS[name])
    expected = defect.pop("fields")
    fields, control = await spoil(**defect)

    assert expected == fields
    assert () == control
