"""The tables of a durable store, SQLite and PostgreSQL alike. Their columns are documented in docs/journal.md."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from mockiis.store.text import Whole

VERSION = 2
"""Of these tables. A store of another version is refused, not changed."""

metadata = MetaData()
_number = BigInteger().with_variant(Integer, "sqlite")

version = Table("mockiis_version", metadata, Column("version", Integer, primary_key=True))

exchange = Table(
    "exchange",
    metadata,
    Column("number", _number, primary_key=True, autoincrement=True),
    Column("instance", String(80), nullable=False),
    Column("received", String(40), nullable=False),
    Column("transport", String(8), nullable=False),
    Column("peer", Whole, nullable=False),
    Column("operation", String(40), nullable=False),
    Column("control_id", Whole, nullable=False),
    Column("message_type", Whole, nullable=False),
    Column("profile", Whole, nullable=False),
    Column("username", Whole, nullable=False),
    Column("facility", Whole, nullable=False),
    Column("request", Whole, nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("answer", Whole, nullable=False),
    Column("status", Whole, nullable=False),
    Column("acknowledgment", Whole, nullable=False),
    Column("query_status", Whole, nullable=False),
    Column("rule", Whole, nullable=False),
    Column("findings", Whole, nullable=False),
    Column("summary", Whole, nullable=False),
    Column("explanation", Whole, nullable=False),
    Column("delay", Float, nullable=False),
    Column("seconds", Float),
    sqlite_autoincrement=True,
)

record = Table(
    "record",
    metadata,
    Column("number", _number, primary_key=True, autoincrement=True),
    Column("content", Whole, nullable=False),
    sqlite_autoincrement=True,
)

record_key = Table(
    "record_key",
    metadata,
    Column("key", Whole, primary_key=True),
    Column("number", _number, ForeignKey("record.number"), primary_key=True),
    Column("detail", Whole, primary_key=True),
    Index("record_key_number", "number"),
    sqlite_with_rowid=False,
)

borrowed = Table(
    "borrowed",
    metadata,
    Column("number", _number, primary_key=True, autoincrement=True),
    Column("record", _number, ForeignKey("record.number"), nullable=False),
    Column("content", Whole, nullable=False),
    Index("borrowed_record", "record"),
    sqlite_autoincrement=True,
)
