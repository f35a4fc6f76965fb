"""Messages per second: the same ways of sending against every server, in turn, round after round.

A machine that is busy with something else slows all servers of a round alike, so ratios are taken within a round.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from load import Job, Result
from servers import BenchmarkError, Program, Server, last_line

_LOAD = Path(__file__).with_name("load.py")
_DEPTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of sending, as a person calls it; the rest as in ``Job``."""

    name: str
    connections: int = 1
    window: int = 1
    reconnect: bool = False
    count: int = 1_000_000

    def job(self, address: str, seconds: float) -> Job:
        """This way, to one address."""
        return Job(
            address=address,
            connections=self.connections,
            window=self.window,
            reconnect=self.reconnect,
            seconds=seconds,
            count=self.count,
        )


SOAP = (
    Way(name="keep-alive, 1 connection"),
    Way(name="keep-alive, 8 connections", connections=8),
)
MLLP = (
    Way(name="lock-step, 1 connection"),
    Way(name="lock-step, 8 connections", connections=8),
    Way(name="pipelined, 1 connection", window=_DEPTH),
    Way(name="pipelined, 4 connections", connections=4, window=_DEPTH),
    # closed ports stay taken for a while, and there are not many more than this
    Way(name="a new connection each", reconnect=True, count=1500),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The ways of sending over one transport and the programs to send to. The first is ours; the aim is for it."""

    title: str
    transport: str
    ways: Sequence[Way]
    programs: Sequence[Program]
    aim: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One measurement. ``server_cpu`` is the server's CPU seconds for ``result.total`` messages, where known."""

    result: Result
    server_cpu: float | None

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.result.answered / self.result.seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """All rounds of one way against one server."""

    rounds: Sequence[Round]

    @property
    def rate(self) -> float:
        """Messages per second, the median round."""
        return median(each.rate for each in self.rounds)

    @property
    def spread(self) -> float | None:
        """How far the rounds lie apart, as a part of the median; None for a single one."""
        rates = [each.rate for each in self.rounds]
        return (max(rates) - min(rates)) / self.rate if len(rates) > 1 else None

    def middle(self, value: Callable[[Result], float]) -> float:
        """A figure of the load generator, the median round."""
        return median(value(each.result) for each in self.rounds)

    @property
    def server_cpu(self) -> float | None:
        """Microseconds of CPU that the server spends on a message."""
        known = [1e6 * each.server_cpu / each.result.total for each in self.rounds if each.server_cpu is not None]
        return median(known) if known else None

    def ratio(self, other: Measured) -> float:
        """How many times faster than another that was measured in the same rounds."""
        return median(mine.rate / theirs.rate for mine, theirs in zip(self.rounds, other.rounds, strict=True))


Measurements = Mapping[tuple[str, str], Measured]
"""By the way of sending and the server's name."""


def measure(contest: Contest, servers: Sequence[Server], rounds: int, seconds: float) -> Measurements:
    """Every way against every server that knows it."""
    found: dict[tuple[str, str], list[Round]] = {}
    for _ in range(rounds):
        for way in contest.ways:
            for server in servers:
                if way.reconnect or server.program.keeps_alive:
                    job = way.job(server.addresses[contest.transport], seconds)
                    found.setdefault((way.name, server.program.name), []).append(_one(server, job))
    return {key: Measured(each) for key, each in found.items()}


def _one(server: Server, job: Job) -> Round:
    before = server.usage()
    result = generate(job)
    after = server.usage()
    return Round(result=result, server_cpu=after.cpu - before.cpu if before and after else None)


def generate(job: Job) -> Result:
    """Run the load generator, in a process of its own."""
    command = (sys.executable, str(_LOAD), json.dumps(asdict(job)))
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=2 * job.seconds + 20, check=True
        )
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{job.address} did not answer in time") from None
    except subprocess.CalledProcessError as error:
        raise BenchmarkError(f"{job.address}: {last_line(error.stderr)}") from None
    return Result(**json.loads(done.stdout))
