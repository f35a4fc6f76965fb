"""Values that are there, and values that come."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred

from mockiis.server.held import Held
from mockiis.server.later import all_of, then


def test_what_is_there_takes_no_detour() -> None:
    """And an error is raised where it happens."""
    assert 3 == then(2, lambda value: value + 1)
    assert [1, 2] == all_of([1, 2])
    with pytest.raises(ZeroDivisionError):
        then(0, lambda value: 1 // value)


def test_what_comes_is_waited_for() -> None:
    """In order, whatever comes first."""
    first, second = Deferred[int](), Deferred[int]()
    seen: list[Any] = []
    whole: Any = then(all_of([first, 2, second]), seen.append)
    second.callback(3)
    assert isinstance(whole, Deferred)
    assert [] == seen
    first.callback(1)
    assert [[1, 2, 3]] == seen


def test_an_answer_that_is_coming_is_free_when_it_is_there_and_free() -> None:
    """Whoever carries it out then tells the ledger that it has left."""
    coming = Deferred[Held[str]]()
    seen: list[str] = []
    waiting = Held.coming("meanwhile", coming)
    waiting.when_free(seen.append)
    inner = Held("answer", lambda: seen.append("left"), free=False)
    coming.callback(inner)
    assert ([], False) == (seen, waiting.free)
    inner.release("another")
    waiting.left()
    assert ["another", "left"] == seen
