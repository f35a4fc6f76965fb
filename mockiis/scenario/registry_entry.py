"""``registry``: the built-in registry answers; and what is changed of what it takes, stores and tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import read_location, read_text
from mockiis.scenario.conditions import Condition
from mockiis.scenario.edit import Edit
from mockiis.scenario.model import RegistryScript, Script
from mockiis.scenario.template import EMPTY, read_template
from mockiis.scenario.values import Part, read_each
from mockiis.scenario.when import read_conditions

_CHANGES = ("remove", "ascii", "first")
"""What may be done to a value that is kept otherwise; in this order."""


def _edits(value: Any) -> tuple[Edit, ...]:
    if not isinstance(value, dict) or not value:
        raise complaint(
            "write what becomes of each place here, such as {PID-5.1: {first: 15}} or {PID-10: {empty: true}}"
        )
    return tuple(read_each(value.items(), _edit))


def _edit(key: str, wanted: Any) -> Edit:
    location = read_location(key)
    if location.field is None or location.segment == "MSH" or location.subcomponent is not None or location.key:
        raise complaint(f"'{key}' cannot be changed; name a field or component, such as PID-5.1, and none of MSH", key)
    if location.segment == "QPD":
        raise complaint("a query is told as it was asked; it cannot be changed", key)
    if not isinstance(wanted, dict):
        return Edit(location=location, value=read_template(read_text(wanted)))
    if wanted == {"empty": "true"}:
        return Edit(location=location, value=EMPTY)
    for name in wanted:
        if name not in _CHANGES:
            raise unknown_key(name, ["empty (alone)", *_CHANGES])
    if not wanted:
        raise complaint("write what becomes of it, such as {first: 15} or {empty: true}", key)
    return Edit(location=location, **{name: _READ[name](wanted[name]) for name in wanted})


def _first(value: Any) -> int:
    text = read_text(value)
    if not re.fullmatch("[1-9][0-9]{0,3}", text, re.ASCII):
        raise complaint(f"'{text}' is no number of characters; write one such as 15", "first")
    return int(text)


def _characters(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise complaint("write the characters to leave out, in quotes, such as '- '", "remove")
    return value


def _true(value: Any) -> bool:
    if value != "true":
        raise complaint("write ascii: true, or leave it out", "ascii")
    return True


_READ: dict[str, Callable[[Any], Any]] = {"remove": _characters, "ascii": _true, "first": _first}


def _store(value: Any) -> bool:
    if value not in ("no", "false"):
        raise complaint("write store: no, or leave it out", "store")
    return False


class RegistryEntry(Part):
    """What is changed. None of it: the registry answers as it does."""

    take: Annotated[tuple[Edit, ...], PlainValidator(_edits)] = ()
    tell: Annotated[tuple[Edit, ...], PlainValidator(_edits)] = ()
    without: Annotated[tuple[Condition, ...], PlainValidator(read_conditions)] = ()
    store: Annotated[bool, PlainValidator(_store)] = True

    @model_validator(mode="before")
    @classmethod
    def _as_it_is(cls, value: Any) -> Any:
        if value == "true":
            return {}
        if not isinstance(value, dict):
            raise complaint("write registry: true, or the word registry alone as the reply")
        return value

    def script(self, common: dict[str, Any]) -> Script:
        """The reply as data; ``common`` is what every reply has."""
        return RegistryScript(take=self.take, tell=self.tell, without=self.without, store=self.store, **common)
