"""A record as data for other programs, and back: what the admin API tells and ``registry export`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mockiis.errors import MockIISError
from mockiis.registry.records import BorrowEvent, Record


def as_data(record: Record) -> dict[str, Any]:
    """Under the names of ``Record``; origins by their location."""
    data: dict[str, Any] = record_adapter().dump_python(record, mode="json")
    return {"number": data.pop("number"), **data, "origins": dict(data["origins"])}


def of_data(data: Any) -> Record:
    """The record again. Raises MockIISError for what is none, as a mock of another version may tell."""
    try:
        return record_adapter().validate_python({**data, "origins": list(data["origins"].items())})
    except (ValidationError, TypeError, KeyError, AttributeError):
        raise MockIISError("a record cannot be read; is the mock IIS of another version?") from None


def event_as_data(number: int, event: BorrowEvent) -> dict[str, Any]:
    """A borrow event with the number of its record."""
    return {"record": number, **event_adapter().dump_python(event, mode="json")}


def event_of_data(data: Mapping[str, Any]) -> tuple[int, BorrowEvent]:
    """The event again. Raises MockIISError."""
    try:
        rest = {name: value for name, value in data.items() if name != "record"}
        return int(data["record"]), event_adapter().validate_python(rest)
    except (ValidationError, TypeError, KeyError, ValueError):
        raise MockIISError("a borrow event cannot be read; is the mock IIS of another version?") from None


@cache
def record_adapter() -> TypeAdapter[Record]:
    """What reads and writes a Record, made once."""
    return TypeAdapter(Record)


@cache
def event_adapter() -> TypeAdapter[BorrowEvent]:
    """What reads and writes a BorrowEvent, made once."""
    return TypeAdapter(BorrowEvent)
