"""What ``mockiis journal export`` writes, and where: standard output, a file, or a folder of HL7 files."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

import click

from mockiis.errors import MockIISError
from mockiis.journal_report.exported import csv_lines, files, json_lines
from mockiis.store.entry import JournalEntry

_LINES: Mapping[str, Callable[[Iterable[JournalEntry]], Iterator[str]]] = {"jsonl": json_lines, "csv": csv_lines}


def write(entries: Iterable[JournalEntry], form: str, output: Path | None) -> None:
    """Write them; for ``hl7`` into the folder ``output``, else into that file. Raises MockIISError."""
    try:
        if form == "hl7":
            assert output is not None
            _say(_in_folder(entries, output), output)
        elif output is None:
            for line in _LINES[form](entries):
                click.echo(line, nl=False)
        else:
            with _own_file(output) as stream:
                stream.writelines(_LINES[form](entries))
    except OSError as error:
        if output is None:
            raise
        raise MockIISError(f"{error.filename or output}: cannot be written: {error.strerror or error}") from None


def _in_folder(entries: Iterable[JournalEntry], folder: Path) -> int:
    """A file for each message, with the line ends it came with. A folder that holds something is left alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if next(folder.iterdir(), None) is not None:
        raise MockIISError(f"{folder}: the folder is not empty; name a new one, so that nothing gets mixed up")
    count = 0
    for entry in entries:
        for name, text in files(entry):
            with _own_file(folder / name) as stream:
                stream.write(text)
            count += 1
    return count


def _own_file(path: Path) -> TextIO:
    """A new or emptied file that only its owner can read: it may hold whole messages."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if sys.platform != "win32" and stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fchmod(descriptor, 0o600)  # one that was there may have been everybody's
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="")


def _say(count: int, folder: Path) -> None:
    click.echo(f"mockiis: {count} message{'' if count == 1 else 's'} written to {folder}", err=True)
