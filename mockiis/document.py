"""YAML and JSON files that people write: text -> checked model, every complaint with file, line and column.

Scalars are read as text, so ``03`` stays 03 and NO stays NO; the model says what they must be.
The loader is libyaml's where PyYAML has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from mockiis.errors import DocumentError, Problem

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_NODES = 200_000
Path = tuple[str | int, ...]
Marks = dict[Path, tuple[int, int]]
M = TypeVar("M", bound=BaseModel)


class Entry(BaseModel):
    """A mapping in such a file: frozen, and an unknown key is refused with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        if isinstance(value, dict):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in value:
                if key not in known and key not in cls.model_fields:
                    raise unknown_key(key, known)
        return value


def unknown_key(key: str, known: list[str]) -> PydanticCustomError:
    """The complaint about a key: what is wrong, the nearest known key, or all of them."""
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    advice = f"did you mean '{near[0]}'?" if near else f"write one of: {', '.join(known)}"
    return PydanticCustomError("document", "unknown key '{key}'; {advice}", {"key": key, "advice": advice})


def complaint(text: str, key: str | int | None = None) -> PydanticCustomError:
    """An error for validators to raise; ``key`` points at one key below the value being validated."""
    return PydanticCustomError("document", "{text}", {"text": text, **({} if key is None else {"key": key})})


def load(text: str, name: str, model: type[M]) -> M:
    """Read ``text`` (the file ``name``) into ``model``. Raises DocumentError with every problem found."""
    data, marks = parse(text, name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DocumentError(_problems(error, name, marks)) from None


def parse(text: str, name: str) -> tuple[Any, Marks]:
    """Read YAML or JSON into dicts, lists and strings, with the place (line, column from 1) of every node.

    Raises DocumentError for what is no YAML, for a key that stands twice and for an alias inside itself.
    """
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise DocumentError([_syntax(error, name)]) from None
    except RecursionError:
        raise DocumentError([Problem(name, 1, 1, "nested too deeply")]) from None
    if node is None:
        raise DocumentError([Problem(name, 1, 1, "the file is empty")])
    marks: Marks = {}
    return _Builder(name, marks).build(node, ()), marks


class _Builder:
    def __init__(self, name: str, marks: Marks) -> None:
        self.name, self.marks = name, marks
        self.open: set[int] = set()
        self.count = 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.count += 1
        if self.count > MAX_NODES or len(path) > 50:
            raise DocumentError([self.problem(node, "the file is too large or nested too deeply")])
        if id(node) in self.open:
            raise DocumentError([self.problem(node, "an alias may not stand inside what it names")])
        self.marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return node.value
        self.open.add(id(node))
        value = self.mapping(node, path) if isinstance(node, yaml.MappingNode) else self.sequence(node, path)
        self.open.discard(id(node))
        return value

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise DocumentError([self.problem(key_node, "a key must be plain text")])
            if key in result:
                raise DocumentError([self.problem(key_node, f"'{key}' stands twice in the same mapping")])
            result[key] = self.build(value_node, (*path, key))
            self.marks[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return result

    def sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]

    def problem(self, node: yaml.Node, text: str) -> Problem:
        return Problem(self.name, node.start_mark.line + 1, node.start_mark.column + 1, text)


def _syntax(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    text = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).replace("\n", " ")
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(name, line, column, f"this is not YAML: {text}")


def _problems(error: ValidationError, name: str, marks: Marks) -> Iterator[Problem]:
    seen = set()
    for detail in error.errors(include_url=False, include_input=False):
        context = detail.get("ctx", {})
        path: Path = tuple(detail["loc"])
        if "key" in context and detail["type"] == "document":
            path = (*path, context["key"])
        line, column, place = _place(path, marks)
        text = detail["msg"] if detail["type"] == "document" else _plain(detail["type"], detail["msg"], path, context)
        problem = Problem(name, line, column, f"{place}: {text}" if place else text)
        if problem not in seen:
            seen.add(problem)
            yield problem


def _place(path: Path, marks: Marks) -> tuple[int, int, str]:
    """The line and column of the deepest node of ``path`` that the file has, and its keys in words."""
    real: Path = ()
    for part in path:
        if (*real, part) in marks:
            real = (*real, part)
    line, column = marks.get(real, (1, 1))
    words = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in real)
    return line, column, words


def _plain(kind: str, message: str, path: Path, context: dict[str, Any]) -> str:
    if kind == "missing":
        return f"'{path[-1]}' is missing"
    if kind == "literal_error":
        return f"write one of: {context.get('expected', '')}"
    return message[:1].lower() + message[1:]
