"""Scenarios that put the engine to work: many rules, many delayed replies, and one next to WireMock."""

from __future__ import annotations

import selectors
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from request import request
from servers import WIREMOCK, Program, Server, running, serving
from throughput import Contest, Measured, Measurements, Way, measure

FEW, MANY = 10, (1_000, 10_000)
"""Rules."""
RULES_AIM = 1.5
"""Times as long as with few rules."""
WAYS = (Way(name="8 connections", connections=8),)
WAITING = 2_000
"""Replies delayed at once, each on a connection of its own."""
SECONDS = 1.0

_RULES = """\
version: 1
name: {count} rules that differ in one literal
rules:
{rules}
  - {{name: the message of the benchmark, when: {{message: VXU, PID-3.1: '50000009'}}, reply: {{ack: AA}}}}
"""
_RULE = "  - {{name: rule {n}, when: {{message: VXU, PID-3.1: 'P{n}'}}, reply: {{ack: AE}}}}"
_DELAYED = f"""\
version: 1
name: Everybody waits
rules:
  - {{name: late, reply: {{ack: AA, delay: {SECONDS:g}s}}}}
"""
_LIKE_WIREMOCK = """\
version: 1
name: One condition on the message, a templated answer
rules:
  - name: echo the message control id
    when: {MSH-9: 'VXU^V04^VXU_V04'}
    reply:
      hl7: |
        MSH|^~\\&|NDIIS|ND0000|EHR|C|{{ now }}||ACK^V04^ACK|1|P|2.5.1
        MSA|AA|{{ MSH-10 }}
"""


@contextmanager
def scripted(text: str, name: str, *options: str) -> Iterator[Program]:
    """A mock with that scenario."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scenario.yaml")
        path.write_text(text, encoding="utf-8")
        yield serving(str(path), name, *options)


def rules(rounds: int, seconds: float) -> tuple[Contest, Measurements]:
    """MLLP with few rules and with many; the rule that answers is the last."""
    with ExitStack() as stack:
        programs = [stack.enter_context(scripted(_many(count), f"{count:,} rules")) for count in (FEW, *MANY)]
        contest = Contest(title="Rules", transport="mllp", ways=WAYS, programs=programs, aim=0)
        servers = [stack.enter_context(running(program)) for program in programs]
        return contest, measure(contest, servers, rounds, seconds)


def _many(count: int) -> str:
    return _RULES.format(count=count, rules="\n".join(_RULE.format(n=number) for number in range(count - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """Seconds from the first message sent to the last answer, threads of the server, and messages answered."""

    seconds: float
    threads: int | None
    answered: int


def delayed() -> Delayed:
    """So many senders wait at once, each for a reply that is a second late."""
    with scripted(_DELAYED, "mockiis") as program, running(program) as server, ExitStack() as stack:
        address = server.addresses["mllp"]
        parts = urlsplit(address)
        place = (str(parts.hostname), int(parts.port or 0))
        senders = [stack.enter_context(socket.create_connection(place)) for _ in range(WAITING)]
        started = time.perf_counter()
        for sender in senders:
            sender.sendall(request(address))
        threads = _threads(server)
        answered = _answered(senders)
        return Delayed(seconds=time.perf_counter() - started, threads=threads, answered=answered)


def _answered(senders: Sequence[socket.socket]) -> int:
    waiting = selectors.DefaultSelector()
    for sender in senders:
        waiting.register(sender, selectors.EVENT_READ)
    count = 0
    while waiting.get_map() and (ready := waiting.select(20)):
        for key, _ in ready:
            assert isinstance(key.fileobj, socket.socket)
            count += b"MSA|AA|" in key.fileobj.recv(65_536)
            waiting.unregister(key.fileobj)
    waiting.close()
    return count


def _threads(server: Server) -> int | None:
    tasks = Path(f"/proc/{server.pid}/task")
    return len(list(tasks.iterdir())) if tasks.exists() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One of the two next to each other: messages a second, bytes in memory, seconds to the first answer."""

    measured: Measured
    memory: int
    start: float


def wiremock(rounds: int, seconds: float, starts: int) -> dict[str, Peer] | None:
    """The same job for WireMock and for us, over SOAP; None where Java or npm is missing."""
    if not WIREMOCK.installed:
        return None
    with scripted(_LIKE_WIREMOCK, "mockiis") as mine:
        programs = (mine, WIREMOCK)
        with ExitStack() as stack:
            servers = [stack.enter_context(running(program)) for program in programs]
            contest = Contest(title="WireMock", transport="soap", ways=WAYS, programs=programs, aim=0)
            measure(contest, servers, 2, 1.0)  # a virtual machine needs to warm up
            found = measure(contest, servers, rounds, seconds)
            used = [usage.memory if (usage := server.usage()) else 0 for server in servers]
        begun = [median(_start(program) for _ in range(starts)) for program in programs]
    return {
        program.name: Peer(measured=found[WAYS[0].name, program.name], memory=memory, start=start)
        for program, memory, start in zip(programs, used, begun, strict=True)
    }


def _start(program: Program) -> float:
    started = time.perf_counter()
    with running(program) as server:
        _first_answer(server.addresses["soap"])
        return time.perf_counter() - started


def _first_answer(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as opened:
        opened.sendall(request(address))
        answer = b""
        while b"MSA|AA|" not in answer:
            piece = opened.recv(65_536)
            if not piece:
                raise ConnectionError(f"the message was not accepted: {answer!r}")
            answer += piece
