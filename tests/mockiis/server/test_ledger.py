"""Nothing is answered before it is written down, and what cannot be written down is refused and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.logger import LogEvent

from mockiis.er7 import read
from mockiis.errors import MockIISError
from mockiis.message import FaultReply, MessageReply, NoReply
from mockiis.scenario import load
from mockiis.server.forwarding import Forwarding
from mockiis.server.ledger import Ledger
from mockiis.server.service import Service
from mockiis.store.database import Database
from mockiis.store.journal import Ring
from mockiis.store.sql_journal import SQLJournal
from mockiis.wire.soap import SOAP12
from mockiis.wire.soap_server import Call

VXU = "MSH|^~\\&|EHR|C|N|N|20240403||VXU^V04^VXU_V04|{}|P|2.5.1\rPID|1||7\r"
SCENARIO = """\
version: 1
rules:
  - {name: first time, when: {state: start, PID-3.1: 7}, reply: {ack: AE}, then: seen}
  - {name: again, when: {state: seen}, replies: [{ack: AR}, {ack: AA}]}
  - {name: silence, reply: {drop: hang}}
"""


class Failing(Ring):
    """A durable journal in memory that fails as often as it is told to."""

    durable = True
    failures = 0

    def commit(self) -> None:
        if self.failures:
            self.failures -= 1
            raise MockIISError("the disk is full")


class Elsewhere:
    """Another registry, which answers when the test says so."""

    address = "mllp://elsewhere"

    def __init__(self, coming: Deferred[Any]) -> None:
        self._coming = coming

    def __call__(self, *_: str) -> Deferred[Any]:
        return self._coming


class Turns:
    """Stands for the reactor: what is to be called later, called when the test says so."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], object]] = []

    def later(self, _seconds: float, call: Callable[[], object]) -> None:
        self.calls.append(call)

    def run(self) -> None:
        calls, self.calls = self.calls, []
        for call in calls:
            call()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def journal() -> Failing:
    return Failing()


@pytest.fixture
def service(journal: Failing, turns: Turns) -> Service:
    return Service(scenarios=[load(SCENARIO, "s.yaml")], ledger=Ledger(journal, later=turns.later))


def code(answer: Any) -> str:
    """MSA-1 of what is sent for a frame."""
    return read(answer.data.decode()).get("MSA-1")


def test_an_answer_waits_for_the_commit(service: Service, turns: Turns) -> None:
    """And is the one that was meant, once it is committed."""
    held = service.answer_frame(VXU.format(1).encode(), "peer")
    got: list[Any] = []
    held.when_free(got.append)
    assert ([], False) == (got, held.free)
    turns.run()

    assert ["AE"] == [code(answer) for answer in got]


def test_one_commit_for_all_of_one_round(service: Service, turns: Turns) -> None:
    """However many senders there are, the disk is waited for once."""
    held = [service.answer_frame(VXU.format(number).encode(), "peer") for number in range(5)]

    assert 1 == len(turns.calls)
    turns.run()
    assert all(entry.free for entry in held)


def test_what_cannot_be_committed_is_refused_and_taken_back(service: Service, turns: Turns, journal: Failing) -> None:
    """AR 207 with the reason; the script stands where it stood, also after several changes of one key."""
    journal.failures = 1
    told: list[str] = []
    service.ledger.failed = told.append
    held = [service.answer_frame(VXU.format(number).encode(), "peer") for number in range(3)]
    turns.run()
    answers = [read(entry.answer.data.decode()) for entry in held]

    assert [("AR", "0"), ("AR", "1"), ("AR", "2")] == [(a.get("MSA-1"), a.get("MSA-2")) for a in answers]
    assert {("207", "The message was not taken: the disk is full")} == {
        (a.get("ERR-3.1"), a.get("ERR-8")) for a in answers
    }
    assert ["the disk is full"] == told
    assert 0 == service.memory.total("s.yaml", "first time")

    again = [service.answer_frame(VXU.format(number).encode(), "peer") for number in range(3)]
    turns.run()
    assert ["AE", "AR", "AA"] == [code(entry.answer) for entry in again]


def test_a_batch_is_refused_message_by_message(service: Service, turns: Turns, journal: Failing) -> None:
    """Each member gets its own AR 207."""
    journal.failures = 1
    held = service.answer_frame(f"BHS|^~\\&|EHR\r{VXU.format(1)}{VXU.format(2)}BTS|2\r".encode(), "peer")
    turns.run()
    text = held.answer.data.decode()

    assert text.startswith("BHS|")
    assert ["MSA|AR|1", "MSA|AR|2"] == [line for line in text.split("\r") if line.startswith("MSA")]


