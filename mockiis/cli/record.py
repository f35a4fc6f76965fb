"""``mockiis record``: make a scenario of what a mock has received and answered, with invented persons."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockiis.console import ExitCode
from mockiis.errors import MockIISError

if TYPE_CHECKING:
    from mockiis.store.entry import JournalEntry


@click.command(short_help="Make a scenario of a journal, with invented persons.")
@click.argument("journal", metavar="JOURNAL|ADMIN-URL")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The scenario file to write.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def record(journal: str, output: Path, force: bool) -> None:
    """Make a scenario of JOURNAL (a file, or postgresql://user@host/name, as in serve --journal) or of what the admin
    API at ADMIN-URL tells of a running mock.

    One rule for each distinct request, with the answers it got. Identifiers, names, dates of birth, addresses and
    phones are replaced by invented ones, the same for the same; segments that may hold anybody are left out. Look
    through the file before it is given to others: free text is searched for the values replaced, and for no others.

    Exit code: 0 written; 1 there is nothing to record; 2 the journal cannot be read, or the file is there.
    """
    from mockiis.recording.invention import Inventor
    from mockiis.recording.recorded import scenario

    if output.exists() and not force:
        raise MockIISError(f"{output} is there already; write over it with --force")
    inventor = Inventor()
    made = scenario(_entries(journal), output.stem, inventor)
    if not made["rules"]:
        click.echo("there is nothing to record: the journal has no message that can be read", err=True)
        sys.exit(ExitCode.NO)
    _write(output, made)
    count = len(made["rules"])
    click.echo(f"{output}: {count} rule{'' if count == 1 else 's'}")
    for name, number in sorted(inventor.left_out.items()):
        click.echo(f"note: {name} segments were left out ({number}), since they may hold anybody", err=True)


def _entries(journal: str) -> Iterator[JournalEntry]:
    if journal.startswith("http://"):
        return _of_admin(journal)
    from mockiis.store.database import Database
    from mockiis.store.sql_journal import SQLJournal

    return SQLJournal(Database(journal, existing=True)).entries()


def _of_admin(url: str) -> Iterator[JournalEntry]:
    from mockiis.remote import RemoteIIS
    from mockiis.store.entry import JournalEntry

    known = {field.name for field in fields(JournalEntry)}
    for exchange in RemoteIIS({"admin": url.rstrip("/")}).exchanges():
        values: dict[str, Any] = {name: value for name, value in exchange.items() if name in known}
        received = values["received"]
        values["received"] = received if isinstance(received, datetime) else datetime.fromisoformat(received)
        yield JournalEntry(**values)


def _write(output: Path, made: dict[str, Any]) -> None:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes texts of several lines as such."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, text)
    content = yaml.dump(made, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    try:
        output.write_text(content, encoding="utf-8")
    except OSError as error:
        raise MockIISError(f"{output} cannot be written: {error.strerror or error}") from None
