"""Conformance statements about a component of a data type (``EI.3``), which hold wherever the type is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mockiis.er7 import NULL, STANDARD
from mockiis.profile.flaw import Flaw, shown
from mockiis.profile.predicate import HasCode
from mockiis.profile.specification import Standard, Statement
from mockiis.profile.statements import expected, value_test


def type_statements(
    standard: Standard, name: str, has_code: HasCode
) -> Callable[[Sequence[str]], Sequence[Flaw]] | None:
    """What the statements ask of the components of a data type; None where none does."""
    asked = [
        (statement, statement.at.component or 1, statement.at.subcomponent, value_test(statement.must, has_code))
        for statement in standard.statements.values()
        if statement.at.in_type and statement.at.owner == name
    ]
    if not asked:
        return None

    first = min(number for _statement, number, _inner, _holds in asked)

    def check(values: Sequence[str]) -> Sequence[Flaw]:
        if len(values) < first:
            return ()
        flaws = []
        for statement, number, inner, holds in asked:
            value = values[number - 1] if number <= len(values) else ""
            if inner is not None:
                pieces = value.split("&")
                value = pieces[inner - 1] if inner <= len(pieces) else ""
            if value and value != NULL and not holds(STANDARD.unescape(value)):
                flaws.append(_flaw(statement, number, inner, value))
        return flaws

    return check


def _flaw(statement: Statement, component: int, subcomponent: int | None, value: str) -> Flaw:
    return Flaw(
        kind=statement.id,
        code=statement.code or "999",
        application_code=statement.application_code or "4",
        text=statement.text,
        expected=expected(statement.must),
        found=shown(STANDARD.unescape(value)),
        fix=statement.fix,
        component=component,
        subcomponent=subcomponent,
        severity=statement.severity,
        statement=statement.id,
        source=statement.source,
    )
