"""The benchmarks: ``python benchmarks/run.py``, or with ``--quick`` for a first impression. See README.md."""

from __future__ import annotations

import signal
import sys
import time
from typing import NoReturn

import click
import sections
from rich.console import Console
from servers import BenchmarkError
from tables import console, load_average, machine

FULL = sections.Plan(rounds=3, seconds=0.5, parse_rounds=5, starts=5, messages=20_000, patience=20.0)
QUICK = sections.Plan(rounds=1, seconds=0.15, parse_rounds=1, starts=1, messages=2_000, patience=1.0)
SECTIONS = {
    "SOAP": sections.soap,
    "MLLP": sections.mllp,
    "parsing": sections.parsing,
    "start-up": sections.start_up,
    "memory": sections.memory,
}


@click.command()
@click.option(
    "--quick", is_flag=True, help="Under 20 seconds, for a first impression; the full run is under 2 minutes."
)
def main(quick: bool) -> None:
    """Measure mockiis next to other servers and libraries, on this machine, in one run."""
    signal.signal(signal.SIGTERM, _stop)
    started, out, watching = time.perf_counter(), console(), Console(stderr=True)
    out.print(f"{machine()}\n{load_average()} before")
    for name, section in SECTIONS.items():
        with watching.status(f"measuring {name} ..."):
            tables = section(QUICK if quick else FULL)
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
