"""A durable store: what is committed stays, what cannot be used is told in a sentence, and it recovers by itself."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockiis.store.database import Database, StoreError
from mockiis.store.sql_journal import SQLJournal

Make = Callable[..., Any]


def test_what_is_committed_is_there_for_the_next_one(tmp_path: Path, exchanged: Make) -> None:
    """The file outlives the mock."""
    path = str(tmp_path / "journal.db")
    first = SQLJournal(Database(path))
    first.note(*exchanged("M1"))
    first.commit()
    first.note(*exchanged("M2"))
    first.close()

    assert ["M1"] == [entry.control_id for entry in SQLJournal(Database(path)).entries()]


def test_what_is_rolled_back_was_never_there(database: Database, exchanged: Make) -> None:
    """And the next exchange is taken as if nothing had happened."""
    journal = SQLJournal(database)
    journal.note(*exchanged("M1"))
    journal.rollback()
    journal.note(*exchanged("M2"))
    journal.commit()

    assert ["M2"] == [entry.control_id for entry in journal.entries()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """It holds whole messages."""
    Database(str(tmp_path / "journal.db")).close()

    assert 0o600 == stat.S_IMODE((tmp_path / "journal.db").stat().st_mode)


def test_a_locked_file_is_told_and_then_used(tmp_path: Path, exchanged: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds it for a while."""
    monkeypatch.setattr("mockiis.store.database._PATIENCE", 0.05)
    path = tmp_path / "journal.db"
    journal = SQLJournal(Database(str(path)))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    journal.note(*exchanged("M1"))
    with pytest.raises(StoreError, match=r"journal\.db: database is locked; another program holds it; end that, or"):
        journal.commit()
    journal.rollback()
    other.execute("ROLLBACK")
    journal.note(*exchanged("M2"))
    journal.commit()

    assert ["M2"] == [entry.control_id for entry in journal.entries()]


def test_a_full_disk_is_told_and_then_used(database: Database, exchanged: Make) -> None:
    """Until there is room again."""
    journal = SQLJournal(database)
    (pages,) = database.connection.exec_driver_sql("PRAGMA page_count").one()
    database.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    for number in range(200):
        journal.note(*exchanged(f"M{number}"))
    with pytest.raises(StoreError, match="database or disk is full; free some space"):
        journal.commit()
    journal.rollback()
    database.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    journal.note(*exchanged("after"))
    journal.commit()

    assert ["after"] == [entry.control_id for entry in journal.entries()]


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    """It is left as it is."""
    path = tmp_path / "journal.db"
    Database(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE mockiis_version SET version = 99")
    connection.close()
    with pytest.raises(StoreError, match="whose tables have number 99, and this one reads 1; name another file"):
        Database(str(path))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"hello, this is a text of some length, and no database" * 20, "file is not a database; name another file")],
)
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """A file of another kind is not overwritten."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=said):
        Database(str(path))
    assert content == path.read_bytes()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no/such/folder/journal.db", "no/such/folder/journal.db: cannot be opened as a database: No such file"),
        ("mongodb://host/x", "there is no driver for it here"),
        ("sqlite://a b:c:d:e", "is no address of a database; write a file name or postgresql://"),
    ],
)
def test_what_cannot_be_opened(url: str, said: str) -> None:
    """One sentence with the name, and what to do."""
    with pytest.raises(StoreError, match=said):
        Database(url)


def test_neither_messages_nor_passwords_are_in_an_error(database: Database, exchanged: Make) -> None:
    """What a database says quotes the statement; we do not."""
    journal = SQLJournal(database)
    journal.note(*exchanged("Doe-Jane"))
    database.connection.exec_driver_sql("DROP TABLE exchange")
    with pytest.raises(StoreError) as caught:
        journal.commit()

    assert "no such table: exchange" in str(caught.value)
    assert "Doe" not in str(caught.value)
