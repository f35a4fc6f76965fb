"""The files of the code sets: which there are, which columns they have, how they are read, merged and written.

The shipped ones are package data under ``data/codes``; the README there says where they come from. A user's own
folder holds files of the same names and columns: its rows for a code stand in place of the shipped rows for that
code. The first column of every file is the code (or name) that its rows are about.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from mockiis.errors import MockIISError

Row = dict[str, str]
LIST = "|"
"""Between several codes in one cell."""


CVX = r"\d{2,3}"
MVX = r"[A-Z]{2,4}"
NDC = r"\d{5}-\d{4}-\d{2}"
VACCINE_STATUSES = ("Active", "Inactive", "Non-US", "Never Active", "Pending")
PRODUCT_STATUSES = ("Active", "Inactive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file. ``short`` is how a command calls it, ``shapes`` what cells of some columns must look like."""

    name: str
    short: str
    title: str
    columns: tuple[str, ...]
    shapes: Mapping[str, str]
    statuses: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}.csv"

    @property
    def key(self) -> str:
        """The column that says what a row is about."""
        return self.columns[0]

    def problem(self, row: Row) -> str:
        """What is wrong with a row, as a sentence; empty when it can be taken."""
        for column, shape in self.shapes.items():
            if not re.fullmatch(shape, row[column], re.ASCII):
                return f"{column} {_shown(row[column])} is not {_SHAPES[shape]}"
        if self.statuses and row["status"] not in self.statuses:
            return f"status {_shown(row['status'])} is none of {', '.join(self.statuses)}"
        return ""


_SOME = r"(?s).*\S.*"
_CODES = r"(\d{2,3}(\|\d{2,3})*)?"
_SHAPES = {
    CVX: "a CVX code (two or three digits, such as 03)",
    MVX: "an MVX code (capital letters, such as MSD)",
    NDC: "an NDC of 11 digits with dashes, such as 49281-0400-10",
    r"\d{24}": "the 24 digits of a VIS barcode",
    _SOME: "a name",
    _CODES: f"CVX codes with {LIST} between them",
}
_PRODUCT = ("ndc", "printed", "name", "description", "labeler", "cvx", "mvx", "start", "end", "package", "gtin")

TABLES = {
    table.name: table
    for table in (
        Table(
            name="cvx",
            short="cvx",
            title="Vaccines administered (CVX)",
            columns=("code", "name", "full_name", "status", "last_updated", "notes"),
            shapes={"code": CVX, "name": _SOME},
            statuses=VACCINE_STATUSES,
        ),
        Table(
            name="mvx",
            short="mvx",
            title="Manufacturers of vaccines (MVX)",
            columns=("code", "name", "status", "last_updated", "notes"),
            shapes={"code": MVX, "name": _SOME},
            statuses=PRODUCT_STATUSES,
        ),
        Table(
            name="vaccine_group",
            short="groups",
            title="Vaccine groups of CVX codes",
            columns=("cvx", "group", "group_cvx"),
            shapes={"cvx": CVX, "group": _SOME, "group_cvx": CVX},
        ),
        Table(
            name="trade_name",
            short="trade-names",
            title="Trade names with CVX and MVX",
            columns=("name", "cvx", "mvx", "status", "last_updated"),
            shapes={"name": _SOME, "cvx": CVX},
            statuses=PRODUCT_STATUSES,
        ),
        Table(
            name="ndc_use",
            short="ndc-use",
            title="NDC, unit of use",
            columns=(*_PRODUCT, "last_updated"),
            shapes={"ndc": NDC, "cvx": _CODES},
        ),
        Table(
            name="ndc_sale",
            short="ndc-sale",
            title="NDC, unit of sale",
            columns=(*_PRODUCT, "route", "contains", "last_updated"),
            shapes={"ndc": NDC, "cvx": _CODES},
        ),
        Table(
            name="vis",
            short="vis",
            title="Vaccine information statements (VIS)",
            columns=("barcode", "name", "edition", "status", "document", "cvx", "last_updated"),
            shapes={"barcode": r"\d{24}", "cvx": _CODES},
            statuses=("Current", "Historic"),
        ),
    )
}


def rows(table: Table, own: Traversable | None) -> list[Row]:
    """All rows in use: shipped ones, with the user's own in the place of those about the same code, or at the end.

    Raises MockIISError when the user's own file cannot be read.
    """
    mine: dict[str, list[Row]] = {}
    for row in own_rows(table, own):
        mine.setdefault(row[table.key], []).append(row)
    if not mine:
        return list(shipped_rows(table.name))
    about: dict[str, list[Row]] = {}
    for row in shipped_rows(table.name):
        about.setdefault(row[table.key], []).append(row)
    return [row for key in about | mine for row in mine.get(key) or about[key]]


@cache
def shipped_rows(name: str) -> tuple[Row, ...]:
    """The rows of the package."""
    place = files("mockiis.profile").joinpath("data", "codes", TABLES[name].file)
    reader = csv.reader(io.StringIO(place.read_text(encoding="utf-8"), newline=""))
    heading = next(reader)
    return tuple(dict(zip(heading, cells, strict=True)) for cells in reader)


def own_rows(table: Table, own: Traversable | None) -> list[Row]:
    """The rows of the user's own folder; none when it has no such file. Raises MockIISError for a bad one."""
    place = own.joinpath(table.file) if own else None
    if place is None or not place.is_file():
        return []
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MockIISError(f"{place}: is not UTF-8 text (byte {error.start + 1}); save it as CSV UTF-8") from None
    except OSError as error:
        raise MockIISError(f"{place}: cannot be read: {error.strerror or error}") from None
    return parse(text, table, str(place))


def parse(text: str, table: Table, name: str) -> list[Row]:
    """The rows of a CSV text, the file ``name``. Columns may be in any order; one that is missing is empty.

    Raises MockIISError with file and line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        if table.key not in heading:
            raise MockIISError(f"{name}:1: there is no column {table.key}; the columns are {','.join(table.columns)}")
        return [_row(cells, heading, table) for cells in reader if any(cells)]
    except (csv.Error, ValueError) as error:
        raise MockIISError(f"{name}:{reader.line_num}: {error}") from None


def _row(cells: list[str], heading: list[str], table: Table) -> Row:
    if len(cells) > len(heading):
        raise ValueError(f"{len(cells)} cells under {len(heading)} headings; put a text with a comma in quotes")
    named = dict(zip(heading, (cell.strip() for cell in cells), strict=False))
    row = {column: named.get(column, "") for column in table.columns}
    if problem := table.problem(row):
        raise ValueError(problem)
    return row


def _shown(value: str) -> str:
    return f"'{value[:40]}'"


def written(table: Table, table_rows: Iterable[Row]) -> str:
    """The CSV text of rows, as ``parse`` reads it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, table.columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table_rows)
    return out.getvalue()
