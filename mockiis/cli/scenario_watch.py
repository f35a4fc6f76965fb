"""``serve --watch``: which scenario files have changed since they were last read, and what they say now.

It looks at the time and size of each file, which every system has, and keeps what a file said last while it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockiis.cli.scenario_files import scenario_paths
from mockiis.console import read_text
from mockiis.errors import DocumentError, MockIISError
from mockiis.scenario import Scenario, load

EVERY = 1.0
"""Seconds between two looks."""
Stamp = tuple[int, int]
GONE: Stamp = (0, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A file as it was last seen: time and size, and the last scenario in it that was right."""

    stamp: Stamp
    scenario: Scenario | None


class ScenarioWatch:
    """The scenarios of the names given on the command line, as they change. ``say`` is told in a sentence each.

    A stamp is taken before the file is read, so a change while it is read is seen the next time.
    """

    def __init__(self, names: Sequence[str], loaded: Sequence[Scenario], say: Callable[[str], None]) -> None:
        self._names = names
        self._say = say
        self._missing: set[str] = set()
        by_source = {scenario.source: scenario for scenario in loaded}
        self._files = {path: Watched(stamp=stamp_of(path), scenario=by_source.get(str(path))) for path in self._paths()}

    def look(self) -> tuple[list[Scenario], list[str]] | None:
        """The scenarios now, in order, and the files that say something else than before; None if nothing changed."""
        before, now = self._files, {path: stamp_of(path) for path in self._paths()}
        changed = [path for path, stamp in now.items() if path not in before or before[path].stamp != stamp]
        removed = [path for path in before if path not in now]
        if not changed and not removed:
            return None
        fresh: dict[Path, Watched] = {path: self._read(path, now[path]) for path in changed}
        self._files = {path: fresh.get(path) or before[path] for path in now}
        for path in removed:
            self._say(f"{path}: is gone; its rules answer no more")
        renewed = [path for path in changed if path not in before or fresh[path].scenario is not before[path].scenario]
        scenarios = [entry.scenario for entry in self._files.values() if entry.scenario is not None]
        return scenarios, [str(path) for path in (*renewed, *removed)]

    def _paths(self) -> list[Path]:
        """Every file, once. A name that stands for nothing at the moment keeps the files it had."""
        found: dict[Path, None] = {}
        for name in self._names:
            try:
                paths = scenario_paths(name)
                self._missing.discard(name)
            except (MockIISError, OSError):
                paths = [path for path in getattr(self, "_files", {}) if Path(name) in (path, path.parent)]
                if name not in self._missing:
                    self._missing.add(name)
                    self._say(f"{name}: is gone or empty; what it said last stays in force")
            found |= dict.fromkeys(paths)
        return list(found)

    def _read(self, path: Path, stamp: Stamp) -> Watched:
        known = self._files.get(path)
        kept = known.scenario if known else None
        try:
            scenario = load(read_text(path), str(path))
        except DocumentError as error:
            stays = "the last good version stays in force" if kept else "it has no rules until it is mended"
            for problem in error.problems:
                self._say(str(problem))
            self._say(f"{path}: not loaded: {_counted(len(error.problems), 'problem')}; {stays}")
            return Watched(stamp=stamp, scenario=kept)
        except MockIISError as error:
            if stamp != GONE:
                self._say(f"{error}; what it said last stays in force")
            return Watched(stamp=stamp, scenario=kept)
        what = "reloaded; its states begin again" if known else "loaded"
        self._say(f"{path}: {what} ({_counted(len(scenario.rules), 'rule')})")
        return Watched(stamp=stamp, scenario=scenario)


def stamp_of(path: Path) -> Stamp:
    """When the file was changed last, and its size."""
    try:
        found = path.stat()
    except OSError:
        return GONE
    return found.st_mtime_ns, found.st_size


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
