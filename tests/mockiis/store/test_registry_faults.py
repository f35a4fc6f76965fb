"""The registry on a durable store: several senders and mocks at once, and a store that fails and recovers."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockiis.er7 import read
from mockiis.process import running
from mockiis.registry.records import Record
from mockiis.registry.registry import Registry
from mockiis.server.ledger import Ledger
from mockiis.server.service import Service
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal
from mockiis.store.sql_records import SQLRecords

VXU = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403101500-0500||VXU^V04^VXU_V04|{0}|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||7^^^CLINIC1^MR||Doe^Kim^^^^^L||20240102|F||||||||||||||2186-5^not Hispanic^CDCREC\r"
    "ORC|RE||{0}^CLINIC1\rRXA|0|1|202403{1:02}||08^Hep B^CVX|999|||01^^NIP001|||||||||||CP|A\r"
)
EACH = 12
"""Messages of each sender, about one child, each with a dose of its own."""


def exchanged(address: str, texts: list[str]) -> list[str]:
    """MSA-1 of each answer, over one connection."""
    host, _, port = address.rpartition("/")[2].rpartition(":")
    found = []
    with socket.create_connection((host, int(port))) as connection, connection.makefile("rb") as stream:
        for text in texts:
            connection.sendall(b"\x0b" + text.encode() + b"\x1c\r")
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                answer += stream.read(1)
            found.append(read(answer[1:-2].decode()).get("MSA-1"))
    return found


def kims(url: str) -> list[Record]:
    """Her records."""
    database = Database(url, existing=True)
    found = [record for record in SQLRecords(database).every() if record.person.name.given == "Kim"]
    database.close()
    return found


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_two_mocks_are_told_of_one_child_at_once(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    """By two senders each: there is one record, with every dose once."""
    url = str(tmp_path / "journal.db") if kind == "file" else request.getfixturevalue("postgresql_url")
    answers: list[str] = []
    with running("registry", options=("--journal", url)) as one, running("registry", options=("--journal", url)) as two:

        def send(address: str, name: str) -> None:
            answers.extend(exchanged(address, [VXU.format(f"{name}{n}", n + 1) for n in range(EACH)]))

        addresses = [one.mllp_address, two.mllp_address, one.mllp_address, two.mllp_address]
        senders = [threading.Thread(target=send, args=(at, f"S{n}x")) for n, at in enumerate(addresses)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    [kim] = kims(url)
    numbers = sorted(kept.order.id for kept in kim.doses)
    assert ["AA"] * len(senders) * EACH == answers
    assert sorted(f"S{n}x{number}" for n in range(len(senders)) for number in range(EACH)) == numbers


class Mock:
    """A service on a file, whose rounds are committed when it is asked."""

    def __init__(self, path: str) -> None:
        self.database = Database(path)
        self.records = SQLRecords(self.database)
        self._later: list[Callable[[], object]] = []
        ledger = Ledger(SQLJournal(self.database), later=lambda _seconds, call: self._later.append(call))
        self.service = Service(scenarios=[], ledger=ledger, registry=Registry(records=self.records))
        self.service.clock = lambda: datetime(2026, 10, 2, tzinfo=UTC)

    def say(self, number: int) -> str:
        """MSA-1, and ERR-8 of a refusal."""
        answers: list[Any] = []
        held = self.service.answer_frame(VXU.format(f"M{number}", number).encode(), "peer")
        held.when_free(answers.append)
        later, self._later[:] = list(self._later), []
        for call in later:
            call()
        answer = read(answers[0].data.decode())
        return " ".join(filter(None, [answer.get("MSA-1"), answer.get("ERR-3.1"), answer.get("ERR-8")]))


@pytest.fixture
def mock(tmp_path: Path) -> Any:
    """On an empty file."""
    made = Mock(str(tmp_path / "journal.db"))
    yield made
    made.database.close()


def test_a_store_that_is_locked_recovers_by_itself(mock: Mock, tmp_path: Path) -> None:
    """AR 207 while somebody else holds it, and nothing of that message is kept; then it goes on."""
    assert "AA" == mock.say(1)
    holder = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    refused = mock.say(2)
    holder.execute("ROLLBACK")
    holder.close()
    assert "AR 207 The message was not taken: " in refused
    assert "database is locked" in refused
    assert ["AA", "AA"] == [mock.say(3), mock.say(3)]
    [kim] = kims(str(tmp_path / "journal.db"))
    assert ["M1", "M3"] == [kept.order.id for kept in kim.doses]


def test_a_store_that_is_full_recovers_by_itself(mock: Mock, tmp_path: Path) -> None:
    """What was answered AA is there, what was not is not, and a resend is taken once there is room."""
    mock.say(1)
    pages = mock.database.connection.exec_driver_sql("PRAGMA page_count").scalar()
    mock.database.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    said = [mock.say(number) for number in range(2, 28)]
    assert any("AR 207" in answer and "full" in answer for answer in said)
    taken = {f"M{number}" for number, answer in enumerate(said, 2) if answer == "AA"} | {"M1"}
    [kim] = kims(str(tmp_path / "journal.db"))
    assert taken == {kept.order.id for kept in kim.doses}


def test_a_store_that_is_gone_is_no_end(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of our own while a record is written takes back what was written of it."""
    mock.say(1)
    monkeypatch.setattr(SQLRecords, "_borrow", lambda *_, **__: 1 / 0)
    assert "AR 207 The message was not taken: internal error: ZeroDivisionError" in mock.say(2)
    monkeypatch.undo()
    assert "AA" == mock.say(3)
    [kim] = mock.records.every()
    assert ["M1", "M3"] == [kept.order.id for kept in kim.doses]
