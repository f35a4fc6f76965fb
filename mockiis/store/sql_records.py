"""Records in a database, read and changed in the transaction that also notes the exchange.

A record is one row of JSON, replaced whole, with the keys by which it is found. Whoever reads sees what the same
transaction has changed; other mocks on the database wait until it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select, update

from mockiis.message.change import Change
from mockiis.message.person import Identifier
from mockiis.registry.keys import keys
from mockiis.registry.records import BorrowEvent, Keep, Record
from mockiis.store.database import Database
from mockiis.store.tables import borrowed, record, record_key

_PAGE = 500
"""Records read at a time."""


class SQLRecords:
    """The records of every mock on this database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier."""
        return self._found([_identifier_key(identifier)])

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key."""
        return self._found([_key(key) for key in keys], limit)

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""
        content = self._execute(select(record.c.content).where(record.c.number == number)).scalar()
        return _read(number, content) if content is not None else None

    def every(self) -> Iterator[Record]:
        """All of them, a page at a time, as they are committed."""
        after = 0
        while True:
            query = select(record).where(record.c.number > after).order_by(record.c.number).limit(_PAGE)
            with self.database.reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from (_read(row.number, row.content) for row in rows)
            after = rows[-1].number

    def borrow_events(self) -> Iterator[tuple[int, BorrowEvent]]:
        """Each with the number of its record, as they are committed."""
        with self.database.reading() as connection:
            rows = connection.execute(select(borrowed).order_by(borrowed.c.number)).all()
        return ((row.record, _events().validate_json(row.content)) for row in rows)

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes that are about people."""
        for change in changes:
            if isinstance(change, Keep):
                self.keep(change)

    def keep(self, change: Keep) -> Record:
        """Store a record, and give it back with its number."""
        kept = change.record
        if kept.number:
            before = self._keys_of(kept.number)
            self._execute(_UPDATE, {"its_number": kept.number, "content": _text(kept)})
        else:
            before = frozenset()
            inserting = insert(record).returning(record.c.number)
            kept = replace(kept, number=self._execute(inserting, {"content": _text(kept)}).scalar_one())
        self._index(kept, before)
        self._borrow(kept.number, change.borrowed, known=bool(change.record.number))
        return kept

    def clear(self) -> None:
        """Forget everybody; committed with what else the transaction holds."""
        for table in (borrowed, record_key, record):
            self._execute(delete(table))

    def _keys_of(self, number: int) -> frozenset[str]:
        return frozenset(self._execute(select(record_key.c.key).where(record_key.c.number == number)).scalars())

    def _index(self, kept: Record, before: frozenset[str]) -> None:
        after = {*map(_identifier_key, kept.person.identifiers), *map(_key, keys(kept.person))}
        gone = before - after
        if gone:
            place = record_key.c.number == kept.number
            self._execute(delete(record_key).where(place, record_key.c.key.in_(gone)))
        new = [{"key": key, "number": kept.number} for key in sorted(after - before)]
        if new:
            self._execute(insert(record_key), new)

    def _borrow(self, number: int, events: Sequence[BorrowEvent], *, known: bool) -> None:
        if known:
            self._execute(delete(borrowed).where(borrowed.c.record == number))
        rows = [{"record": number, "content": _events().dump_json(event).decode()} for event in events]
        if rows:
            self._execute(insert(borrowed), rows)

    def _found(self, wanted: Sequence[str], limit: int | None = None) -> list[Record]:
        having = select(record_key.c.number).where(record_key.c.key.in_(wanted))
        query = select(record).where(record.c.number.in_(having)).order_by(record.c.number).limit(limit)
        return [_read(row.number, row.content) for row in self._execute(query)]

    def _execute(self, statement: Any, values: Any = None) -> Any:
        with self.database.told():
            self.database.lock()
            return self.database.connection.execute(statement, values)


_UPDATE = update(record).where(record.c.number == bindparam("its_number"))


@cache
def _records() -> TypeAdapter[Record]:
    return TypeAdapter(Record)


@cache
def _events() -> TypeAdapter[BorrowEvent]:
    return TypeAdapter(BorrowEvent)


def _text(kept: Record) -> str:
    return _records().dump_json(kept).decode()


def _read(number: int, content: str) -> Record:
    return replace(_records().validate_json(content), number=number)


def _identifier_key(identifier: Identifier) -> str:
    return f"id {identifier.authority}|{identifier.type}|{identifier.id}"


def _key(key: str) -> str:
    return f"key {key}"