def test_a_batch_that_waits_for_another_registry_is_not_taken_in_part(turns: Turns, journal: Failing) -> None:
    """What one member changed was taken back while the answer to another was under way: neither is acknowledged."""
    coming: Deferred[Any] = Deferred()
    rules = "[{name: here, when: {PID-3.1: 7}, reply: {ack: AA}, then: seen}, {name: there, reply: {forward: true}}]"
    service = Service(
        scenarios=[load(f"version: 1\nrules: {rules}", "s.yaml")],
        ledger=Ledger(journal, later=turns.later),
        forwarding=Forwarding(Elsewhere(coming)),
    )
    other = VXU.format(2).replace("PID|1||7", "PID|1||8")
    held = service.answer_frame(f"BHS|^~\\&|EHR\r{VXU.format(1)}{other}BTS|2\r".encode(), "peer")
    journal.failures = 1
    turns.run()
    coming.callback(MessageReply(text="MSH|^~\\&|X|Y|EHR|C|1||ACK|9|P|2.5.1\rMSA|AA|2\r"))
    turns.run()
    text = held.answer.data.decode()

    assert ["MSA|AR|1", "MSA|AR|2"] == [line for line in text.split("\r") if line.startswith("MSA")]
    assert "while others were waited for" in text
    assert 0 == service.memory.total("s.yaml", "here")


def test_an_answer_that_cannot_be_carried_out_holds_up_no_other(
    service: Service, turns: Turns, observe_errors: list[LogEvent]
) -> None:
    """Each sender has its own trouble."""
    got: list[Any] = []
    first, second = (service.answer_frame(VXU.format(number).encode(), "peer") for number in range(2))

    def fail(_answer: object) -> None:
        raise RuntimeError

    first.when_free(fail)
    second.when_free(got.append)
    turns.run()

    assert ["AR"] == [code(answer) for answer in got]
    assert RuntimeError is observe_errors.pop()["log_failure"].type


def test_over_soap_it_is_a_fault(service: Service, turns: Turns, journal: Failing) -> None:
    """An UnknownFault whose detail has the reason."""
    journal.failures = 1
    call = Call(operation="submitSingleMessage", version=SOAP12, text=VXU.format(1))
    held = service.answer_call(call, "peer")
    turns.run()

    assert isinstance(held.answer, FaultReply)
    assert "The message was not taken: the disk is full" == held.answer.detail


def test_what_says_nothing_of_success_stays(service: Service, turns: Turns, journal: Failing) -> None:
    """Silence is silence."""
    journal.failures = 1
    held = service.answer_frame(VXU.format(1).replace("|7", "|8").replace("PID", "ZID").encode(), "peer")
    turns.run()

    assert isinstance(held.answer.reply, NoReply)


def test_a_journal_in_memory_holds_nothing_up() -> None:
    """The answer is free at once, and how long it took is told when it has left."""
    service = Service(scenarios=[load(SCENARIO, "s.yaml")])
    held = service.answer_frame(VXU.format(1).encode(), "peer")
    assert held.free
    held.left()
    entry = service.ledger.journal.entry(1)

    assert entry is not None
    assert entry.seconds is not None


def test_durations_that_no_exchange_takes_along_are_written_soon(tmp_path: Path, turns: Turns) -> None:
    """The last exchange of the day too."""
    ledger = Ledger(SQLJournal(Database(str(tmp_path / "j.db"))), later=turns.later)
    service = Service(scenarios=[load(SCENARIO, "s.yaml")], ledger=ledger)
    held = service.answer_frame(VXU.format(1).encode(), "peer")
    turns.run()
    held.left()
    turns.run()
    entry = ledger.journal.entry(1)
    ledger.close()

    assert entry is not None
    assert entry.seconds is not None


def test_what_could_not_be_read_from_the_store_is_not_committed(service: Service, turns: Turns) -> None:
    """A store that failed while it was asked is not trusted with the rest of the round."""
    held = service.answer_frame(VXU.format(1).encode(), "peer")
    service.ledger.distrust("the records are gone")
    turns.run()

    assert "The message was not taken: the records are gone" == read(held.answer.data.decode()).get("ERR-8")


def test_moments_of_the_journal_are_those_of_the_clock(turns: Turns) -> None:
    """Receipt is told by the clock of the mock, which tests may stop."""
    moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
    service = Service(scenarios=[load(SCENARIO, "s.yaml")], clock=lambda: moment)
    service.answer_frame(VXU.format(1).encode(), "peer")

    assert [moment] == [entry.received for entry in service.ledger.journal.entries()]
    assert isinstance(service.answer_frame(VXU.format(1).encode(), "peer").answer.reply, MessageReply)


def test_whoever_watches_hears_when_there_is_more(service: Service, turns: Turns, journal: Failing) -> None:
    """After the commit, not before; and how long an answer took when it has left."""
    heard: list[object] = []
    service.ledger.arrived = lambda: heard.append(service.ledger.journal.last())
    service.ledger.left = lambda seconds: heard.append(seconds >= 0)
    held = service.answer_frame(VXU.format(1).encode(), "peer")
    assert [] == heard
    turns.run()
    held.left()

    assert 2 == len(heard)
    assert True is heard[1]
