"""The tables and rules of the standard, as data that analysts read. Package data counts as code.

The YAML files are the source; a wheel also carries each one as JSON, made when it is built, because that loads in a
fraction of the time.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from mockiis.yaml_text import parse


def read(name: str) -> Any:
    """The data file ``name`` (``cdc/statements``), as dicts, lists and strings."""
    folder, _, stem = name.rpartition("/")
    place = files(__name__).joinpath(*folder.split("/")) if folder else files(__name__)
    compiled = place.joinpath(f"{stem}.json")
    if compiled.is_file():
        return json.loads(compiled.read_bytes())
    data, _marks = parse(place.joinpath(f"{stem}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")
    return data
