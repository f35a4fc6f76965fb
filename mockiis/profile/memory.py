"""What was found in a text, kept for the next text like it: codes, systems and numbers repeat from message to message.

A memory never grows without bound, and long texts are not kept: they do not repeat.
"""

from __future__ import annotations

from typing import TypeVar

V = TypeVar("V")

REMEMBERED = 2048
"""Texts that one memory keeps; when there are more, all are forgotten."""
LONGEST = 250
"""Characters of a text that is kept."""


class Memory(dict[str, V]):
    """Text -> what was found in it; texts longer than ``longest`` characters are not kept."""

    __slots__ = ("_longest",)

    def __init__(self, longest: int = LONGEST) -> None:
        super().__init__()
        self._longest = longest

    def keep(self, text: str, found: V) -> V:
        """Remember what was found, and give it back."""
        if len(text) <= self._longest:
            if len(self) >= REMEMBERED:
                self.clear()
            self[text] = found
        return found
