"""One function for each subject: it measures, and gives the tables to print."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import fixture
import scripts
import stores
import tables
from load import Job, Result, first_answer
from rich.table import Table
from servers import BARE, HL7APY, MOCKIIS, TXHL7, BenchmarkError, Server, last_line, running
from throughput import MLLP, SOAP, Contest, generate, measure
from usage import NOT_KNOWN

SOAP_AIM, MLLP_AIM = 2000.0, 8000.0
"""Messages per second and process."""
START_UP_AIM = 0.8
"""Seconds."""
PARSE_AIM = 50.0
"""Times as fast as python-hl7."""
JUDGE_AIM = 150.0
"""Microseconds to judge a VXU with two doses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long everything takes. ``messages`` are those of the memory benchmark, ``patience`` its limit in seconds;
    ``judged`` are the messages after which the memory of the judge is looked at, ``stored`` those that are stored in
    a round, ``patients`` the sizes of the registries that are queried.
    """

    rounds: int
    seconds: float
    parse_rounds: int
    starts: int
    messages: int
    patience: float
    judged: int
    stored: int
    patients: tuple[int, ...]


Section = Callable[[Plan], Sequence[Table]]


def soap(plan: Plan) -> Sequence[Table]:
    """Messages per second over SOAP."""
    contest = Contest(
        title="SOAP: submitSingleMessage over HTTP",
        transport="soap",
        ways=SOAP,
        programs=(MOCKIIS, BARE),
        aim=SOAP_AIM,
    )
    return _throughput(plan, contest)


def mllp(plan: Plan) -> Sequence[Table]:
    """Messages per second over MLLP, next to other servers."""
    contest = Contest(
        title="MLLP",
        transport="mllp",
        ways=MLLP,
        programs=(MOCKIIS, TXHL7, HL7APY, BARE),
        aim=MLLP_AIM,
    )
    return _throughput(plan, contest)


def _throughput(plan: Plan, contest: Contest) -> Sequence[Table]:
    with ExitStack() as stack:
        servers = [stack.enter_context(running(program)) for program in contest.programs if program.installed]
        found = measure(contest, servers, plan.rounds, plan.seconds)
    return tables.ratios(contest, found), tables.numbers(contest, found)


def parsing(plan: Plan) -> Sequence[Table]:
    """Microseconds to parse one message, next to other libraries."""
    return tables.parsing(_measured("parsing", plan.parse_rounds), PARSE_AIM)


def judging(plan: Plan) -> Sequence[Table]:
    """Microseconds to judge one message, next to other libraries, and what the judge keeps of many."""
    found = _measured("judging", plan.rounds, plan.judged)
    return tables.judging(found["times"], JUDGE_AIM, tables.kept(found["memory"], plan.judged))


def _measured(name: str, *arguments: int) -> Any:
    """What the program of that name prints, run in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name(f"{name}.py")), *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, check=True)
    except subprocess.CalledProcessError as error:
        raise BenchmarkError(f"{name} failed: {last_line(error.stderr)}") from None
    return json.loads(done.stdout)


def rules(plan: Plan) -> Sequence[Table]:
    """Messages per second with few rules and with many."""
    return tables.rules(*scripts.rules(plan.rounds, plan.seconds), scripts.RULES_AIM)


def delays(_plan: Plan) -> Sequence[Table]:
    """Replies that wait at the same time."""
    found = scripts.delayed()
    threads = "not known" if found.threads is None else str(found.threads)
    row = (
        f"{scripts.WAITING:,} replies delayed by {scripts.SECONDS:g} s",
        f"{found.seconds:.2f}",
        threads,
        f"{found.answered:,}",
    )
    return (tables.table("Delays", ("at once", "seconds to the last", "threads", "answered"), [row]),)


def wiremock(plan: Plan) -> Sequence[Table]:
    """The same job for WireMock."""
    return tables.wiremock(scripts.wiremock(plan.rounds, plan.seconds, plan.starts))


def storing(plan: Plan) -> Sequence[Table]:
    """Updates stored, next to bare inserts."""
    return stores.storing(plan.rounds, plan.stored)


def querying(plan: Plan) -> Sequence[Table]:
    """Queries against small and large registries."""
    return stores.querying(plan.rounds, 200, plan.patients)


def journal(plan: Plan) -> Sequence[Table]:
    """Journals, next to the one in memory."""
    return stores.journal(plan.rounds, plan.seconds)


def start_up(plan: Plan) -> Sequence[Table]:
    """Seconds from starting the process to its first answer."""
    turns = [(_first_answer("mllp"), _first_answer("soap"), _bare_python()) for _ in range(plan.starts)]
    *answers, python = zip(*turns, strict=True)
    named = list(zip(("first answer over MLLP", "first answer over SOAP"), answers, strict=True))
    ratios = [
        (name, tables.judged(START_UP_AIM / median(taken)), tables.times(median(taken) / median(python)))
        for name, taken in named
    ]
    numbers = [
        (name, f"{median(taken):.3f}", f"{min(taken):.3f}", f"{max(taken):.3f}")
        for name, taken in [*named, ("python -c pass", python)]
    ]
    return (
        tables.table("Start-up", ("ratios", f"aim {START_UP_AIM} s", "of python -c pass"), ratios),
        tables.table("", ("seconds", f"median of {plan.starts}", "least", "most"), numbers),
    )


def _first_answer(transport: str) -> float:
    started = time.perf_counter()
    with running(MOCKIIS) as server:
        first_answer(server.addresses[transport])
        return time.perf_counter() - started


def _bare_python() -> float:
    started = time.perf_counter()
    subprocess.run((sys.executable, "-c", "pass"), check=True)
    return time.perf_counter() - started


def pytest_fixture(plan: Plan) -> Sequence[Table]:
    """What the fixture adds to a test."""
    return fixture.section(plan.starts, 100 if plan.starts > 1 else 40)


def memory(plan: Plan) -> Sequence[Table]:
    """Memory of the server after many messages, compared with after few."""
    rows = [_memory(transport, plan) for transport in ("mllp", "soap")]
    ratios = [(name, tables.times(many / few) if few else NOT_KNOWN) for name, few, _, many, _ in rows]
    numbers = [
        (name, _after(few, first), _after(many, total), f"{(many - few) / (total - first):,.0f}" if few else NOT_KNOWN)
        for name, few, first, many, total in rows
    ]
    return (
        tables.table("Memory (RSS)", ("ratios", "after many, of after few"), ratios),
        tables.table("", ("numbers", "after few", "after many", "bytes kept of each"), numbers),
    )


def _memory(transport: str, plan: Plan) -> tuple[str, int, int, int, int]:
    """Name, bytes after few messages and how many those were, bytes after many and how many."""
    with running(MOCKIIS) as server:
        few, first = _sent(server, transport, 50, plan.patience)  # 50 to warm up, and 50
        many, then = _sent(server, transport, plan.messages - 600, plan.patience)  # 500 to warm up
    return f"{transport.upper()}, 4 connections", few, first, many, first + then


def _sent(server: Server, transport: str, count: int, seconds: float) -> tuple[int, int]:
    job = Job(address=server.addresses[transport], connections=4, count=count, seconds=seconds)
    result: Result = generate(job)
    used = server.usage()
    return used.memory if used else 0, result.total


def _after(size: int, messages: int) -> str:
    return f"{size / 1_048_576:.1f} MiB after {messages:,}" if size else NOT_KNOWN
