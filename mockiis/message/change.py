"""What answering changes in what is remembered, as data; ``server`` makes the changes.

Of a script it is these here; of people it is ``Keep`` of ``registry``, which this room does not know.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something to be remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Change):
    """A rule has answered once more for a tracked key. Rules are known by file and name, which survive a reload."""

    scenario: str
    rule: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Change):
    """The state of a tracked key becomes ``state``, ``after`` so many seconds."""

    scenario: str
    key: str
    state: str
    after: float = 0.0
