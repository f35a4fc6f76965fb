"""``mockiis journal``: look at what a mock received and answered, in a durable journal or a running mock."""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockiis.console import ExitCode, print_table, progress

if TYPE_CHECKING:
    from mockiis.cli.journal_source import Source
    from mockiis.journal_report import Selection
    from mockiis.store.entry import JournalEntry

EVERY = 1.0
"""Seconds between two looks of ``tail``."""
_AGO = re.compile(r"(\d{1,9})(s|m|h|d)", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """A moment, or how long ago it was."""
    if value is None:
        return None
    ago = _AGO.fullmatch(value)
    try:
        if ago:
            return datetime.now().astimezone() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        return datetime.fromisoformat(value).astimezone()
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"'{value}' is no moment; write one such as 2024-04-03, 2024-04-03T10:15 or 10m (ten minutes ago)"
        ) from None


def _selects(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which exchanges are meant, read into ``selection``."""

    @wraps(command)
    def with_selection(
        when: tuple[str, ...], message: str, since: datetime | None, unmatched: bool, rejected: bool, **more: Any
    ) -> None:
        from mockiis.journal_report.selection import Selection, read_conditions

        inquiry = read_conditions(when, message)
        command(selection=Selection(inquiry=inquiry, since=since, unmatched=unmatched, rejected=rejected), **more)

    options = (
        click.option("--rejected", is_flag=True, help="Only what was answered AE or AR, or with a SOAP fault."),
        click.option("--unmatched", is_flag=True, help="Only messages that no rule answered."),
        click.option("--since", callback=_moment, metavar="TIME", help="From then on: 2024-04-03T10:15, or 10m ago."),
        click.option("--message", default="", help="Only messages of this type, such as VXU or QBP^Q11."),
        click.option(
            "--when", multiple=True, metavar="YAML", help="A condition as in a rule: 'PID-5.1: Doe'. All must hold."
        ),
    )
    for option in options:
        with_selection = option(with_selection)
    return with_selection


_JOURNAL = click.argument("name", metavar="JOURNAL")
_PHI = click.option("--phi", is_flag=True, help="Show what is about a patient too.")


@click.group(short_help="Look at what a mock received and answered.")
def journal() -> None:
    """Look at exchanges in a JOURNAL: the file or postgresql:// URL of `mockiis serve --journal`, or the address
    of the admin API of a running mock, such as http://127.0.0.1:8090.

    What is about a patient is masked unless --phi is given. Nothing is written to the journal.

    Exit code: 0 when it was read; 1 when `show` finds no such exchange; 2 when it is no journal; 3 when it cannot
    be reached.
    """


@journal.command("list", short_help="List the exchanges.")
@_JOURNAL
@_selects
@click.option("--last", type=click.IntRange(0), default=100, show_default=True, metavar="N", help="So many; 0 for all.")
def list_(name: str, selection: Selection, last: int) -> None:
    """List the latest exchanges of a JOURNAL as a table, the oldest first. Nothing of a patient is shown."""
    from mockiis.journal_report.rows import COLUMNS, row

    number = 0
    latest: deque[JournalEntry] = deque(maxlen=last or None)
    with _opened(name) as source, progress("reading") as advance:
        for entry in selection.of(source.entries(0)):
            number += 1
            latest.append(entry)
            advance()
    if not latest:
        _say(f"{name}: no exchange" + ("" if selection.everything else " that is meant"))
        return
    print_table(COLUMNS, map(row, latest))
    click.echo(f"{len(latest)} of {number} exchange{'' if number == 1 else 's'}")


@journal.command(short_help="Show one exchange, field by field.")
@_JOURNAL
@click.argument("number", type=click.IntRange(1))
@_PHI
def show(name: str, number: int, phi: bool) -> None:
    """Show the exchange with that NUMBER: request and answer with the names of their fields, what the answer says
    of the request, which rule answered, or why none did.
    """
    from mockiis.journal_report.masked_entry import masked_entry
    from mockiis.journal_report.shown import shown

    with _opened(name) as source:
        entry = source.entry(number)
        if entry is None:
            last = source.last()
            _say(f"there is no exchange {number} in {name}; " + (f"the last is {last}" if last else "it is empty"))
            sys.exit(ExitCode.NO)
    for line in shown(entry if phi else masked_entry(entry), whole=phi):
        click.echo(line)


@journal.command(short_help="Write exchanges as JSON lines, CSV or HL7 files.")
@_JOURNAL
@_selects
@_PHI
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "hl7"]), default="jsonl", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file; for hl7 a folder, which is made. Else: output."
)
def export(name: str, selection: Selection, phi: bool, form: str, output: Path | None) -> None:
    """Write exchanges of a JOURNAL for other programs: an object on each line, a table for spreadsheets, or a file
    for each request and answer that is an HL7 message.
    """
    from mockiis.cli import journal_export
    from mockiis.journal_report.masked_entry import masked_entry

    if form == "hl7" and output is None:
        raise click.UsageError("--format hl7 writes a file for each message; name a folder with --output")
    with _opened(name) as source, progress("writing") as advance:
        found = _counted(selection.of(source.entries(0)), advance)
        journal_export.write(found if phi else map(masked_entry, found), form, output)


@journal.command(short_help="Follow what is received.")
@_JOURNAL
@_selects
@click.option("--last", type=click.IntRange(0), default=10, show_default=True, metavar="N", help="Begin with so many.")
def tail(name: str, selection: Selection, last: int) -> None:
    """Print a line for each exchange of a JOURNAL as it comes, until Ctrl-C. Nothing of a patient is shown."""
    from mockiis.journal_report.rows import line

    with _opened(name) as source:
        try:
            for entry in followed(source, selection, last, time.sleep):
                click.echo(line(entry))
                sys.stdout.flush()
        except KeyboardInterrupt:  # the way in which it is meant to end
            click.echo(err=True)


def followed(
    source: Source, selection: Selection, last: int, wait: Callable[[float], object]
) -> Iterator[JournalEntry]:
    """The latest ones, and then each new one once. ``wait`` passes the seconds between two looks."""
    highest = 0
    seen: set[int] = set()
    latest: deque[JournalEntry] = deque(maxlen=last)
    for entry in source.entries(0):
        highest = entry.number
        seen.add(highest)
        if selection.holds(entry):
            latest.append(entry)
    yield from latest
    while True:
        since = max(0, highest - source.overlap)
        seen = {number for number in seen if number > since}
        wait(EVERY)
        for entry in source.entries(since):
            if entry.number not in seen:
                highest = max(highest, entry.number)
                seen.add(entry.number)
                if selection.holds(entry):
                    yield entry


@contextmanager
def _opened(name: str) -> Iterator[Source]:
    """The journal for as long as it is read. Ctrl-C ends that without a word."""
    from mockiis.cli.journal_source import open_source

    try:
        with closing(open_source(name)) as source:
            yield source
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


def _counted(entries: Iterator[JournalEntry], advance: Callable[[], None]) -> Iterator[JournalEntry]:
    for entry in entries:
        yield entry
        advance()


def _say(text: str) -> None:
    click.echo(f"mockiis: {text}", err=True)
