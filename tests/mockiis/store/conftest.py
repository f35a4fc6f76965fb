"""What the store's tests share: requests and replies, and a database of each kind that is at hand."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockiis.er7 import read
from mockiis.message import MessageReply, Reply, Request
from mockiis.store.database import Database
from mockiis.store.tables import metadata

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{}|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\rPID|1||7\r"
ACK = "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403||ACK^V04^ACK|1|P|2.5.1\rMSA|AE|{}\rERR||PID^1^7|101|E\r"

Exchanged = tuple[Request, Reply, str]


@pytest.fixture
def exchanged() -> Callable[..., Exchanged]:
    """A request with its reply and peer, as ``note`` takes them."""

    def make(control_id: str = "M1", **other: object) -> Exchanged:
        text = VXU.format(control_id)
        moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
        request = Request(transport="mllp", received=moment, control_id="R1", message=read(text), text=text)
        return request, MessageReply(text=ACK.format(control_id), rule="first", **other), "127.0.0.1:9"  # type: ignore[arg-type]

    return make


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite file."""
    made = Database(str(tmp_path / "journal.db"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL, where one is installed."""
    if not _program("postgres") or not importlib.util.find_spec("psycopg"):
        pytest.skip("needs PostgreSQL's server and psycopg")
    with running_postgresql() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """An empty database on it."""
    made = Database(postgresql_server)
    with made.told():
        metadata.drop_all(made.connection)
        made.commit()
    made.close()
    return postgresql_server


_UNPRIVILEGED = "postgres"
"""Who runs it when the tests are root, which PostgreSQL refuses to be."""


def _program(name: str) -> str:
    """Where a program of PostgreSQL is; empty when there is none."""
    found = shutil.which(name)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(installed[-1]) if installed else "")


@contextmanager
def running_postgresql() -> Iterator[str]:
    """A PostgreSQL server for the tests alone, on a free port of the loopback address: its URL."""
    folder = Path(tempfile.mkdtemp(prefix="mockiis-postgresql-"))
    run: dict[str, Any] = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
        run = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []}
    data = str(folder / "data")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([_program("initdb"), "-D", data, "-U", "mockiis", "-A", "trust"], check=True, **quiet, **run)
    port = _free_port()
    options = ["-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off"]
    server = subprocess.Popen([_program("postgres"), *options], **quiet, **run)
    try:
        _wait_for(port)
        yield f"postgresql://mockiis@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(200):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not start")
