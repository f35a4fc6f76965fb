"""The figures as tables: for each subject first the ratios, which mean something elsewhere, then the numbers."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table
from scripts import Peer
from servers import Program
from throughput import Contest, Measured, Measurements, Way
from usage import NOT_KNOWN

NOISY = 0.2
"""Rounds further apart than this are marked: something else kept the machine busy."""

_NAMES = {
    "mockiis": "mockiis",
    "python-hl7": "hl7",
    "hl7apy": "hl7apy",
    "hl7types": "hl7types",
    "txHL7": "txHL7",
    "Twisted": "Twisted",
}


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Table:
    """A table whose first column is text and whose others are figures."""
    made = Table(title=title, title_justify="left", title_style="bold", caption=caption, caption_justify="left")
    for column in columns:
        made.add_column(column, justify="right" if made.columns else "left")
    for row in rows:
        made.add_row(*row)
    return made


def times(ratio: float | None) -> str:
    """A ratio, or n/a for None."""
    return "n/a" if ratio is None else f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2f}x"


def judged(ratio: float) -> str:
    """How many times as good as the aim, and whether that is enough."""
    return f"[green]{times(ratio)} met[/]" if ratio >= 1 else f"[red]{times(ratio)} missed[/]"


def ratios(contest: Contest, found: Measurements) -> Table:
    """The first program against the aim and against each of the others."""
    mine, *others = contest.programs
    names = [f"{other.name} {version_of(other.name)}".strip() for other in others]
    rows = []
    for way in contest.ways:
        measured = found[way.name, mine.name]
        ratio = measured.rate / contest.aim
        aim = times(ratio) if way.reconnect else judged(ratio)
        rows.append([way.name, aim, *(_against(measured, way, other, found) for other in others)])
    caption = f"{mine.name} {version_of(mine.name)} is so many times as fast as ..."
    return table(contest.title, ["ratios", f"aim {contest.aim:,.0f}/s", *names], rows, caption)


def _against(mine: Measured, way: Way, other: Program, found: Measurements) -> str:
    if not other.installed:
        return "not installed"
    theirs = found.get((way.name, other.name))
    return times(mine.ratio(theirs) if theirs else None)


def numbers(contest: Contest, found: Measurements) -> Table:
    """Every measurement as it is."""
    columns = ("numbers", "server", "messages/s", "spread", "p50 ms", "p99 ms", "server CPU µs each", "load generator")
    rows = [(way.name, *_row(way, program, found)) for way in contest.ways for program in contest.programs]
    return table("", columns, rows)


def _row(way: Way, program: Program, found: Measurements) -> Sequence[str]:
    if not program.installed:
        return (program.name, "not installed", *[""] * 5)
    measured = found.get((way.name, program.name))
    if measured is None:
        return (program.name, "n/a: closes after each message", *[""] * 5)
    cpu = measured.server_cpu
    return (
        program.name,
        f"{measured.rate:,.0f}",
        spread(measured.spread),
        f"{measured.middle(lambda result: result.p50):.2f}",
        f"{measured.middle(lambda result: result.p99):.2f}",
        NOT_KNOWN if cpu is None else f"{cpu:,.0f}",
        f"{measured.middle(lambda result: result.own_cpu / result.seconds):.0%} busy",
    )


def spread(part: float | None) -> str:
    """How far rounds lie apart."""
    if part is None:
        return "one round"
    return f"[yellow]{part:.0%} noisy[/]" if part > NOISY else f"{part:.0%}"


def parsing(found: Mapping[str, float], aim: float) -> tuple[Table, Table]:
    """mockiis against the others at parsing the message."""
    mine, reads = found["mockiis"], found["mockiis reads"]
    rows = [
        ("parse", _parse_aim(found, aim), *(_slower(found, name, mine) for name in ("python-hl7", "hl7apy"))),
        ("parse and read 30 fields", "", _slower(found, "python-hl7 reads", reads), "n/a"),
    ]
    columns = ("ratios", f"aim {aim:.0f}x python-hl7", *(f"{n} {version_of(n)}" for n in ("python-hl7", "hl7apy")))
    absolute = [
        ("parse", *(_microseconds(found, name) for name in ("mockiis", "python-hl7", "hl7apy"))),
        ("parse and read 30 fields", *(_microseconds(found, f"{n} reads") for n in ("mockiis", "python-hl7")), "n/a"),
    ]
    caption = "mockiis takes the text apart when it is read, the others at once: the second row is the fairer one"
    return (
        table("Parsing a VXU with two doses", columns, rows, caption),
        table("", ("µs of CPU", "mockiis", "python-hl7", "hl7apy"), absolute),
    )


def _parse_aim(found: Mapping[str, float], aim: float) -> str:
    return judged(found["python-hl7"] / found["mockiis"] / aim) if "python-hl7" in found else "not installed"


def judging(found: Mapping[str, Mapping[str, float]], aim: float, kept: str) -> tuple[Table, Table]:
    """mockiis against the others at judging messages of each kind."""
    one, many = found["VXU, 1 dose"]["mockiis"], found["VXU, 31 doses"]["mockiis"]
    names = ("hl7types", "hl7apy")
    rows = []
    for kind, taken in found.items():
        met = judged(aim / taken["mockiis"]) if kind == "VXU, 2 doses" else ""
        rows.append((kind, met, *(_judged_slower(taken, name) for name in names)))
    columns = ("ratios", f"aim {aim:.0f} µs", *(f"{name} {version_of(name)}".strip() for name in names))
    absolute = [
        (kind, *(f"{of[n]:,.0f}" if n in of else "" for n in ("mockiis", *names))) for kind, of in found.items()
    ]
    caption = f"31 doses take {many / one:.1f} times as long as one; {kept}"
    return (
        table("Judging a message by all rules", columns, rows, caption),
        table("", ("µs of CPU", "mockiis", *names), absolute),
    )


def _judged_slower(taken: Mapping[str, float], name: str) -> str:
    if name in taken:
        return times(taken[name] / taken["mockiis"])
    return "raises" if version_of(name) else "not installed"


def kept(memory: Sequence[int], count: int) -> str:
    """How the memory of a process grew between a tenth of its messages and all."""
    few, many = memory
    return f"memory after {count:,} messages is {many / few:.2f}x that after {count // 10:,}" if few else NOT_KNOWN


def rules(contest: Contest, found: Measurements, aim: float) -> tuple[Table, Table]:
    """Many rules against few, by the server's CPU time where that is known."""
    (way,) = contest.ways
    few, *many = contest.programs
    base = found[way.name, few.name]
    rows = []
    for program in many:
        measured = found[way.name, program.name]
        cpu, base_cpu = measured.server_cpu, base.server_cpu
        slower = cpu / base_cpu if cpu and base_cpu else base.ratio(measured)
        rows.append((program.name, judged(aim / slower), times(slower)))
    columns = ("ratios", f"aim {aim:g}x of {few.name}", "costs")
    return table("Rules that a literal tells apart, over MLLP", columns, rows), numbers(contest, found)


