"""The servers that are measured, each in a process of its own on free loopback ports.

Each prints one line of JSON with its addresses when it is ready: ``mockiis serve`` does, and so do those in peers/.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from threading import Timer

from usage import Usage, usage

PEERS = Path(__file__).with_name("peers")
_READY_WITHIN = 60.0


class BenchmarkError(Exception):
    """What went wrong, in one sentence for the person who runs the benchmarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A server that can be started. ``package`` is the one it needs, and ``programs`` are others on the PATH;
    ``keeps_alive``: several messages a connection.
    """

    name: str
    command: tuple[str, ...]
    package: str = ""
    programs: tuple[str, ...] = ()
    keeps_alive: bool = True

    @property
    def installed(self) -> bool:
        """Whether it can be started here."""
        return (not self.package or find_spec(self.package) is not None) and all(map(which, self.programs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A program that is running and ready."""

    program: Program
    pid: int
    addresses: dict[str, str]

    def usage(self) -> Usage | None:
        """What it has used so far."""
        return usage(self.pid)


_PORTS = ("--quiet", "--soap-port", "0", "--mllp-port", "0")


def serving(scenario: str, name: str = "mockiis", *options: str) -> Program:
    """``mockiis serve`` with a scenario, shipped or a file."""
    return Program(name=name, command=("-P", "-m", "mockiis", "serve", scenario, *_PORTS, *options))


MOCKIIS = serving("accept-all")
TXHL7 = Program(name="txHL7", command=(str(PEERS / "txhl7_server.py"),), package="txHL7")
HL7APY = Program(name="hl7apy", command=(str(PEERS / "hl7apy_server.py"),), package="hl7apy", keeps_alive=False)
WIREMOCK = Program(name="WireMock", command=(str(PEERS / "wiremock_server.py"),), programs=("java", "npm"))
BARE = Program(name="bare socket", command=(str(PEERS / "bare.py"),))


@contextmanager
def running(program: Program) -> Iterator[Server]:
    """Start a program, wait until it is ready, and stop it at the end, whatever happens."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            (sys.executable, *program.command), stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
        try:
            line = _first_line(process)
            if not line:
                errors.seek(0)
                raise BenchmarkError(f"{program.name} did not start: {last_line(errors.read())}")
            yield Server(program=program, pid=process.pid, addresses=json.loads(line))
        finally:
            _stop(process)


def last_line(text: str) -> str:
    """Where a traceback says what it is about."""
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    timer = Timer(_READY_WITHIN, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
