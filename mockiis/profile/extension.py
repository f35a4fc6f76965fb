"""A user's own file (``--profile my-state.yaml``) that extends ``cdc`` or ``ndiis``, in the form of ndiis.yaml.

Everything that is wrong in it is said with file, line and column: its form here, the names in it by
``extension_names``. A file that passes both is safe for ``entries``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WrapValidator

from mockiis.document import Entry, complaint, load, parse
from mockiis.errors import DocumentError
from mockiis.profile import entries
from mockiis.profile.extension_names import names_in
from mockiis.profile.finding import Severity
from mockiis.profile.place import Place
from mockiis.profile.specification import Kind, Standard
from mockiis.profile.standard import extended, shipped


def read_standard(text: str, name: str) -> Standard:
    """The standard that the file ``name`` describes. Raises DocumentError with every problem found."""
    file = load(text, name, ExtensionFile)
    data, marks = parse(text, name)
    base = shipped(file.extends)
    problems = names_in(data, base, name, marks)
    if problems:
        raise DocumentError(problems)
    return extended(base, data, name)


def _checked(check: Callable[[str], object], value: Any, key: str | None = None) -> None:
    """Say what is wrong with a text, if anything is. What is no text fails as an empty one does."""
    try:
        check(value if isinstance(value, str) else "")
    except ValueError as error:
        raise complaint(str(error), key) from None


def _is_usage(value: Any) -> Any:
    """One usage for all profiles, or ``{Z22 Z32: R, Z42: O}``."""
    if not isinstance(value, dict):
        _checked(entries.usage, value)
        return value
    for key, text in value.items():
        _checked(entries.usage, text, key)
    return value


def _is_place(value: Any) -> Any:
    _checked(Place.parse, value)
    return value


def _is_predicate(value: Any) -> Any:
    if not isinstance(value, dict):
        raise complaint("write a mapping of places here, such as {RXA-20: [CP, PA]}")
    for place, wanted in value.items():
        _checked(Place.parse, place, place)
        if not _is_wanted(wanted):
            raise complaint(
                "write a value, a list of values, or one of {not: ...}, {valued: true}, {valued: false}, "
                "{table: ...} and {not_table: ...}",
                place,
            )
    return value


def _is_wanted(wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return _is_words(wanted)
    if len(wanted) != 1:
        return False
    ((operator, value),) = wanted.items()
    return operator in entries.OPERATORS and _is_words(value) and (operator != "valued" or value in ("true", "false"))


def _is_words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_must(value: Any) -> Any:
    alone, of = ", ".join(entries.MUST_ALONE), ", ".join(entries.MUST_OF)
    advice = f"write one of {alone}, or a mapping of one of {of} and what it asks for"
    if isinstance(value, dict) and len(value) == 1:
        ((kind, asked),) = value.items()
        if kind in entries.MUST_OF and _is_words(asked) and asked:
            return _must_of(kind, asked)
    elif value in entries.MUST_ALONE:
        return value
    raise complaint(advice)


def _must_of(kind: str, asked: Any) -> Any:
    if kind == "same_as":
        _checked(Place.parse, asked, kind)
    if kind == "matches":
        _checked(_pattern, asked, kind)
    return {kind: asked}


def _pattern(text: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"this is not a regular expression: {error}") from None


def _is_pattern(value: Any) -> Any:
    _checked(_pattern, value)
    return value


def _or_off(value: Any, handler: Callable[[Any], Any]) -> Any:
    """``off`` takes away what the base has."""
    return value if value == "off" else handler(value)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    if not _is_words(value):
        raise complaint("write text or a list of texts here")
    return value


def _texts_by_profile(value: Any) -> Any:
    for key, text in value.items() if isinstance(value, dict) else [(None, value)]:
        if not _is_words(text):
            raise complaint("write the name of a table or a list of them here", key)
    return value


def _is_length(value: Any) -> Any:
    if not (isinstance(value, str) and re.fullmatch("[1-9][0-9]{0,5}", value)):
        raise complaint("write a whole number here, such as 20")
    return value


_Words = Annotated[Any, BeforeValidator(_texts)]
_Length = Annotated[str, BeforeValidator(_is_length)]
_Usages = Annotated[Any, BeforeValidator(_is_usage)]
_PlaceText = Annotated[str, BeforeValidator(_is_place)]
_Predicate = Annotated[Any, BeforeValidator(_is_predicate)]
_Must = Annotated[Any, BeforeValidator(_is_must)]
_OrOff = WrapValidator(_or_off)


class ConditionEntry(Entry):
    """When the first usage of ``C(a/b)`` holds."""

    when: _Predicate


class FieldEntry(Entry):
    """What is changed about a field."""

    type: str | None = None
    usage: _Usages = None
    profiles: list[str] | None = None
    condition: ConditionEntry | None = None
    values: Annotated[Any, BeforeValidator(_texts_by_profile)] = None
    system: _Words = None
    length: _Length | None = None
    later: str | None = None
    severity: Severity | None = None
    statement: str | None = None
    source: str | None = None


class ComponentEntry(Entry):
    """What is changed about a component of a data type."""

    type: str | None = None
    usage: Annotated[str | None, BeforeValidator(_is_usage)] = None
    condition: ConditionEntry | None = None
    values: str | None = None
    length: _Length | None = None


class StatementEntry(Entry):
    """A new conformance statement, or what is changed about one."""

    profiles: list[str] | None = None
    at: _PlaceText | None = None
    when: _Predicate = None
    must: _Must = None
    text: str | None = None
    severity: Severity | None = None
    code: str | None = None
    application_code: str | None = None
    fix: str | None = None
    source: str | None = None


class ObservationEntry(Entry):
    """A new observation identifier, or what is changed about one."""

    name: str | None = None
    type: _Words = None
    format: str | None = None
    values: _Words = None
    system: _Words = None
    severity: Severity | None = None
    statement: str | None = None
    source: str | None = None


class RuleEntry(Entry):
    """A rule across fields with a check that exists, or what is changed about one."""

    at: Annotated[list[_PlaceText] | None, BeforeValidator(_listed)] = None
    check: str | None = None
    with_: dict[str, Any] | None = Field(default=None, alias="with")
    profiles: list[str] | None = None
    code: str | None = None
    severity: Severity | None = None
    application_code: str | None = None
    text: str | None = None
    fix: str | None = None
    source: str | None = None


def _text_or_mapping(value: Any, handler: Callable[[Any], Any]) -> Any:
    """The text of a code (or ``off``), or a mapping with more."""
    return value if isinstance(value, str) else handler(value)


class CodeEntry(Entry):
    """A code whose coding system is not that of its table."""

    text: str
    system: str | None = None


class TableEntry(Entry):
    """A new table, or what is changed about one."""

    title: str | None = None
    source: str | None = None
    system: str | None = None
    open: Literal["true", "false"] | None = None
    pattern: Annotated[str | None, BeforeValidator(_is_pattern)] = None
    codes: dict[str, Annotated[CodeEntry, WrapValidator(_text_or_mapping)]] = Field(default_factory=dict)


class ToleranceEntry(Entry):
    """What is let pass, and with what severity."""

    at: Annotated[list[_PlaceText], BeforeValidator(_listed)]
    found: Annotated[list[Kind], BeforeValidator(_listed)]
    severity: Severity | Literal["off"]
    profiles: list[str] | None = None
    values: _Words = None
    table: _Words = None
    type: str | None = None
    text: str | None = None
    source: str | None = None


class DefaultEntry(Entry):
    """What an empty field counts as, and when."""

    value: str
    when: _Predicate = None


class ExtensionFile(Entry):
    """The whole file."""

    extends: Literal["ndiis", "cdc"]
    fields: dict[_PlaceText, FieldEntry] = Field(default_factory=dict)
    components: dict[_PlaceText, ComponentEntry] = Field(default_factory=dict)
    statements: dict[str, Annotated[StatementEntry, _OrOff]] = Field(default_factory=dict)
    observations: dict[str, Annotated[ObservationEntry, _OrOff]] = Field(default_factory=dict)
    rules: dict[str, Annotated[RuleEntry, _OrOff]] = Field(default_factory=dict)
    tables: dict[str, TableEntry] = Field(default_factory=dict)
    tolerances: dict[str, Annotated[ToleranceEntry, _OrOff]] = Field(default_factory=dict)
    defaults: dict[_PlaceText, Annotated[DefaultEntry, WrapValidator(_text_or_mapping)]] = Field(default_factory=dict)
