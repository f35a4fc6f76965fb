"""A journal made into a scenario: it loads, it is clean, it gives the same answers, and nobody in it is real."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from mockiis.cli.lint import lint
from mockiis.cli.record import record
from mockiis.er7 import read
from mockiis.message import FaultKind, FaultReply, HTTPReply, MessageReply, NoReply, Request
from mockiis.recording.invention import Inventor
from mockiis.recording.recorded import scenario
from mockiis.registry.registry import Registry
from mockiis.respond import respond
from mockiis.scenario import load
from mockiis.scenario.memory import Memory
from mockiis.store.entry import JournalEntry, entry_of

NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)
HEADER = "MSH|^~\\&|EHR|04999|NDIIS|ND0000|20240403||{}|{}|P|2.5.1|||ER|AL|||||{}^CDCPHINVS\r"
PERSON = (
    "PID|1||{id}^^^CLINIC^MR||{family}^{given}^^^^^L||{born}|M|||1 Real St^^Fargo^ND^58103"
    "||^PRN^PH^real@mail.com^^701^5551234\r"
)
DOSE = "ORC|RE||{id}-A\rRXA|0|1|20240106||{cvx}^x^CVX|999|||01^Historical^NIP001|9^Nurse^Real\r"
REAL = (
    "Realname",
    "Othername",
    "Ivy",
    "Zachary",
    "REAL-1",
    "REAL-2",
    "Real St",
    "real@mail",
    "5551234",
    "20200229",
    "20210330",
    "Nurse",
)


def update(number: int, family: str, given: str, identifier: str, born: str, cvx: str = "45") -> str:
    person = PERSON.format(id=identifier, family=family, given=given, born=born)
    return HEADER.format("VXU^V04^VXU_V04", f"M{number}", "Z22") + person + DOSE.format(id=identifier, cvx=cvx)


def query(number: int, family: str, given: str, born: str) -> str:
    name = f"{family}^{given}^^^^^L"
    qpd = f"QPD|Z34^Request Immunization History^CDCPHINVS|Q{number}|REAL-1^^^CLINIC^MR|{name}||{born}|M\r"
    return HEADER.format("QBP^Q11^QBP_Q11", f"M{number}", "Z34") + qpd + "RCP|I|5^RD&Records&HL70126\r"


SENT = [
    update(1, "Realname", "Ivy", "REAL-1", "20200229"),
    update(2, "Realname", "Zachary", "REAL-2", "20200229"),
    update(3, "Realname", "Ivy", "REAL-1", "20200229", cvx="03"),
    query(4, "Realname", "Ivy", "20200229"),
    query(5, "Othername", "Ivy", "20210330"),
    update(6, "Realname", "Ivy", "REAL-1", "20200229") + "ZPD|Realname^Ivy\r",
]


def request(text: str, number: int) -> Request:
    return Request(transport="mllp", received=NOON, control_id=f"C{number}", message=read(text), text=text)


def journal() -> list[JournalEntry]:
    """What the registry answers to these messages, and some answers that it would not give."""
    registry = Registry()
    entries: list[JournalEntry] = []
    for number, text in enumerate(SENT, 1):
        reply = registry.answer(request(text, number))
        registry.keep(reply.changes)
        entries.append(entry_of(request(text, number), reply, "peer"))
    return entries


def without_time(text: str) -> list[str]:
    """The lines of an answer without MSH-7 and MSH-10, which are new in each."""
    message = read(text)
    for place in ("MSH-7", "MSH-10"):
        message = message.replace(place, "") if message.get(place) else message
    return [segment.text for segment in message.segments]


def test_the_same_requests_get_the_same_answers() -> None:
    """With the same persons invented in both."""
    entries = journal()
    inventor = Inventor()
    made = scenario(entries, "recorded", inventor)
    assert {"ZPD": 1} == dict(inventor.left_out)
    loaded, memory = load(json.dumps(_as_text(made)), "recorded.yaml"), Memory()
    for number, entry in enumerate(entries, 1):
        asked = request(inventor.message(entry.request), number)
        reply = respond(asked, [loaded], memory)
        memory.apply(reply.changes, NOON)

        assert isinstance(reply, MessageReply)
        assert without_time(inventor.message(entry.answer)) == without_time(reply.text)
        assert read(reply.text).get("MSA-2") == f"M{number}"
    assert 5 == len(loaded.rules), "the first and the last message are the same, but for a segment that is left out"


def _as_text(value: object) -> object:
    if isinstance(value, dict):
        return {key: _as_text(entry) for key, entry in value.items()}
    return [_as_text(entry) for entry in value] if isinstance(value, list) else str(value)


def test_nobody_is_real() -> None:
    """Not in conditions, answers or texts in words; one person stays one person."""
    entries = journal()
    spoken = FaultReply(kind=FaultKind.UNKNOWN, detail="Realname, Ivy (REAL-1) is locked")
    entries.append(entry_of(request(SENT[1], 9), spoken, "peer"))
    inventor = Inventor()
    text = json.dumps(scenario(entries, "recorded", inventor))

    assert [] == [value for value in REAL if value.casefold() in text.casefold()]
    first, second = (read(inventor.message(sent)) for sent in SENT[:2])
    assert first.get("PID-5.1") == second.get("PID-5.1")
    assert first.get("PID-5.2") != second.get("PID-5.2")
    assert read(inventor.message(SENT[3])).get("QPD-6") == first.get("PID-7")
    assert first.get("PID-7").startswith("2020")
    assert "20200229" != first.get("PID-7")
    assert "45" == first.get("RXA-5.1")


def test_other_replies() -> None:
    """Faults and HTTP for their transports, no answer at all, a sequence, and text that is no message."""
    sent = request(SENT[0], 1)
    soap = Request(transport="soap", received=NOON, control_id="", message=read(SENT[1]), text=SENT[1])
    replies = [(sent, MessageReply(text="{{oops}}")), (sent, NoReply(how="hang")), (sent, NoReply(how="hang"))]
    web = [(soap, FaultReply(kind=FaultKind.SECURITY, detail="no")), (soap, HTTPReply(status=503))]
    made = scenario([entry_of(asked, reply, "p") for asked, reply in (*replies, *web)], "r", Inventor())
    load(json.dumps(_as_text(made)), "r.yaml")
    found = {rule.get("when", {}).get("transport"): rule["replies"] for rule in made["rules"]}

    assert [{"hl7": "{ {oops} }", "broken": "on purpose"}, {"drop": "hang"}] == found[None]
    assert [{"fault": "SecurityFault", "detail": "no"}, {"http": "503"}] == found["soap"]


def test_the_command_writes_a_file_that_lint_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it does not write over another one unasked."""
    monkeypatch.setattr("mockiis.cli.record._entries", lambda _name: iter(journal()))
    file = tmp_path / "recorded.yaml"
    done = CliRunner().invoke(record, ["journal.db", "-o", str(file)])
    checked = CliRunner().invoke(lint, [str(file)])

    assert (0, f"{file}: 5 rules") == (done.exit_code, done.output.splitlines()[0])
    assert "note: ZPD segments were left out (1), since they may hold anybody" in done.output
    assert (0, "1 file: 0 errors, 0 warnings\n") == (checked.exit_code, checked.output)
    assert [] == [value for value in REAL if value.casefold() in file.read_text("utf-8").casefold()]
    again = CliRunner().invoke(record, ["journal.db", "-o", str(file)])
    assert str(again.exception) == f"{file} is there already; write over it with --force"


def test_nothing_to_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file then."""
    monkeypatch.setattr("mockiis.cli.record._entries", lambda _name: iter(()))
    done = CliRunner().invoke(record, ["journal.db", "-o", str(tmp_path / "x.yaml")])

    assert (1, False) == (done.exit_code, (tmp_path / "x.yaml").exists())
    assert "there is nothing to record: the journal has no message that can be read\n" == done.output
