"""Files that reports go to: whole or not at all. What stood there before stays until the new report is complete."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mockiis.errors import MockIISError


@contextmanager
def report_file(path: Path) -> Iterator[Callable[[str], object]]:
    """Take the text of a report, and put it in the place of ``path`` at the end, if any was written.

    It is opened now, so that a wrong name stops before anything is sent. Raises MockIISError when it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a terminal, a pipe: nothing there could be lost
            with path.open("w", encoding="utf-8", newline="\n") as file:
                yield file.write
        else:
            yield from _beside(path.resolve())
    except OSError as error:
        raise MockIISError(f"{path}: cannot be written: {error.strerror or error}") from None


def _beside(path: Path) -> Iterator[Callable[[str], object]]:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            yield file.write
        if beside.stat().st_size:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
