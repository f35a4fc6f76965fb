"""What is expected of the values at one place of a message, read from a case file.

Text means that value, a list one of its values; ``{all: [...]}`` every value in order, ``{missing: true}`` none,
``{present: true}`` any, ``{new: true}`` one that no earlier message of the case had there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import read_text

Test = Callable[[Sequence[str], Collection[str]], bool]
"""The values found, empty ones left out, and those that earlier messages of the case had -> whether it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One question about the values at a place. ``text`` is the one value expected, where it is only one."""

    words: str
    holds: Test
    text: str = ""


def one_of(*values: str) -> Expectation:
    """The first value is one of these, letter by letter."""
    return Expectation(
        words=" or ".join(values),
        holds=lambda found, _: bool(found) and found[0] in values,
        text=values[0] if len(values) == 1 else "",
    )


def all_of(*values: str) -> Expectation:
    """These values in this order, and no others."""
    return Expectation(words=", ".join(values), holds=lambda found, _: tuple(found) == values)


MISSING = Expectation(words="missing", holds=lambda found, _: not found)
PRESENT = Expectation(words="a value", holds=lambda found, _: bool(found))
NEW = Expectation(
    words="a value that no earlier message of the case had",
    holds=lambda found, earlier: bool(found) and found[0] not in earlier,
)


def read_expectation(value: Any) -> Expectation:
    """What an author wrote after a location."""
    if isinstance(value, Expectation):
        return value
    if isinstance(value, list):
        return one_of(*_texts(value))
    if isinstance(value, dict):
        return _operator(value)
    if not value.strip():
        raise complaint("there is no value; write {missing: true} for an empty or absent one, {present: true} for any")
    return one_of(value)


def _operator(value: dict[str, Any]) -> Expectation:
    if len(value) != 1:
        raise complaint(f"write exactly one of: {', '.join(_OPERATORS)}")
    [(name, operand)] = value.items()
    read = _OPERATORS.get(name)
    if read is None:
        raise unknown_key(name, list(_OPERATORS))
    return read(operand)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise complaint("write a list of values here, such as [A, B]")
    return tuple(read_text(item) for item in value)


def _flag(expectation: Expectation) -> Callable[[Any], Expectation]:
    def read(operand: Any) -> Expectation:
        if operand != "true":
            raise complaint("write true")
        return expectation

    return read


_OPERATORS: dict[str, Callable[[Any], Expectation]] = {
    "all": lambda operand: all_of(*_texts(operand)),
    "missing": _flag(MISSING),
    "present": _flag(PRESENT),
    "new": _flag(NEW),
}
Expected = Annotated[Expectation, PlainValidator(read_expectation)]
