"""The scenarios of a running mock, from wherever they change."""

from __future__ import annotations

from typing import Any

import pytest

from mockiis.errors import DocumentError, MockIISError
from mockiis.message.change import Answered
from mockiis.scenario import Scenario, load
from mockiis.server.scripts import MOST_RULES, Scripts, UnknownScenarioError
from mockiis.server.service import Service

RULE: dict[str, Any] = {"reply": {"ack": "AE"}}


def script(source: str, name: str = "") -> Scenario:
    title = f"name: {name}\n" if name else ""
    return load(f"version: 1\n{title}rules:\n  - {{name: all, reply: {{ack: AA}}}}\n", source)


@pytest.fixture
def service() -> Service:
    """A mock with two files, each of whose rules has answered once."""
    made = Service(scenarios=(script("folder/a.yaml"), script("b.yaml", "The second")))
    for source in ("folder/a.yaml", "b.yaml"):
        made.memory.apply([Answered(scenario=source, rule="all", key="")], made.clock())
    return made


def sources(service: Service) -> list[str]:
    return [entry.source for entry in service.scenarios]


def totals(service: Service) -> list[int]:
    return [service.memory.total(source, "all") for source in ("folder/a.yaml", "b.yaml")]


@pytest.mark.parametrize("name", ["folder/a.yaml", "a.yaml", "a"])
def test_a_scenario_has_several_names(service: Service, name: str) -> None:
    """Its whole source, its file with and without the ending, its own name."""
    scripts = Scripts(service)

    assert "folder/a.yaml" == scripts.find(name).source
    assert "b.yaml" == scripts.find("The second").source
    with pytest.raises(UnknownScenarioError, match=r"no scenario 'a\.yml'; did you mean 'a\.yaml'"):
        scripts.find("a.yml")


def test_what_takes_another_s_place_begins_afresh(service: Service) -> None:
    """Only that, unless all are replaced."""
    scripts = Scripts(service)
    scripts.put("b", script("b.yaml"))
    assert (["folder/a.yaml", "b.yaml"], [1, 0]) == (sources(service), totals(service))
    scripts.replace([script("c.yaml")])
    assert (["c.yaml"], [0, 0]) == (sources(service), totals(service))


def test_a_restart_brings_the_files_back(service: Service) -> None:
    """Added rules are another matter."""
    scripts = Scripts(service)
    scripts.add_rule(RULE, {})
    scripts.replace([script("c.yaml")])
    scripts.restart()
    assert ["added", "folder/a.yaml", "b.yaml"] == sources(service)
    assert 1 == scripts.clear_rules()
    assert ["folder/a.yaml", "b.yaml"] == sources(service)


def test_files_that_change_do_not_undo_what_was_loaded(service: Service) -> None:
    """They count at once where they are in force, and else after a restart."""
    scripts = Scripts(service)
    scripts.add_rule(RULE, {})
    scripts.files_changed([script("folder/a.yaml")], ["folder/a.yaml", "b.yaml"])
    assert (["added", "folder/a.yaml"], [0, 0]) == (sources(service), totals(service))
    scripts.replace([script("c.yaml")])
    scripts.files_changed([script("d.yaml")])
    assert ["added", "c.yaml"] == sources(service)
    scripts.restart()
    assert ["added", "d.yaml"] == sources(service)


def test_added_rules_are_a_scenario_of_their_own(service: Service) -> None:
    """It can be removed as one; a rule with errors leaves it as it was."""
    scripts = Scripts(service)
    assert ["added rule 1", "mine"] == [scripts.add_rule(RULE, {}), scripts.add_rule({"name": "mine", **RULE}, {})]
    with pytest.raises(DocumentError):
        scripts.add_rule({"reply": {}}, {})
    with pytest.raises(MockIISError, match="a rule 'mine' has been added already"):
        scripts.add_rule({"name": "mine", **RULE}, {})
    assert ["mine", "added rule 1"] == [rule.name for rule in scripts.find("added").rules]
    scripts.remove("added")
    assert ["folder/a.yaml", "b.yaml"] == sources(service)


def test_a_loop_that_runs_wild_is_stopped(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is an end to added rules."""
    monkeypatch.setattr("mockiis.server.scripts.MOST_RULES", 2)
    scripts = Scripts(service)
    scripts.add_rule(RULE, {})
    scripts.add_rule(RULE, {})
    with pytest.raises(MockIISError, match="2 rules have been added; remove them with DELETE /rules"):
        scripts.add_rule(RULE, {})
    assert MOST_RULES > 100
