"""The JSON Schema (draft 2020-12) of scenario files, made from the classes that read them, for editors.

It is published beside the shipped scenarios as ``scenario.schema.json``; ``python -m mockiis lint --schema`` makes it
again. What one mapping cannot know of another (a fault on a rule that also sees MLLP) only the loader refuses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

from mockiis.scenario.about import ABOUT, OPERATORS, WHEN
from mockiis.scenario.loader import ScenarioEntry
from mockiis.scenario.operators import OPERATORS as KNOWN_OPERATORS
from mockiis.scenario.replies import KINDS, MODIFIERS, WORDS, MixEntry, ReplyEntry
from mockiis.scenario.schema_values import (
    LOCATION,
    OVERRIDES,
    SEGMENT,
    TRUE,
    Schema,
    closed,
    either,
    misbehaviours,
    ref,
    shaped,
    some,
    text,
)
from mockiis.scenario.values import Part
from mockiis.scenario.when import COMBINATORS, READERS

NOT_IN_A_MIX = frozenset({"mix", "chance"})
_SHORT = {"ReplyEntry": {"enum": list(WORDS)}}
"""What may stand in place of the mapping."""


def schema_text() -> str:
    """As it is published."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """The whole schema."""
    models = {model.__name__: model for model in parts(ScenarioEntry)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mockiis scenario",
        "description": "How the mock immunization registry answers. The reference is scenarios/README.md.",
        **_mapping(ScenarioEntry),
        "$defs": {
            **{name: _definition(model) for name, model in models.items() if model is not ScenarioEntry},
            **_conditions(),
            "wire": misbehaviours(),
        },
    }


def parts(model: type[Part]) -> list[type[Part]]:
    """The mapping and all that stand below it."""
    found: dict[type[Part], None] = {}
    waiting = [model]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting += [part for field in current.model_fields.values() for part in _parts_in(field.annotation)]
    return list(found)


def _parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, ForwardRef):
        yield MixEntry
    elif isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts_in(argument)


def keys_of(model: type[Part]) -> list[str]:
    """What a file may say in such a mapping."""
    return [key for key in model.known_keys() if model is not MixEntry or key not in NOT_IN_A_MIX]


def _definition(model: type[Part]) -> Schema:
    short = _SHORT.get(model.__name__)
    return either(short, _mapping(model)) if short else _mapping(model)


def _mapping(model: type[Part]) -> Schema:
    keys = keys_of(model)
    properties = {key: {"description": _about(model, key), **_value(model, key)} for key in keys}
    required = [key for key in keys if model.model_fields[key].is_required()]
    return closed(properties, required, **_together(model))


def _together(model: type[Part]) -> Schema:
    """Which keys exclude or need each other."""
    if issubclass(model, ReplyEntry):
        kinds = [kind for kind in KINDS if kind in keys_of(model)]
        needs = {
            modifier: {"anyOf": [{"required": [kind]} for kind in allowed if kind in kinds]}
            for modifier, allowed in MODIFIERS.items()
        }
        return {"oneOf": [{"required": [kind]} for kind in kinds], "dependentSchemas": needs}
    if model.__name__ == "RuleEntry":
        return {"oneOf": [{"required": ["reply"]}, {"required": ["replies"]}]}
    return {"minProperties": 1} if model.__name__ == "ExpectEntry" else {}


def _about(model: type[Part], key: str) -> str:
    for known in model.__mro__:
        if key in ABOUT.get(known.__name__, {}):
            return ABOUT[known.__name__][key]
    raise LookupError(f"mockiis.scenario.about says nothing of '{key}' in {model.__name__}")


def _value(model: type[Part], key: str) -> Schema:
    for known in model.__mro__:
        if f"{known.__name__}.{key}" in OVERRIDES:
            return OVERRIDES[f"{known.__name__}.{key}"]
    return _typed(model.model_fields[key].annotation)


def _typed(annotation: Any) -> Schema:
    """The schema that a type alone gives."""
    if isinstance(annotation, ForwardRef):
        return some(ref(MixEntry.__name__))
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return ref(annotation.__name__)
    make = _GENERIC.get(get_origin(annotation))
    return make(get_args(annotation)) if make else text()


def _optional(arguments: tuple[Any, ...]) -> Schema:
    return _typed(next(argument for argument in arguments if argument is not type(None)))


_GENERIC: Mapping[Any, Callable[[tuple[Any, ...]], Schema]] = {
    Annotated: lambda arguments: _typed(arguments[0]),
    Union: _optional,
    UnionType: _optional,
    Literal: lambda arguments: {"enum": list(arguments)},
    tuple: lambda arguments: some(_typed(arguments[0])),
    dict: lambda arguments: {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": _typed(arguments[1]),
    },
}


_NAME = "[A-Z][A-Z0-9]{2}"
_FIELD = r"[1-9][0-9]{0,2}(\[[^\]]*\])?(\.[1-9][0-9]{0,2}){0,2}"


def _conditions() -> Schema:
    words = {key: {"description": WHEN[key], **_WORDS.get(key, ref("condition"))} for key in READERS}
    combined = {key: {"description": WHEN[key], **_combined(key, "when")} for key in COMBINATORS}
    grouped = {key: {"description": WHEN[key], **_combined(key, "group")} for key in COMBINATORS}
    return {
        "when": closed(
            words | combined,
            patternProperties={
                f"^{LOCATION}$": ref("condition"),
                f"^{SEGMENT}$": ref("presence"),
                f"^(any|every|no) {_NAME}$": either(ref("group"), some(ref("group"))),
            },
        ),
        "group": closed(
            grouped,
            minProperties=1,
            patternProperties={
                f"^{_FIELD}$": ref("condition"),
                f"^{LOCATION}$": ref("condition"),
                f"^{SEGMENT}$": ref("presence"),
            },
        ),
        "condition": either(text(), some(text()), ref("operator")),
        "operator": closed(
            {key: {"description": OPERATORS[key], **_OPERANDS[key]} for key in KNOWN_OPERATORS},
            minProperties=1,
            maxProperties=1,
        ),
        "presence": closed({"missing": TRUE, "present": TRUE}, minProperties=1, maxProperties=1),
    }


def _combined(key: str, name: str) -> Schema:
    inner = {"minProperties": 1, **ref(name)}
    return some(inner, 2) if key == "any_of" else inner


def _closed_word(*values: str) -> Schema:
    return either({"enum": list(values)}, some({"enum": list(values)}))


_WORDS = {
    "transport": _closed_word("soap", "mllp", "http"),
    "operation": _closed_word("submitSingleMessage", "connectivityTest"),
}
_OPERANDS: dict[str, Schema] = {
    "not": ref("condition"),
    "in": some(text("F")),
    "missing": TRUE,
    "present": TRUE,
    "matches": text("TEST.*"),
    "contains": text("TEST"),
    "starts": text("2024"),
    "word": text("TEST"),
    "before": text("today", "2024-04-02", "PID-7"),
    "after": text("today - 30d", "2024", "PID-7"),
    "longer_than": shaped("[0-9]{1,7}", "48", 48, number=True),
    "exact": either(text("Doe"), some(text("Doe"))),
    "same_as": text("PID-5.1", "username"),
}
