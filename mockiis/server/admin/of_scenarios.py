"""What the mock answers by: scenarios, single rules, states."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

import scenarios as shipped
from mockiis.console import read_text
from mockiis.document import closest
from mockiis.errors import DocumentError, Problem
from mockiis.scenario import Rule, Scenario, load
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import ValueCondition
from mockiis.scenario.memory import START, Memory
from mockiis.server.admin.asked import Answer, Asked, RefusedError, checked
from mockiis.server.admin.bodies import ScenarioBody, ScenariosBody, StateBody, TextBody
from mockiis.server.admin.controls import Controls
from mockiis.server.scripts import ADDED, UnknownScenarioError
from mockiis.yaml_text import parse

_MOST_STATES = 10_000
"""Keys of one scenario that are listed."""


def listed(controls: Controls, _asked: Asked) -> Answer:
    """``GET /scenarios``: in the order in which they are tried."""
    memory = controls.service.memory
    return Answer(data={"scenarios": [_described(entry, memory) for entry in controls.service.scenarios]})


def one(controls: Controls, asked: Asked) -> Answer:
    """``GET /scenarios/{name}``."""
    return Answer(data=_described(controls.scripts.find(asked.names["name"]), controls.service.memory))


def replace(controls: Controls, asked: Asked) -> Answer:
    """``PUT /scenarios``: a list of them takes the place of all that are there."""
    data, marks = asked.json()
    below = {("scenarios", *path): mark for path, mark in marks.items()} | {(): (1, 1)}
    body = checked({"scenarios": data}, below, ScenariosBody) if isinstance(data, list) else asked.read(ScenariosBody)
    controls.scripts.replace(_loaded(controls, body.scenarios))
    return listed(controls, asked)


def add(controls: Controls, asked: Asked) -> Answer:
    """``POST /scenarios``: one more."""
    body = asked.read(ScenarioBody)
    (scenario,) = _loaded(controls, [body])
    controls.scripts.add(scenario, front=body.front)
    return Answer(data=_described(scenario, controls.service.memory), status=201)


def put(controls: Controls, asked: Asked) -> Answer:
    """``PUT /scenarios/{name}``: in place of the one of that name, or one more."""
    name = asked.names["name"]
    if asked.is_yaml:
        scenario = load(asked.text(), name)
    else:
        body = asked.read(ScenarioBody)
        (scenario,) = _loaded(controls, [body.model_copy(update={"name": body.name or name})])
    controls.scripts.put(name, scenario)
    return Answer(data=_described(scenario, controls.service.memory))


def remove(controls: Controls, asked: Asked) -> Answer:
    """``DELETE /scenarios/{name}``."""
    controls.scripts.remove(asked.names["name"])
    return listed(controls, asked)


def add_rule(controls: Controls, asked: Asked) -> Answer:
    """``POST /rules``: a rule as JSON or YAML, in front of everything."""
    if asked.is_yaml:
        rule, marks = parse(asked.text(), ADDED)
    else:
        rule, marks = asked.json()
        if isinstance(rule, dict) and set(rule) == {"text"}:
            rule, marks = parse(checked(rule, marks, TextBody).text, ADDED)
    name = controls.scripts.add_rule(rule, marks)
    return Answer(data={"scenario": ADDED, "name": name}, status=201)


def remove_rules(controls: Controls, _asked: Asked) -> Answer:
    """``DELETE /rules``."""
    return Answer(data={"removed": controls.scripts.clear_rules()})


def states(controls: Controls, asked: Asked) -> Answer:
    """``GET /state``: every key that was moved, by scenario; ``?scenario=`` picks one."""
    names = [value for name, value in asked.query if name == "scenario"]
    found = list(map(controls.scripts.find, names)) or controls.service.scenarios
    data = [
        {"scenario": entry.source, "key": key, "state": state}
        for entry in found
        for key, state in list(controls.service.memory.states(entry.source, controls.clock.now()).items())[
            :_MOST_STATES
        ]
    ]
    return Answer(data={"states": data})


def set_state(controls: Controls, asked: Asked) -> Answer:
    """``PUT /state``."""
    body = asked.read(StateBody)
    scenario = controls.scripts.find(body.scenario)
    _refuse_unknown_state(scenario, body.state)
    controls.service.memory.move(scenario.source, body.key, body.state, controls.clock.now())
    return Answer(data={"scenario": scenario.source, "key": body.key, "state": body.state})


def _refuse_unknown_state(scenario: Scenario, state: str) -> None:
    """A state that no rule of the file names is surely a slip."""
    conditions = [each for rule in scenario.rules for each in rule.conditions]
    asked = [each.check for each in conditions if isinstance(each, ValueCondition) and each.key == "state"]
    if not all(isinstance(check, OneOf) for check in asked):
        return
    known = [START, *(value for check in asked if isinstance(check, OneOf) for value in check.values)]
    known = list(dict.fromkeys([*known, *(rule.then.state for rule in scenario.rules if rule.then)]))
    if state.casefold() not in map(str.casefold, known):
        near = closest(state, known)
        advice = f"did you mean '{near}'?" if near else f"there are: {', '.join(known)}"
        raise RefusedError(400, f"no rule of '{scenario.name}' names the state '{state}'; {advice}")


def _described(scenario: Scenario, memory: Memory) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "source": scenario.source,
        "about": scenario.about,
        "rules": [_of_rule(rule, memory.total(scenario.source, rule.name)) for rule in scenario.rules],
    }


def _of_rule(rule: Rule, answers: int) -> dict[str, Any]:
    expect = str(rule.expect) if rule.expect else None
    return {"number": rule.number, "name": rule.name, "answers": answers, "expect": expect}


def _loaded(controls: Controls, bodies: Iterable[ScenarioBody]) -> list[Scenario]:
    """Every one of them, or the problems of all."""
    problems: list[Problem] = []
    found: list[Scenario] = []
    for body in bodies:
        try:
            found.append(_load(controls, body))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return found


def _load(controls: Controls, body: ScenarioBody) -> Scenario:
    if body.text:
        if not body.name:
            raise RefusedError(400, "a scenario as text needs a 'name', such as lot-number.yaml")
        return load(body.text, body.name)
    if body.path:
        path = _allowed(controls.listeners.settings.scenario_folders, body.path)
    else:
        try:
            path = shipped.path(body.shipped)
        except LookupError as error:
            raise UnknownScenarioError(str(error.args[0])) from None
    return load(read_text(path), str(path))


def _allowed(folders: tuple[Path, ...], name: str) -> Path:
    """A .yaml file in one of the folders that the mock was started with; nothing else of this machine is read."""
    if "\0" not in name and PurePath(name).suffix in (".yaml", ".yml"):
        for folder in folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return path
    raise RefusedError(
        404, f"there is no file '{name}' in a folder that the mock was started with; send its text instead of 'path'"
    )