def wiremock(found: Mapping[str, Peer] | None) -> tuple[Table, ...]:
    """Throughput, memory and start-up next to WireMock."""
    if found is None:
        return (table("WireMock", ("not measured",), [("Java or npm is not installed",)]),)
    mine, theirs = found["mockiis"], found["WireMock"]
    faster = mine.measured.ratio(theirs.measured)
    smaller = theirs.memory / mine.memory if mine.memory else 0.0
    sooner = theirs.start / mine.start
    rows = [
        ("messages/s", judged(faster / 2), times(faster)),
        ("memory, so many times less", judged(smaller / 10), times(smaller)),
        ("start-up, so many times sooner", judged(sooner / 2), times(sooner)),
    ]
    title = "SOAP next to WireMock: one XPath matcher, a templated answer, journal on"
    return (
        table(title, ("ratios", "aim", "mockiis"), rows),
        table(
            "",
            ("numbers", "messages/s", "p99 ms", "MiB", "first answer s"),
            [(name, *_of(peer)) for name, peer in found.items()],
        ),
    )


def _of(peer: Peer) -> tuple[str, str, str, str]:
    measured = peer.measured
    p99 = measured.middle(lambda result: result.p99)
    return f"{measured.rate:,.0f}", f"{p99:.1f}", f"{peer.memory / 1_048_576:.0f}", f"{peer.start:.2f}"


def _slower(found: Mapping[str, float], name: str, mine: float) -> str:
    return times(found[name] / mine) if name in found else "not installed"


def _microseconds(found: Mapping[str, float], name: str) -> str:
    return f"{found[name]:,.1f}" if name in found else "not installed"


def version_of(name: str) -> str:
    """The installed version of what is measured; empty for what has none."""
    try:
        return version(_NAMES[name])
    except (KeyError, PackageNotFoundError):
        return ""


def machine() -> str:
    """What the figures were taken on, and of which versions."""
    where = [
        f"{platform.python_implementation()} {platform.python_version()}",
        platform.platform(terse=True),
        _processor(),
        f"{os.cpu_count()} CPUs",
    ]
    what = [f"{name} {version_of(name)}" for name in _NAMES if version_of(name)]
    return f"{' · '.join(where)}\n{' · '.join(what)}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load_average() -> str:
    """How busy the machine is, where it can say."""
    return f"load average {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "load average not known"


def console() -> Console:
    """Wide enough for every table when there is no terminal."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=160)
