"""A PostgreSQL server for one run, on a free port of the loopback address, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from servers import BenchmarkError

_UNPRIVILEGED = "postgres"
"""Who runs it when root does the benchmarks, which PostgreSQL refuses to be."""


def installed() -> bool:
    """Whether it and its driver are here."""
    return bool(_program("postgres") and _program("initdb") and find_spec("psycopg"))


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(versions[-1]) if versions else "")


@contextmanager
def running() -> Iterator[str]:
    """The URL of its database; as durable as it is out of the box."""
    folder = Path(tempfile.mkdtemp(prefix="mockiis-postgresql-"))
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
        quiet |= {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []}
    data = str(folder / "data")
    subprocess.run([_program("initdb"), "-D", data, "-U", "mockiis", "-A", "trust"], check=True, **quiet)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [_program("postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    server = subprocess.Popen(command, **quiet)
    try:
        _wait_for(port)
        yield f"postgresql://mockiis@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(200):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise BenchmarkError("PostgreSQL did not start")
