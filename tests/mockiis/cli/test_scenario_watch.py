"""Files that change while the mock runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mockiis.cli.scenario_files import load_scenarios
from mockiis.cli.scenario_watch import ScenarioWatch

RULE = "version: 1\nrules:\n  - name: {name}\n    reply: {{ack: {code}}}\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario file; each time is later than the one before."""
    times = iter(range(1_000_000_000, 2_000_000_000, 10))

    def written(name: str, code: str = "AA") -> Path:
        path = tmp_path / name
        path.write_text(RULE.format(name=path.stem, code=code))
        moment = next(times)
        os.utime(path, (moment, moment))
        return path

    return written


def watching(*names: Path) -> tuple[ScenarioWatch, list[str]]:
    said: list[str] = []
    given = tuple(map(str, names))
    return ScenarioWatch(given, load_scenarios(given), said.append), said


def test_nothing_changed(write: Write) -> None:
    """Then there is nothing to do or to say."""
    watch, said = watching(write("a.yaml"))
    assert (None, []) == (watch.look(), said)


def test_a_changed_file_is_read_again(write: Write) -> None:
    """The other files keep the scenarios they had."""
    first, second = write("a.yaml"), write("b.yaml")
    watch, said = watching(first, second)
    write("b.yaml", "AE")
    found = watch.look()
    assert found is not None
    scenarios, renewed = found
    assert [str(second)] == renewed
    assert [str(first), str(second)] == [scenario.source for scenario in scenarios]
    assert [f"{second}: reloaded; its states begin again (1 rule)"] == said
    assert watch.look() is None


def test_a_file_with_errors_keeps_the_last_good_version(write: Write) -> None:
    """It is told of with line and column, once; when it is mended it is read."""
    path = write("a.yaml")
    watch, said = watching(path)
    write("a.yaml", "XX")
    found = watch.look()
    assert found is not None
    assert ["a"] == [scenario.rules[0].name for scenario in found[0]]
    assert [] == found[1]
    assert said[0].startswith(f"{path}:4:")
    assert f"{path}: not loaded: 1 problem; the last good version stays in force" == said[1]
    assert watch.look() is None
    write("a.yaml", "AE")
    found = watch.look()
    assert found is not None
    assert [str(path)] == found[1]


def test_a_folder_gets_new_files_and_loses_old_ones(write: Write, tmp_path: Path) -> None:
    """In the order of their names; a new one that is wrong has no rules yet."""
    write("b.yaml")
    watch, said = watching(tmp_path)
    write("a.yaml")
    write("c.yaml", "XX")
    found = watch.look()
    assert found is not None
    assert ["a.yaml", "b.yaml"] == [Path(scenario.source).name for scenario in found[0]]
    assert "it has no rules until it is mended" in said[-1]
    (tmp_path / "b.yaml").unlink()
    found = watch.look()
    assert found is not None
    assert ["a.yaml"] == [Path(scenario.source).name for scenario in found[0]]
    assert f"{tmp_path / 'b.yaml'}: is gone; its rules answer no more" == said[-1]


def test_a_named_file_that_is_gone_stays_in_force(write: Write) -> None:
    """Editors remove a file for a moment when they save it."""
    path = write("a.yaml")
    watch, said = watching(path)
    path.unlink()
    found = watch.look()
    assert found is None or [str(path)] == [scenario.source for scenario in found[0]]
    assert [f"{path}: is gone or empty; what it said last stays in force"] == said
    write("a.yaml", "AE")
    found = watch.look()
    assert found is not None
    assert [str(path)] == found[1]


def test_bytes_that_are_no_text_are_told_of(write: Write) -> None:
    """The last good version stays."""
    path = write("a.yaml")
    watch, said = watching(path)
    path.write_bytes(b"\xff\xfe\x00")
    found = watch.look()
    assert found is not None
    assert [str(path)] == [scenario.source for scenario in found[0]]
    assert "is not UTF-8 text" in said[0]
