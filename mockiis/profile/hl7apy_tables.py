"""The only module that imports hl7apy: its definitions of HL7 v2.5.1 as our base tables, and its second opinion.

``data/base.yaml`` is what ``base_tables`` gave; a test makes it again and compares. hl7apy is never on the way of a
message: it is imported when one of these functions is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SEGMENTS = (
    "MSH SFT MSA ERR QAK QPD RCP PID PD1 NK1 PV1 PV2 GT1 IN1 IN2 IN3 ORC TQ1 TQ2 RXA RXR OBX NTE DSC FHS BHS BTS FTS"
).split()
"""The segments that the guide's messages and batches are made of."""


def base_tables() -> dict[str, Any]:
    """Fields of every segment and components of every data type they use: number -> "type min..max"."""
    from hl7apy import load_reference

    segments: dict[str, dict[str, str]] = {}
    types: dict[str, dict[str, str]] = {}
    for name in SEGMENTS:
        _, fields = load_reference(name, "Segment", "2.5.1")
        segments[name] = {}
        for field in fields:
            number, data_type = field[0].partition("_")[2], _data_type(field[1])
            segments[name][number] = f"{data_type} {_cardinality(field[2])}"
            types.update(_components(field[1], data_type))
    return {"segments": segments, "types": dict(sorted(types.items()))}


def _components(definition: Any, data_type: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The data type with its components, and those of its components."""
    if definition[0] != "sequence":
        return
    yield data_type, {entry[0].partition("_")[2]: _data_type(entry[1]) for entry in definition[1]}
    for entry in definition[1]:
        yield from _components(entry[1], _data_type(entry[1]))


def _data_type(definition: Any) -> str:
    return str(definition[2]) if definition[2] else "varies"


def _cardinality(limits: tuple[int, int]) -> str:
    least, most = limits
    return f"{least}..{'*' if most == -1 else most}"
