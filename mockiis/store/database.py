"""A durable store: one database, one connection that writes, and what belongs together committed together.

Everything noted or kept since the last ``commit`` is one transaction. When it cannot be committed nothing of it is
there, and the next one begins afresh, so that a store which was full, locked or gone recovers by itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import ClauseElement, Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from mockiis.store import tables
from mockiis.store.error import StoreError, StoreUnreachedError

_PATIENCE = 2.0
"""Seconds to wait for a lock that somebody else holds on the database."""
_LIVELY = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
"""Seconds, and tries, until a server that says nothing more is taken for gone."""
_LOCK = 0x6D6F636B
"""The number of the lock by which several mocks on one PostgreSQL take turns with the records."""


class Database:
    """The connection of one mock. Raises StoreError when the database cannot be opened or is of another kind.

    An ``existing`` one is read only: no file and no table is made, nothing is locked and nothing changed.
    """

    def __init__(self, url: str, *, existing: bool = False) -> None:
        self.url = _url(url)
        self.name = self.url.render_as_string(hide_password=True)
        if existing and _is_file(self.url):
            self.name = str(self.url.database)
        self._existing = existing
        self._engine = _engine(_read_only(self.url) if existing else self.url, existing=existing)
        self._connection: Connection | None = None
        self._locked = False
        self._words: dict[ClauseElement, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}
        try:
            with self.told():
                self._prepare()
        except StoreError:
            self._engine.dispose()
            raise

    @property
    def connection(self) -> Connection:
        """The connection that writes, in a transaction that ends with ``commit`` or ``rollback``."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    @property
    def writes_alone(self) -> bool:
        """Whether nobody else can write before this transaction ends, so that its new rows are numbered in a row."""
        return _is_file(self.url)

    def lock(self) -> None:
        """Keep other mocks on the same database from changing records until this transaction ends."""
        if self._locked or self._existing:
            return
        if self._engine.dialect.name == "postgresql":
            self.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        self._locked = True

    def run(self, statement: ClauseElement, values: Sequence[Mapping[str, Any]]) -> Any:
        """Run a statement, once for each of the values, in the transaction that writes: the cursor of the driver.

        It is made into the database's own words once, and handed to the driver as it is: what a message needs is
        always the same few statements, and to make each anew takes longer than to run it. Text goes in as
        ``text.fit`` makes it, and comes out as it was stored.
        """
        known = self._words.get(statement)
        if known is None:
            compiled = statement.compile(dialect=self._engine.dialect)
            known = self._words[statement] = str(compiled), getattr(compiled, "positiontup", None), compiled.params
        words, places, constants = known
        given: list[Any] = [{**constants, **each} for each in values]
        if places is not None:
            given = [tuple([each[place] for place in places]) for each in given]
        if not self.connection.in_transaction():
            self.connection.begin()
        cursor = self.connection.connection.cursor()
        try:
            if len(given) > 1:
                cursor.executemany(words, given)
            else:
                cursor.execute(words, given[0])
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise DBAPIError(None, None, error) from None
        return cursor

    def commit(self) -> None:
        """Make what was written since the last time permanent."""
        if self._connection is not None:
            self._connection.commit()
        self._locked = False

    def rollback(self) -> None:
        """Forget what was written since the last time, and the connection with it: it may be the reason."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.rollback()
            with suppress(SQLAlchemyError):
                self._connection.close()
        self._connection = None
        self._locked = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection of its own, which sees what is committed."""
        with self.told(), self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say what went wrong in a sentence."""
        try:
            yield
        except SQLAlchemyError as error:
            unreached = self._existing and isinstance(error, OperationalError) and not _is_file(self.url)
            kind = StoreUnreachedError if unreached else StoreError
            raise kind(f"{self.name}: {_reason(error)}") from None

    def close(self) -> None:
        """Let go of the database; what is not committed is lost."""
        self.rollback()
        self._engine.dispose()

    def _prepare(self) -> None:
        """Make the tables, or see that they are ours."""
        with self._engine.connect() if self._existing else self._engine.begin() as connection:
            if not inspect(connection).has_table(tables.version.name):
                if self._existing:
                    raise StoreError(f"{self.name}: it is no journal of mockiis; name what serve --journal has written")
                if inspect(connection).has_table(tables.exchange.name):
                    raise StoreError(f"{self.name}: it is a database of something else; name a new one")
                tables.metadata.create_all(connection)
                connection.execute(insert(tables.version).values(version=tables.VERSION))
            found = connection.execute(select(tables.version.c.version)).scalar()
        if found != tables.VERSION:
            raise StoreError(
                f"{self.name}: it was written by a version of mockiis whose tables have number {found}, and this one"
                f" reads {tables.VERSION}; name another file, or export it with the mockiis that wrote it"
            )


def _url(text: str) -> URL:
    """``journal.db``, ``sqlite:///journal.db`` or ``postgresql://user@host/name``."""
    if not re.match(r"[a-z+0-9]+://", text):
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # it may hold a password, and what cannot be read cannot be told from it
        kind = text.partition("://")[0]
        raise StoreError(
            f"the address {kind}://... of a database cannot be read; write a file name or postgresql://user@host/name"
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _read_only(url: URL) -> URL:
    """The same database, for reading. Raises StoreError where a file is not there."""
    if not _is_file(url):
        return url
    path = Path(url.database or "")
    if not path.is_file():
        raise StoreError(f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}")
    return url.set(database=f"{path.absolute().as_uri()}", query={"mode": "rw", "uri": "true"})


def _engine(url: URL, *, existing: bool) -> Engine:
    shown = url.render_as_string(hide_password=True)
    try:
        if not _is_file(url):
            return _of_server(url)
        engine = create_engine(url, connect_args={"timeout": _PATIENCE})
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        advice = "pip install 'mockiis[postgresql]'" if url.get_backend_name() == "postgresql" else "use SQLite"
        raise StoreError(f"{shown}: there is no driver for it here ({error}); {advice}") from None
    if existing:
        event.listen(engine, "connect", _as_reader)
        return engine
    if url.database:
        _own_file(Path(url.database))
    event.listen(engine, "connect", _as_durable)
    event.listen(engine, "begin", _at_once)
    return engine


def _of_server(url: URL) -> Engine:
    lively = {name: seconds for name, seconds in _LIVELY.items() if name not in url.query}
    engine = create_engine(url, connect_args=lively, pool_pre_ping=True)
    event.listen(engine, "connect", _with_patience)
    return engine


def _with_patience(connection: Any, _record: object) -> None:
    """Another mock that stands still with the lock must not make this one stand still too."""
    connection.execute(f"SET lock_timeout = {round(_PATIENCE * 1000)}")
    connection.commit()


def _own_file(path: Path) -> None:
    """Make the file, readable by its owner only: it holds whole messages."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened as a database: {error.strerror}") from None


def _as_durable(connection: Any, _record: object) -> None:
    """What is committed stays, even when the machine stops; reading and writing do not wait for each other."""
    connection.isolation_level = None  # transactions begin where we say, see _at_once
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _as_reader(connection: Any, _record: object) -> None:
    """Opened as a writer opens it, so that the files beside it are put away at the end; but nothing is changed."""
    connection.execute("PRAGMA query_only=ON").close()


def _at_once(connection: Connection) -> None:
    """Whoever is to write waits for the lock before it reads, not after."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reason(error: SQLAlchemyError) -> str:
    """The database's own words, without the statement and its values, which hold patients' data."""
    said = str(error.orig if isinstance(error, DBAPIError) else "").strip() or type(error).__name__
    words = said.splitlines()[0]
    advice = next((advice for words_of, advice in _ADVICE.items() if words_of in words), "")
    return f"{words}; {advice}" if advice else words


_ADVICE = {
    "disk is full": "free some space",
    "database is locked": "another program holds it; end that, or name another file",
    "lock timeout": "another mock holds the records; see whether it stands still",
    "not a database": "name another file",
    "unable to open": "name a file in a folder that is there and can be written",
    "readonly": "the file cannot be written; change its permissions or name another",
}
