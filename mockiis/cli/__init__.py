"""The command ``mockiis``. Each subcommand is found by its entry point and imported only when it is used."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from io import TextIOWrapper

import click

from mockiis.console import plain_errors
from mockiis.errors import printable
from mockiis.version import VERSION

GROUP = "mockiis.commands"


class Commands(click.Group):
    """The commands that installed packages offer in the entry-point group ``mockiis.commands``."""

    def _found(self) -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=GROUP)}

    def list_commands(self, context: click.Context) -> list[str]:
        """Names of all commands, for the help page."""
        return sorted(self._found())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        entry = self._found().get(name)
        return entry.load() if entry else None

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The same as click's, which does not know the names of commands that are not imported yet."""
        name, known = arguments[0], self._found()
        if name not in known and not name.startswith("-"):
            near = get_close_matches(name, known, n=1)
            there = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(known))}"
            context.fail(f"there is no command '{printable(name)}'; {there}")
        return super().resolve_command(context, arguments)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(VERSION, prog_name="mockiis")
def command() -> None:
    """A mock immunization registry (IIS), a sender, scripted scenarios and an onboarding certification suite.

    Exit codes: 0 all well; 1 the answer is no (rejected, not certified); 2 wrong usage or unreadable input;
    3 could not be delivered or reached.
    """


def main() -> None:
    """Entry point of the console script. A character that the terminal cannot show is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with plain_errors():
        command(prog_name="mockiis")
