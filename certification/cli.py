"""``mockiis certify``: the options. What they lead to is in ``command``, imported when the command is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mockiis.console import ExitCode

FILE = click.Path(path_type=Path, dir_okay=False)
DIALECT = click.Choice(["cdc", "noridian"])
HELP = {
    "iis": "Judge by this IIS, as in send --to; may be given once for each transport.",
    "password": "Its password. Better: the variable MOCKIIS_PASSWORD.",
    "ca": "PEM file of the authorities to trust for TLS.",
    "scenario": "Use this file in place of the shipped scenario of the same name; may be repeated.",
    "only": "Only this capability or case id, * for any text; may be repeated.",
}


@click.command(short_help="Run the certification cases and report percentages.")
@click.option("--iis", multiple=True, metavar="URL", help=HELP["iis"])
@click.option("--user", default="", help="User name for the SOAP interface.")
@click.option("--password", default="", help=HELP["password"])
@click.option("--facility", default="", help="facilityID for the SOAP interface.")
@click.option("--dialect", type=DIALECT, default="cdc", show_default=True, help="SOAP interface.")
@click.option("--ca", type=FILE, help=HELP["ca"])
@click.option("--insecure", is_flag=True, help="Take any TLS certificate. For tests only.")
@click.option("--scenario", multiple=True, metavar="FILE", help=HELP["scenario"])
@click.option("--only", multiple=True, metavar="NAME", help=HELP["only"])
@click.option("--junit", type=FILE, help="Write the result as JUnit XML.")
@click.option("--json", type=FILE, help="Write the result as JSON.")
@click.option("--list", "listing", is_flag=True, help="List the cases and stop.")
@click.option("--explain", metavar="ID", help="Say what a case sends and expects, and stop.")
def certify(**options: Any) -> None:
    """Judge the sender by every certification case over SOAP and MLLP, and print percentages.

    Without --iis a mock IIS of its own answers, on free ports. With --iis the cases that need a scripted answer are
    skipped.

    Exit code: 0 every case that applies passed; 1 one did not; 2 wrong usage; 3 the IIS cannot be reached;
    130 interrupted.
    """
    try:
        from certification.command import Options, run

        code = run(Options(**options))
    except KeyboardInterrupt as interrupt:
        click.echo(f"interrupted; {str(interrupt) or 'no case was judged'}", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    sys.exit(code)
