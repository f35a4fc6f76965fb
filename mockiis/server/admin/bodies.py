"""The bodies of requests, as models. An unknown key is refused with the nearest known one, as in a scenario file."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, choice, kind, read_text
from mockiis.scenario.values import Part, every
from mockiis.verification import EVERYTHING, Counted, InOrder, Inquiry, Verification, read_inquiry

PAGE = 100
MOST_IN_PAGE = 10_000
_STEP = re.compile(r"(\d{1,12}(?:\.\d{1,6})?) ?(ms|s|m|h|d)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_HOUR = 3600.0
LISTENERS = ("open", "refuse", "silent", "abort tls", "down")
RESETS = ("answers", "scenarios", "rules", "state", "journal", "clock", "listeners", "seed", "registry")


def read_step(value: Any) -> float:
    """``250ms``, ``8s``, ``2m``, ``36h`` or ``3d`` as seconds."""
    text = read_text(value)
    match = _STEP.fullmatch(text)
    if match is None:
        raise complaint(f"'{text}' is not a time; write one such as 250ms, 8s, 2m, 36h or 3d")
    return float(match[1]) * _SECONDS[match[2]]


def _wait(value: Any) -> float:
    seconds = read_step(value)
    if seconds > _HOUR:
        raise complaint(f"'{value}' is longer than an hour; wait at most 60m")
    return seconds


def read_number(value: Any) -> int:
    """A whole number."""
    text = read_text(value)
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise complaint(f"'{text}' is not a whole number; write one such as 1")
    return int(text)


def read_limit(value: Any) -> int:
    """How many a page has."""
    number = read_number(value)
    if not 1 <= number <= MOST_IN_PAGE:
        raise complaint(f"write a limit from 1 to {MOST_IN_PAGE}")
    return number


def _moment(value: Any) -> datetime:
    text = read_text(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 1900 <= moment.year <= 2200:
        raise complaint(f"'{text}' is not a date and time; write one such as 2024-04-03T12:00:00+00:00")
    return moment if moment.tzinfo else moment.astimezone()


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise complaint(f"write text here, not {kind(value)}")
    return value


def _seed(value: Any) -> int | None:
    return None if value == "" else read_number(value)


Number = Annotated[int, PlainValidator(read_number)]
Asked = Annotated[Inquiry, PlainValidator(read_inquiry)]
Yes = Annotated[bool, PlainValidator(lambda value: choice("true or false", ("true", "false"))(value) == "true")]


class SearchBody(Part):
    """What ``/journal/search`` looks for."""

    when: Asked = EVERYTHING
    after: Number = 0
    limit: Annotated[int, PlainValidator(read_limit)] = PAGE


class VerifyBody(Part):
    """What ``/verify`` expects, and how long it waits for it."""

    when: Asked | None = None
    count: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    in_order: Annotated[tuple[Inquiry, ...], PlainValidator(every(read_inquiry, "conditions"))] = ()
    wait: Annotated[float, PlainValidator(_wait)] = 0.0

    @model_validator(mode="after")
    def _one_question(self) -> VerifyBody:
        numbers = (self.count, self.at_least, self.at_most)
        if self.in_order and (self.when is not None or numbers != (None, None, None)):
            raise complaint("'in_order' stands alone; ask for numbers in another request", "in_order")
        if not self.in_order and self.when is None:
            raise complaint("write what is expected: 'when' with 'count', 'at_least' or 'at_most', or 'in_order'")
        if self.count is not None and numbers != (self.count, None, None):
            raise complaint("'count' is an exact number; leave 'at_least' and 'at_most' out", "count")
        if self.at_most is not None and (self.at_least or 0) > self.at_most:
            raise complaint("at_least is above at_most", "at_least")
        return self

    def verification(self) -> Verification:
        """The expectation, which has seen nothing yet."""
        if self.when is None:
            return InOrder(self.in_order)
        if self.count is not None:
            return Counted(self.when, self.count, self.count)
        if self.at_least is None and self.at_most is None:
            return Counted(self.when)
        return Counted(self.when, self.at_least or 0, self.at_most)


class ScenarioBody(Part):
    """A scenario: its text, the name of a shipped one, or a file of a folder that the mock was started with."""

    name: Text = ""
    text: Text = ""
    shipped: Text = ""
    path: Text = ""
    front: Yes = False

    @model_validator(mode="after")
    def _one_source(self) -> ScenarioBody:
        if len(list(filter(None, (self.text, self.shipped, self.path)))) != 1:
            raise complaint("write one of: 'text' (YAML, with a 'name'), 'shipped' (a name), 'path' (a file)")
        return self


class ScenariosBody(Part):
    """Several of them, in their order."""

    scenarios: tuple[ScenarioBody, ...]


class TextBody(Part):
    """YAML in JSON."""

    text: Text


class ResetBody(Part):
    """What begins again."""

    what: Annotated[tuple[str, ...], PlainValidator(every(choice("something to reset", RESETS), "words"))] = RESETS


class StateBody(Part):
    """A state to set."""

    scenario: Text
    key: Annotated[str, PlainValidator(_plain)] = ""
    state: Text


class ClockBody(Part):
    """What the clock does from now on."""

    frozen: Yes | None = None
    at: Annotated[datetime | None, PlainValidator(_moment)] = None
    advance: Annotated[float | None, PlainValidator(read_step)] = None
    running: Yes | None = None

    @model_validator(mode="after")
    def _something(self) -> ClockBody:
        if self.running and (self.frozen or self.at):
            raise complaint("it cannot run and be frozen", "running")
        if self.frozen is None and self.at is None and self.advance is None and self.running is None:
            raise complaint('write {"frozen": true}, {"advance": "8s"} or {"running": true}')
        return self


class SeedBody(Part):
    """A seed; null for none."""

    seed: Annotated[int | None, PlainValidator(_seed)]


_listener = choice("something that a listener does", LISTENERS, {"IGNORE": "silent", "CLOSED": "refuse"})


class ListenersBody(Part):
    """What listeners do from now on."""

    soap: Annotated[str, PlainValidator(_listener)] = Field(default="")
    mllp: Annotated[str, PlainValidator(_listener)] = Field(default="")

    @model_validator(mode="after")
    def _something(self) -> ListenersBody:
        if not (self.soap or self.mllp):
            raise complaint(f'write what a listener does, such as {{"mllp": "refuse"}}: {", ".join(LISTENERS)}')
        return self
