"""Updates judged, matched, stored and acknowledged, next to bare inserts of the same rows; in SQLite files.

A process of its own (``python storing.py ROUNDS MESSAGES``; prints JSON). In each round the registry takes new messages
about new patients; then the rows that it wrote go into a second, empty database in the same order and with as many
messages to a transaction: by SQLAlchemy Core, statement by statement as a program would write them, and by the driver.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, groupby
from pathlib import Path
from typing import Any

from patients import vxu
from sqlalchemy import insert, select

from mockiis.er7 import read
from mockiis.message import Request
from mockiis.registry.registry import Registry
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal
from mockiis.store.sql_records import SQLRecords
from mockiis.store.tables import exchange, record, record_key

GROUPS = (1, 8, 64)
"""Messages to a transaction: one sender that waits for each answer, and many at once."""
RECEIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
_make, _numbers = vxu(2), count(1)

Rows = list[tuple[Any, Any, list[Any]]]
"""Of each message: the exchange, the record, and its keys."""


def registry_takes(database: Database, size: int, messages: int) -> float:
    """Seconds to answer so many messages about new patients."""
    records, journal = SQLRecords(database), SQLJournal(database)
    registry = Registry(records=records)
    texts = [_make(next(_numbers)) for _ in range(messages)]
    started = time.perf_counter()
    for place, text in enumerate(texts, 1):
        request = Request(transport="mllp", received=RECEIVED, control_id=f"R{place}", message=read(text), text=text)
        reply = registry.answer(request)
        registry.keep(reply.changes)
        journal.note(request, reply, "127.0.0.1:1")
        if place % size == 0:
            journal.commit()
    journal.commit()
    return time.perf_counter() - started


def written(database: Database, after: int) -> Rows:
    """The rows of the messages since that number."""
    with database.reading() as connection:
        exchanges = connection.execute(select(exchange).where(exchange.c.number > after)).all()
        records = connection.execute(select(record).where(record.c.number > after)).all()
        entries = connection.execute(
            select(record_key).where(record_key.c.number > after).order_by(record_key.c.number)
        ).all()
    keys = {number: list(rows) for number, rows in groupby(entries, lambda row: row.number)}
    return [(one, two, keys[two.number]) for one, two in zip(exchanges, records, strict=True)]


def core_inserts(path: Path, rows: Rows, size: int) -> float:
    """Seconds for the same rows by SQLAlchemy Core."""
    database = Database(str(path))
    values = [(a._asdict(), b._asdict(), [each._asdict() for each in keys]) for a, b, keys in rows]
    started = time.perf_counter()
    for place, (one, two, keys) in enumerate(values, 1):
        connection = database.connection
        connection.execute(insert(exchange), one)
        connection.execute(insert(record), two)
        connection.execute(insert(record_key), keys)
        if place % size == 0:
            database.commit()
    database.commit()
    taken = time.perf_counter() - started
    database.close()
    return taken


def driver_inserts(path: Path, rows: Rows, size: int) -> float:
    """Seconds for the same rows by sqlite3 alone."""
    Database(str(path)).close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    values = [(tuple(a), tuple(b), [tuple(each) for each in keys]) for a, b, keys in rows]
    exchanged = f"INSERT INTO exchange VALUES ({','.join('?' * len(values[0][0]))})"
    started = time.perf_counter()
    for first in range(0, len(values), size):
        connection.execute("BEGIN IMMEDIATE")
        for one, two, keys in values[first : first + size]:
            connection.execute(exchanged, one)
            connection.execute("INSERT INTO record VALUES (?,?)", two)
            connection.executemany("INSERT INTO record_key VALUES (?,?,?)", keys)
        connection.execute("COMMIT")
    taken = time.perf_counter() - started
    connection.close()
    return taken


def main(rounds: int, messages: int) -> dict[str, dict[str, list[float]]]:
    """Microseconds a message, of each round, by size of the transaction and by who wrote."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(str(Path(folder) / "registry.db"))
        registry_takes(database, 1, 20)
        found = {str(size): dict(_rounds(database, Path(folder), size, rounds, messages)) for size in GROUPS}
        database.close()
    return found


def _rounds(
    database: Database, folder: Path, size: int, rounds: int, messages: int
) -> Iterator[tuple[str, Sequence[float]]]:
    ways: dict[str, Callable[[Path, Rows, int], float]] = {"core": core_inserts, "driver": driver_inserts}
    taken: dict[str, list[float]] = {"mockiis": [], **{name: [] for name in ways}}
    for turn in range(rounds):
        before = SQLJournal(database).last()
        taken["mockiis"].append(registry_takes(database, size, messages))
        rows = written(database, before)
        for name, insert_all in ways.items():
            taken[name].append(insert_all(folder / f"{name}-{size}-{turn}.db", rows, size))
    for name, seconds in taken.items():
        yield name, [1e6 * each / messages for each in seconds]


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
