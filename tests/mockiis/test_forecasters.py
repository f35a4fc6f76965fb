"""Forecasters found by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mockiis.errors import MockIISError
from mockiis.forecasters import forecaster_named
from mockiis.message.person import Coded, Dose, Forecast, Identifier, Name, Person
from mockiis.registry.forecast import NoForecaster, shipped

ALICE = Person(
    identifiers=(Identifier("77001"),),
    name=Name(family="Adams"),
    birth_date="20240115",
    sex="F",
    doses=(Dose(given="20240315", vaccine=Coded("20", "", "CVX")),),
)
TODAY = date(2024, 6, 1)
MODULE = """
from dataclasses import replace
from mockiis.message.person import Coded, Forecast

class Always:
    def assess(self, person, today):
        return replace(person, forecast=(Forecast(vaccine=Coded("17", "Hib", "CVX"), status="due"),))

def broken():
    raise RuntimeError("no network")
"""
ENTRIES = "[mockiis.forecasters]\nalways = always_due:Always\nbroken = always_due:broken\nodd = builtins:dict\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers three forecasters, two of them no good."""
    (tmp_path / "always_due.py").write_text(MODULE, encoding="utf-8")
    information = tmp_path / "always_due-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: always-due\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(ENTRIES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "always_due", raising=False)


def test_the_example_of_the_docs_is_a_forecaster() -> None:
    """As it is printed."""
    page = (Path(__file__).parents[2] / "docs" / "forecast.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], names)
    told = names["AlwaysDue"]().assess(ALICE, TODAY)

    assert ("20240601", "20240601") == (told.forecast_made, told.forecast[0].due)


@pytest.mark.parametrize(("name", "make"), [("child-schedule", shipped), ("none", NoForecaster)])
def test_two_are_built_in(name: str, make: Callable[[], object]) -> None:
    """The child schedule, which is the default, and none at all."""
    assert make() == forecaster_named(name)
    assert shipped() == forecaster_named()


@pytest.mark.usefixtures("installed")
def test_a_package_can_bring_its_own() -> None:
    """By its entry point."""
    told = forecaster_named("always").assess(ALICE, TODAY)

    assert (Forecast(vaccine=Coded("17", "Hib", "CVX"), status="due"),) == told.forecast


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("alwais", "there is no forecaster 'alwais'; did you mean 'always'?"),
        ("x", "there is no forecaster 'x'; write one of: child-schedule, none, always, broken, odd"),
        ("broken", "the forecaster 'broken' (always_due:broken) cannot be loaded: no network"),
        ("odd", "the forecaster 'odd' (builtins:dict) has no method assess(person, today)"),
    ],
)
def test_what_cannot_be_used_is_said(name: str, complaint: str) -> None:
    """With the nearest name, or the reason."""
    with pytest.raises(MockIISError) as caught:
        forecaster_named(name)

    assert complaint == str(caught.value)
