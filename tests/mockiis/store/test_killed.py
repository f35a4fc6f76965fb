"""kill -9 at any moment: every exchange that was answered is in the journal, whole; none is there by half."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockiis.er7 import read
from mockiis.registry.records import Record
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal
from mockiis.store.sql_records import SQLRecords

KILLS = 50
SENDERS = 6
VXU = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{0}|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||{0}^^^CLINIC1^MR||Doe^Kim^^^^^L||20240102|F||||||||||||||2186-5^not Hispanic^CDCREC\r"
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


class Server:
    """The forking parent, and the address of its present child."""

    def __init__(self, *options: str) -> None:
        path = Path(__file__).with_name("killed.py")
        self._parent = subprocess.Popen(
            [sys.executable, str(path), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self) -> tuple[int, int]:
        """The process id and the MLLP port of a new child."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write("go\n")
        self._parent.stdin.flush()
        lines = sorted((self._parent.stdout.readline() for _ in range(2)), key=lambda line: line.startswith("{"))
        return int(lines[0]), int(json.loads(lines[1])["mllp"].rpartition(":")[2])

    def stop(self) -> None:
        """Let the parent end."""
        assert self._parent.stdin is not None
        with self._parent:
            self._parent.stdin.close()


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """The parent, ended in any case."""
    server = Server(*options)
    try:
        yield server
    finally:
        server.stop()


def written(template: str, control_id: str) -> str:
    """The message; each has another name and birth date, since the same would be the same person."""
    return template.format(control_id, control_id.replace("-", "x"), int(control_id.rpartition("-")[2]) % 24)


def sender(port: int, name: str, answered: Callable[[str], object], vxu: str = VXU) -> None:
    """Send one message after another until the connection breaks, and note each that was answered."""
    number = 0
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as stream:
        try:
            while True:
                number += 1
                control_id = f"{name}-{number}"
                connection.sendall(b"\x0b" + written(vxu, control_id).encode() + b"\x1c\r")
                answer = b""
                while not answer.endswith(b"\x1c\r"):
                    byte = stream.read(1)
                    if not byte:
                        return
                    answer += byte
                assert f"MSA|AA|{control_id}".encode() in answer
                answered(control_id)
        except OSError:
            return


def killed_under_load(server: Server, run: int, dice: random.Random, vxu: str = VXU) -> list[str]:
    """The control ids that were answered before the child was killed."""
    child, port = server.start()
    answered: list[str] = []
    threads = [
        threading.Thread(target=sender, args=(port, f"{run}-{number}", answered.append, vxu))
        for number in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(dice.uniform(0.01, 0.12) if vxu == VXU else dice.uniform(0.1, 0.5))
    os.kill(child, signal.SIGKILL)
    for thread in threads:
        thread.join()
    return answered


DOSE = (
    VXU.replace("Kim", "Kim{1}").replace("20240102", "20{2:02}0102")
    + "ORC|RE||{0}^CLINIC1\rRXA|0|1|20240303||08^Hep B^CVX|999|||01^^NIP001||||||LOT{0}|||||CP|A\r"
)
DOSES = 10


def stored(path: str) -> dict[str, Record]:
    """The records of a database by the identifier of their person."""
    database = Database(path)
    records = {record.person.identifiers[0].id: record for record in SQLRecords(database).every()}
    database.close()
    return records


def sent_again(port: int, control_ids: Iterable[str]) -> None:
    """Send the same messages once more."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as stream:
        for control_id in control_ids:
            connection.sendall(b"\x0b" + written(DOSE, control_id).encode() + b"\x1c\r")
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                answer += stream.read(1)
            assert f"MSA|AA|{control_id}".encode() in answer


def test_every_dose_that_was_accepted_is_there_whole_after_kill_9(tmp_path: Path) -> None:
    """Person, dose and lot; whoever sends all of it again duplicates nothing."""
    path = str(tmp_path / "journal.db")
    dice = random.Random(8)
    answered: list[str] = []
    with serving("registry", "--journal", path) as server:
        for run in range(DOSES):
            answered += killed_under_load(server, run, dice, DOSE)
        records = stored(path)
        child, port = server.start()
        sent_again(port, sorted(set(records) - PRELOADED)[:200])
        os.kill(child, signal.SIGKILL)

    assert len(answered) > DOSES
    assert not set(answered) - set(records)
    for control_id in set(records) - PRELOADED:
        [kept] = records[control_id].doses
        assert (control_id, f"LOT{control_id}", control_id) == (kept.order.id, kept.dose.lot, kept.origin.control_id)
    assert records == stored(path)


PRELOADED = {"37262522", "0000813437", "0000813438"}
"""Whom the scenario knows from the beginning."""


def test_what_was_answered_is_there_after_kill_9(tmp_path: Path) -> None:
    """Fifty times on the same file, so that it is also shown to be usable afterwards."""
    path = str(tmp_path / "journal.db")
    dice = random.Random(7)
    answered: list[str] = []
    with serving("accept-all", "--journal", path) as server:
        for run in range(KILLS):
            answered += killed_under_load(server, run, dice)
    journal = SQLJournal(Database(path))
    entries = {entry.control_id: entry for entry in journal.entries()}
    journal.close()

    assert len(answered) > KILLS
    assert not set(answered) - set(entries)
    for control_id, entry in entries.items():
        assert VXU.format(control_id) == entry.request
        assert ("AA", control_id) == (read(entry.answer).get("MSA-1"), read(entry.answer).get("MSA-2"))
