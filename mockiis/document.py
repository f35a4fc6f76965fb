"""YAML and JSON files that people write: text -> checked model, every complaint with file, line and column.

Every scalar reaches the model as text (see ``yaml_text``); the model says what it must be.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from mockiis.errors import DocumentError, Problem
from mockiis.yaml_text import Marks, Path, parse

__all__ = ["Entry", "Marks", "Path", "complaint", "load", "parse", "unknown_key"]

M = TypeVar("M", bound=BaseModel)


class Entry(BaseModel):
    """A mapping in such a file: frozen, and an unknown key is refused with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

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
