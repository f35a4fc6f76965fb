"""The admin API over a journal in a database: one that is shared, one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted

from mockiis.scenario import load
from mockiis.store.database import Database
from mockiis.store.error import StoreError
from mockiis.store.sql_journal import SQLJournal
from mockiis.testing import MockIIS, Settings

ALL_AA = "version: 1\nrules:\n  - {name: all, when: {message: VXU}, reply: {ack: AA}}\n"


def mock(path: Path, instance: str) -> MockIIS:
    """A mock on a database."""
    journal = SQLJournal(Database(str(path)), instance=instance)
    return MockIIS(load(ALL_AA, "all.yaml"), settings=Settings(admin_port=0), journal=journal)


@pytest.fixture
def durable(ask: Any, tmp_path: Path) -> Iterator[Any]:
    """A mock on a database that had an exchange before it was started."""
    earlier = mock(tmp_path / "j.db", "earlier")
    pytest_twisted.blockon(ask(earlier).sent(7))
    pytest_twisted.blockon(earlier.stop())
    earlier.service.ledger.close()
    iis = mock(tmp_path / "j.db", "this one")
    yield ask(iis)
    pytest_twisted.blockon(iis.stop())
    iis.service.ledger.close()


@pytest_twisted.ensureDeferred
async def test_a_committed_message_wakes_whoever_waits(durable: Any) -> None:
    """What another mock, or an earlier run, has noted does not count."""
    waiting = durable.asked("POST", "/verify", {"when": {"message": "VXU"}, "count": 1, "wait": "15s"})
    await durable.sent(1)
    assert (200, {"verified": True, "count": 1}) == await waiting
    _, found = await durable.asked("GET", "/journal")
    assert ["1"] == [entry["control_id"] for entry in found["exchanges"]]
    assert 404 == (await durable.asked("GET", "/journal/1"))[0]
    assert 200 == (await durable.asked("GET", f"/journal/{found['exchanges'][0]['number']}"))[0]
    assert 200 == (await durable.asked("POST", "/reset"))[0]
    assert [] == (await durable.asked("GET", "/journal"))[1]["exchanges"]


@pytest_twisted.ensureDeferred
async def test_a_database_that_fails_is_a_503(durable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own words; and the failure is counted."""

    def fail(*_: object) -> None:
        raise StoreError("j.db: the disk is full; free some space")

    journal = durable.iis.service.ledger.journal
    with monkeypatch.context() as patch:
        patch.setattr(journal, "entries", fail)
        patch.setattr(journal, "commit", fail)
        found = await durable.asked("GET", "/journal")
        verdict = await durable.asked("POST", "/verify", {"when": {}})
        answer = await durable.sent(1)
    _, metrics = await durable.asked("GET", "/metrics")

    assert [(503, {"error": "j.db: the disk is full; free some space"})] * 2 == [found, verdict]
    assert "\rMSA|AR|1\r" in answer
    assert "mockiis_journal_failures_total 1\n" in metrics
    assert 200 == (await durable.asked("GET", "/journal"))[0]
