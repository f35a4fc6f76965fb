"""Reads a vendor's code mapping: CSV in any dialect a spreadsheet writes, with headings in the vendor's words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from mockiis.cli.text_file import decoded
from mockiis.errors import MockIISError
from mockiis.profile.code_mapping import Entry

LONGEST = 20_000
_PLACES = ("local", "description", "cvx", "mvx", "ndc")
"""The columns, in the order they have where there are no headings."""
_ABOUT = "(?!.*(desc|name|text|title|status|date|group|system))"
_HEADINGS = (
    ("cvx", rf"{_ABOUT}.*cvx.*"),
    ("mvx", rf"{_ABOUT}.*mvx.*|(manufacturer|mfr|mfg)(code|id)?"),
    ("ndc", rf"{_ABOUT}.*ndc.*"),
    (
        "local",
        r"(our|local|vendor|ehr|emr|internal|source|site|system|vaccine|product|item)*(code|id|key|number|no|num)|local",
    ),
    ("description", r".*(desc|name|text|title|display).*|(our|local|vendor|ehr|emr)?(vaccine|product|immunization)"),
)
"""A heading, in small letters and digits, names the first of these columns whose pattern it is."""


def read_mapping(data: bytes, name: str) -> list[Entry]:
    """The rows of a mapping. Raises MockIISError that says where and why it cannot be read."""
    text = decoded(data, name)
    delimiter, text, skipped = _delimiter(text)
    numbered = _numbered(text, delimiter, skipped, name)
    line, heading = next(numbered, (1, []))
    columns = _columns(heading, f"{name}:{line}")
    entries = [] if columns else [_entry(line, heading, dict(zip(_PLACES, range(5), strict=True)))]
    places = columns or dict(zip(_PLACES, range(5), strict=True))
    for line, cells in numbered:
        entries.append(_entry(line, cells, places))
        if len(entries) > LONGEST:
            raise MockIISError(f"{name}: has more than {LONGEST} rows; a code mapping has one for each vaccine code")
    if not entries:
        raise MockIISError(f"{name}: there are headings and no rows")
    return entries


def _delimiter(text: str) -> tuple[str, str, int]:
    """The delimiter, the text without Excel's ``sep=`` line, and how many lines were left out."""
    first, _, rest = text.partition("\n")
    if told := re.fullmatch(r'"?sep=(.)"?\r?', first.strip(), re.IGNORECASE):
        return told[1], rest, 1
    line = next(line for line in text.splitlines() if line.strip())
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t|", key=bare.count), text, 0


def _numbered(text: str, delimiter: str, skipped: int, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = skipped + 1
    try:
        for cells in reader:
            clean = [_clean(cell) for cell in cells]
            if any(clean):
                yield begin, clean
            begin = skipped + reader.line_num + 1
    except csv.Error as error:
        raise MockIISError(f"{name}:{begin}: is not CSV: {error}; is a quote not closed, or not doubled?") from None


def _clean(cell: str) -> str:
    """A cell without what spreadsheets are told to keep zeros with: ="03" and '03."""
    cell = cell.strip()
    if formula := re.fullmatch(r'="(.*)"', cell, re.DOTALL):
        return formula[1].strip()
    return cell.removeprefix("'") if re.fullmatch(r"'[\d-]+", cell) else cell


def _columns(heading: Sequence[str], place: str) -> dict[str, int]:
    """Where each column is; empty when the first line is a row already. Raises MockIISError when there is no CVX."""
    found: dict[str, int] = {}
    for index, title in enumerate(heading):
        column = _named(title)
        if column in found and column in {"cvx", "mvx", "ndc"}:
            raise MockIISError(f"{place}: two columns are of {column.upper()} codes: {heading[found[column]]}, {title}")
        if column:
            found.setdefault(column, index)
    if "cvx" in found:
        return found
    if len(heading) > 2 and re.fullmatch(r"\d{1,3}", heading[2]):
        return {}
    titles = ", ".join(title[:40] for title in heading)[:200]
    raise MockIISError(f"{place}: there is no column of CVX codes; name one 'CVX' (the headings are: {titles})")


def _named(title: str) -> str:
    plain = re.sub(r"[\W_]", "", title.lower())[:60]
    return next((column for column, pattern in _HEADINGS if re.fullmatch(pattern, plain)), "")


def _entry(line: int, cells: Sequence[str], places: dict[str, int]) -> Entry:
    found = {column: cells[place] for column, place in places.items() if place < len(cells)}
    return Entry(line=line, **found)
