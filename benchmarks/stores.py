"""What it costs to keep things: the registry next to bare inserts, queries by size, and the journals next to none."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import postgresql
import tables
from rich.table import Table
from servers import BenchmarkError, last_line, running, serving
from throughput import Contest, Measured, Way, measure

BARE_AIM, SIZE_AIM, JOURNAL_AIM = 1 / 3, 1.3, 0.5
"""Of the rate of bare inserts; times the cost of a query at the smallest size; of the rate without durable journal."""
MEMORY_AIM = 200
"""MiB."""
_NONE, _FILE, _POSTGRESQL = "in memory", "SQLite file", "PostgreSQL"
_CONNECTIONS = (1, 8, 64)


def storing(rounds: int, messages: int) -> Sequence[Table]:
    """Updates stored, next to bare inserts of the same rows."""
    found = _run("storing", rounds, messages)
    titles = ("of bare inserts (SQLAlchemy Core)", "aim 1/3", "of bare inserts (driver alone)")
    rows, numbers = [], []
    for size, taken in found.items():
        core, driver = (_middle(taken[way], taken["mockiis"]) for way in ("core", "driver"))
        name = f"{size} to a transaction"
        rows.append((name, tables.times(core), tables.judged(core / BARE_AIM), tables.times(driver)))
        numbers.append((name, *(f"{median(taken[way]):,.0f}" for way in ("mockiis", "core", "driver"))))
    return (
        tables.table("Storing a VXU with two doses (SQLite file)", ("ratios", *titles), rows),
        tables.table("", ("µs each", "judged, matched, stored", "bare, Core", "bare, driver"), numbers),
    )


def querying(rounds: int, queries: int, sizes: Sequence[int]) -> Sequence[Table]:
    """The cost of a query in a small registry and in larger ones."""
    found = _run("querying", rounds, queries, *sizes)
    least, *larger = map(str, sizes)
    rows, numbers = [], []
    for kind, taken in found["taken"].items():
        ratios = [_middle(taken[size], taken[least]) for size in larger]
        rows.append((kind, *(f"{tables.times(each)} {tables.judged(SIZE_AIM / each)}" for each in ratios)))
        numbers.append((kind, *(f"{median(each):,.0f}" for each in taken.values())))
    memory = found["memory"] / 1_048_576
    caption = f"memory of the process with {len(sizes)} registries in files: {memory:.0f} MiB (aim {MEMORY_AIM})"
    named = [f"{int(size):,} patients" for size in (least, *larger)]
    return (
        tables.table("Querying", (f"cost, of that at {named[0]} (aim {SIZE_AIM})", *named[1:]), rows, caption),
        tables.table("", ("µs of CPU", *named), numbers),
    )


def _middle(these: Sequence[float], those: Sequence[float]) -> float:
    """The ratio, the median of those within the rounds."""
    return median(one / other for one, other in zip(these, those, strict=True))


def journal(rounds: int, seconds: float) -> Sequence[Table]:
    """Messages per second with the journal in memory, in a file and in PostgreSQL."""
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "journal.db"
        programs = [serving("accept-all", _NONE), serving("accept-all", _FILE, "--journal", str(file))]
        if postgresql.installed():
            url = stack.enter_context(postgresql.running())
            programs.append(serving("accept-all", _POSTGRESQL, "--journal", url))
        servers = [stack.enter_context(running(program)) for program in programs]
        rows, numbers = [], []
        for transport in ("mllp", "soap"):
            ways = tuple(Way(name=f"{transport.upper()}, {n} connections", connections=n) for n in _CONNECTIONS)
            contest = Contest(title="", transport=transport, ways=ways, programs=programs, aim=0)
            found = measure(contest, servers, rounds, seconds)
            for way in ways:
                kept = [found[way.name, program.name] for program in programs]
                rows.append((way.name, *(_of_none(each, kept[0]) for each in kept[1:])))
                numbers.append((way.name, *(_rate(each) for each in kept)))
    named = [program.name for program in programs]
    title = f"Journal: the rate, of that with the journal in memory (aim {JOURNAL_AIM} with a file, 64 connections)"
    return (
        tables.table(title, ("ratios", *named[1:]), rows),
        tables.table("", ("messages/s (p99 ms)", *named), numbers),
    )


def _of_none(measured: Measured, none: Measured) -> str:
    ratio = measured.ratio(none)
    return f"{tables.times(ratio)} {'[green]met[/]' if ratio >= JOURNAL_AIM else '[red]missed[/]'}"


def _rate(measured: Measured) -> str:
    return f"{measured.rate:,.0f} ({measured.middle(lambda result: result.p99):.1f})"


def _run(name: str, *arguments: int) -> Any:
    """What the program of that name prints, run in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name(f"{name}.py")), *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=3600, check=True)
    except subprocess.CalledProcessError as error:
        raise BenchmarkError(f"{name} failed: {last_line(error.stderr)}") from None
    return json.loads(done.stdout)
