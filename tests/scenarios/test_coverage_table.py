"""docs/scenarios.md: every rule it names is there, every case of the others has a row, and the numbers are right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import scenarios
from mockiis.scenario import load

PAGE = (Path(__file__).parents[2] / "docs/scenarios.md").read_text(encoding="utf-8")
FAMILIES = {
    "IZ Gateway: test cases": 70,
    "IZ Gateway: MOCK and PERF": 20,
    "Failure kinds of production": 16,
    "IIS-Sandbox: flavors": 32,
    "IIS-Sandbox: flavors of the development branch": 20,
    "SMM demo endpoints": 13,
    "AIRA acknowledgments": 6,
    "ONC scripted exchanges": 14,
    "NDIIS examples as printed": 5,
}
FLAVORS = """\
LIME MELON COCONUT ORANGE LEMON GREEN CRANBERRY BILBERRY PEAR BLACKBERRY SPRUCE CANTALOUPE CLEMENTINE ELDERBERRIES
GUAVA FIG PITAYA PERSIMMON PLANTAIN QUINZE SOURSOP ICE PHI CITRUS CHERRY KUMQUAT SNAIL SNAIL30 SNAIL60 SNAIL90 PUNKIN
MEDLAR
MISMO APPLESAUCE GRAPEFRUIT LIMITSIZENAME REJECTLONGNAME MANDATORYLEGALNAME MIDDLENAMECONCAT ASCIICONVERT
NONASCIIREJECT REMOVEHYPHENSPACES IGNORENAMETYPE NOSINGLECHARNAME STARFRUIT MOONFRUIT NOTICE SINGLENAME UPPERCASENAME
SEPARATEMIDDLENAME METEORFRUIT DURIAN
"""
STATUSES = ("done", "built in", "waits for the registry: ", "not done: ")


@dataclass(frozen=True)
class Row:
    """One case of the page."""

    family: str
    case: str
    scenario: str
    rule: str
    status: str

    @property
    def counts(self) -> bool:
        return self.status.startswith(("done", "built in"))


def _rows() -> list[Row]:
    found = []
    for part in PAGE.split("\n### ")[1:]:
        family = part.partition("\n")[0]
        for line in re.findall(r"^\| (.*) \|$", part, re.MULTILINE)[1:]:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
            if not set("".join(cells)) <= set("- "):
                file = re.search(r"\[(.*?)\]", cells[2])
                found.append(Row(family, cells[0], file[1] if file else "", cells[3].strip('"'), cells[4]))
    return found


ROWS = _rows()


@cache
def rules(scenario: str) -> set[str]:
    loaded = load(scenarios.path(scenario).read_text(encoding="utf-8"), scenario)
    return {rule.name for rule in loaded.rules} | ({"otherwise"} if loaded.otherwise else set())


def test_every_family_is_complete() -> None:
    """As many rows as there are cases."""
    assert FAMILIES == {family: sum(row.family == family for row in ROWS) for family in FAMILIES}
    assert len(ROWS) == sum(FAMILIES.values())


def test_every_flavor_has_one_row() -> None:
    """Those of the published version and of the development branch."""
    assert sorted(FLAVORS.split()) == sorted(row.case for row in ROWS if "flavors" in row.family)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.family}-{row.case}" for row in ROWS])
def test_row(row: Row) -> None:
    """It names a shipped file and a rule of it, or says why there is none."""
    assert row.status.startswith(STATUSES)
    if row.status.startswith("done"):
        assert row.rule in rules(row.scenario)
    else:
        assert "" == row.scenario == row.rule


def test_the_numbers_are_counted() -> None:
    """The percentage, what waits and what is not done."""
    done = sum(row.counts for row in ROWS)
    waiting = sum(row.status.startswith("waits") for row in ROWS)
    share = f"{100 * done / len(ROWS):.1f}"
    assert f"**{done} of {len(ROWS)} cases ({share} %) are done or built in.**" in PAGE
    assert f"{waiting} wait for the built-in registry" in PAGE
    assert f"; {len(ROWS) - done - waiting} are not done" in PAGE


@pytest.mark.parametrize("family", FAMILIES)
def test_the_number_of_a_family(family: str) -> None:
    """Above its table."""
    rows = [row for row in ROWS if row.family == family]
    assert f"### {family}\n\n{sum(row.counts for row in rows)} of {len(rows)}.\n" in PAGE


def test_every_shipped_scenario_is_listed() -> None:
    """With what it says about itself."""
    listed = dict(re.findall(r"^\| \[(\S+)\]\(\S+\) \| ([^|]*) \|$", PAGE, re.MULTILINE))
    about = {name: load(scenarios.path(name).read_text(encoding="utf-8"), name).about for name in scenarios.names()}
    assert about == listed


def test_no_rule_of_a_family_is_left_out() -> None:
    """Every rule of the IZ Gateway and IIS-Sandbox files that stands for a case is named by a row of that case."""
    named = {row.case for row in ROWS}
    for name in scenarios.names():
        if name.startswith(("izgateway/", "iis-sandbox/flavors")):
            for rule in rules(name) - {"otherwise"}:
                case = re.split(", | and | over |: ", rule)[0]
                assert case in named, f"{name}: {rule}"
