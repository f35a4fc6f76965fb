"""The API described for programs (OpenAPI 3.1), and its index."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import yaml

from mockiis.server.admin.asked import Answer, Asked
from mockiis.server.admin.controls import Controls

_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def document() -> dict[str, Any]:
    """``openapi.yaml``, with the version of this package."""
    text = files("mockiis.server.admin").joinpath("openapi.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.load(text, _YAML)  # noqa: S506  # a safe loader, and our own file
    found["info"]["version"] = version("mockiis")
    return found


def openapi(controls: Controls, _asked: Asked) -> Answer:
    """``GET /openapi.json``."""
    return Answer(data={**document(), "servers": [{"url": controls.listeners.addresses["admin"]}]})


def index(controls: Controls, _asked: Asked) -> Answer:
    """``GET /``: where everything is."""
    operations = [
        {"method": method.upper(), "path": path, "summary": operation["summary"]}
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    return Answer(data={"mockiis": version("mockiis"), "operations": operations, **controls.listeners.addresses})
