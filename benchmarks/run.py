"""The benchmarks: ``python benchmarks/run.py``, or with ``--quick`` for a first impression. See README.md."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from typing import NoReturn

import click
import sections
from rich.console import Console
from servers import BenchmarkError
from tables import console, load_average, machine

FULL = sections.Plan(
    rounds=3,
    seconds=0.5,
    parse_rounds=5,
    starts=5,
    messages=20_000,
    patience=20.0,
    judged=20_000,
    stored=1_024,
    patients=(10_000, 100_000),
)
QUICK = sections.Plan(
    rounds=1,
    seconds=0.15,
    parse_rounds=1,
    starts=1,
    messages=2_000,
    patience=1.0,
    judged=2_000,
    stored=256,
    patients=(500, 5_000),
)
SECTIONS = {
    "SOAP": sections.soap,
    "MLLP": sections.mllp,
    "parsing": sections.parsing,
    "judging": sections.judging,
    "rules": sections.rules,
    "delays": sections.delays,
    "WireMock": sections.wiremock,
    "journal": sections.journal,
    "storing": sections.storing,
    "querying": sections.querying,
    "start-up": sections.start_up,
    "fixture": sections.pytest_fixture,
    "memory": sections.memory,
}


@click.command()
@click.option(
    "--quick", is_flag=True, help="Under 30 seconds, for a first impression; the full run takes some minutes."
)
@click.option("--only", type=click.Choice(list(SECTIONS)), multiple=True, help="Only these subjects.")
@click.option("--judged", type=click.IntRange(min=100), help="Messages for the memory of the judge, such as 100000.")
@click.option("--patients", type=click.IntRange(min=100), help="A larger registry to query, such as 1000000.")
def main(quick: bool, only: tuple[str, ...], judged: int | None, patients: int | None) -> None:
    """Measure mockiis next to other servers and libraries, on this machine, in one run."""
    signal.signal(signal.SIGTERM, _stop)
    plan = QUICK if quick else FULL
    sizes = (*plan.patients, patients) if patients else plan.patients
    plan = replace(plan, judged=judged or plan.judged, patients=sizes)
    started, out, watching = time.perf_counter(), console(), Console(stderr=True)
    out.print(f"{machine()}\n{load_average()} before")
    for name, section in SECTIONS.items():
        if only and name not in only:
            continue
        with watching.status(f"measuring {name} ..."):
            tables = section(plan)
        out.print()
        for table in tables:
            out.print(table)
    out.print(f"\n{load_average()} after; took {time.perf_counter() - started:.0f} s")


def _stop(*_: object) -> NoReturn:
    """SIGTERM stops the servers too, as Ctrl-C does."""
    sys.exit(143)


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"benchmarks: {error}")
