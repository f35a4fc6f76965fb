"""What each operator asks, and what a wrong one is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.errors import DocumentError
from mockiis.message import Request
from mockiis.scenario import load
from mockiis.scenario.matcher import first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.subject import Subject

Ask = Callable[..., Request]
HOLDS = [
    # a condition on the update of conftest.py (received on 2024-04-03), and whether it holds
    ("PID-5.1: {contains: o}", True),
    ("PID-5.1: {contains: DOE}", True),
    ("PID-5.1: {contains: Roe}", False),
    ("PID-5: {contains: 'e^K'}", True),
    ("PID-30: {contains: a}", False),
    ("PID-3.1: {contains: 700}", True),
    ("PID-5.1: {starts: do}", True),
    ("PID-5.1: {starts: oe}", False),
    ("PID-3.1: {starts: 77}", True),
    ("message: {starts: VXU}", True),
    ("message: {contains: Q11}", False),
    ("username: {starts: a}", False),
    ("PID-11.3: {word: FARGO}", True),
    ("PID-11.3: {word: Farg}", False),
    ("username: {word: x}", False),
    ("PID-5.1: {same_as: 'NK1-2.1'}", True),
    ("PID-5.1: {same_as: PID-5.2}", False),
    ("PID-29: {same_as: PID-30}", False),
    ("MSH-4: {same_as: PID-3.4}", True),
    ("MSH-4: {same_as: facility}", False),
    ("PID-7: {not: {same_as: RXA-3}}", True),
    ("PID-5.1: {longer_than: 2}", True),
    ("PID-5.1: {longer_than: 3}", False),
    ("PID-3: {longer_than: 15}", True),
    ("PID-30: {longer_than: 0}", False),
    ("NK1-4: {longer_than: 1}", True),
    ("PID-7: {before: 2024-04-03}", True),
    ("PID-7: {before: 2024-04-02}", False),
    ("PID-7: {before: 20240403}", True),
    ("PID-7: {before: 2025}", True),
    ("PID-7: {before: '2024'}", False),
    ("PID-7: {before: '202405'}", True),
    ("PID-7: {before: '202404'}", False),
    ("PID-7: {before: 20240402120000}", False),
    ("PID-7: {before: 20240403000000}", True),
    ("PID-7: {after: 2024-04-01}", True),
    ("PID-7: {after: 2024-04-02}", False),
    ("PID-7: {after: '2023'}", True),
    ("PID-7: {after: '2024'}", False),
    ("PID-7: {before: today}", True),
    ("PID-7: {after: today}", False),
    ("RXA-3: {before: today}", False),
    ("RXA-3: {after: today}", False),
    ("PID-7: {before: today - 1d}", False),
    ("PID-7: {after: today - 30d}", True),
    ("PID-7: {after: today-2d}", True),
    ("PID-7: {after: today - 1d}", False),
    ("PID-7: {before: today + 30d}", True),
    ("RXA-3: {before: PID-7}", False),
    ("RXA-3: {after: PID-7}", True),
    ("PID-7: {before: 'RXA[2]-3'}", True),
    ("PID-7: {before: PID-29}", False),
    ("PID-7: {after: PID-29}", False),
    ("PID-7: {before: PID-5.1}", False),
    ("PID-5.1: {before: today}", False),
    ("PID-29: {before: today}", False),
    ("PID-7: {not: {before: today}}", False),
    ("PID-29: {not: {before: today}}", True),
    ("PID-7: {not: {contains: 2023}}", True),
    ("PID-5.1: {not: {longer_than: 20}}", True),
    ("PID-5.1: {not: {exact: DOE}}", True),
    ("PID-5.1: {in: [ROE, DOE]}", True),
    ("PID-5.1: {exact: missing}", False),
]


@pytest.mark.parametrize(("condition", "holds"), HOLDS)
def test_operator(ask: Ask, condition: str, holds: bool) -> None:
    """An operator holds or not as the language says."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{{condition}}}, reply: {{drop: close}}}}\n"
    assert holds == (first_match([load(text, "only.yaml")], Subject(ask()), Memory()) is not None)


PROBLEMS = [
    ("{longer_than: long}", "'long' is not a number of characters; write one such as {longer_than: 48}"),
    ("{longer_than: [1]}", "write text here, not a list"),
    ("{contains: ''}", "the value is missing"),
    ("{contains: [a, b]}", "write text here, not a list"),
    ("{starts: {a: b}}", "write text here, not a mapping; quote text that begins with {"),
    ("{before: }", "the value is missing"),
    ("{before: 2024-02-30}", "'2024-02-30' is not in the calendar; write year-month-day, such as 2024-04-02"),
    ("{before: 20240230}", "'20240230' is not in the calendar; write year-month-day, such as 2024-04-02"),
    ("{before: '202413'}", "'202413' is not in the calendar; write year-month-day, such as 2024-04-02"),
    ("{before: '0000'}", "'0000' is not in the calendar; write year-month-day, such as 2024-04-02"),
    ("{after: PID.7}", "'PID.7' is not a date, today or a location; did you mean 'PID-7'?"),
    (
        "{after: tomorrow}",
        "'tomorrow' is not a date, today or a location; write one such as 2024-04-02, today, today - 30d or PID-7",
    ),
    (
        "{after: today - 1y}",
        "'today - 1y' is not a date, today or a location; write one such as 2024-04-02, today, today - 30d or PID-7",
    ),
    ("{missing: [true]}", "write {missing: true}, not a list"),
]


@pytest.mark.parametrize(("operator", "problem"), PROBLEMS)
def test_problem_in_an_operator(operator: str, problem: str) -> None:
    """Each mistake is told at the place that the condition is about."""
    text = f"version: 1\nrules:\n  - name: only\n    when: {{PID-7: {operator}}}\n    reply: {{drop: close}}\n"
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    assert [f"a.yaml:4:12: rules.1.when.PID-7: {problem}"] == [str(found) for found in caught.value.problems]
