"""``mockiis codes``: what a vaccine code is, whether a code mapping is right, and newer tables from CDC."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mockiis.console import ExitCode, print_table, read_bytes
from mockiis.errors import MockIISError, printable

if TYPE_CHECKING:
    from mockiis.cli.code_update import Plan
    from mockiis.cli.code_views import Found
    from mockiis.profile.code_mapping import Entry, Remark

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or scripts.",
)


@click.group(short_help="Look vaccine codes up, check a code mapping, bring in CDC's updates.")
def codes() -> None:
    """The code sets of vaccination: CVX, MVX, NDC, vaccine groups, trade names, VIS.

    They ship with this program; ``update`` brings newer ones into your own folder, ~/.mockiis/codes (or the folder
    codes in MOCKIIS_HOME), which then come first.
    """


@codes.command("list", short_help="List a code set, or search it.")
@click.argument("name", metavar="[SET]", required=False)
@click.argument("words", nargs=-1)
@click.option("--active", is_flag=True, help="Only what new doses may carry: active codes, products still sold.")
@FORMAT
def list_codes(name: str | None, words: tuple[str, ...], active: bool, form: str) -> None:
    """List the codes of SET in which every one of WORDS occurs; without SET, which sets there are.

    SET is cvx, mvx, ndc, groups, trade-names, vis, tables, or the name of a table, such as HL70163.
    """
    from mockiis.cli.code_views import LISTINGS, chosen, listing_of, overview
    from mockiis.home import code_sets

    sets = code_sets()
    if name is None:
        columns = ("set", "what it holds", "rows", "last change", "your own")
        _show_rows(columns, overview(sets), form, [dict(zip(columns, row, strict=True)) for row in overview(sets)])
        return
    listing = listing_of(name)
    if listing is None:
        from mockiis.document import closest

        near = closest(name, LISTINGS)
        advice = f"did you mean {near}?" if near else f"there are {', '.join(LISTINGS)} and the tables"
        raise MockIISError(f"there is no set {name}; {advice}")
    found = chosen(listing, sets, words, active=active)
    _show_rows(listing.columns, [listing.cells(one) for one in found], form, [asdict(one) for one in found])
    if form == "text":
        click.echo(f"{len(found)} of {len(list(listing.values(sets)))}")


def _show_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], form: str, values: list[Any]) -> None:
    if form == "json":
        _show_json(values)
    else:
        print_table(columns, rows)


def _say(text: str) -> None:
    """Print a line that may hold what a file or a person gave: no control characters reach the terminal."""
    click.echo(printable(text))


def _show_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@codes.command("show", short_help="Say what a code is.")
@click.argument("code")
@FORMAT
def show(code: str, form: str) -> None:
    """Say what CODE is in every set it occurs in: a CVX or MVX code, an NDC in any form, the barcode of a VIS, a
    vaccine group, a trade name.

    Exit code 1 when it is in none.
    """
    from mockiis.cli.code_views import everywhere, hint
    from mockiis.home import code_sets

    sets = code_sets()
    code = code.strip()
    found = everywhere(code, sets)
    advice = hint(code, sets) if not found or code.isdecimal() else ""
    if form == "json":
        _show_json({"code": code, "hint": advice, "found": [{"set": one.set, **one.value} for one in found]})
    else:
        _show_found(found)
        if not found or advice:
            known = "is no CVX code" if found else "is in no code set"
            _say("; ".join(filter(None, (f"{code[:80]} {known}", advice))))
    if not found:
        sys.exit(ExitCode.NO)


def _show_found(found: Sequence[Found]) -> None:
    for one in found:
        width = max(len(label) for label, _ in one.lines)
        _say(one.heading)
        for label, text in one.lines:
            _say(f"  {label:<{width}}  {text}")


@codes.command("check", short_help="Judge a code mapping.")
@click.argument("file")
@FORMAT
def check(file: str, form: str) -> None:
    """Judge the code mapping in FILE, a CSV file with the columns local code, description, CVX and, if you like, MVX
    and NDC, as NDIIS's code-mapping exercise does.

    Exit code: 0 no row has an error; 1 one has; 2 the file cannot be read.
    """
    from mockiis.cli.mapping_file import read_mapping
    from mockiis.home import code_sets
    from mockiis.profile.code_mapping import judge

    entries = read_mapping(read_bytes(file), file)
    remarks = judge(entries, code_sets())
    summary = _summary(entries, remarks)
    if form == "json":
        _show_json({"file": file, "remarks": [asdict(remark) for remark in remarks], "summary": summary})
    else:
        for remark in remarks:
            local = f"{remark.local[:40]}: " if remark.local else ""
            _say(f"{file}:{remark.line}: {remark.severity}: {local}{remark.text}")
            if remark.expected:
                _say(f"    {remark.expected}")
        click.echo(
            f"{summary['rows']} rows: {summary['right']} right, {summary['warnings']} with warnings only, "
            f"{summary['errors']} with errors"
        )
    if summary["errors"]:
        sys.exit(ExitCode.NO)


def _summary(entries: Sequence[Entry], remarks: Sequence[Remark]) -> dict[str, int]:
    """How many rows are right, have warnings only, have errors."""
    errors = {remark.line for remark in remarks if remark.severity == "error"}
    warnings = {remark.line for remark in remarks} - errors
    right = len(entries) - len(errors) - len(warnings)
    return {"rows": len(entries), "right": right, "warnings": len(warnings), "errors": len(errors)}


@codes.command("update", short_help="Bring in tables that CDC published.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@FORMAT
def update(files: tuple[str, ...], form: str) -> None:
    """Bring tables as CDC publishes them into your own, and show what changes.

    FILE is CVX, MVX, vaccine groups or trade names as XML or text, NDC_Unit_use.txt, NDC_Unit_sale.txt or
    NDC_Linker.txt. Nothing changes when one of them cannot be taken.
    """
    from mockiis.cli.cdc_files import read_published
    from mockiis.cli.code_update import carried_out, planned
    from mockiis.home import code_folder

    published, problems = [], []
    for file in files:
        try:
            published.append(read_published(read_bytes(file), file))
        except MockIISError as error:
            problems.append(str(error))
    if problems:
        raise MockIISError("\n".join(problems))
    folder = code_folder()
    plan = planned(published, folder)
    carried_out(plan, folder)
    for remark in plan.remarks:
        click.echo(f"mockiis: {remark}", err=True)
    _show_plan(plan, str(folder), form)


def _show_plan(plan: Plan, folder: str, form: str) -> None:
    added = Counter(change.table for change in plan.changes if change.what == "added")
    changed = Counter(change.table for change in plan.changes if change.what != "added")
    counts = {
        name: {"added": added[name], "changed": changed[name], "unchanged": unchanged}
        for name, unchanged in plan.unchanged.items()
    }
    if form == "json":
        _show_json({"folder": folder, "changes": [asdict(change) for change in plan.changes], "tables": counts})
        return
    if plan.changes:
        cells = [(change.table, change.code, change.name, change.what) for change in plan.changes]
        print_table(("table", "code", "name", "change"), cells)
    for name, count in counts.items():
        click.echo(f"{name}: {count['added']} added, {count['changed']} changed, {count['unchanged']} as before")
    click.echo(f"Your own tables are in {folder}" if plan.changes else "Nothing changes")
