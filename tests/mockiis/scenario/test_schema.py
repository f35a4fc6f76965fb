"""The JSON Schema of the language: as published, and in agreement with the loader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockiis.er7 import Location
from mockiis.errors import DocumentError
from mockiis.message.misbehaviour import KINDS as MISBEHAVIOURS
from mockiis.scenario import load
from mockiis.scenario.about import ABOUT
from mockiis.scenario.loader import ScenarioEntry
from mockiis.scenario.operators import OPERATORS
from mockiis.scenario.replies import KINDS, MODIFIERS
from mockiis.scenario.schema import keys_of, parts, schema, schema_text
from mockiis.scenario.schema_values import LOCATION, SEGMENT

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)
ROOT = Path(__file__).parents[3]
SHIPPED = sorted(Path(str(files("scenarios").joinpath("README.md"))).parent.rglob("*.yaml"))
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


class Editor(yaml.SafeLoader):
    """Reads YAML as editors do: numbers and booleans, but dates are text."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in known if not tag.endswith(("timestamp", "bool"))]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])  # type: ignore[no-untyped-call]


def as_an_editor_sees(text: str) -> Any:
    """Keys are text in JSON."""
    return _with_text_keys(yaml.load(text, Editor))


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(entry) for key, entry in value.items()}
    return [_with_text_keys(entry) for entry in value] if isinstance(value, list) else value


def complaints(text: str) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(as_an_editor_sees(text))]


def documented() -> Iterator[tuple[str, str]]:
    """Every scenario in the reference and in the docs."""
    pages = [Path(str(files("scenarios").joinpath("README.md"))), ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for text in re.findall(r"^```yaml\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            if text.startswith(("version: 1\n", "# yaml-language-server")) and "rules:" in text:
                yield f"{page.name}: {text.splitlines()[1]}", text


def test_it_is_a_schema() -> None:
    """Of the draft that it names."""
    Draft202012Validator.check_schema(SCHEMA)


def test_what_is_published_is_what_the_code_says() -> None:
    """Make it again with: mockiis lint --schema > scenarios/scenario.schema.json."""
    published = files("scenarios").joinpath("scenario.schema.json").read_text("utf-8")
    assert json.loads(schema_text()) == json.loads(published)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_shipped_scenarios_are_valid_and_name_the_schema(file: Path) -> None:
    """Where they are installed, too."""
    text = file.read_text("utf-8")
    found = MODELINE.search(text)
    assert found, "a shipped scenario names its schema: # yaml-language-server: $schema=..."
    assert json.loads((file.parent / found[1]).read_text("utf-8"))["title"] == SCHEMA["title"]
    assert [] == complaints(text)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*found, id=found[0]) for found in documented()])
def test_documented_scenarios_are_valid(name: str, text: str) -> None:
    """But for the one that shows mistakes."""
    try:
        load(text, name)
    except DocumentError:
        assert name.startswith("lint-and-explain.md")
    else:
        assert [] == complaints(text)


def test_every_key_of_the_model_is_there() -> None:
    """With what it means; and nothing is described that there is not."""
    for model in parts(ScenarioEntry):
        found = SCHEMA if model is ScenarioEntry else SCHEMA["$defs"][model.__name__]
        mapping = found if "properties" in found else found["anyOf"][-1]
        assert keys_of(model) == list(mapping["properties"])
        assert all(entry["description"] for entry in mapping["properties"].values())
        own = set(ABOUT.get(model.__name__, {}))
        assert own <= set(keys_of(model))
    assert list(OPERATORS) == list(SCHEMA["$defs"]["operator"]["properties"])


PATIENT = {"ids": {"SR": "1"}, "name": "A^B", "born": "2024-04-02", "sex": "F"}
DOSE = {"cvx": "08", "given": "2024-04-02"}


