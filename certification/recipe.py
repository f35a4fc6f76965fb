"""What a step sends -> a record: the file of ``records`` with the step's changes, read and checked by the sender."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from certification import files
from certification.case import Send
from mockiis.document import parse
from mockiis.errors import MockIISError
from sender.record import Record, load_record


def record(send: Send) -> Record:
    """The record to make a message from. Raises MockIISError when a change does not fit it."""
    return _record(send.record, send.release, json.dumps(send.change), json.dumps(send.enlarge))


@cache
def _record(name: str, release: str, change: str, enlarge: str) -> Record:
    """Made once: a case is run over each transport, and records do not change."""
    data, _ = parse(files.text("records", name), name)
    if release:
        data["release"] = release
    for path, value in json.loads(change).items():
        _update(data, path, _instead(value))
    for path, size in json.loads(enlarge).items():
        _update(data, path, _repeated(size))
    return load_record(json.dumps(data), f"{name} with its changes")


def _instead(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _repeated(size: int) -> Callable[[Any], Any]:
    return lambda text: (f"{text} " * size)[:size]


def _update(data: Any, path: str, change: Callable[[Any], Any]) -> None:
    """Change the value at ``patient.addresses.1.street``; positions count from 1, as in every complaint."""
    *way, last = path.split(".")
    for key in way:
        data = _child(data, key, path)
    if isinstance(data, list):
        _child(data, last, path)
        data[int(last) - 1] = change(data[int(last) - 1])
    elif isinstance(data, dict):
        data[last] = change(data.get(last, ""))
    else:
        raise MockIISError(f"change '{path}': there is only a plain value before '{last}'; change it as a whole")


def _child(data: Any, key: str, path: str) -> Any:
    if isinstance(data, dict) and key in data:
        return data[key]
    if isinstance(data, list) and key.isdigit() and 1 <= int(key) <= len(data):
        return data[int(key) - 1]
    known = [str(number) for number in range(1, len(data) + 1)] if isinstance(data, list) else list(data or ())
    raise MockIISError(f"change '{path}': the record has no '{key}' there; it has: {', '.join(known)}")
