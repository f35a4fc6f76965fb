"""``mockiis serve`` in a process of its own, for the time of a ``with`` block."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from mockiis.errors import MockIISError
from mockiis.remote import RemoteIIS

_START = 30.0
"""Seconds until a mock that does not say that it is ready is given up."""
_MOMENT = 0.5
"""Seconds that a process takes to end after it has let go of its connections."""
_STOP = 5.0
"""Seconds until a mock that does not stop is killed."""


@contextmanager
def running(*scenarios: str | Path, options: tuple[str, ...] = ()) -> Iterator[RemoteIIS]:
    """A mock IIS on free loopback ports, stopped at the end.

    ``scenarios`` are names of files, of folders, or of shipped scenarios; ``options`` those of ``mockiis serve``.
    Ports among the options are taken; the admin API always has a free one. Raises MockIISError with what it said when
    it could not start.
    """
    ports = ("--soap-port", "0", "--mllp-port", "0")
    ours = ("--admin-port", "0", "--stop-with-stdin")
    # -P: a module of the present folder, such as the tests' own types.py, is not taken for one of the library
    command = [sys.executable, "-P", "-m", "mockiis", "serve", *map(str, scenarios), *ports, *options, *ours]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        try:
            with RemoteIIS(_addresses(process, said), lambda: _last_words(process, said)) as iis:
                yield iis
        finally:
            _stop(process)


def _addresses(process: subprocess.Popen[bytes], said: IO[bytes]) -> dict[str, str]:
    """The line of JSON that says that it is ready."""
    assert process.stdout is not None
    late = threading.Timer(_START, process.kill)
    late.start()
    try:
        line = process.stdout.readline()
    finally:
        late.cancel()
    if not line:
        process.wait()
        said.seek(0)
        reason = said.read().decode(errors="replace").strip() or f"nothing was said within {_START:g} seconds"
        raise MockIISError(f"the mock IIS did not start: {reason}")
    found: dict[str, str] = json.loads(line)
    return found


def _last_words(process: subprocess.Popen[bytes], said: IO[bytes]) -> str:
    """How it ended and the last it said; empty while it runs."""
    try:
        process.wait(_MOMENT)
    except subprocess.TimeoutExpired:
        return ""
    if said.closed:
        return "it was stopped when its 'with' block ended"
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines() or ["(nothing)"]
    return f"it ended with exit code {process.returncode}; the last it said: {lines[-1]}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Close its standard input, which it stops with; on every system, and even when we are killed."""
    with process, suppress(OSError):
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
