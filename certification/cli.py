"""``mockiis certify``: the options. What they lead to is in ``command``, imported when the command is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mockiis.console import plain_errors

FILE = click.Path(path_type=Path, dir_okay=False)
DIALECT = click.Choice(["cdc", "noridian"])
HELP = {
    "iis": "Judge by this IIS, http(s):// or mllp(s)://; may be given once for each transport.",
    "password": "Its password (or the variable MOCKIIS_PASSWORD).",
    "ca": "PEM file with the certificate authorities to trust instead of the system's.",
    "scenario": "Use this file in place of the shipped scenario of the same name.",
    "only": "Only this capability or case id, * for any text; may be repeated.",
}


@click.command(short_help="Run the certification cases and report percentages.")
@click.option("--iis", multiple=True, metavar="URL", help=HELP["iis"])
@click.option("--user", default="", help="User name for SOAP.")
@click.option("--password", default="", envvar="MOCKIIS_PASSWORD", help=HELP["password"])
@click.option("--facility", default="", help="The facilityID for SOAP.")
@click.option(
    "--dialect", type=click.Choice(["cdc", "noridian"]), default="cdc", show_default=True, help="SOAP interface."
)
@click.option("--ca", type=FILE, help=HELP["ca"])
@click.option("--scenario", multiple=True, metavar="FILE", help=HELP["scenario"])
@click.option("--only", multiple=True, metavar="NAME", help=HELP["only"])
@click.option("--junit", type=FILE, help="Write the result as JUnit XML.")
@click.option("--json", type=FILE, help="Write the result as JSON.")
@click.option("--list", "listing", is_flag=True, help="List the cases and stop.")
@click.option("--explain", metavar="ID", help="Say what a case sends and expects, and stop.")
def certify(**options: Any) -> None:
    """Judge the sender by every certification case over SOAP and MLLP, and print percentages.

    Without --iis a mock IIS of its own answers, on free ports. With --iis the cases that need a scripted answer are
    skipped. Exit code: 0 when every case that applies passed, 1 when not, 2 wrong usage, 3 the IIS cannot be reached.
    """
    from certification.command import Options, run  # noqa: PLC0415 - takes most of a second

    with plain_errors():
        sys.exit(run(Options(**options)))
