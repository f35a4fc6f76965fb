"""The journal in a database. What is noted is written with the next commit, and read by whoever asks meanwhile."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update

from mockiis.message.reply import Reply
from mockiis.message.request import Request
from mockiis.store.database import Database
from mockiis.store.entry import JournalEntry, Seen, entry_of, seen
from mockiis.store.tables import exchange
from mockiis.store.text import fit

_PAGE = 500
"""Entries read at a time, so that a long journal is never in memory as a whole."""
_MOST_WAITING = 10_000
"""Exchanges whose answer has not left yet; of more the oldest keep no duration."""
_SEPARATOR = "\n"
_INSERT = insert(exchange).values({column.name: bindparam(column.name) for column in list(exchange.c)[1:]})
_LAST = select(func.max(exchange.c.number))
_LEFT = (
    update(exchange)
    .where(exchange.c.number == bindparam("its_number"))
    .values(seconds=bindparam("its_seconds", type_=exchange.c.seconds.type))
)
_COLUMNS = [field.name for field in fields(JournalEntry) if field.name != "number"]


class SQLJournal:
    """Exchanges of every mock on this database; ``instance`` is the name of this one."""

    durable = True

    def __init__(self, database: Database, instance: str = "") -> None:
        self.database = database
        self.instance = instance
        self._noted: list[tuple[int, JournalEntry]] = []
        self._numbers: OrderedDict[int, int] = OrderedDict()
        self._seconds: list[tuple[int, float]] = []
        self._tickets = 0

    def note(self, request: Request, reply: Reply, peer: str) -> int:
        """Add an exchange to what the next commit writes; a ticket for ``sent``."""
        self._tickets += 1
        self._noted.append((self._tickets, entry_of(request, reply, peer, self.instance)))
        return self._tickets

    def sent(self, number: int, seconds: float) -> None:
        """The answer has left; written with the next commit."""
        known = self._numbers.pop(number, None)
        if known is not None:
            self._seconds.append((known, seconds))

    def commit(self) -> None:
        """Write what was noted, and commit it with whatever else was written. Raises StoreError; nothing is kept for
        a second try, since what is not committed now was never answered.
        """
        with self.database.told():
            self._write()
            self.database.commit()

    def rollback(self) -> None:
        """What was noted is gone."""
        self._noted.clear()
        self._seconds.clear()
        self.database.rollback()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _write(self) -> None:
        noted, self._noted = self._noted, []
        seconds, self._seconds = self._seconds, []
        if noted:
            numbers = self._inserted([_row(entry) for _, entry in noted])
            self._numbers.update(zip((ticket for ticket, _ in noted), numbers, strict=True))
            while len(self._numbers) > _MOST_WAITING:
                self._numbers.popitem(last=False)
        if seconds:
            self.database.run(_LEFT, [{"its_number": number, "its_seconds": passed} for number, passed in seconds])

    def _inserted(self, rows: list[dict[str, Any]]) -> Sequence[int]:
        """Write the rows: their numbers, which follow each other where nobody else writes meanwhile."""
        if not self.database.writes_alone:
            inserting = insert(exchange).returning(exchange.c.number, sort_by_parameter_order=True)
            return self.database.connection.execute(inserting, rows).scalars().all()
        fitted = [
            {name: fit(value) if isinstance(value, str) else value for name, value in row.items()} for row in rows
        ]
        self.database.run(_INSERT, fitted)
        [last] = self.database.run(_LAST, [{}]).fetchone()
        return range(last - len(rows) + 1, last + 1)

    def entries(self, after: int = 0) -> Iterator[JournalEntry]:
        """The committed exchanges after that number, oldest first, a page at a time."""
        while True:
            query = select(exchange).where(exchange.c.number > after).order_by(exchange.c.number).limit(_PAGE)
            with self.database.reading() as connection:
                rows = connection.execute(query).mappings().all()
            if not rows:
                return
            yield from map(_entry, rows)
            after = rows[-1]["number"]

    def seen(self, after: int = 0) -> Iterator[Seen]:
        """The same at a glance."""
        return map(seen, self.entries(after))

    def entry(self, number: int) -> JournalEntry | None:
        """The exchange with that number."""
        with self.database.reading() as connection:
            row = connection.execute(select(exchange).where(exchange.c.number == number)).mappings().first()
        return _entry(row) if row else None

    def last(self) -> int:
        """The highest number that is committed; 0 in an empty journal."""
        with self.database.reading() as connection:
            return connection.execute(select(func.max(exchange.c.number))).scalar() or 0

    def clear(self) -> None:
        """Forget the exchanges of this mock; committed at once."""
        with self.database.told():
            self.database.connection.execute(delete(exchange).where(exchange.c.instance == self.instance))
            self.database.commit()


def _row(entry: JournalEntry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in _COLUMNS}
    return row | {"received": entry.received.isoformat(), "findings": _SEPARATOR.join(entry.findings)}


def _entry(row: RowMapping) -> JournalEntry:
    found = {str(name): value for name, value in row.items()} | {
        "received": datetime.fromisoformat(row["received"]),
        "findings": tuple(filter(None, row["findings"].split(_SEPARATOR))),
    }
    return JournalEntry(**found)
