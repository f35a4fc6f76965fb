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

    second = SQLJournal(Database(path))
    assert ["M1"] == [entry.control_id for entry in second.entries()]
    second.close()


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
    journal.close()
    other.close()


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
    with pytest.raises(StoreError, match="whose tables have number 99, and this one reads 2; name another file"):
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
        ("sqlite://a b:c:d:e", "of a database cannot be read; write a file name or postgresql://"),
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


def test_the_password_of_an_address_that_cannot_be_read() -> None:
    """Where it stands is not known then, so nothing of the address is told."""
    with pytest.raises(StoreError, match=r"the address postgresql://\.\.\. of a database cannot be read") as caught:
        Database("postgresql://u:secret@host:port/x")

    assert "secret" not in str(caught.value)


def test_several_mocks_share_one_postgresql(postgresql_url: str, exchanged: Make) -> None:
    """Each reads what all have noted, numbers are given once, and clear forgets one's own only."""
    journals = [SQLJournal(Database(postgresql_url), name) for name in ("one", "two")]
    for round_ in range(3):
        for journal in journals:
            journal.note(*exchanged(f"{journal.instance}-{round_}"))
            journal.commit()
    entries = list(journals[0].entries())

    assert ["one", "two"] * 3 == [entry.instance for entry in entries]
    assert [1, 2, 3, 4, 5, 6] == [entry.number for entry in entries]
    journals[0].clear()
    assert ["two"] * 3 == [entry.instance for entry in journals[1].entries()]
    for journal in journals:
        journal.close()


def test_one_mock_waits_while_another_changes_records(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take turns with the records, from the first look to the commit. One that stands still is told of."""
    monkeypatch.setattr("mockiis.store.database._PATIENCE", 0.05)
    first, second = Database(postgresql_url), Database(postgresql_url)
    with first.told():
        first.lock()
    with pytest.raises(StoreError, match="lock timeout; another mock holds the records"), second.told():
        second.lock()
    second.rollback()
    first.commit()
    with second.told():
        second.lock()
        second.commit()
    first.close()
    second.close()


def test_a_postgresql_that_went_away_is_told_and_then_used(postgresql_url: str, exchanged: Make) -> None:
    """The server ended the connection, as it does when it restarts."""
    journal = SQLJournal(Database(postgresql_url))
    journal.note(*exchanged("M1"))
    journal.commit()
    other = Database(postgresql_url)
    with other.told():
        other.connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND usename = 'mockiis'"
        )
        other.commit()
    journal.note(*exchanged("M2"))
    with pytest.raises(StoreError, match="terminating connection"):
        journal.commit()
    journal.rollback()
    journal.note(*exchanged("M3"))
    journal.commit()

    assert ["M1", "M3"] == [entry.control_id for entry in journal.entries()]
    journal.close()
    other.close()


def test_a_postgresql_that_is_not_there() -> None:
    """Within seconds, with the address and without the password."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match=r"postgresql.*127\.0\.0\.1:1/x: .*[Cc]onnection refused") as caught:
        Database("postgresql://u:secret@127.0.0.1:1/x")

    assert "secret" not in str(caught.value)
