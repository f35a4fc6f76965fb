"""The description of the API is that of the API."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import pytest_twisted

from mockiis.message.person import Name, Person
from mockiis.registry.preloading import preloaded
from mockiis.registry.records import Origin
from mockiis.server.admin.description import document
from mockiis.server.admin.routes import ROUTES

PERSON = Person(identifiers=(), name=Name(family="Doe", given="Jane"), birth_date="20240105", sex="F")

_EXAMPLES = {
    "name": "lots",
    "number": "1",
}


def test_it_is_an_openapi_document() -> None:
    """By the standard's own schema."""
    validator = pytest.importorskip("openapi_spec_validator")

    validator.validate(document())


def test_it_has_every_route_and_no_other() -> None:
    """Path by path, method by method."""
    described = {
        path: {method.upper() for method in methods if method != "parameters"}
        for path, methods in document()["paths"].items()
    }

    assert {path: set(handlers) for path, handlers in ROUTES.items()} == described


OPERATIONS = [
    (path, method)
    for path, methods in document()["paths"].items()
    for method in methods
    if method not in ("parameters", "delete")
]


def schema_of(status: int, operation: dict[str, Any]) -> dict[str, Any]:
    """What the document says of an answer."""
    found = operation["responses"][str(status)]
    if "$ref" in found:
        found = document()["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
    content = found["content"].get("application/json")
    return {**content["schema"], "components": document()["components"]} if content else {"type": "string"}


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
@pytest_twisted.ensureDeferred
async def test_every_operation_answers_as_described(api: Any, path: str, method: str) -> None:
    """Asked with its own example."""
    operation = document()["paths"][path][method]
    await api.sent(1)
    api.iis.service.registry.keep([preloaded(PERSON, Origin(facility="", control_id="", received=""))])
    if path == "/state":
        example = {"scenario": "lots", "key": "771", "state": "start"}
    else:
        example = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    status, found = await api.asked(method.upper(), path.format(**_EXAMPLES), example)

    assert status in (200, 201)
    jsonschema.validate(found, schema_of(status, operation))


@pytest.mark.parametrize("path", [path for path, methods in document()["paths"].items() if "delete" in methods])
@pytest_twisted.ensureDeferred
async def test_everything_that_can_be_deleted_is(api: Any, path: str) -> None:
    """As described."""
    status, found = await api.asked("DELETE", path.format(**_EXAMPLES))

    assert 200 == status
    jsonschema.validate(found, schema_of(status, document()["paths"][path]["delete"]))


@pytest_twisted.ensureDeferred
async def test_refusals_are_described_too(api: Any) -> None:
    """With and without problems; and a verification that fails."""
    refused = {**document()["components"]["schemas"], "components": document()["components"]}
    answer = document()["components"]["responses"]["Refused"]["content"]["application/json"]["schema"]
    for asked in (("GET", "/nothing"), ("PUT", "/scenarios", [{"name": "x", "text": "rules: 1"}])):
        jsonschema.validate((await api.asked(*asked))[1], {**answer, **refused})
    status, verdict = await api.asked("POST", "/verify", {"when": {"message": "QBP"}})
    jsonschema.validate(verdict, schema_of(status, document()["paths"]["/verify"]["post"]))
    await api.sent(1)
    status, verdict = await api.asked("POST", "/verify", {"when": {"message": "QBP"}})
    jsonschema.validate(verdict, schema_of(status, document()["paths"]["/verify"]["post"]))


@pytest_twisted.ensureDeferred
async def test_it_is_served_with_its_address(api: Any) -> None:
    """And the index lists what it describes."""
    _, found = await api.asked("GET", "/openapi.json")
    _, index = await api.asked("GET", "/")

    assert ("3.1.0", [{"url": api.iis.admin_url}]) == (found["openapi"], found["servers"])
    assert "0" != found["info"]["version"]
    assert sum(map(len, ROUTES.values())) == len(index["operations"])
