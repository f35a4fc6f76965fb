"""Values of scenario files only: mappings, lists, delays, dates. Each complaint says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from mockiis.document import Entry, complaint
from mockiis.entry_types import kind, read_text

Place = tuple[str | int, ...]
Complaint = tuple[Place, PydanticCustomError]
K = TypeVar("K", str, int)
V = TypeVar("V")


class Part(Entry):
    """A mapping in a scenario file."""

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise complaint(f"write a mapping here (key: value), not {kind(value)}")
        return value


def refuse(complaints: Sequence[Complaint]) -> None:
    """Raise every complaint at once, each at its place below the value that is being validated."""
    if complaints:
        details = [InitErrorDetails(type=error, loc=place, input=None) for place, error in complaints]
        raise ValidationError.from_exception_data("scenario", details)


def every(item: Callable[[Any], Any], what: str) -> Callable[[Any], tuple[Any, ...]]:
    """A reader for a list that is not empty; every entry that is wrong is reported."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise complaint(f"write a list of {what} here, each after '- ' or in [ ], not {kind(value)}")
        if not value:
            raise complaint(f"the list of {what} is empty")
        return tuple(read_each(enumerate(value), lambda _index, entry: item(entry)))

    return read


def read_each(entries: Iterable[tuple[K, Any]], read: Callable[[K, Any], V]) -> list[V]:
    """What ``read`` makes of each key and value; the complaints about all of them are raised together."""
    found: list[V] = []
    complaints: list[Complaint] = []
    for key, value in entries:
        try:
            found.append(read(key, value))
        except (PydanticCustomError, ValidationError) as error:
            complaints += complaints_of(error, key)
    refuse(complaints)
    return found


def complaints_of(error: PydanticCustomError | ValidationError, *place: str | int) -> list[Complaint]:
    """The complaints that an error holds, each at its place below ``place``."""
    if isinstance(error, PydanticCustomError):
        return [(place, error)]
    return [
        ((*place, *detail["loc"]), PydanticCustomError("document", "{text}", detail.get("ctx", {})))
        for detail in error.errors(include_url=False)
    ]


def list_of(what: str, *, some: bool = False) -> BeforeValidator:
    """For a field that holds several mappings: anything but a list is refused, with ``some`` an empty one too."""

    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise complaint(f"write a list of {what} here, each after '- ', not {kind(value)}")
        if some and not value:
            raise complaint(f"the list of {what} is empty")
        return value

    return BeforeValidator(check)


def mapping_of(what: str) -> BeforeValidator:
    """For a field whose keys the author chooses: complains about anything but a mapping that is not empty."""

    def check(value: Any) -> Any:
        if not isinstance(value, dict) or not value:
            raise complaint(f"write {what} here, not {kind(value)}")
        return value

    return BeforeValidator(check)


def read_date(value: Any) -> str:
    """``2024-04-02`` or ``20240402`` as HL7 writes it: 20240402."""
    text = read_text(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", text, re.ASCII):
        return in_calendar(text)
    raise complaint(f"'{text}' is not a date; write year-month-day, such as 2024-04-02")


def in_calendar(text: str) -> str:
    """The digits of a date that HL7 allows: a year, with or without what follows it. Complains if it never was."""
    digits = text.replace("-", "")
    day = f"{digits}0101"[:8] if len(digits) < 8 else digits[:8]
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        raise complaint(f"'{text}' is not in the calendar; write year-month-day, such as 2024-04-02") from None
    return digits


def read_number(value: Any) -> str:
    """A decimal number, kept as written: ``0.5``, ``.25``, ``999``."""
    text = read_text(value)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?|\.\d{1,9}", text, re.ASCII):
        raise complaint(f"'{text}' is not a number; write one such as 0.5")
    return text


Number = Annotated[str, PlainValidator(read_number)]
Date = Annotated[str, PlainValidator(read_date)]


def read_share(value: Any) -> float:
    """``10%`` or ``0.5%`` as a part of one."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?) ?%", value, re.ASCII) if isinstance(value, str) else None
    if match is None or float(match[1]) > 100:
        raise complaint(f"{kind(value)} is not a share; write one from 0% to 100%, such as 10%")
    return float(match[1]) / 100
