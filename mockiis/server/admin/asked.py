"""What is asked of the admin API and what it answers, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from mockiis import document, json_text
from mockiis.errors import DocumentError, MockIISError
from mockiis.yaml_text import Marks

M = TypeVar("M", bound=BaseModel)
BODY = "the body"
YAML_TYPES = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})


class RefusedError(MockIISError):
    """A request that gets another status than 200, and why."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        super().__init__(text)
        self.status = status
        self.headers: Mapping[str, str] = headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``data`` becomes JSON, unless it is ``text``."""

    data: Any = None
    status: int = 200
    text: str | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request; ``names`` are the parts of the path that the route leaves open."""

    names: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    content_type: str = ""

    @property
    def is_yaml(self) -> bool:
        """Whether the body says that it is YAML."""
        return self.content_type in YAML_TYPES

    def text(self) -> str:
        """The body as text."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RefusedError(400, f"the body is not UTF-8 (byte {error.start})") from None

    def json(self) -> tuple[Any, Marks]:
        """The body, which must be JSON; an empty one is {}."""
        if not self.body.strip():
            return {}, {(): (1, 1)}
        if self.content_type != "application/json" and not self.content_type.endswith("+json"):
            found = f", not {self.content_type[:80]!r}" if self.content_type else ""
            raise RefusedError(415, f"send JSON with the header Content-Type: application/json{found}")
        try:
            return json_text.parse(self.body, BODY)
        except DocumentError as error:
            (problem,) = error.problems
            place = (
                f" (line {problem.line}, column {problem.column})" if (problem.line, problem.column) > (1, 1) else ""
            )
            raise RefusedError(400, f"{problem.text}{place}") from None

    def read(self, model: type[M]) -> M:
        """The body as ``model``."""
        return checked(*self.json(), model)


def checked(data: Any, marks: Marks, model: type[M]) -> M:
    """What a program sent, as ``model``; every complaint about it is in one sentence."""
    try:
        return document.check(data, marks, BODY, model)
    except DocumentError as error:
        raise RefusedError(400, "; ".join(problem.text for problem in error.problems)) from None
