"""The few errors that cross a package border. Each one carries the sentence its reader needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MockIISError(Exception):
    """Something a person can mend: wrong usage, unreadable input or settings (exit code 2)."""


class UnreachedError(MockIISError):
    """Somebody who is asked does not answer (exit code 3)."""


def printable(text: str) -> str:
    """Text of a peer or a file as a terminal may show it: a question mark for each control character."""
    return text if text.isprintable() else "".join(character if character.isprintable() else "?" for character in text)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file a person wrote."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class DocumentError(MockIISError):
    """A YAML or JSON file is not what it should be; every problem names file, line and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
