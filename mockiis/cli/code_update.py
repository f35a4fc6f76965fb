"""Brings CDC's published tables into the user's own: what changes is worked out first, and written all at once.

Only rows that differ from the shipped ones are kept, so a later release of this program is not held back by the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mockiis.cli.cdc_files import LINKER, Published
from mockiis.errors import MockIISError
from mockiis.profile.code_tables import LIST, TABLES, Row, Table, own_rows, rows, shipped_rows, written

SHORT = 40
"""Up to this length the values of a change are shown."""
Grouped = dict[str, list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One code (or name) that is new or no longer what it was."""

    table: str
    code: str
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an update does: changes by code, how many rows stay as they are, remarks, and the new files."""

    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def planned(published: Sequence[Published], folder: Path) -> Plan:
    """What bringing in these files changes. Raises MockIISError when they do not go together."""
    by_table = _by_table(published)
    linker = by_table.pop(LINKER, None)
    if linker and not {"ndc_use", "ndc_sale"} & set(by_table):
        raise MockIISError(
            f"{linker.name}: says which NDCs belong together; give NDC_Unit_use.txt and NDC_Unit_sale.txt with it"
        )
    plan = Plan()
    for name, one in by_table.items():
        current = _grouped(TABLES[name], rows(TABLES[name], folder))
        new = _grouped(TABLES[name], _completed(one, current, by_table, linker))
        _compare(plan, TABLES[name], new, current)
        _remark(plan, one, new, current)
        plan.files[name] = written(TABLES[name], _to_keep(TABLES[name], new, folder))
    return plan


def carried_out(plan: Plan, folder: Path) -> None:
    """Write the user's own tables, beside the old ones first: what cannot be written leaves those as they are."""
    contents = {folder / TABLES[name].file: text for name, text in plan.files.items()}
    contents = {path: text for path, text in contents.items() if _differs(path, text)}
    new = {path: path.with_suffix(".new") for path in contents}
    try:
        if contents:
            folder.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            new[path].write_text(text, encoding="utf-8", newline="")
        for path in contents:
            os.replace(new[path], path)  # noqa: PTH105  the one call that replaces a file on every system
    except OSError as error:
        for leftover in new.values():
            with suppress(OSError):
                leftover.unlink()
        raise MockIISError(f"{folder}: cannot be written: {error.strerror or error}") from None


def _differs(path: Path, text: str) -> bool:
    if path.is_file():
        return path.read_bytes() != text.encode()
    return text.count("\n") > 1  # more than the headings


def _by_table(published: Iterable[Published]) -> dict[str, Published]:
    found: dict[str, Published] = {}
    for one in published:
        before = found.setdefault(one.table, one)
        if before is not one:
            raise MockIISError(f"{before.name} and {one.name} are the same table; give it once")
    return found


def _completed(
    one: Published, current: Grouped, by_table: Mapping[str, Published], linker: Published | None
) -> list[Row]:
    """The rows with what CDC's NDC files leave to the linker: manufacturers, and the units of use in a unit of sale.

    Without a linker a known NDC keeps what it has.
    """
    if not one.table.startswith("ndc"):
        return one.rows
    links = _Links(linker.rows if linker else [], by_table.get("ndc_use"))
    return [links.completed(row, one.table, current.get(row["ndc"], [{}])[0]) for row in one.rows]


class _Links:
    def __init__(self, linked: list[Row], use: Published | None) -> None:
        self.linked = linked
        self.use = {row["_id"]: row["ndc"] for row in use.rows} if use else {}

    def completed(self, row: Row, table: str, before: Row) -> Row:
        side = "_use" if table == "ndc_use" else "_sale"
        links = [link for link in self.linked if link[side] == row["_id"]]
        found = {"mvx": _listed(link["mvx"] for link in links) or before.get("mvx", "")}
        if table == "ndc_sale":
            inside = _listed(self.use.get(link["_use"], "") for link in links)
            found["contains"] = inside or before.get("contains", "")
        return {column: value for column, value in {**row, **found}.items() if column != "_id"}


def _listed(codes: Iterable[str]) -> str:
    return LIST.join(sorted({code for code in codes if code}))


def _grouped(table: Table, table_rows: Iterable[Row]) -> Grouped:
    found: Grouped = {}
    for row in table_rows:
        about = found.setdefault(row[table.key], [])
        if row not in about:
            about.append(row)
    return {key: sorted(about, key=lambda row: list(row.values())) for key, about in found.items()}


def _compare(plan: Plan, table: Table, new: Grouped, current: Grouped) -> None:
    before = len(plan.changes)
    for code, about in new.items():
        if about != current.get(code):
            name = about[0].get("name", about[0].get("group", ""))
            what = _difference(table, current[code], about) if code in current else "added"
            plan.changes.append(Change(table=table.name, code=code, name=name, what=what))
    plan.unchanged[table.name] = len(new) - (len(plan.changes) - before)


def _difference(table: Table, before: list[Row], after: list[Row]) -> str:
    changed = []
    for column in table.columns:
        old, now = (LIST.join(dict.fromkeys(row[column] for row in about)) for about in (before, after))
        if old != now and column != "last_updated":
            short = max(len(old), len(now)) <= SHORT
            changed.append(f"{column}: {old or 'empty'} -> {now or 'empty'}" if short else column)
    return "; ".join(changed) or "last_updated"


def _remark(plan: Plan, one: Published, new: Grouped, current: Grouped) -> None:
    newest, known = (
        max((row.get("last_updated", "") for about in g.values() for row in about), default="") for g in (new, current)
    )
    if newest and newest < known:
        plan.remarks.append(
            f"{one.name} is older than the table in use: its last change is of {newest}, the table's of {known}"
        )
    nameless = sum(not row["mvx"] for code in new if code not in current for row in new[code] if "mvx" in row)
    if one.table.startswith("ndc") and nameless:
        plan.remarks.append(f"{one.name}: {nameless} new NDCs have no manufacturer; give NDC_Linker.txt with it")


def _to_keep(table: Table, new: Grouped, folder: Path) -> list[Row]:
    """The user's own rows after the update: hand-made ones, and new ones that differ from the shipped ones."""
    shipped = _grouped(table, shipped_rows(table.name))
    mine = [row for row in own_rows(table, folder) if row[table.key] not in new]
    return [*mine, *(row for code, about in new.items() if about != shipped.get(code) for row in about)]
