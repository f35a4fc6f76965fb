"""Broken senders: each defect makes the right case fail, at the right field, and leaves what it does not touch alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import pytest_twisted

from certification.events import CaseFinished
from certification.vendor import OurSender
from mockiis.er7 import Message, read, write
from mockiis.message import Answer, read_answer
from sender.destination import Destination
from sender.outcome import Accepted, Answered, Outcome, Reached, Rejected
from sender.record import Record, VaccinationRecord

Make = Callable[[OurSender, Record], str]
Submit = Callable[[OurSender, str, Destination], Awaitable[Outcome]]


def make_rightly(sender: OurSender, record: Record) -> str:
    """What a sound sender does."""
    return sender.make(record)


async def submit_rightly(sender: OurSender, message: str, destination: Destination) -> Outcome:
    """What a sound sender does."""
    return await sender.submit(message, destination)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Our sender with one defect."""

    sound: OurSender
    making: Make = make_rightly
    submitting: Submit = submit_rightly
    testing: Callable[[str], str] = str
    name: str = field(default="broken sender")

    def make(self, record: Record) -> str:
        return self.making(self.sound, record)

    async def submit(self, message: str, destination: Destination) -> Outcome:
        return await self.submitting(self.sound, message, destination)

    async def connectivity(self, text: str, destination: Destination) -> Outcome:
        return await self.sound.connectivity(self.testing(text), destination)


# Defects in making messages.


def drops(pattern: str, replacement: str = "") -> Make:
    """Leaves out whatever the pattern matches in the finished message."""

    def make(sender: OurSender, record: Record) -> str:
        return re.sub(pattern, replacement, sender.make(record))

    return make


def drops_field(segment: str, number: int) -> Make:
    """Leaves one field empty in every segment of that name."""

    def emptied(line: str) -> str:
        fields = line.split("|")
        if fields[0] == segment and len(fields) > number:
            fields[number] = ""
        return "|".join(fields)

    def make(sender: OurSender, record: Record) -> str:
        return "\r".join(emptied(line) for line in sender.make(record).split("\r"))

    return make


def strips_zeros(sender: OurSender, record: Record) -> str:
    """Takes identifiers for numbers."""
    return re.sub(r"(?<=[|^])0+(?=\d{4})", "", sender.make(record))


def forgets_escapes(sender: OurSender, record: Record) -> str:
    """Writes delimiters inside values as they are."""
    marks = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\"}
    return re.sub(r"\\([FSTRE])\\", lambda match: marks[match[1]], sender.make(record))


def loses_accents(sender: OurSender, record: Record) -> str:
    """Sends ASCII whatever the name is."""
    return sender.make(record).encode("ascii", "replace").decode()


def same_control_id(sender: OurSender, record: Record) -> str:
    """Numbers no messages."""
    return sender.make(record.model_copy(update={"control_id": "1"}))


def reorders_doses(sender: OurSender, record: Record) -> str:
    """Sends the last dose first."""
    if not isinstance(record, VaccinationRecord):
        return sender.make(record)
    return sender.make(record.model_copy(update={"vaccinations": record.vaccinations[::-1]}))


def knows_one_release(sender: OurSender, record: Record) -> str:
    """Always writes Release 1.5."""
    return sender.make(record.model_copy(update={"release": "1.5"}))


def never_deletes(sender: OurSender, record: Record) -> str:
    """Sends every dose as an addition."""
    return re.sub(r"(\rRXA[^\r]*\|)[DU](?=\r)", r"\1A", sender.make(record))


def breaks_down(sender: OurSender, record: Record) -> str:
    """Raises instead of reporting."""
    raise KeyError("ethnicity")


# Defects in sending and in reading answers.


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


