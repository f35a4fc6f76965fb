"""Small values in a scenario file: text, choices, durations, dates. Each complaint says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from mockiis.document import Entry, complaint, unknown_key

Place = tuple[str | int, ...]
Complaint = tuple[Place, PydanticCustomError]


class Part(Entry):
    """A mapping in a scenario file. Keys of the language that are not built yet are refused as such."""

    later: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise complaint(f"write a mapping here (key: value), not {kind(value)}")
        known = list(cls.model_fields)
        refuse([((), not_yet(key)) for key in value if key in cls.later])
        refuse([((), unknown_key(key, known)) for key in value if key not in known])
        return value


def refuse(complaints: Sequence[Complaint]) -> None:
    """Raise every complaint at once, each at its place below the value that is being validated."""
    if complaints:
        details = [InitErrorDetails(type=error, loc=place, input=None) for place, error in complaints]
        raise ValidationError.from_exception_data("scenario", details)


def not_yet(key: str) -> PydanticCustomError:
    """The complaint about a key that a later version will know."""
    return complaint(f"'{key}' is not supported yet", key)


def kind(value: object) -> str:
    """What an author wrote, in words."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{value}'" if value else "nothing"


def read_text(value: Any) -> str:
    """Text that is not empty."""
    if not isinstance(value, str):
        raise complaint(f"write text here, not {kind(value)}")
    if not value.strip():
        raise complaint("the value is missing")
    return value


Text = Annotated[str, PlainValidator(read_text)]


def choice(what: str, values: Sequence[str], meant: Mapping[str, str] | None = None) -> Callable[[Any], str]:
    """A reader for one of ``values``; ``meant`` maps other words (upper case) to the value they stand for."""
    by_name = {value.upper(): value for value in values} | dict(meant or {})

    def read(value: Any) -> str:
        text = read_text(value)
        if text in values:
            return text
        near = get_close_matches(text.upper(), by_name, n=1, cutoff=0.6)
        advice = f"did you mean '{by_name[near[0]]}'?" if near else f"write one of: {', '.join(values)}"
        raise complaint(f"'{text}' is not {what}; {advice}")

    return read


def every(item: Callable[[Any], Any], what: str) -> Callable[[Any], tuple[Any, ...]]:
    """A reader for a list that is not empty."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise complaint(f"write a list of {what} here, each after '- ' or in [ ], not {kind(value)}")
        if not value:
            raise complaint(f"the list of {what} is empty")
        items = []
        for index, entry in enumerate(value):
            try:
                items.append(item(entry))
            except PydanticCustomError as error:
                raise complaint(error.message(), index) from None
        return tuple(items)

    return read


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


_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) ?(ms|s|m)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
MAX_DELAY = 3600.0
"""An hour: nobody waits longer for an answer, and a larger number is a slip of the unit."""


def read_duration(value: Any) -> float:
    """``250ms``, ``8s`` or ``2m`` as seconds."""
    if isinstance(value, dict) or value == "iis":
        raise complaint("only a fixed delay such as 8s is supported yet")
    text = read_text(value)
    match = _DURATION.fullmatch(text)
    if match is None:
        guess = (
            f"; did you mean '{text}s'?" if text.isascii() and text.isdigit() else "; write one such as 250ms, 8s or 2m"
        )
        raise complaint(f"'{text}' is not a duration{guess}")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > MAX_DELAY:
        raise complaint(f"'{text}' is longer than an hour; write at most 60m")
    return seconds


Duration = Annotated[float, PlainValidator(read_duration)]


def read_date(value: Any) -> str:
    """``2024-04-02`` or ``20240402`` as HL7 writes it: 20240402."""
    text = read_text(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", text, re.ASCII):
        digits = text.replace("-", "")
        try:
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            raise complaint(f"'{text}' is not in the calendar; write year-month-day, such as 2024-04-02") from None
        return digits
    raise complaint(f"'{text}' is not a date; write year-month-day, such as 2024-04-02")


def read_number(value: Any) -> str:
    """A decimal number, kept as written: ``0.5``, ``.25``, ``999``."""
    text = read_text(value)
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?|\.\d{1,9}", text, re.ASCII):
        raise complaint(f"'{text}' is not a number; write one such as 0.5")
    return text


Number = Annotated[str, PlainValidator(read_number)]
Date = Annotated[str, PlainValidator(read_date)]
