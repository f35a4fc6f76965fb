"""Records in a database, read and changed in the transaction that also notes the exchange.

A record is one row of JSON, replaced whole, with the keys by which it is found. Whoever reads sees what the same
transaction has changed; other mocks on the database wait until it ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, bindparam, delete, insert, select, update

from mockiis.message.change import Change
from mockiis.message.person import Identifier
from mockiis.registry.keys import entries, identifier_key
from mockiis.registry.records import BorrowEvent, Entry, Keep, Record
from mockiis.store.database import Database
from mockiis.store.record_data import event_adapter, record_adapter
from mockiis.store.tables import borrowed, record, record_key
from mockiis.store.text import fit, whole

_PAGE = 500
"""Records read at a time."""


class SQLRecords:
    """The records of every mock on this database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def identified(self, identifier: Identifier) -> Sequence[Record]:
        """Those that have this identifier."""
        return self.alike([identifier_key(identifier)], _PAGE)

    def alike(self, keys: Iterable[str], limit: int) -> Sequence[Record]:
        """At most ``limit`` of those that share a key."""
        numbers = {number for key in keys for _, number, _ in self.listed((key,), _PAGE)}
        found = map(self.numbered, sorted(numbers)[:limit])
        return [record for record in found if record is not None]

    def listed(self, keys: Collection[str], limit: int) -> Sequence[Entry]:
        """At most ``limit`` entries of the index under those keys."""
        values: dict[str, Any] = {f"key_{place}": fit(key) for place, key in enumerate(keys)}
        found = self._run(_listed(len(values)), {**values, "most": limit}).fetchall()
        return [(whole(key), number, whole(detail)) for key, number, detail in found]

    def numbered(self, number: int) -> Record | None:
        """The one with that number."""
        row = self._run(_NUMBERED, {"its_number": number}).fetchone()
        return _read(number, whole(row[0])) if row else None

    def every(self, after: int = 0) -> Iterator[Record]:
        """All with a higher number, a page at a time, as they are committed."""
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
        return ((row.record, event_adapter().validate_json(row.content)) for row in rows)

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes that are about people."""
        for change in changes:
            if isinstance(change, Keep):
                self.keep(change)

    def keep(self, change: Keep) -> Record:
        """Store a record, and give it back with its number."""
        kept, content = change.record, _text(change.record)
        if kept.number:
            self._run(_UPDATE, {"its_number": kept.number, "content": content})
            found = self._run(_ENTRIES, {"its_number": kept.number}).fetchall()
            before = {(whole(key), whole(detail)) for key, detail in found}
        else:
            kept = replace(kept, number=self._run(_INSERT, {"content": content}).fetchone()[0])
            before = set()
        self._index(kept, before)
        self._borrow(kept.number, change.borrowed, known=bool(change.record.number))
        return kept

    def clear(self) -> None:
        """Forget everybody; committed with what else the transaction holds."""
        for table in (borrowed, record_key, record):
            self._execute(delete(table))

    def _index(self, kept: Record, before: set[tuple[str, str]]) -> None:
        after = set(entries(kept.person))
        for statement, changed in ((_LEAVE, before - after), (_ENTER, after - before)):
            rows = [{"key": fit(k), "number": kept.number, "detail": fit(d)} for k, d in sorted(changed)]
            self._run(statement, *rows)

    def _borrow(self, number: int, events: Sequence[BorrowEvent], *, known: bool) -> None:
        if known:
            self._run(_PAID, {"its_number": number})
        rows = [{"record": number, "content": event_adapter().dump_json(event).decode()} for event in events]
        self._run(_BORROW, *rows)

    def _run(self, statement: ClauseElement, *values: dict[str, Any]) -> Any:
        """Run it for each of the values, if there are any."""
        if not values:
            return None
        with self.database.told():
            self.database.lock()
            return self.database.run(statement, values)

    def _execute(self, statement: Any) -> Any:
        with self.database.told():
            self.database.lock()
            return self.database.connection.execute(statement)


_ITS_NUMBER: BindParameter[int] = bindparam("its_number")
_NUMBERED = select(record.c.content).where(record.c.number == _ITS_NUMBER)
_ENTRIES = select(record_key.c.key, record_key.c.detail).where(record_key.c.number == _ITS_NUMBER)
_INSERT = insert(record).values(content=bindparam("content")).returning(record.c.number)
_UPDATE = update(record).where(record.c.number == _ITS_NUMBER).values(content=bindparam("content"))
_ENTER = insert(record_key)
_LEAVE = delete(record_key).where(
    record_key.c.key == bindparam("key"),
    record_key.c.number == bindparam("number"),
    record_key.c.detail == bindparam("detail"),
)
_BORROW = insert(borrowed).values(record=bindparam("record"), content=bindparam("content"))
_PAID = delete(borrowed).where(borrowed.c.record == _ITS_NUMBER)
"""What a message needs, each made once."""


@cache
def _listed(count: int) -> ClauseElement:
    """The entries under so many keys."""
    keys: list[BindParameter[str]] = [bindparam(f"key_{place}") for place in range(count)]
    wanted = select(record_key.c.key, record_key.c.number, record_key.c.detail).where(record_key.c.key.in_(keys))
    return wanted.limit(bindparam("most"))


def _text(kept: Record) -> str:
    return record_adapter().dump_json(kept).decode()


def _read(number: int, content: str) -> Record:
    return replace(record_adapter().validate_json(content), number=number)
