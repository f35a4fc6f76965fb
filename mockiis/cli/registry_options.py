"""What ``serve`` is told of its registry: who is known, what is judged by, what forecasts."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mockiis.registry.registry import Registry
    from mockiis.server.scripts import Scripts

_OPTIONS = (
    click.option(
        "--preload",
        multiple=True,
        metavar="PATH",
        help="Persons the registry knows: VXU files, a CSV table, a scenario file or a folder of these.",
    ),
    click.option("--profile", default="ndiis", show_default=True, metavar="ndiis|cdc|FILE", help="What it judges by."),
    click.option(
        "--warnings",
        type=click.Choice(["AE", "AA"]),
        default="AE",
        show_default=True,
        help="MSA-1 of a message that has warnings only.",
    ),
    click.option("--forecaster", metavar="NAME", help="What says which doses count and are due; none for nothing."),
)


def registry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def registry_of(options: dict[str, Any]) -> Registry:
    """The registry, empty. Raises MockIISError for a profile or forecaster that cannot be had."""
    from mockiis.registry.registry import Registry
    from mockiis.registry.settings import Settings

    profile, forecaster = options["profile"], options["forecaster"]
    made: dict[str, Any] = {}
    if profile != "ndiis":
        from mockiis.cli.validate import judge_by

        judge = judge_by(profile)
        made["judge"] = lambda: judge
    if forecaster is not None:
        from mockiis.forecasters import forecaster_named

        found = forecaster_named(forecaster)
        made["forecaster"] = lambda: found
    settings = Settings(warnings=options["warnings"], forecast_in_history=profile != "cdc")
    return Registry(settings=settings, **made)


def preload(options: dict[str, Any], scripts: Scripts) -> None:
    """Let it know whom it is to know. Raises DocumentError."""
    if options["preload"]:
        from mockiis.cli.preload import Preload

        scripts.known.also(Preload(options["preload"], scripts.service.clock))
