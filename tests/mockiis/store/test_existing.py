"""A journal that is looked into: nothing is made, nothing changed, whichever database it is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from mockiis.errors import UnreachedError
from mockiis.store import tables
from mockiis.store.database import Database
from mockiis.store.error import StoreError
from mockiis.store.sql_journal import SQLJournal


@pytest.fixture(params=["file", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a journal may be; nothing is there yet."""
    if request.param == "file":
        return str(tmp_path / "journal.db")
    return str(request.getfixturevalue("postgresql_url"))


def test_what_is_not_there_is_not_made(url: str) -> None:
    """A sentence, and still nothing is there."""
    for _ in range(2):
        with pytest.raises(StoreError, match=r"there is no such file|it is no journal of mockiis"):
            Database(url, existing=True)


def test_it_is_read_while_a_mock_writes(url: str, exchanged: Callable[..., Any]) -> None:
    """What is committed is there at once; the other does not wait for the reader, nor the reader for it."""
    written = SQLJournal(Database(url), "there")
    written.note(*exchanged("M1"))
    written.commit()
    read = SQLJournal(Database(url, existing=True))
    assert ["M1"] == [entry.control_id for entry in read.entries()]

    written.note(*exchanged("M2"))
    written._write()
    assert 1 == read.last()
    written.commit()
    assert ["M2"] == [entry.control_id for entry in read.entries(1)]
    read.close()
    written.close()


def test_another_version_is_refused(url: str) -> None:
    """With what to do."""
    made = Database(url)
    made.connection.execute(update(tables.version).values(version=99))
    made.commit()
    with pytest.raises(
        StoreError, match=r"tables have number 99, and this one reads \d+; name another file, or export"
    ):
        Database(url, existing=True)
    made.connection.execute(update(tables.version).values(version=tables.VERSION))  # other tests have this server too
    made.commit()
    made.close()


def test_a_file_cannot_be_changed_by_its_reader(tmp_path: Path) -> None:
    """Not even by mistake."""
    Database(str(tmp_path / "journal.db")).close()
    read = Database(str(tmp_path / "journal.db"), existing=True)
    with pytest.raises(SQLAlchemyError, match="readonly"):
        read.connection.execute(tables.exchange.delete())
    read.close()


def test_a_server_that_does_not_answer_is_told_apart() -> None:
    """It is not reached, which is another exit code than a wrong name."""
    pytest.importorskip("psycopg")
    with pytest.raises(UnreachedError, match="connection failed"):
        Database("postgresql://127.0.0.1:1/x", existing=True)
