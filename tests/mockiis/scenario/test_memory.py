"""What a script remembers, and for how many keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mockiis.message.change import Answered, Moved
from mockiis.scenario import memory as module
from mockiis.scenario.memory import Memory

NOW = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)


def later(seconds: float) -> datetime:
    """That many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def test_a_key_begins_at_start() -> None:
    """Nothing is known of a key that no rule has moved."""
    memory = Memory()
    assert ("start", 0, 0) == (memory.state("a", "1", NOW), memory.answers("a", "r", "1"), memory.total("a", "r"))
    assert {} == memory.states("a", NOW)


def test_states_and_answers_are_kept_by_file_and_key() -> None:
    """Two files, and two patients, do not disturb each other."""
    memory = Memory()
    memory.apply([Answered(scenario="a", rule="r", key="1"), Moved(scenario="a", key="1", state="waiting")], NOW)
    memory.apply([Answered(scenario="a", rule="r", key="2")], NOW)
    memory.apply([Answered(scenario="a", rule="r", key="1")], NOW)
    assert ["waiting", "start", "start"] == [
        memory.state(*place, NOW) for place in (("a", "1"), ("a", "2"), ("b", "1"))
    ]
    assert [2, 1, 0, 0] == [
        memory.answers("a", "r", "1"),
        memory.answers("a", "r", "2"),
        memory.answers("a", "s", "1"),
        memory.answers("b", "r", "1"),
    ]
    assert (3, 0) == (memory.total("a", "r"), memory.total("b", "r"))
    assert {"1": "waiting"} == memory.states("a", NOW)


def test_a_state_that_comes_after_a_while() -> None:
    """Until then the state is what it was; a state set in between takes the place of what was to come."""
    memory = Memory()
    memory.apply([Moved(scenario="a", key="1", state="received")], NOW)
    memory.apply([Moved(scenario="a", key="1", state="visible", after=30)], NOW)
    states = [memory.state("a", "1", later(seconds)) for seconds in (0, 29.999, 30, 3600)]
    assert ["received", "received", "visible", "visible"] == states
    assert [{"1": "received"}, {"1": "visible"}] == [memory.states("a", later(seconds)) for seconds in (0, 30)]

    memory.move("a", "1", "gone", later(10))
    assert "gone" == memory.state("a", "1", later(60))


def test_a_state_to_come_that_is_put_off() -> None:
    """The later change counts from its own moment, and from the state of that moment."""
    memory = Memory()
    memory.move("a", "1", "visible", NOW, after=30)
    memory.move("a", "1", "old", later(40), after=60)
    assert ["visible", "old"] == [memory.state("a", "1", later(seconds)) for seconds in (99, 100)]


def test_the_number_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys come from messages. The one that has not changed for longest is forgotten; totals stay right."""
    monkeypatch.setattr(module, "MOST_KEYS", 3)
    memory = Memory()
    for key in ("1", "2", "3", "1", "4"):
        memory.apply([Answered(scenario="a", rule="r", key=key), Moved(scenario="a", key=key, state=f"s{key}")], NOW)
    assert {"3": "s3", "1": "s1", "4": "s4"} == memory.states("a", NOW)
    assert [2, 0, 1, 1] == [memory.answers("a", "r", key) for key in ("1", "2", "3", "4")]
    assert 5 == memory.total("a", "r")


@pytest.mark.parametrize(("scenario", "left"), [("a", (0, 1)), ("b", (1, 0)), (None, (0, 0)), ("c", (1, 1))])
def test_forget(scenario: str | None, left: tuple[int, int]) -> None:
    """One file begins again, or all."""
    memory = Memory()
    for name in ("a", "b"):
        memory.apply([Answered(scenario=name, rule="r", key="1"), Moved(scenario=name, key="1", state="x")], NOW)
    memory.forget(scenario)
    assert left == (memory.answers("a", "r", "1"), memory.answers("b", "r", "1"))
    assert left == (memory.total("a", "r"), memory.total("b", "r"))
    assert left == (len(memory.states("a", NOW)), len(memory.states("b", NOW)))


def test_what_is_undone_brings_back_what_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the answer could not be written down, nothing has changed, not even for the key that made room."""
    monkeypatch.setattr(module, "MOST_KEYS", 2)
    memory = Memory()
    for key in ("1", "2"):
        memory.apply([Answered(scenario="a", rule="r", key=key), Moved(scenario="a", key=key, state="x")], NOW)
    memory.begin()
    memory.apply([Answered(scenario="a", rule="r", key="3"), Moved(scenario="a", key="3", state="x")], NOW)
    memory.apply([Moved(scenario="a", key="2", state="y", after=3)], NOW)
    assert {"2": "y", "3": "x"} == memory.states("a", later(3))
    memory.undo()
    assert {"1": "x", "2": "x"} == memory.states("a", later(3))
    assert [1, 1, 0] == [memory.answers("a", "r", key) for key in ("1", "2", "3")]
    assert 2 == memory.total("a", "r")
