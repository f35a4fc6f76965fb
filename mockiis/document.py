"""YAML and JSON files that people write: text -> checked model, every complaint with file, line and column.

Scalars are read as text, so ``03`` stays 03 and NO stays NO; the model says what they must be. The parser is
libyaml's where PyYAML has it. Data are built from its events and not from its nodes: its node composer calls
itself for every level, and deep nesting would end the process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from mockiis.errors import DocumentError, Problem

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_NODES = 200_000
MAX_DEPTH = 50
Path = tuple[str | int, ...]
Marks = dict[Path, tuple[int, int]]
M = TypeVar("M", bound=BaseModel)


class Entry(BaseModel):
    """A mapping in such a file: frozen, and an unknown key is refused with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        unknown = [key for key in value if key not in {*known, *cls.model_fields}] if isinstance(value, dict) else []
        if unknown:
            details = [InitErrorDetails(type=unknown_key(key, known), input=None) for key in unknown]
            raise ValidationError.from_exception_data(cls.__name__, details)
        return value


def unknown_key(key: str, known: list[str]) -> PydanticCustomError:
    """The complaint about a key: what is wrong, the nearest known key, or all of them."""
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    advice = f"did you mean '{near[0]}'?" if near else f"write one of: {', '.join(known)}"
    return complaint(f"unknown key '{key}'; {advice}", key)


def complaint(text: str, key: str | int | None = None) -> PydanticCustomError:
    """An error for validators to raise; ``key`` points at one key below the value being validated."""
    # pydantic fills in the context in this order, so that braces in ``text`` stay as they are
    return PydanticCustomError("document", "{text}", {**({} if key is None else {"key": key}), "text": text})


def load(text: str, name: str, model: type[M]) -> M:
    """Read ``text`` (the file ``name``) into ``model``. Raises DocumentError with every problem found."""
    data, marks = parse(text, name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DocumentError(_problems(error, name, marks)) from None


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


def _problems(error: ValidationError, name: str, marks: Marks) -> list[Problem]:
    """Each complaint once, in the order of the file; what a union would take at one place is one complaint."""
    found: dict[tuple[Path, str], list[str]] = {}
    for detail in error.errors(include_url=False):
        path, text, wanted = _said(detail, marks)
        found.setdefault((path, text), []).extend(wanted)
    problems = []
    for (path, text), wanted in found.items():
        words = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)
        said = text.format(" or ".join(dict.fromkeys(wanted))) if wanted else text
        problems.append(Problem(name, *marks[path], f"{words}: {said}" if words else said))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _said(detail: ErrorDetails, marks: Marks) -> tuple[Path, str, list[str]]:
    """The deepest node of the file that is meant, the sentence, and what would be right there."""
    context = detail.get("ctx", {})
    kind, place = detail["type"], detail["loc"]
    if kind == "document":
        below = (context["key"],) if "key" in context else ()
        return _existing((*place, *below), marks), context["text"], []
    path = _existing(place, marks)
    if kind == "missing":
        return path, f"'{place[-1]}' is missing", []
    if kind == "literal_error":
        return path, f"write one of: {context['expected']}", []
    if kind in _WANTED:
        return path, f"write {{}} here{_FOUND.get(type(detail['input']), '')}", [_WANTED[kind]]
    return path, detail["msg"][:1].lower() + detail["msg"][1:], []


_WANTED = {
    "bool_parsing": "yes or no",
    "bool_type": "yes or no",
    "dict_type": "a mapping (key: value)",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping (key: value)",
    "string_type": "text",
    "tuple_type": "a list",
}
"""What pydantic misses, by the type of its error."""

_FOUND: dict[type, str] = {dict: ", not a mapping", list: ", not a list"}
"""What stands there instead. Text is not repeated: it may be a password."""


def _existing(place: Path, marks: Marks) -> Path:
    """The part of a place that the file has; pydantic adds what it tried, such as the members of a union."""
    path: Path = ()
    for part in place:
        if (*path, part) in marks:
            path = (*path, part)
    return path
