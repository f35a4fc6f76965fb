"""JSON Schemas of single values. Editors read 08 as a number and true as a boolean, so those are taken as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockiis.message.misbehaviour import KINDS, Form, Kind
from mockiis.message.reply import FaultKind
from mockiis.profile.tables import HL70357, HL70533
from mockiis.scenario.replies import ON_PURPOSE
from mockiis.scenario.timing import PRESETS

Schema = dict[str, Any]

SEGMENT = r"[A-Z][A-Z0-9]{2}(\[([1-9][0-9]*|[1-9][0-9]*(\.[1-9][0-9]*)?=[^\]]*)\])?"
"""One segment, or all of that name."""
LOCATION = rf"{SEGMENT}-[1-9][0-9]*(\[([1-9][0-9]*|[1-9][0-9]*=[^\]]*)\])?(\.[1-9][0-9]*){{0,2}}"
"""A field, or a part of one."""
_DURATION = r"[0-9]{1,6}(\.[0-9]{1,6})? ?(ms|s|m)"
_PERCENT = r"[0-9]{1,3}(\.[0-9]{1,6})? ?%"


def text(*examples: str) -> Schema:
    """Any value that is not empty."""
    return {"type": ["string", "number", "boolean"], "minLength": 1, **_shown(examples)}


def shaped(pattern: str, *examples: Any, number: bool = False) -> Schema:
    """Text of a shape; ``number`` where editors may see one."""
    kinds = ["string", "number"] if number else "string"
    return {"type": kinds, "pattern": f"^({pattern})$", **_shown(examples)}


def ref(name: str) -> Schema:
    """A definition of the schema."""
    return {"$ref": f"#/$defs/{name}"}


def either(*schemas: Schema) -> Schema:
    """Any of them."""
    return {"anyOf": list(schemas)}


def some(item: Schema, least: int = 1) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "minItems": least, "items": item}


def closed(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """A mapping without other keys."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), **needed, "additionalProperties": False, **more}


def _shown(examples: Iterable[Any]) -> Schema:
    found = list(examples)
    return {"examples": found} if found else {}


def _codes(table: Mapping[str, str]) -> Schema:
    """Codes with what they mean; those that are numbers in YAML too."""
    return either(*({"enum": [code, int(code)], "description": meaning} for code, meaning in table.items()))


TRUE: Schema = {"enum": [True, "true"]}
_DATE = shaped(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}", "2024-04-02", number=True)
_VACCINE = shaped(r"[0-9]{2,3}(\^[^\^]*)?", "20", "08^Hep B", number=True)
_NAME = shaped(r"[^\^]+(\^[^\^]*){0,3}", "Adams^Alice^Marie")
_ADDRESS = text("12 Test Avenue^^Fargo^ND^58103")
_PHONE = text("701-555-0101")
_CDCREC = shaped(r"[0-9]{4}-[0-9](\^[^\^]*)?", "2106-3^White")
_COUNT = shaped("[0-9]{1,9}", "1", 3, number=True)
DURATION = shaped(_DURATION, "250ms", "8s", "2m")
_CHANCE = shaped(_PERCENT, "10%", "0.5%")
_NUMBER = shaped(r"[0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9}", "0.5", 1, number=True)
_LIST_OF_TEXT = some(text())

DELAY = either(
    shaped("|".join([*PRESETS, _DURATION]), *PRESETS, "250ms", "8s", "2m"),
    closed({"uniform": {"type": "array", "minItems": 2, "maxItems": 2, "items": DURATION}}, ["uniform"]),
    closed(
        {
            "lognormal": closed(
                {
                    "median": DURATION,
                    "sigma": shaped(r"[0-9](\.[0-9]{1,6})?", "0.8", number=True),
                    "max": DURATION,
                },
                ["median", "sigma"],
            )
        },
        ["lognormal"],
    ),
)

_EDITS = closed(
    {},
    minProperties=1,
    patternProperties={
        f"^{LOCATION}$": either(
            text("2106-3^White^CDCREC"),
            closed({"empty": TRUE}, ["empty"]),
            closed(
                {"remove": text("- "), "ascii": TRUE, "first": shaped("[1-9][0-9]{0,3}", "15", 15, number=True)},
                minProperties=1,
            ),
        )
    },
)

