"""What is wrong with one repetition of a field, wherever the field stands: the half of a fault that can be remembered.

Values repeat from message to message (codes above all), so what was found in one is kept and used again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockiis.profile.finding import Severity

MOST = 100
"""Repetitions of one field that are looked at. Nobody has that many names, telephones or identifiers."""
SHOWN = 60
"""Characters of a value that a finding shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Kind, codes and words of a fault, and the component it is in. ``severity`` is set where a tolerance says so.

    ``breaks`` tells whether the field counts as empty because of it (CDC guide 1.5, table 3-1).
    """

    kind: str
    code: str
    text: str
    expected: str
    found: str
    application_code: str = ""
    repetition: int | None = None
    component: int | None = None
    subcomponent: int | None = None
    severity: Severity | None = None
    breaks: bool = True
    fix: str = ""
    statement: str = ""
    source: str = ""


def shown(value: str) -> str:
    """A value as a finding shows it: one line, cut when it is long."""
    plain = "".join(character if character.isprintable() else " " for character in value[: SHOWN + 1])
    return f"{plain[:SHOWN]}..." if len(value) > SHOWN else plain


# What fields, components and primitives can have; ``number`` is that of the component, None for the field itself.


def missing_field() -> Flaw:
    """A required field that is empty."""
    return Flaw(
        kind="missing",
        code="101",
        text="The field is required and empty.",
        expected="a value",
        found="nothing",
        fix="Send a value.",
    )


def unexpected_field() -> Flaw:
    """A field that is valued and must not be."""
    return Flaw(
        kind="unexpected",
        code="999",
        text="The field must not be sent here and is ignored.",
        expected="nothing",
        found="a value",
        fix="Leave it empty.",
        breaks=False,
    )


def too_many(count: int, maximum: int) -> Flaw:
    """More repetitions than the profile allows."""
    return Flaw(
        kind="repeats",
        code="999",
        text=f"The field may have {maximum} repetition(s) only; the rest is ignored.",
        expected=f"at most {maximum}",
        found=f"{count} repetitions",
        fix="Send no more.",
        breaks=False,
    )


def other_system(system: str, expected: Sequence[str]) -> Flaw:
    """A coding system that is not the one to be named here."""
    names = " or ".join(expected)
    return Flaw(
        kind="system",
        code="103",
        application_code="5",
        text=f"The coding system must be named {names}.",
        expected=names,
        found=shown(system),
        fix=f"Send {names} as the coding system.",
        component=3,
    )


def missing_component(name: str, number: int) -> Flaw:
    """A required component of a data type that is empty."""
    return Flaw(
        kind="missing",
        code="101",
        text=f"The component {name}.{number} is required and empty.",
        expected="a value",
        found="nothing",
        fix="Send a value.",
        component=number,
    )


def unexpected_component(name: str, number: int, value: str) -> Flaw:
    """A component of a data type that is valued and must not be."""
    return Flaw(
        kind="unexpected",
        code="999",
        text=f"The component {name}.{number} must not be sent here and is ignored.",
        expected="nothing",
        found=shown(value),
        fix="Leave it empty.",
        component=number,
        breaks=False,
    )


def not_in_table(table: str, value: str, number: int | None = None) -> Flaw:
    """A code that its table does not have."""
    return Flaw(
        kind="table",
        code="103",
        application_code="5",
        text=f"The code is not in table {table}.",
        expected=f"a code of table {table}",
        found=shown(value),
        fix=f"Send a code of table {table}.",
        component=number,
    )


def too_long(value: str, length: int, number: int | None = None) -> Flaw:
    """A value that is longer than the guide allows."""
    return Flaw(
        kind="length",
        code="102",
        text=f"The value is longer than {length} characters.",
        expected=f"at most {length} characters",
        found=f"{len(value)} characters",
        fix="Shorten it.",
        component=number,
    )


def ill_formed(what: str, expected: str, value: str, number: int | None = None, application: str = "4") -> Flaw:
    """A value that is not as its data type has it."""
    return Flaw(
        kind="type",
        code="102",
        application_code=application,
        text=f"Found {what} where {expected} is expected.",
        expected=expected,
        found=shown(value),
        fix=f"Send {expected}.",
        component=number,
    )