CONTROL = "site-MO-route-PO"
"""A case that none of the defects below touches, unless it says so itself."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """A defect, the case it makes fail, and the fields that the failures name."""

    case: str
    fields: list[str]
    making: Make = make_rightly
    submitting: Callable[[], Submit] = lambda: submit_rightly
    testing: Callable[[str], str] = str
    transport: str = "mllp"
    control: str = CONTROL


VXU_1 = "ndiis-vxu-1-private"
DEFECTS = {
    "drops the ethnic group": Defect(
        making=drops_field("PID", 22),
        case=VXU_1,
        fields=["PID[1]-22", "outcome", "MSA-1", "ERR"],
        control="nobody-found",
    ),
    "drops the lot number": Defect(making=drops_field("RXA", 15), case=VXU_1, fields=["RXA[1]-15"]),
    "drops the order number": Defect(making=drops_field("ORC", 3), case=VXU_1, fields=["ORC[1]-3"]),
    "drops the profile": Defect(making=drops_field("MSH", 20), case=VXU_1, fields=["MSH[1]-21"]),
    "drops the next of kin": Defect(making=drops(r"NK1[^\r]*\r"), case=VXU_1, fields=["NK1[1]"]),
    "drops the eligibility": Defect(
        making=drops(r"OBX\|1\|CE\|64994-7[^\r]*\r"),
        case="eligibility-V02-funding-VXC1",
        fields=["OBX[3.1=64994-7]-5.1", "OBX[3.1=64994-7]-5.3", "OBX[3.1=64994-7]-17.1"],
    ),
    "always says private funds": Defect(
        making=drops(r"VXC\d\^\w+ Funds", "PHC70^Private Funds"),
        case="eligibility-V02-funding-VXC1",
        fields=["OBX[3.1=30963-3]-5.1"],
    ),
    "writes .25 as 0.25": Defect(making=drops(r"\|\.25\|", "|0.25|"), case=VXU_1, fields=["RXA[1]-6"]),
    "knows no local site": Defect(
        making=drops(r"MO\^Mouth\^HL70163"), case=CONTROL, fields=["RXR-2.1"], control="site-NO-route-NS"
    ),
    "gives historical doses an eligibility": Defect(
        making=drops(r"(\rRXA[^\r]*\r)$", r"\1OBX|1|CE|64994-7^^LN|1|V01^^HL70064||||||F\r"),
        case="historical-dose",
        fields=["OBX"],
    ),
    "strips leading zeros": Defect(
        making=strips_zeros,
        case="leading-zeros-kept",
        fields=["MSH-10", "PID-3.1", "PID-11.5", "ORC-3.1", "RXA-15", "MSA-2"],
    ),
    "forgets escape sequences": Defect(
        making=forgets_escapes,
        case="escape-sequences",
        fields=["PID-5.1", "PID-5.2", "PID-7", "PID-11.1", "PID-11.3", "RXA-15", "RXA-16", "outcome", "MSA-1"],
    ),
    "loses accents": Defect(making=loses_accents, case="names-beyond-ASCII", fields=["PID-5.1", "PID-5.2"]),
    "numbers no messages": Defect(making=same_control_id, case="control-ids-are-unique", fields=["MSH-10"]),
    "reorders doses": Defect(
        making=reorders_doses,
        case="ndiis-vxu-3-two-vaccinations",
        fields=["ORC[1]-3", *(f"RXA[1]-{n}" for n in (5, 6, 15, 16, 17)), "ORC[2]-3"]
        + [f"RXA[2]-{n}" for n in (5, 6, 15, 16, 17)],
    ),
    "knows one release": Defect(
        making=knows_one_release,
        case="ndiis-1.4-query",
        fields=["MSH[1]-7", "MSH[1]-15", "MSH[1]-16", "MSH[1]-21", "QPD[1]-1", "QPD[1]-4", "QPD[1]-5"]
        + ["RCP[1]-1", "RCP[1]-2", "QAK-3"],
    ),
    "never corrects a dose": Defect(making=never_deletes, case="correction-and-deletion-of-a-dose", fields=["RXA-21"]),
    "breaks down": Defect(making=breaks_down, case=VXU_1, fields=["sender"], control="birth-date-not-in-the-calendar"),
    "ignores the acknowledgment": Defect(
        submitting=lambda: claims(ignores_the_answer), case="ethnic-group-missing", fields=["outcome", "ERR"]
    ),
    "ignores the acknowledgment of a query": Defect(
        submitting=lambda: claims(ignores_the_answer), case="several-candidates", fields=["PID"]
    ),
    "accepts a wrong MSA-2": Defect(
        submitting=lambda: claims(looks_at_MSA_1_only), case="wrong-control-id", fields=["outcome"]
    ),
    "ignores an error under AA": Defect(
        submitting=lambda: claims(looks_at_MSA_1_only), case="error-under-AA", fields=["outcome"]
    ),
    "takes warnings for errors": Defect(
        submitting=lambda: claims(ignores_severities), case="warnings-only", fields=["outcome", "ERR[1]-4"]
    ),
    "loses locations": Defect(
        submitting=lambda: claims(loses_locations), case="ethnic-group-missing", fields=["ERR[1]-2"]
    ),
    "lists one finding": Defect(submitting=lambda: claims(lists_one_finding), case="two-warnings", fields=["ERR"]),
    "sees one person": Defect(submitting=lambda: claims(sees_one_person), case="several-candidates", fields=["PID"]),
    "ignores the forecast": Defect(
        submitting=lambda: claims(ignores_the_forecast), case="ndiis-query", fields=["OBX[3.1=30956-7]-5.1"]
    ),
    "takes none found for failure": Defect(
        submitting=lambda: claims(takes_none_found_for_failure), case="nobody-found", fields=["outcome"]
    ),
    "reports a fault as accepted": Defect(
        submitting=lambda: claims(ignores_the_answer),
        case="fault-UnknownFault",
        fields=["outcome", "fault", "detail"],
        transport="soap",
    ),
    "reports a lost connection as accepted": Defect(
        submitting=lambda: claims(ignores_the_answer), case="connection-close", fields=["outcome"]
    ),
    "ignores the time limit": Defect(
        submitting=lambda: ignores_the_time_limit, case="no-answer-in-time", fields=["outcome"]
    ),
    "sends twice": Defect(submitting=lambda: sends_twice, case=VXU_1, fields=["arrival"], control="connect-echo"),
    "does not send the correction": Defect(
        submitting=SendsNoCorrection,
        case="corrected-and-sent-again",
        fields=["arrival", "MSA-1"],
        control="nobody-found",
    ),
    "repeats the old message": Defect(
        submitting=RepeatsTheOldMessage,
        case="corrected-and-sent-again",
        fields=["PID-22", "outcome", "MSA-1"],
        control="connect-echo",
    ),
    "sends no credentials": Defect(
        submitting=lambda: sends_no_credentials,
        case=VXU_1,
        fields=["outcome", "MSA-1"],
        transport="soap",
        control="connect-echo",
    ),
    "has a password of its own": Defect(
        submitting=lambda: sends_its_own_password,
        case="credentials-wrong-password",
        fields=["outcome", "fault"],
        transport="soap",
    ),
    "changes the text of the connectivity test": Defect(
        testing=str.upper, case="connect-echo-special-characters", fields=["echoBack"], transport="soap"
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
@pytest_twisted.ensureDeferred
async def test_a_defect_fails_the_right_case_at_the_right_field(
    name: str, judge: Callable[..., Awaitable[list[CaseFinished]]]
) -> None:
    """The failures name the fields that the defect spoils, and a case it does not touch passes."""
    from twisted.internet import reactor

    defect = DEFECTS[name]
    vendor = Broken(
        sound=OurSender(reactor), making=defect.making, submitting=defect.submitting(), testing=defect.testing
    )
    broken, control = await judge(defect.case, defect.control, vendor=vendor, transport=defect.transport)

    assert defect.fields == list(dict.fromkeys(failure.field for failure in broken.failures))
    assert () == control.failures


@pytest_twisted.ensureDeferred
async def test_a_failure_says_all_that_its_reader_needs(judge: Callable[..., Awaitable[list[CaseFinished]]]) -> None:
    """Case, transport, step, the location with its name, expected, found, what to do."""
    from twisted.internet import reactor

    vendor = Broken(sound=OurSender(reactor), making=drops_field("RXA", 15))
    [finished] = await judge("correction-and-deletion-of-a-dose", vendor=vendor)
    [failure] = finished.failures

    assert ("correction-and-deletion-of-a-dose", "mllp", 1) == (failure.case, failure.transport, failure.step)
    assert (
        "step 1: Vaccine lot number (RXA-15)\n"
        "  expected: U5018AA\n"
        "  found:    missing\n"
        "  to do:    correct what fills this place in the message"
    ) == str(failure)
