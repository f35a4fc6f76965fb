"""What every command shares: exit codes, errors as one clear line, tables, progress on standard error.

Results go to standard output, everything for people who watch to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockiis.errors import MockIISError, UnreachedError

if TYPE_CHECKING:
    from rich.console import Console


class ExitCode(IntEnum):
    """The same for every command. The highest one that applies wins; 2 stops before anything is sent."""

    OK = 0
    NO = 1
    USAGE = 2
    UNREACHED = 3
    INTERRUPTED = 130


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a person can mend into its sentence on standard error and exit code 2; 3 where nobody answers."""
    try:
        yield
    except MockIISError as error:
        for line in str(error).splitlines():
            click.echo(f"mockiis: {line}", err=True)
        sys.exit(ExitCode.UNREACHED if isinstance(error, UnreachedError) else ExitCode.USAGE)


def read_text(path: Path | str) -> str:
    """The text (UTF-8) of a file a person named. Raises MockIISError that says which file and why not."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MockIISError(f"{path}: is not UTF-8 text (byte {error.start + 1})") from None


def read_bytes(path: Path | str) -> bytes:
    """The bytes of a file a person named. Raises MockIISError that says which file and why not."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise MockIISError(f"{path}: cannot be read: {error.strerror or error}") from None


def stderr() -> Console:
    """Where progress and remarks go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def stdout() -> Console:
    """Where results go. Without a terminal the width does not cut a table."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """A table on standard output; cells are plain text, never markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    stdout().print(table)


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error; yields what advances it by one. Nothing without a terminal.

    Without a total it counts.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counting = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,.0f}"), TimeElapsedColumn())
    columns = counting if total is None else Progress.get_default_columns()
    # What is printed meanwhile goes above the bar, but never to the terminal in place of the file it is meant for
    with Progress(*columns, console=stderr(), transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task(description, total=total)
        yield lambda: bar.advance(task)