OVERRIDES: Mapping[str, Schema] = {
    "ScenarioEntry.version": {"enum": [1, "1"]},
    "ScenarioEntry.track": either(
        {"const": "all"}, shaped(LOCATION, "PID-3.1"), some(shaped(LOCATION, "PID-3.1", "QPD-3.1"))
    ),
    "ScenarioEntry.preload": TRUE,
    "RuleEntry.when": ref("when"),
    "RuleEntry.replies": some(either(ref("ReplyEntry"), {"const": "pass"})),
    "RuleEntry.then": either(text("accepted"), ref("ThenEntry")),
    "RuleEntry.expect": either(_COUNT, ref("ExpectEntry")),
    "ThenEntry.after": DURATION,
    "ExpectEntry.min": _COUNT,
    "ExpectEntry.max": _COUNT,
    "ReplyEntry.fault": {"enum": [str(kind) for kind in FaultKind]},
    "ReplyEntry.http": either({"type": ["integer", "string"], "examples": [503]}, ref("HTTPEntry")),
    "ReplyEntry.registry": either(TRUE, ref("RegistryEntry")),
    "RegistryEntry.take": _EDITS,
    "RegistryEntry.tell": _EDITS,
    "RegistryEntry.without": ref("when"),
    "RegistryEntry.store": {"enum": [False, "no"]},
    "ReplyEntry.forward": TRUE,
    "ReplyEntry.echo": TRUE,
    "ReplyEntry.delay": DELAY,
    "ReplyEntry.wire": ref("wire"),
    "ReplyEntry.chance": _CHANCE,
    "ReplyEntry.broken": {"const": ON_PURPOSE},
    "MixEntry.share": shaped(r"[0-9]{1,9}(\.[0-9]{1,9})?%?", "44%", 44, number=True),
    "HTTPEntry.status": {"type": ["integer", "string"], "minimum": 200, "maximum": 599, "pattern": "^[2-5][0-9]{2}$"}
    | _shown([503]),
    "HTTPEntry.headers": {"type": "object", "additionalProperties": text("120")},
    "ErrorEntry.at": shaped(rf"[A-Z][A-Z0-9]{{2}}|{LOCATION}|[A-Z][A-Z0-9]{{2}}(\^[0-9]*)+", "PID-7", "PID^1^11^5"),
    "ErrorEntry.code": _codes(HL70357),
    "ErrorEntry.app": _codes(HL70533),
    "QueryResponseEntry.patients": _LIST_OF_TEXT,
    "PatientEntry.ids": {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^[A-Z]{2,5}$"},
        "additionalProperties": either(text("77001"), ref("IdentifierEntry")),
    },
    "PatientEntry.name": _NAME,
    "PatientEntry.mother": _NAME,
    "PatientEntry.born": _DATE,
    "PatientEntry.address": _ADDRESS,
    "PatientEntry.phone": _PHONE,
    "PatientEntry.email": shaped(r"[^@\s]+@[^@\s]+", "alice@example.org"),
    "PatientEntry.aliases": some(shaped(r"[^\^]+(\^[^\^]*){0,3}", "Adams^Ali")),
    "PatientEntry.race": either(_CDCREC, some(_CDCREC)),
    "PatientEntry.ethnicity": _CDCREC,
    "PatientEntry.birth_order": shaped("[1-9]", "2", 2, number=True),
    "PatientEntry.died": _DATE,
    "PatientEntry.protection_date": _DATE,
    "PatientEntry.forecast_made": _DATE,
    "NextOfKinEntry.name": _NAME,
    "NextOfKinEntry.relationship": shaped(r"[A-Z]{3}(\^[^\^]*)?", "MTH^Mother"),
    "NextOfKinEntry.address": _ADDRESS,
    "NextOfKinEntry.phone": _PHONE,
    "DoseEntry.cvx": _VACCINE,
    "DoseEntry.given": _DATE,
    "DoseEntry.expires": _DATE,
    "DoseEntry.mvx": shaped(r"[A-Z]{2,4}(\^[^\^]*)?", "MSD^Merck"),
    "DoseEntry.amount": _NUMBER,
    "DoseEntry.source": shaped(r"0[0-9](\^[^\^]*)?", "00", "01", number=True),
    "DoseEntry.route": shaped(r"[A-Z0-9]{2,6}(\^[^\^]*)?", "C28161^Intramuscular", "IM"),
    "DoseEntry.site": shaped(r"[A-Z]{2,4}(\^[^\^]*)?", "LT^Left Thigh"),
    "DoseEntry.refusal": shaped(r"0[0-9](\^[^\^]*)?", "00^Parental decision", number=True),
    "DoseEntry.eligibility": shaped(r"V[0-9]{2}(\^[^\^]*)?", "V02^VFC eligible - Medicaid"),
    "DoseEntry.funding": shaped(r"(PHC70|VXC[0-9]{1,2})(\^[^\^]*)?", "VXC2^State funds"),
    "DoseEntry.number": _NUMBER,
    "ForecastEntry.cvx": _VACCINE,
    **{f"ForecastEntry.{key}": _DATE for key in ("due", "earliest", "latest", "overdue")},
}
"""Values whose type in the model does not say what may be written."""


def misbehaviours() -> Schema:
    """``wire``: names alone, or with what each of them takes, and a chance."""
    names = [{"const": kind.name, "description": f"The answer {kind.about}."} for kind in KINDS.values()]
    values = {
        kind.name: {"description": f"The answer {kind.about}.", **_AFTER[kind.form](kind)} for kind in KINDS.values()
    }
    entry = closed(
        values | {"chance": {"description": "How often it happens.", **_CHANCE}},
        minProperties=1,
        maxProperties=2,
    )
    return some(either(*names, entry))


def _optional(schema: Schema) -> Schema:
    return either({"type": "null"}, schema)


def _example(kind: Kind) -> str:
    return kind.example.strip("'")


_AFTER: Mapping[Form, Callable[[Kind], Schema]] = {
    "nothing": lambda _kind: {"enum": [None, "", "yes"]},
    "text": lambda kind: _optional(text(_example(kind))),
    "character": lambda kind: _optional(
        either(shaped("0x([01][0-9A-Fa-f]|7[Ff])", _example(kind)), {"type": "integer"})
    ),
    "times": lambda kind: _optional(shaped("[0-9]{1,9}( ?times)?", _example(kind), number=True)),
    "bytes": lambda kind: _optional(shaped("[0-9]{1,9}( ?bytes?)?", _example(kind), number=True)),
    "amount": lambda kind: _optional(shaped(rf"{_PERCENT}|[0-9]{{1,9}}( ?bytes?)?", _example(kind), number=True)),
    "duration": lambda _kind: _optional(DURATION),
    "pace": lambda _kind: _optional(
        closed({"chunks": shaped("[0-9]{1,9}", "6", number=True), "over": DURATION}, minProperties=1)
    ),
}
