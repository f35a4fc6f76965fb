"""Exchanges for other programs: lines of JSON, CSV for spreadsheets, a file for each message."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from io import StringIO

from mockiis.er7 import ER7Error, read
from mockiis.store.entry import JournalEntry
from mockiis.verification.as_data import entry_as_data

COLUMNS = [field.name for field in fields(JournalEntry)]
COLUMNS.insert(0, COLUMNS.pop(COLUMNS.index("number")))
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins so is carried out by spreadsheets; the last four are full-width forms of the first."""


def json_lines(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """An object for each, under the names of the columns, as the admin API tells them."""
    for entry in entries:
        yield json.dumps(entry_as_data(entry)) + "\n"


def csv_lines(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """A heading, and a row for each. Segments stand on lines of their own within a cell."""
    yield _row(COLUMNS)
    for entry in entries:
        yield _row([_cell(getattr(entry, name)) for name in COLUMNS])


def files(entry: JournalEntry) -> Iterator[tuple[str, str]]:
    """Its messages, each with the name of its file: ``00000012-request.hl7``."""
    for name, text in (("request", entry.request), ("answer", entry.answer)):
        try:
            read(text)
        except ER7Error:
            continue
        yield f"{entry.number:08}-{name}.hl7", text


def _row(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = "\n".join(value) if isinstance(value, tuple) else str(value)
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: with an apostrophe before it, where it might."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
