"""The files that ship with the suite: cases, vaccination records, messages. They travel in the wheel."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from mockiis.document import advice
from mockiis.errors import MockIISError


def names(folder: str) -> list[str]:
    """Names of the files in a folder of the suite: cases, records or messages."""
    return sorted(entry.name for entry in _folder(folder).iterdir() if entry.name.endswith((".yaml", ".hl7")))


def text(folder: str, name: str) -> str:
    """The text of one file. Raises MockIISError that names the nearest file.

    Messages are written a segment on a line and read as HL7 has them, each segment ended by CR.
    """
    entry = _folder(folder).joinpath(name)
    if not entry.is_file():
        raise MockIISError(f"certification/{folder}/{name}: there is no such file; {advice(name, names(folder))}")
    found = entry.read_text(encoding="utf-8")
    return "".join(f"{line}\r" for line in found.splitlines()) if name.endswith(".hl7") else found


def _folder(name: str) -> Traversable:
    return files("certification").joinpath(name)
