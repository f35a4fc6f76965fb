"""What answering changes in what the registry remembers of a script, as data; ``server`` makes the changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A rule has answered once more for a tracked key. Rules are known by file and name, which survive a reload."""

    scenario: str
    rule: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The state of a tracked key becomes ``state``, ``after`` so many seconds."""

    scenario: str
    key: str
    state: str
    after: float = 0.0


Change = Answered | Moved
