"""Reads the code sets as CDC publishes them: XML in both its forms, and text with bars between the columns.

The layouts were read from CDC's files of 2015 to 2025: https://www2a.cdc.gov/vaccines/iis/iisstandards. The text
files have no headings: what a file is shows in the number of its columns and in what stands in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from mockiis.cli.text_file import decoded
from mockiis.errors import MockIISError
from mockiis.profile.code_tables import PRODUCT_STATUSES, TABLES, VACCINE_STATUSES, Row, Table

Numbered = list[tuple[int, dict[str, str]]]
"""What stands in a file, item by item, each with its line."""
LARGEST = 20_000_000
LINKER = "ndc_linker"
_DATES = ("%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
_NDC = ("_id", "labeler", "product", "package", "name", "description", "labeler_name", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How CDC writes one table. ``columns`` of the text file; ``sign`` is a column and the pattern of its cells.

    ``elements`` are the names in XML, without spaces and case, of our columns; the first is in no other table.
    """

    table: str
    columns: tuple[str, ...]
    sign: tuple[str, str]
    elements: Mapping[str, str]


_STATUS = "|".join(VACCINE_STATUSES)
LAYOUTS = (
    Layout(
        table="trade_name",
        columns=("name", "_short", "cvx", "_manufacturer", "mvx", "_mvx_status", "status", "last_updated"),
        sign=("status", "|".join(PRODUCT_STATUSES)),
        elements={
            "cdcproductname": "name",
            "cvxcode": "cvx",
            "mvxcode": "mvx",
            "productnamestatus": "status",
            "lastupdated": "last_updated",
        },
    ),
    Layout(
        table="vaccine_group",
        columns=("_short", "cvx", "_status", "group", "group_cvx"),
        sign=("_status", _STATUS),
        elements={"vaccinegroupname": "group", "cvxcode": "cvx", "cvxforvaccinegroup": "group_cvx"},
    ),
    Layout(
        table="mvx",
        columns=("code", "name", "notes", "status", "last_updated"),
        sign=("status", _STATUS),
        elements={
            "manufacturername": "name",
            "mvxcode": "code",
            "notes": "notes",
            "status": "status",
            "lastupdated": "last_updated",
        },
    ),
    Layout(
        table="cvx",
        columns=("code", "name", "full_name", "notes", "status", "_nonvaccine", "last_updated"),
        sign=("_nonvaccine", "True|False"),
        elements={
            "fullvaccinename": "full_name",
            "cvxcode": "code",
            "shortdescription": "name",
            "notes": "notes",
            "status": "status",
            "lastupdated": "last_updated",
        },
    ),
    Layout(
        table="ndc_use",
        columns=(*_NDC, "package_form", "gtin", "cvx", "_cvx", "_no_use", "ndc", "last_updated", "_gtin"),
        sign=("_no_use", "True|False"),
        elements={},
    ),
    Layout(
        table="ndc_sale",
        columns=(*_NDC, "package_form", "route", "last_updated", "cvx", "_cvx", "ndc", "gtin"),
        sign=("ndc", r"[\d-]+"),
        elements={},
    ),
    Layout(table=LINKER, columns=("_linker", "_sale", "_use", "mvx"), sign=("_linker", r"\d+"), elements={}),
)
KNOWN = "CVX, MVX, vaccine groups and trade names as XML or text, NDC_Unit_use.txt, NDC_Unit_sale.txt, NDC_Linker.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one file holds. The rows of the NDC files also have CDC's own row number, ``_id``."""

    name: str
    table: str
    rows: list[Row]


def read_published(data: bytes, name: str) -> Published:
    """Read a file as CDC publishes it. Raises MockIISError that says where and why it cannot be taken."""
    if len(data) > LARGEST:
        raise MockIISError(f"{name}: is larger than any table of CDC ({LARGEST // 1_000_000} MB)")
    is_xml = data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
    layout, numbered = _from_xml(data, name) if is_xml else _from_text(decoded(data, name), name)
    rows = [_checked(layout, cells, f"{name}:{line}") for line, cells in numbered]
    if layout.table in {"cvx", "mvx"}:
        _once_each(rows, numbered, name)
    return Published(name=name, table=layout.table, rows=rows)