def scenario(reply: Any = "echo", when: Any = None, patient: Any = PATIENT, **more: Any) -> dict[str, Any]:
    rule = {"name": "a", "when": when or {"message": "QBP", "transport": "soap"}, "reply": reply}
    second = {"name": "b", "when": {"transport": "soap"}, "reply": {"rsp": {"profile": "Z32", "patients": ["p"]}}}
    return {"version": "1", "patients": {"p": patient}, "rules": [rule, second], **more}


def reply_with(key: str, value: Any) -> Any:
    kinds = {"ack": "AE", "rsp": {"profile": "Z33"}, "fault": "UnknownFault", "hl7": "x"}
    if key in KINDS:
        return {key: value}
    kind = MODIFIERS.get(key, ("ack",))[0]
    return {kind: kinds[kind], key: value}


WRAPPED: dict[str, Any] = {
    "ScenarioEntry": lambda key, value: scenario() | {key: value},
    "RuleEntry": lambda key, value: (
        {"version": 1, "rules": [{"name": "a", "reply": "echo"} | {key: value}]}
        if key != "replies"
        else {"version": 1, "rules": [{"name": "a", "replies": value}]}
    ),
    "ThenEntry": lambda key, value: {
        "version": 1,
        "rules": [{"name": "a", "reply": "echo", "then": {"state": "x"} | {key: value}}],
    },
    "ExpectEntry": lambda key, value: {"version": 1, "rules": [{"name": "a", "reply": "echo", "expect": {key: value}}]},
    "ReplyEntry": lambda key, value: scenario(reply_with(key, value)),
    "MixEntry": lambda key, value: scenario({"mix": [{"share": 1} | reply_with(key, value)]}),
    "HTTPEntry": lambda key, value: scenario({"http": {"status": 503} | {key: value}}),
    "ErrorEntry": lambda key, value: scenario({"ack": "AE", "errors": [{"code": "101"} | {key: value}]}),
    "QueryResponseEntry": lambda key, value: scenario({"rsp": _rsp(key, value)}),
    "PatientEntry": lambda key, value: scenario(patient=PATIENT | {key: value}),
    "IdentifierEntry": lambda key, value: scenario(patient=PATIENT | {"ids": {"SR": {"id": "1"} | {key: value}}}),
    "NextOfKinEntry": lambda key, value: scenario(
        patient=PATIENT | {"next_of_kin": [{"name": "A^B", "relationship": "MTH"} | {key: value}]}
    ),
    "DoseEntry": lambda key, value: scenario(patient=PATIENT | {"doses": [DOSE | {key: value}]}),
    "ForecastEntry": lambda key, value: scenario(patient=PATIENT | {"forecast": [{"cvx": "08"} | {key: value}]}),
    "when": lambda key, value: scenario(when={key: value}),
    "operator": lambda key, value: scenario(when={"PID-5.1": {key: value}}),
    "wire": lambda key, value: scenario({"ack": "AA", "wire": [{key: value}]}),
}


def _rsp(key: str, value: Any) -> Any:
    if key == "status":
        return {"profile": "Z32", "patients": ["p"]} if value == "OK" else {"profile": "Z33", "status": value}
    if key == "profile" and value != "Z33":
        return {"profile": value, "patients": ["p"]}
    return {"profile": "Z33"} if key == "profile" else {"profile": "Z31", key: ["p"]}


def samples(found: dict[str, Any], depth: int = 0) -> Iterator[Any]:
    """Values that the schema shows or lists."""
    yield from found.get("examples", ())
    yield from found.get("enum", ())
    if "const" in found:
        yield found["const"]
    for inner in found.get("anyOf", ()):
        yield from samples(inner, depth)
    if found.get("type") == "array" and depth < 2:
        for sample in samples(found["items"], depth + 1):
            yield [sample] * found.get("maxItems", found.get("minItems", 1))
    if found.get("type") == "object" and depth < 2 and "$ref" not in found:
        for key, inner in found.get("properties", {}).items():
            if set(found.get("required", ())) <= {key}:
                yield from ({key: sample} for sample in samples(inner, depth + 1))


