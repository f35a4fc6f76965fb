"""The scenarios that people name on the command line: files, folders of them, and shipped ones."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import scenarios as shipped
from mockiis.console import read_text
from mockiis.document import closest
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.scenario import Scenario, load


def load_scenarios(names: tuple[str, ...]) -> list[Scenario]:
    """Read every file, the .yaml files of every folder, and shipped scenarios by name.

    Raises DocumentError with the problems of all files, MockIISError for what cannot be found.
    """
    problems: list[Problem] = []
    loaded: list[Scenario] = []
    for path in [path for name in names for path in scenario_paths(name)]:
        try:
            loaded.append(load(read_text(path), str(path)))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return loaded


def scenario_paths(name: str) -> list[Path]:
    """The files that a name stands for. Raises MockIISError where there are none."""
    path = Path(name)
    if path.is_dir():
        found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
        if not found:
            raise MockIISError(f"{name}: the folder holds no .yaml file")
        return found
    if path.exists():
        return [path]
    with suppress(LookupError):
        return list(shipped.paths(name))
    raise MockIISError(f"{name}: there is no such file, folder or shipped scenario; {_instead_of(path)}")


def _instead_of(path: Path) -> str:
    """What to name in its place: the scenario beside it or the shipped one that is nearest, or all that ship."""
    beside = [str(one) for kind in ("*.yaml", "*.yml") for one in path.parent.glob(kind)]
    near = closest(str(path), [*beside, *shipped.names()])
    return f"did you mean '{near}'?" if near else f"shipped are {', '.join(shipped.names())}"