def _from_text(text: str, name: str) -> tuple[Layout, Numbered]:
    lines = [(number, _cells(line)) for number, line in enumerate(re.split("\r\n|\r|\n", text), 1) if line.strip()]
    first_line, first = lines[0]
    layout = next((one for one in LAYOUTS if _is_of(first, one)), None)
    if layout is None:
        raise MockIISError(f"{name}:{first_line}: is not laid out as a table that CDC publishes; known are: {KNOWN}")
    for number, cells in lines:
        if len(cells) != len(layout.columns):
            expected = f"{len(layout.columns)} columns with | between them"
            raise MockIISError(f"{name}:{number}: expected {expected}, found {len(cells)}; is the file cut off?")
    return layout, [(number, dict(zip(layout.columns, cells, strict=True))) for number, cells in lines]


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()) for cell in line.split("|")]


def _is_of(cells: Sequence[str], layout: Layout) -> bool:
    column, pattern = layout.sign
    place = layout.columns.index(column)
    return len(cells) == len(layout.columns) and re.fullmatch(pattern, cells[place], re.ASCII) is not None


def _from_xml(data: bytes, name: str) -> tuple[Layout, Numbered]:
    items = [(_line(item), dict(_fields(item))) for item in _parsed(data, name)]
    names = set(items[0][1]) if items else set[str]()
    layout = next((one for one in LAYOUTS if one.elements and next(iter(one.elements)) in names), None)
    if layout is None:
        raise MockIISError(f"{name}: is not XML of a table that CDC publishes; known are: {KNOWN}")
    numbered: Numbered = []
    for line, fields in items:
        missing = [element for element in layout.elements if element not in fields]
        if missing:
            raise MockIISError(f"{name}:{line}: there is no element {missing[0]}; is it another table?")
        numbered.append((line, {column: fields[element] for element, column in layout.elements.items()}))
    return layout, numbered


def _parsed(data: bytes, name: str) -> etree._Element:
    """The root. Hardened as the parser for messages is: no DOCTYPE, so no entities; nothing is fetched."""
    if b"<html" in data[:2000].lower():
        raise MockIISError(f"{name}: is a web page; take the XML or text file that CDC offers for download")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        what = str(error.msg).partition(", line ")[0]
        raise MockIISError(f"{name}:{error.lineno or 1}: is not well-formed XML: {what}") from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise MockIISError(f"{name}: a DOCTYPE is not allowed")
    return root


def _line(item: Any) -> int:
    return item.sourceline or 1


def _fields(item: etree._Element) -> Iterator[tuple[str, str]]:
    """The fields of an item: elements of their own, or (CDC's older form) pairs of Name and Value."""
    named = ""
    for child in item:
        tag, text = _plain(etree.QName(child).localname), " ".join("".join(map(str, child.itertext())).split())
        if tag == "name":
            named = _plain(text)
        else:
            yield (named if tag == "value" else tag), text


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _checked(layout: Layout, cells: dict[str, str], place: str) -> Row:
    """The row in our columns, with dates as YYYY-MM-DD."""
    if layout.table == LINKER:
        return cells
    table = TABLES[layout.table]
    row = dict.fromkeys(table.columns, "") | _of_table(table, cells)
    if problem := table.problem(row):
        raise MockIISError(f"{place}: {problem}; is it the right file, and whole?")
    return row if "_id" not in cells else {**row, "_id": cells["_id"]}


def _of_table(table: Table, cells: dict[str, str]) -> Row:
    found = {column: value for column, value in cells.items() if column in table.columns}
    found |= {column: _date(found[column]) for column in ("last_updated", "start", "end") if column in found}
    if "_id" in cells:
        found["printed"] = "-".join(cells[part] for part in ("labeler", "product", "package"))
        found["labeler"], found["package"] = cells["labeler_name"], cells["package_form"]
    return found


def _date(text: str) -> str:
    """A date as YYYY-MM-DD; one that cannot be read stays as CDC has it."""
    for form in _DATES:
        try:
            return datetime.strptime(text, form).strftime("%Y-%m-%d")  # noqa: DTZ007  a day, without a time
        except ValueError:
            continue
    return text


def _once_each(rows: Sequence[Row], numbered: Numbered, name: str) -> None:
    seen: dict[str, int] = {}
    for row, (line, _) in zip(rows, numbered, strict=True):
        before = seen.setdefault(row["code"], line)
        if before != line:
            raise MockIISError(f"{name}:{line}: the code {row['code']} stands in line {before} already")