def shown() -> Iterator[Any]:
    for name, wrap in WRAPPED.items():
        found = SCHEMA if name == "ScenarioEntry" else SCHEMA["$defs"][name]
        if name == "wire":
            found = found["items"]
        mapping = found if "properties" in found else found["anyOf"][-1]
        for key, inner in mapping["properties"].items():
            if (name, key) in SKIPPED:
                continue
            for number, sample in enumerate(samples(inner)):
                yield pytest.param(wrap(key, sample), id=f"{name}.{key}-{number}")


SKIPPED = {
    ("RuleEntry", "replies"),  # 'pass' alone is no reply
    ("ReplyEntry", "errors"),
    ("MixEntry", "errors"),
    ("ReplyEntry", "wire"),  # each misbehaviour is tried by itself
    ("MixEntry", "wire"),
    ("when", "operation"),  # connectivityTest takes another kind of reply
    ("wire", "chance"),
    *(("wire", name) for name, kind in MISBEHAVIOURS.items() if "soap" not in kind.transports),
}


def _yaml(value: Any) -> str:
    """As a file, where the loader sees text and an editor what the sample is."""
    return json.dumps(value).replace(": null", ": ")


@pytest.mark.parametrize("document", list(shown()))
def test_what_the_schema_shows_is_loaded(document: Any) -> None:
    """Every example and every value of a list, in the smallest file around it."""
    assert [] == [error.message for error in VALIDATOR.iter_errors(document)]
    load(_yaml(document), "a.json")


@pytest.mark.parametrize(
    "text",
    [
        "{version: 2, rules: [{name: a, reply: echo}]}",
        "{version: 1, rules: []}",
        "{version: 1, rules: [{name: a, replay: echo}]}",
        "{version: 1, rules: [{name: a, reply: {ack: XX}}]}",
        "{version: 1, rules: [{name: a, reply: {ack: AA, echo: true}}]}",
        "{version: 1, rules: [{name: a, reply: {delay: 8s}}]}",
        "{version: 1, rules: [{name: a, reply: {ack: AA, detail: x}}]}",
        "{version: 1, rules: [{name: a, when: {PID.7: x}, reply: echo}]}",
        "{version: 1, rules: [{name: a, when: {PID-7: {mising: true}}, reply: echo}]}",
        "{version: 1, rules: [{name: a, when: {PID-7: {missing: true, present: true}}, reply: echo}]}",
        "{version: 1, rules: [{name: a, when: {any RXA: {}}, reply: echo}]}",
        "{version: 1, rules: [{name: a, reply: {ack: AA, wire: [no_and]}}]}",
        "{version: 1, rules: [{name: a, reply: {ack: AA, delay: 8}}]}",
        "{version: 1, rules: [{name: a, reply: {ack: AA, broken: true}}]}",
        "{version: 1, rules: [{name: a, reply: echo, replies: [echo]}]}",
        "{version: 1, rules: [{name: a, reply: echo}], patients: {}}",
    ],
)
def test_what_is_wrong_is_wrong_for_both(text: str) -> None:
    """The loader says it better, and the editor says it sooner."""
    assert complaints(text)
    with pytest.raises(DocumentError):
        load(text, "a.yaml")


@given(
    st.builds(
        lambda segment, which, field, repetition, component: f"{segment}{which}-{field}{repetition}{component}",
        st.sampled_from(["PID", "ZP1", "RXA"]),
        st.sampled_from(["", "[2]", "[3.1=64994-7]", "[3=x]"]),
        st.integers(1, 99999),
        st.sampled_from(["", "[2]", "[5=MR]"]),
        st.sampled_from(["", ".1", ".1.2"]),
    )
)
def test_locations_are_those_of_the_reader(text: str) -> None:
    """What the one takes, the other does."""
    assert str(Location.parse(text)) == text or Location.parse(text)
    assert re.fullmatch(LOCATION, text)
    assert re.fullmatch(SEGMENT, text.rpartition("-")[0].partition("-")[0]) or "64994" in text
