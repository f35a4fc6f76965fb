"""One thing that lint says about a scenario file, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mockiis.errors import Problem

Severity = Literal["error", "warning"]
"""With an error the file does not do what it says; a warning is about what is probably not meant."""
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong at a place of a file, and what to write instead. ``code`` names the kind of remark."""

    severity: Severity
    code: str
    problem: Problem

    def __str__(self) -> str:
        problem = self.problem
        return f"{problem.file}:{problem.line}:{problem.column}: {self.severity}: {problem.text}"


@dataclass(frozen=True, slots=True)
class Found:
    """The same while it is looked for: the place is a path into the file."""

    place: Place
    code: str
    text: str
    severity: Severity = "warning"


Remarks = Iterator[Found]
