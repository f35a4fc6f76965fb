"""``mockiis registry``: look at what the registry knows, take it elsewhere, or make it begin again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from mockiis.console import ExitCode
from mockiis.errors import MockIISError
from mockiis.message.person import AUTHORITY

if TYPE_CHECKING:
    from mockiis.cli.registry_source import Source
    from mockiis.registry.records import Record
    from mockiis.registry.search import Judged

_SOURCE = click.argument("name", metavar="JOURNAL")
_FORMATS = ("jsonl", "csv", "hl7")


@click.group(short_help="Look at what the registry knows.")
def registry() -> None:
    """Look at the records in a JOURNAL: the file or postgresql:// URL of `mockiis serve --journal`, or the address of
    the admin API of a running mock, such as http://127.0.0.1:8090.

    Exit code: 0 when it was done; 1 when nobody is found; 2 when it is no journal; 3 when it cannot be reached.
    """


@registry.command(short_help="Show a person's record, and where each value came from.")
@_SOURCE
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--id", "identifier", metavar="ID[^AUTHORITY[^TYPE]]", default="", help="One of the identifiers.")
@click.option("--name", "person", metavar="FAMILY[^GIVEN]", default="", help="The person's names, of any case.")
@click.option("--born", default="", metavar="DATE", help="The birth date: 2024-01-05.")
@click.option("--with", "other", type=click.IntRange(1), help="Say why this record is the same person or not.")
@click.option("--phi", is_flag=True, help="Show what is about a patient too.")
def show(name: str, number: int | None, identifier: str, person: str, born: str, other: int | None, phi: bool) -> None:
    """Show records with their doses, observations and borrowed vaccine, the message, facility and time that each
    value came from, and why others that are alike are somebody else. NUMBER is the registry's own.

    What is about a patient is masked unless --phi is given.
    """
    if not (number or identifier or person or born):
        raise click.UsageError("say whose record: a NUMBER, --id, --name or --born")
    with closing(_opened(name)) as source:
        found = [record for record in _candidates(source, number) if _is_meant(record, identifier, person, born)]
        if not found:
            click.echo(f"mockiis: {name}: there is no such record", err=True)
            sys.exit(ExitCode.NO)
        for place, record in enumerate(found):
            for line in ["", *_lines(source, record, other, phi=phi)][not place :]:
                click.echo(line)


@registry.command(short_help="Write the records as JSON lines, CSV or VXU files.")
@_SOURCE
@click.option("--format", "form", type=click.Choice(_FORMATS), default="jsonl", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file; for hl7 a folder, which is made. Else: output."
)
@click.option("--phi", is_flag=True, help="Needed: what is written is about patients, and not masked.")
def export(name: str, form: str, output: Path | None, phi: bool) -> None:
    """Write every record for other programs: an object on each line, a table for spreadsheets, or a VXU for each
    facility that has reported a dose. `mockiis serve --preload` reads the table and the VXU files.
    """
    if not phi:
        raise click.UsageError("what is exported is about patients and cannot be masked; say --phi to write it")
    if form == "hl7" and output is None:
        raise click.UsageError("--format hl7 writes a file for each message; name a folder with --output")
    with closing(_opened(name)) as source:
        try:
            _write(source.every(), form, output)
        except BrokenPipeError:
            raise  # whoever reads it has read enough
        except OSError as error:
            where = error.filename or output or "standard output"
            raise MockIISError(f"{where}: cannot be written: {error.strerror or error}") from None


@registry.command(short_help="Forget everybody.")
@_SOURCE
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(name: str, yes: bool) -> None:
    """Forget every record. A running mock still knows whom it knew from the beginning; the journal stays."""
    with closing(_opened(name)) as source:
        if not yes:
            click.confirm(f"Forget every record of {name}?", abort=True, err=True)
        left = source.reset()
    click.echo(f"mockiis: {name}: forgotten; {left} known from the beginning", err=True)


def _opened(name: str) -> Source:
    from mockiis.cli.registry_source import open_source

    return open_source(name)


def _candidates(source: Source, number: int | None) -> Iterable[Record]:
    if number is None:
        return source.every()
    record = source.one(number)
    return [] if record is None else [record]


def _is_meant(record: Record, identifier: str, person: str, born: str) -> bool:
    from mockiis.registry.keys import names, plain

    wanted, (family, _, given) = identifier.split("^"), person.partition("^")
    has = not identifier or any(
        [one.id, one.authority, one.type][: len(wanted)] == wanted for one in record.person.identifiers
    )
    called = not person or any(
        plain(family) == plain(one.family) and plain(given) in ("", plain(one.given)) for one in names(record.person)
    )
    return has and called and record.person.birth_date.startswith(born.replace("-", ""))


def _lines(source: Source, record: Record, other: int | None, *, phi: bool) -> Iterator[str]:
    from mockiis.registry_report.shown import shown

    events = [event for number, event in source.borrow_events() if number == record.number]
    return shown(record, events, _others(source, record, other), AUTHORITY, whole=phi)


def _others(source: Source, record: Record, other: int | None) -> list[Judged]:
    """Those who are alike, or the one that is asked for, each compared with the record."""
    from mockiis.registry.matching import compare
    from mockiis.registry.search import find, own_identifiers

    if other is not None:
        one = source.one(other)
        if one is None:
            raise MockIISError(f"there is no record {other}")
        found = [one]
    else:
        nameless = replace(record.person, identifiers=())
        looked = find(nameless, source.around(nameless), AUTHORITY, lambda each: each.number != record.number)
        found = [each for each, _ in looked.compared]
    return [(each, compare(record.person, each.person, own_identifiers(each, AUTHORITY))) for each in found]


def _write(records: Iterable[Record], form: str, output: Path | None) -> None:
    from mockiis.registry_report import exported

    if form == "hl7":
        assert output is not None
        _in_folder(records, output)
        return
    lines: Callable[[Iterable[Record]], Iterator[str]] = exported.csv_lines if form == "csv" else exported.json_lines
    if output is None:
        for line in lines(records):
            click.echo(line, nl=False)
        return
    with _own_file(output) as stream:
        stream.writelines(lines(records))


def _in_folder(records: Iterable[Record], folder: Path) -> None:
    from mockiis.registry_report.messages import messages

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if next(folder.iterdir(), None) is not None:
        raise MockIISError(f"{folder}: the folder is not empty; name a new one, so that nothing gets mixed up")
    for record in records:
        for name, text in messages(record, AUTHORITY):
            with _own_file(folder / f"{name}.hl7") as stream:
                stream.write(text)


def _own_file(path: Path) -> TextIO:
    """A new or emptied file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="")
