"""What a script remembers: the state of each tracked key, and how often each rule has answered.

``respond`` only reads it; the server gives it the changes of each reply before the next request is looked at, so
testing and setting a state is one step. The keys come from messages, so their number is bounded: the one that has
not changed for longest is forgotten.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from mockiis.message.change import Answered, Change, Moved

START = "start"
"""The state of a key that no rule has moved yet."""
MOST_KEYS = 100_000
"""Keys remembered of each kind."""

K = TypeVar("K", bound=tuple[str, ...])
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A state, and the one that takes its place at a moment to come."""

    state: str = START
    coming: str = ""
    at: datetime | None = None

    def state_at(self, now: datetime) -> str:
        """The state that counts at that moment."""
        return self.coming if self.at is not None and now >= self.at else self.state


class Memory:
    """States by file and key, answers by file, rule and key. Empty at first."""

    def __init__(self) -> None:
        self._standings: OrderedDict[tuple[str, str], Standing] = OrderedDict()
        self._answers: OrderedDict[tuple[str, str, str], int] = OrderedDict()
        self._totals: Counter[tuple[str, str]] = Counter()
        self._undo: list[Callable[[], object]] | None = None

    def begin(self) -> None:
        """Remember how to take back what changes from now on."""
        self._undo = []

    def settle(self) -> None:
        """What has changed stays."""
        self._undo = None

    def undo(self) -> None:
        """Take back what has changed since ``begin``, the latest first."""
        undo, self._undo = self._undo or [], None
        for step in reversed(undo):
            step()

    def state(self, scenario: str, key: str, now: datetime) -> str:
        """The state of a key; ``start`` if no rule has moved it."""
        return self._standings.get((scenario, key), _BEGINNING).state_at(now)

    def states(self, scenario: str, now: datetime) -> dict[str, str]:
        """Every key of a file that has been moved, with its state."""
        return {key: entry.state_at(now) for (file, key), entry in self._standings.items() if file == scenario}

    def answers(self, scenario: str, rule: str, key: str) -> int:
        """How often the rule has answered for this key."""
        return self._answers.get((scenario, rule, key), 0)

    def total(self, scenario: str, rule: str) -> int:
        """How often the rule has answered at all."""
        return self._totals[scenario, rule]

    def apply(self, changes: Iterable[Change], now: datetime) -> None:
        """Take in what a reply changes of scripts; ``now`` is when its request was received."""
        for change in changes:
            if isinstance(change, Answered):
                place = (change.scenario, change.rule, change.key)
                self._put(self._totals, place[:2], self._totals[place[:2]] + 1)
                self._put(self._answers, place, self._answers.get(place, 0) + 1)
            elif isinstance(change, Moved):
                self.move(change.scenario, change.key, change.state, now, change.after)

    def move(self, scenario: str, key: str, state: str, now: datetime, after: float = 0.0) -> None:
        """Set the state of a key, now or after so many seconds; what was to come is forgotten."""
        if after <= 0:
            standing = Standing(state=state)
        else:
            standing = Standing(state=self.state(scenario, key, now), coming=state, at=now + timedelta(seconds=after))
        self._put(self._standings, (scenario, key), standing)

    def _put(self, table: MutableMapping[K, V], key: K, value: V) -> None:
        self._note(table, key)
        table[key] = value
        if isinstance(table, OrderedDict):
            table.move_to_end(key)
            if len(table) > MOST_KEYS:
                oldest = next(iter(table))
                self._note(table, oldest)
                del table[oldest]

    def _note(self, table: MutableMapping[K, V], key: K) -> None:
        if self._undo is not None:
            self._undo.append(_restoring(table, key))

    def forget(self, scenario: str | None = None) -> None:
        """Begin again, for one file or for all."""
        _drop(self._standings, scenario)
        _drop(self._answers, scenario)
        _drop(self._totals, scenario)


_BEGINNING = Standing()


def _restoring(table: MutableMapping[K, V], key: K) -> Callable[[], object]:
    """What puts the table back as it is now, for that key."""
    if key not in table:
        return lambda: table.pop(key, None)
    before = table[key]
    return lambda: table.__setitem__(key, before)


def _drop(table: MutableMapping[K, V], scenario: str | None) -> None:
    for place in [place for place in table if scenario in (None, place[0])]:
        del table[place]
