"""Values of scenario files only: mappings, lists, delays, dates. Each complaint says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from mockiis.document import Entry, complaint
from mockiis.entry_types import kind, read_duration, read_text

Place = tuple[str | int, ...]
Complaint = tuple[Place, PydanticCustomError]


class Part(Entry):
    """A mapping in a scenario file. Keys of the language that are not built yet are refused as such."""

    later: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def refused(cls, key: str) -> PydanticCustomError:
        """The complaint about a key that is not known, or not yet."""
        return not_yet(key) if key in cls.later else super().refused(key)

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


def not_yet(key: str) -> PydanticCustomError:
    """The complaint about a key that a later version will know."""
    return complaint(f"'{key}' is not supported yet", key)


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


def read_delay(value: Any) -> float:
    """A duration; the delays of real registries come later."""
    if isinstance(value, dict) or value == "iis":
        raise complaint("only a fixed delay such as 8s is supported yet")
    return read_duration(value)


Delay = Annotated[float, PlainValidator(read_delay)]


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
