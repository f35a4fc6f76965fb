"""Where ``mockiis registry`` looks: the records of a durable store, or of a running mock over its admin API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from mockiis.errors import MockIISError
from mockiis.message.person import Person
from mockiis.registry.keys import keys
from mockiis.registry.records import BorrowEvent, Keep, MemoryRecords, Record, Records
from mockiis.store.record_data import event_of_data, of_data

if TYPE_CHECKING:
    from mockiis.remote import RemoteIIS
    from mockiis.store.database import Database

_PAGE = 500


class Source(Protocol):
    """Records of some registry."""

    def every(self) -> Iterator[Record]:
        """All of them."""

    def one(self, number: int) -> Record | None:
        """The one with that number."""

    def around(self, person: Person) -> Records:
        """Those who could be the person, to be searched."""

    def borrow_events(self) -> list[tuple[int, BorrowEvent]]:
        """Borrowed doses, each with the number of its record."""

    def reset(self) -> int:
        """Forget everybody; how many are known after that."""

    def close(self) -> None:
        """Let go of it."""


def open_source(name: str) -> Source:
    """A file, a ``postgresql://`` URL, or the ``http://`` URL of a mock. Raises MockIISError."""
    if re.match("https?://", name, re.IGNORECASE):
        from mockiis.remote import RemoteIIS

        return MockSource(RemoteIIS({"admin": name.rstrip("/")}))
    from mockiis.store.database import Database

    return DatabaseSource(name, Database(name, existing=True))


class DatabaseSource:
    """What mocks with ``serve --journal`` have stored, whether they run or not."""

    def __init__(self, name: str, database: Database) -> None:
        from mockiis.store.sql_records import SQLRecords

        self._name, self._database = name, database
        self._records = SQLRecords(database)

    def every(self) -> Iterator[Record]:
        """Page by page."""
        return self._records.every()

    def one(self, number: int) -> Record | None:
        """By its number."""
        return self._records.numbered(number)

    def around(self, person: Person) -> Records:  # noqa: ARG002  # the database finds them itself
        """All, since the database has the index."""
        return self._records

    def borrow_events(self) -> list[tuple[int, BorrowEvent]]:
        """As they are committed."""
        return list(self._records.borrow_events())

    def reset(self) -> int:
        """Forget everybody, for every mock on the database."""
        from mockiis.store.database import Database
        from mockiis.store.sql_records import SQLRecords

        self._database.close()  # it is for reading only
        database = self._database = Database(self._name)
        with database.told():
            SQLRecords(database).clear()
            database.commit()
        return 0

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


class MockSource:
    """A running mock. What is searched is fetched first."""

    def __init__(self, mock: RemoteIIS) -> None:
        self._mock = mock

    def every(self) -> Iterator[Record]:
        """Page by page."""
        return self._pages({})

    def one(self, number: int) -> Record | None:
        """By its number."""
        found = self._pages({"after": number - 1, "limit": 1})
        record = next(found, None)
        return record if record is not None and record.number == number else None

    def around(self, person: Person) -> Records:
        """Those who share the birth date or the names with the person."""
        name = person.name
        asked = {"family": name.family, "given": name.given, "born": person.birth_date[:8]}
        records = MemoryRecords()
        if keys(person):
            for record in self._pages({key: value for key, value in asked.items() if value}):
                records.keep(Keep(record=record))
        return records

    def borrow_events(self) -> list[tuple[int, BorrowEvent]]:
        """All of them."""
        return [event_of_data(event) for event in self._of(self._mock.ask("GET", "/registry/borrowed"), "borrowed")]

    def reset(self) -> int:
        """Begin again; those known from the beginning stay."""
        return int(self._of(self._mock.ask("DELETE", "/registry/records"), "records"))

    def close(self) -> None:
        """Let go of the connection."""
        self._mock.close()

    def _pages(self, asked: dict[str, Any]) -> Iterator[Record]:
        following: Any = asked.pop("after", 0)
        limit = asked.pop("limit", _PAGE)
        while following is not None:
            query = urlencode({**asked, "after": following, "limit": limit})
            page = self._mock.ask("GET", f"/registry/records?{query}")
            yield from map(of_data, self._of(page, "records"))
            following = self._of(page, "next")

    def _of(self, page: Any, name: str) -> Any:
        if not isinstance(page, dict) or name not in page:
            raise MockIISError(f"{self._mock.admin_url}: is not the admin API of a mock IIS")
        return page[name]
