"""Persons and doses in a CSV file: a row for each dose, rows with the same identifier are one person.

The columns are those of ``patients`` in a scenario file, whose classes read them, so that every complaint is the same;
docs/registry.md lists them. ``registry export --format csv`` writes the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Annotated, Any

from mockiis import document
from mockiis.document import Marks, advice
from mockiis.errors import DocumentError, Problem
from mockiis.message.person import AUTHORITY, Person
from mockiis.registry_report.columns import COLUMNS, DOSE, IDENTIFIER, PERSON
from mockiis.scenario.patients import PatientEntry
from mockiis.scenario.values import Part, mapping_of

_NEEDED = ("id", "family", "given", "born", "sex")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Row = tuple[int, Mapping[str, str]]


class _Table(Part):
    patients: Annotated[dict[str, PatientEntry], mapping_of("persons")]


def read_table(text: str, name: str) -> tuple[Person, ...]:
    """The persons of a table; ``name`` is the file's. Raises DocumentError with every problem found."""
    rows = _rows(text, name)
    patients: dict[str, Any] = {}
    marks: dict[tuple[str | int, ...], tuple[int, int]] = {(): (1, 1), ("patients",): (1, 1)}
    problems: list[Problem] = []
    for line, row in rows:
        key = "^".join(row.get(column, "") for column in IDENTIFIER).rstrip("^")
        new = _person(row)
        known = patients.setdefault(key, {**new, "doses": []})
        changed = [column for column, value in new.items() if known.get(column, value) != value]
        problems += (
            [Problem(name, line, 1, f"{_of(key)}: the rows disagree in {', '.join(changed)}")] if changed else []
        )
        for column, value in new.items():
            known.setdefault(column, value)
        _place(marks, ("patients", key), known, line)
        dose = {target: row[column] for column, target in DOSE.items() if row.get(column)}
        if dose:
            _place(marks, ("patients", key, "doses", len(known["doses"])), dose, line)
            known["doses"].append(dose)
    if problems:
        raise DocumentError(problems)
    table = _checked(patients, marks, name)
    return tuple(patient.person() for patient in table.patients.values())


def _checked(patients: Mapping[str, Any], marks: Marks, name: str) -> _Table:
    try:
        return document.check({"patients": patients}, marks, name, _Table)
    except DocumentError as error:
        plain = [Problem(p.file, p.line, p.column, p.text.removeprefix("patients.")) for p in error.problems]
        raise DocumentError(plain) from None


def _of(key: str) -> str:
    return key.partition("^")[0]


def _rows(text: str, name: str) -> list[Row]:
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in first and "," not in first else ",")
    head: list[str] = []
    found: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if not head:
                head = [cell.strip().lower() for cell in cells]
                _check_head(head, name)
            elif any(map(str.strip, cells)):
                found.append((line, _row(head, cells, name, line)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError([Problem(name, line, 1, f"cannot be read as CSV: {error}")]) from None
    if not head:
        raise DocumentError([Problem(name, 1, 1, f"is empty; the first row names the columns: {', '.join(COLUMNS)}")])
    return found


def _check_head(head: list[str], name: str) -> None:
    unknown = [
        Problem(name, 1, 1, f"unknown column '{cell}'; {advice(cell, COLUMNS)}") for cell in head if cell not in COLUMNS
    ]
    unknown += [Problem(name, 1, 1, f"column '{column}' is missing") for column in _NEEDED if column not in head]
    unknown += [
        Problem(name, 1, 1, f"column '{cell}' stands twice") for cell in sorted(set(head)) if head.count(cell) > 1
    ]
    if unknown:
        raise DocumentError(unknown)


def _row(head: list[str], cells: list[str], name: str, line: int) -> Mapping[str, str]:
    if len(cells) > len(head):
        raise DocumentError([Problem(name, line, 1, f"has {len(cells)} cells, but there are {len(head)} columns")])
    row = {column: _plain(cell) for column, cell in zip(head, cells, strict=False)}
    if not row["id"]:
        raise DocumentError([Problem(name, line, 1, "'id' is empty; it says which rows are one person")])
    return {**row, "authority": row.get("authority") or AUTHORITY, "type": row.get("type") or "SR"}


def _plain(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from carrying it out."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(_FORMULA) else text


def _person(row: Mapping[str, str]) -> dict[str, Any]:
    """What a row says of the person: empty cells say nothing."""
    found: dict[str, Any] = {}
    for key, columns in PERSON.items():
        value = "^".join(row.get(column, "") for column in columns).rstrip("^")
        if value:
            found[key] = value
    return {"ids": {row["type"]: {"id": row["id"], "authority": row["authority"]}}, **found}


def _place(
    marks: dict[tuple[str | int, ...], tuple[int, int]], at: tuple[str | int, ...], values: Any, line: int
) -> None:
    marks.setdefault(at, (line, 1))
    for key in _keys(values):
        marks.setdefault((*at, *key), (line, 1))


def _keys(values: Any) -> Iterator[tuple[str | int, ...]]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield (key,)
            yield from ((key, *below) for below in _keys(value))
