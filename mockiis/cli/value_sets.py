"""The tables of HL7, NIP and PHVS that fields are bound to, for looking codes up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from mockiis.profile.data import read

_FILES = ("cdc/tables/hl7", "cdc/tables/cdc")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """One table. ``codes`` holds text and coding system by code; those an open table lacks are given by registries."""

    name: str
    title: str
    source: str
    is_open: bool
    codes: dict[str, tuple[str, str]]


@cache
def value_sets() -> dict[str, ValueSet]:
    """Every table by its name."""
    found = (_value_set(name, entry) for file in _FILES for name, entry in read(file).items())
    return {one.name: one for one in found}


def _value_set(name: str, entry: dict[str, Any]) -> ValueSet:
    system = entry.get("system", name)
    codes = {code: _meaning(said, system) for code, said in (entry.get("codes") or {}).items()}
    is_open = entry.get("open") == "true"
    return ValueSet(name=name, title=entry["title"], source=entry.get("source", ""), is_open=is_open, codes=codes)


def _meaning(said: Any, system: str) -> tuple[str, str]:
    return (said["text"], said.get("system", system)) if isinstance(said, dict) else (said, system)
