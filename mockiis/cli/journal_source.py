"""Where ``mockiis journal`` reads: a durable journal, or a running mock over its admin API. Nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from mockiis.errors import MockIISError
from mockiis.store.entry import JournalEntry

if TYPE_CHECKING:
    from mockiis.remote import RemoteIIS
    from mockiis.store.database import Database

_PAGE = 500
_OVERLAP = 1000
"""Numbers that are looked at again in a database that several mocks share: they are not committed in their order."""
_COLUMNS = [field.name for field in fields(JournalEntry)]


class Source(Protocol):
    """Exchanges of some journal. ``overlap`` is how many numbers below the last one may still appear."""

    overlap: int

    def entries(self, after: int) -> Iterator[JournalEntry]:
        """Those with a higher number, oldest first."""

    def entry(self, number: int) -> JournalEntry | None:
        """One of them."""

    def last(self) -> int:
        """The highest number."""

    def close(self) -> None:
        """Let go of it."""


def open_source(name: str) -> Source:
    """A file, a ``postgresql://`` URL, or the ``http://`` URL of a mock. Raises MockIISError."""
    if re.match("https?:", name, re.IGNORECASE):
        from mockiis.remote import RemoteIIS

        return MockSource(RemoteIIS({"admin": _admin_address(name)}))
    from mockiis.store.database import Database

    return DatabaseSource(Database(name, existing=True))


def _admin_address(name: str) -> str:
    """Scheme, host and port. Raises MockIISError for what the admin API of no mock has."""
    try:
        parts = urlsplit(name)
        right = parts.scheme == "http" and parts.hostname and (parts.port or 80)
    except ValueError:
        right = None
    if not right:
        raise MockIISError(f"'{name}' is no address of an admin API; write one such as http://127.0.0.1:8090")
    return f"http://{parts.netloc}"


class DatabaseSource:
    """A journal that was written with ``mockiis serve --journal``, by mocks that run or have ended."""

    def __init__(self, database: Database) -> None:
        from mockiis.store.sql_journal import SQLJournal

        self._journal = SQLJournal(database)
        self.overlap = 0 if database.url.get_backend_name() == "sqlite" else _OVERLAP

    def entries(self, after: int) -> Iterator[JournalEntry]:
        """Read page by page."""
        return self._journal.entries(after)

    def entry(self, number: int) -> JournalEntry | None:
        """One exchange."""
        return self._journal.entry(number)

    def last(self) -> int:
        """The highest number."""
        return self._journal.last()

    def close(self) -> None:
        """Let go of the database."""
        self._journal.close()


class MockSource:
    """What a running mock has in its journal since it was started."""

    overlap = 0

    def __init__(self, mock: RemoteIIS) -> None:
        self._mock = mock

    def entries(self, after: int) -> Iterator[JournalEntry]:
        """Page by page."""
        following: int | None = after
        while following is not None:
            page = self._mock.ask("POST", "/journal/search", {"after": following, "limit": _PAGE})
            yield from map(self._entry, self._of(page, "exchanges"))
            following = self._of(page, "next")

    def entry(self, number: int) -> JournalEntry | None:
        """One exchange, looked for by its number."""
        page = self._mock.ask("POST", "/journal/search", {"after": number - 1, "limit": 1})
        found = next(map(self._entry, self._of(page, "exchanges")), None)
        return found if found is not None and found.number == number else None

    def last(self) -> int:
        """The mock tells of no number, so its exchanges are counted."""
        return max((entry.number for entry in self.entries(0)), default=0)

    def close(self) -> None:
        """Let go of the connection."""
        self._mock.close()

    def _of(self, page: Any, name: str) -> Any:
        if not isinstance(page, Mapping) or name not in page:
            raise MockIISError(f"{self._mock.admin_url}: is not the admin API of a mock IIS")
        return page[name]

    def _entry(self, told: Mapping[str, Any]) -> JournalEntry:
        """What the API tells, as an entry; a mock of another version may tell more or less."""
        try:
            found = {name: told[name] for name in _COLUMNS if name in told}
            found |= {"received": datetime.fromisoformat(told["received"]), "findings": tuple(told["findings"])}
            return JournalEntry(**found)
        except (KeyError, TypeError, ValueError):
            raise MockIISError(
                f"{self._mock.admin_url}: its journal cannot be read; is it a mock IIS of another version?"
            ) from None
