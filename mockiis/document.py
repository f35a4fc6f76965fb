"""YAML and JSON that people write: text -> checked model, every complaint with file, line and column.

Every scalar reaches the model as text (see ``yaml_text``); the model says what it must be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from mockiis.errors import DocumentError, Problem
from mockiis.yaml_text import Marks, Path, parse

__all__ = [
    "Entry",
    "Marks",
    "Path",
    "advice",
    "check",
    "closest",
    "complaint",
    "load",
    "load_marked",
    "parse",
    "unknown_key",
]

M = TypeVar("M", bound=BaseModel)


class Entry(BaseModel):
    """A mapping in such a file: frozen, and an unknown key is refused with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    @classmethod
    def known_keys(cls) -> list[str]:
        """The keys that a file may have here, for complaints about others."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def refused(cls, key: str) -> PydanticCustomError:
        """The complaint about a key that is not known."""
        return unknown_key(key, cls.known_keys())

    @model_validator(mode="wrap")
    @classmethod
    def _name_unknown_keys(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Say what unknown keys should be, next to every other complaint. A misspelled key is not missing too."""
        try:
            return handler(value)
        except ValidationError as error:
            details = error.errors(include_url=False)
            unknown = {detail["loc"] for detail in details if detail["type"] == _EXTRA}
            if not unknown:
                raise
            meant = {("missing", (closest(str(key), cls.known_keys()),)) for (key,) in unknown}
            kept = [cls._kept(detail) for detail in details if (detail["type"], detail["loc"]) not in meant]
            raise ValidationError.from_exception_data(cls.__name__, kept) from None

    @classmethod
    def _kept(cls, detail: ErrorDetails) -> InitErrorDetails:
        """The same complaint in the form in which it can be raised again."""
        kind, place, context = detail["type"], detail["loc"], detail.get("ctx", {})
        if kind == _EXTRA:
            return InitErrorDetails(type=cls.refused(str(place[0])), input=None)
        again = PydanticCustomError("document", "{text}", context) if kind == "document" else kind
        return InitErrorDetails(type=again, loc=place, input=detail["input"], ctx=context)


_EXTRA = "extra_forbidden"
"""What pydantic calls an unknown key. Only the entry's own keys come so: those below have been named already."""


def closest(text: str, names: Iterable[str]) -> str:
    """The name that was probably meant, in capitals or not; empty when none is near."""
    by_name = {name.upper(): name for name in names}
    near = get_close_matches(text.upper(), by_name, n=1, cutoff=0.6)
    return by_name[near[0]] if near else ""


def advice(text: str, names: Sequence[str]) -> str:
    """What to write instead of a name that is none of ``names``: the nearest one, or any of them."""
    near = closest(text, names)
    return f"did you mean '{near}'?" if near else f"write one of: {', '.join(names)}"


def unknown_key(key: str, known: Sequence[str]) -> PydanticCustomError:
    """The complaint about a key: what is wrong, the nearest known key, or all of them."""
    return complaint(f"unknown key '{key}'; {advice(key, known)}", key)


def complaint(text: str, key: str | int | None = None) -> PydanticCustomError:
    """An error for validators to raise; ``key`` points at one key below the value being validated."""
    # pydantic fills in the context in this order, so that braces in ``text`` stay as they are
    return PydanticCustomError("document", "{text}", {**({} if key is None else {"key": key}), "text": text})


def load(text: str, name: str, model: type[M]) -> M:
    """Read ``text`` (the file ``name``) into ``model``. Raises DocumentError with every problem found."""
    return load_marked(text, name, model)[0]


def load_marked(text: str, name: str, model: type[M]) -> tuple[M, Marks]:
    """The same, with the place of everything in the file, for remarks about what is not wrong in itself."""
    data, marks = parse(text, name)
    return check(data, marks, name, model), marks


def check(data: Any, marks: Marks, name: str, model: type[M]) -> M:
    """What was read, as ``model``. ``marks`` say where each part of it stands. Raises DocumentError."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DocumentError(_problems(error, data, name, marks)) from None


def _problems(error: ValidationError, data: Any, name: str, marks: Marks) -> list[Problem]:
    """Each complaint once, in the order of the file; what a union would take at one place is one complaint."""
    found: dict[tuple[Path, str], list[str]] = {}
    for detail in error.errors(include_url=False):
        path, text, wanted = _said(detail, marks)
        found.setdefault((path, text), []).extend(wanted)
    problems = []
    for (path, text), wanted in found.items():
        words = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)
        said = text.format(" or ".join(dict.fromkeys(wanted))) if wanted else text
        said = _clipped(f"{words}: {said}" if words else said, data, path)
        problems.append(Problem(name, *marks[path], said))
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


def _clipped(text: str, data: Any, path: Path) -> str:
    """The complaint about a place with only the beginning of values that nobody would read to their end."""
    if len(text) <= _LONG:
        return text
    for key in path:
        data = data[key]
    for part in filter(_is_long, _texts(data)):
        text = text.replace(part, f"{part[:80]}...")
    return text


def _texts(value: Any) -> Iterator[str]:
    """Every text of what stands in the file, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _is_long(text: str) -> bool:
    return len(text) > _LONG


_LONG = 200
"""Characters of a value that a complaint repeats."""
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
