"""YAML and JSON text -> dicts, lists and strings, with the place of each. ``document`` makes models of them.

Scalars are read as text, so ``03`` stays 03 and NO stays NO. The parser is libyaml's where PyYAML has it. Data are
built from its events and not from its nodes: its node composer calls itself for every level, and deep nesting
would end the process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from mockiis.errors import DocumentError, Problem

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_NODES = 200_000
MAX_DEPTH = 50
Path = tuple[str | int, ...]
Marks = dict[Path, tuple[int, int]]


def parse(text: str, name: str) -> tuple[Any, Marks]:
    """Read YAML or JSON into dicts, lists and strings, with the place (line, column from 1) of every node.

    Raises DocumentError for what is no YAML, for a key that stands twice, for an alias inside itself, and for
    more than ``MAX_NODES`` values or ``MAX_DEPTH`` levels.
    """
    wrong = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if wrong:
        line, column = _place_in(text, wrong.start())
        raise DocumentError([Problem(name, line, column, f"the character U+{ord(wrong[0]):04X} is not allowed here")])
    marks: Marks = {}
    return _Builder(_events(text, name), name, marks).build(()), marks


def _events(text: str, name: str) -> list[yaml.Event]:
    """What the parser finds between the start and the end of the only document."""
    loader = LOADER(text)
    events: list[yaml.Event] = []
    depth = 0
    try:
        while loader.check_event():
            event = loader.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.DocumentStartEvent) and events:
                raise DocumentError([_problem(event, name, "a second document begins here; write one per file")])
            if depth > MAX_DEPTH or len(events) > 2 * MAX_NODES:
                raise DocumentError([_problem(event, name, _TOO_LARGE)])
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                events.append(event)
    except yaml.MarkedYAMLError as error:
        raise DocumentError([_syntax(error, text, name)]) from None
    except (ValueError, OverflowError) as error:  # of numbers and bytes in escapes and directives, which not all check
        line, column = _mark(events[-1]) if events else (1, 1)
        raise DocumentError([Problem(name, line, column, f"{_SYNTAX}{error}, in or after this value")]) from None
    if not events or (isinstance(events[0], yaml.ScalarEvent) and not events[0].value):
        raise DocumentError([Problem(name, 1, 1, "the file is empty")])
    return events


_TOO_LARGE = f"the file has more than {MAX_NODES} values or {MAX_DEPTH} levels"
_SYNTAX = "this is not YAML: "


class _Builder:
    """Events -> data. An alias is built again at its own place, from the events that it names."""

    def __init__(self, events: Sequence[yaml.Event], name: str, marks: Marks) -> None:
        self.events, self.name, self.marks = events, name, marks
        self.position = self.count = 0
        self.open: set[int] = set()
        self.targets = self.resolved()

    def resolved(self) -> dict[int, int]:
        """The position of each alias -> the position of what it names, the latest anchor of that name before it."""
        anchors: dict[str, int] = {}
        targets: dict[int, int] = {}
        for position, event in enumerate(self.events):
            if isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    raise self.error(event, f"nothing above is named '&{event.anchor}'")
                targets[position] = anchors[event.anchor]
            elif isinstance(event, yaml.NodeEvent) and event.anchor:
                anchors[event.anchor] = position
        return targets

    def build(self, path: Path) -> Any:
        position, event = self.position, self.events[self.position]
        self.count += 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            raise self.error(event, _TOO_LARGE)
        self.position += 1
        if isinstance(event, yaml.AliasEvent):
            return self.aliased(event, self.targets[position], path)
        self.marks[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        self.open.add(position)
        value = self.mapping(path) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path)
        self.open.discard(position)
        self.position += 1
        return value

    def aliased(self, alias: yaml.Event, target: int, path: Path) -> Any:
        if target in self.open:
            raise self.error(alias, "an alias may not stand inside what it names")
        back, self.position = self.position, target
        value = self.build(path)
        self.position = back
        return value

    def mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self.events[self.position], yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.error(event, "a key must be plain text")
            key = self.scalar(event)
            if key in result:
                raise self.error(event, f"'{key}' stands twice in the same mapping")
            self.position += 1
            result[key] = self.build((*path, key))
            self.marks[(*path, key)] = _mark(event)
        return result

    def sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        while not isinstance(self.events[self.position], yaml.SequenceEndEvent):
            result.append(self.build((*path, len(result))))
        return result

    def scalar(self, event: yaml.ScalarEvent) -> str:
        if _SURROGATE.search(event.value):
            raise self.error(event, "an escape sequence here stands for no character")
        return str(event.value)

    def error(self, event: yaml.Event, text: str) -> DocumentError:
        return DocumentError([_problem(event, self.name, text)])


_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_HINTS = (
    ("cannot start any token", "; write such a value in quotes"),
    ("mapping values are not allowed", "; write a value that holds ': ' in quotes, or mend the indentation"),
    ("unknown escape character", "; in single quotes a backslash is plain text"),
)


def _mark(event: yaml.Event) -> tuple[int, int]:
    return _place_of(event.start_mark)


def _place_of(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _problem(event: yaml.Event, name: str, text: str) -> Problem:
    return Problem(name, *_mark(event), text)


def _place_in(text: str, index: int) -> tuple[int, int]:
    lines = _LINE_END.split(text[:index])
    return len(lines), len(lines[-1]) + 1


def _syntax(error: yaml.MarkedYAMLError, text: str, name: str) -> Problem:
    """What the parser says, with the place where it stopped and, where it helps, what to do."""
    line, column = _place_of(error.problem_mark)
    said = str(error.problem)
    content = [*_LINE_END.split(text), ""][line - 1]
    if "\t" in content[: len(content) - len(content.lstrip())]:
        said = "a tab cannot indent a line; write spaces"
    elif error.context and error.context_mark and "next token" not in error.context:
        said += f" {error.context} that begins on line {error.context_mark.line + 1}"
    said += next((hint for known, hint in _HINTS if known in said), "")
    return Problem(name, line, column, f"{_SYNTAX}{said}")
