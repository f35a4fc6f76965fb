"""Breaking any one answer of a shipped scenario is found: every value of its replies and patients is changed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
import pytest_twisted

import scenarios
from certification.events import CaseFinished
from certification.loader import shipped_cases
from mockiis.document import parse
from mockiis.errors import DocumentError
from mockiis.scenario import Scenario, load

Place = tuple[str | int, ...]
OTHER = {
    "AA": "AE",
    "AE": "AA",
    "AR": "AA",
    "NF": "TM",
    "E": "W",
    "101": "102",
    "102": "101",
    "200": "201",
    "999": "100",
}
OTHER |= {"Z32": "Z42", "Z42": "Z32", "N": "Y", "F": "M", "M": "F", "SecurityFault": "UnknownFault"}
OTHER |= {
    "PID": "PID-5",
    "QPD": "QPD-4",
    "MSH-9": "MSH-11",
    "2341 West Main St^^Fargo^ND": "2341 East Main St^^Fargo^ND",
}


def values(data: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text in a document, with its place."""
    if isinstance(data, dict | list):
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from values(item, (*place, key))
    else:
        yield place, data


def is_answer(place: Place) -> bool:
    """Whether a value is part of what is answered, and not of when."""
    return place[0] == "patients" or "reply" in place


def another(value: str) -> str:
    """A value like it."""
    last = value[-1]
    return OTHER.get(value, value[:-1] + ("7" if last == "8" else "8" if last.isdigit() else "x"))


def broken(name: str) -> Iterator[tuple[str, Scenario]]:
    """The scenario with one value changed, once for each value where the result can be loaded."""
    data, _ = parse(scenarios.path(name).read_text(encoding="utf-8"), name)
    for place, value in values(data):
        changed = deepcopy(data)
        parent = changed
        for key in place[:-1]:
            parent = parent[key]
        parent[place[-1]] = another(value)
        try:
            scenario = load(json.dumps(changed), f"{name}.yaml")
        except DocumentError:
            continue
        if is_answer(place):
            yield f"{name}: {'.'.join(map(str, place))}", scenario


BROKEN = dict(one for name in ("ndiis-examples", "reject-all", "security-fault") for one in broken(name))
UNSCRIPTED = {
    name: [
        case
        for case in shipped_cases()
        if case.scenario == name
        and not any(step.answer for step in case.steps)
        and (case.capability != "submit" or case.id == "ndiis-vxu-1-private")
    ]
    for name in ("ndiis-examples", "reject-all", "security-fault")
}
"""The cases that each scenario answers; one update stands for all those that get the same answer."""


def test_nearly_every_value_can_be_changed() -> None:
    """The sweep is no empty one: the few that cannot are bound by the language, such as a profile without patients."""

    assert len(BROKEN) >= 60


@pytest.mark.parametrize("place", BROKEN)
@pytest_twisted.ensureDeferred
async def test_a_broken_answer_is_found(place: str, judge: Callable[..., Awaitable[list[CaseFinished]]]) -> None:
    """At least one case fails, and says which field differs, what was expected and what was found."""
    name = place.partition(":")[0]
    failures = []
    for transport in ("mllp", "soap", "http"):
        ids = [case.id for case in UNSCRIPTED[name] if transport == case.transports[-1]]
        finished = await judge(*ids, transport=transport, scenarios={name: BROKEN[place]})
        failures += [failure for each in finished for failure in each.failures]

    assert failures
    assert all(failure.field and failure.words and failure.expected != failure.found for failure in failures)


@pytest.mark.parametrize(
    ("place", "case", "field"),
    [
        ("patients.jane.ids.SR", "ndiis-query", "PID-3"),
        ("patients.jane.doses.0.lot", "ndiis-query", "RXA[1]-15"),
        ("patients.jane.forecast.0.due", "ndiis-query", "OBX[3.1=30980-7]-5"),
        ("patients.dup c.next_of_kin.0.name", "several-candidates", "NK1[2]-2"),
        ("rules.0.reply.ack", "ethnic-group-missing", "MSA-1"),
        ("rules.0.reply.errors.0.at", "ethnic-group-missing", "ERR-2"),
        ("rules.1.reply.ack", "ndiis-vxu-1-private", "MSA-1"),
        ("rules.6.reply.rsp.status", "nobody-found", "QAK-2"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_the_field_that_differs_is_named(
    place: str, case: str, field: str, judge: Callable[..., Awaitable[list[CaseFinished]]]
) -> None:
    """The failure is about the field that the changed value becomes, and lays it to the registry's account."""
    [finished] = await judge(case, scenarios={"ndiis-examples": BROKEN[f"ndiis-examples: {place}"]})
    failure = next(failure for failure in finished.failures if failure.field == field)

    assert "the registry's answer is not the expected one" in failure.advice
