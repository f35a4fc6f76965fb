"""A user's own file (``--profile my-state.yaml``) that extends ``cdc`` or ``ndiis``, in the form of ndiis.yaml.

Everything that is wrong in it is said with file, line and column; ``names_in`` looks for names that do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, PositiveInt, WrapValidator

from mockiis.document import Entry, complaint, load, parse
from mockiis.errors import DocumentError
from mockiis.profile import entries
from mockiis.profile.extension_names import names_in
from mockiis.profile.finding import Severity
from mockiis.profile.place import Place, PlaceError
from mockiis.profile.standard import Kind, Must, Standard, extended, shipped


def read_standard(text: str, name: str) -> Standard:
    """The standard that the file ``name`` describes. Raises DocumentError with every problem found."""
    file = load(text, name, ExtensionFile)
    data, marks = parse(text, name)
    base = shipped(file.extends)
    problems = names_in(data, base, name, marks)
    if problems:
        raise DocumentError(problems)
    return extended(base, data, name)


def _usage(text: str) -> str:
    try:
        entries.usage(text)
    except ValueError as error:
        raise complaint(str(error)) from None
    return text


def _usages(value: Any) -> Any:
    """One usage for all profiles, or ``{Z22 Z32: R, Z42: O}``."""
    for key, text in value.items() if isinstance(value, dict) else [(None, value)]:
        try:
            entries.usage(text if isinstance(text, str) else "")
        except ValueError as error:
            raise complaint(str(error), key) from None
    return value


def _place(text: str) -> str:
    try:
        Place.parse(text)
    except PlaceError as error:
        raise complaint(str(error)) from None
    return text


def _places(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_OPERATORS = ("not", "valued", "table", "not_table")
_PREDICATE = "write a value, a list of values, {not: ...}, {valued: true}, {valued: false}, {table: ...} or {not_table: ...}"


def _predicate(value: Any) -> Any:
    if not isinstance(value, dict):
        raise complaint("write a mapping of places here, such as {RXA-20: [CP, PA]}")
    for place, wanted in value.items():
        try:
            Place.parse(place)
        except PlaceError as error:
            raise complaint(str(error), place) from None
        if not _is_wanted(wanted):
            raise complaint(_PREDICATE, place)
    return value


def _is_wanted(wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return _is_text(wanted)
    if len(wanted) != 1:
        return False
    ((operator, value),) = wanted.items()
    return operator in _OPERATORS and _is_text(value) and (operator != "valued" or value in ("true", "false"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


_MUST = sorted({"not_table", *get_args(Must.__annotations__.get("kind"))} | set())


def _or_off(value: Any, handler: Callable[[Any], Any]) -> Any:
    """``off`` takes away what the base has."""
    return value if value == "off" else handler(value)
