"""Forecasters by name: those built in, and those that installed packages offer in an entry-point group.

An entry of the group ``mockiis.forecasters`` names a callable that takes nothing and gives a ``Forecaster``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from mockiis.document import advice
from mockiis.errors import MockIISError
from mockiis.registry.forecast import Forecaster, NoForecaster, shipped

GROUP = "mockiis.forecasters"
DEFAULT = "child-schedule"
BUILT_IN: Mapping[str, Callable[[], Forecaster]] = {DEFAULT: shipped, "none": NoForecaster}


def forecaster_named(name: str = DEFAULT) -> Forecaster:
    """The forecaster of that name; the built-in names cannot be taken by others.

    Raises MockIISError when there is none, or when it cannot be loaded.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]()
    offered = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in offered:
        known = [*BUILT_IN, *sorted(offered.keys() - BUILT_IN.keys())]
        raise MockIISError(f"there is no forecaster '{name}'; {advice(name, known)}")
    try:
        made: Forecaster = offered[name].load()()
    except Exception as error:
        raise MockIISError(f"the forecaster '{name}' ({offered[name].value}) cannot be loaded: {error}") from error
    if not callable(getattr(made, "assess", None)):
        raise MockIISError(f"the forecaster '{name}' ({offered[name].value}) has no method assess(person, today)")
    return made
