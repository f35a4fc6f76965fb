"""CPU microseconds to parse the message, and to parse it and read 30 fields: mockiis, python-hl7, hl7apy in turn.

A process of its own (``python parsing.py ROUNDS``; prints JSON): no server, no other library's threads beside it.
The best round counts, since whatever else the machine does only ever adds time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from math import inf
from typing import Any

from request import MESSAGE

from mockiis.er7 import read

try:
    import hl7
except ImportError:
    hl7 = None
try:
    from hl7apy.parser import parse_message
except ImportError:
    parse_message = None

PLACES = (
    ("MSH", 1, 3, 1), ("MSH", 1, 4, 1), ("MSH", 1, 9, 1), ("MSH", 1, 9, 2), ("MSH", 1, 10, 1), ("MSH", 1, 12, 1),
    ("MSH", 1, 21, 1), ("PID", 1, 3, 1), ("PID", 1, 3, 4), ("PID", 1, 5, 1), ("PID", 1, 5, 2), ("PID", 1, 7, 1),
    ("PID", 1, 8, 1), ("PID", 1, 11, 1), ("PID", 1, 11, 3), ("PID", 1, 11, 5), ("PD1", 1, 11, 1), ("NK1", 1, 2, 1),
    ("ORC", 1, 3, 1), ("RXA", 1, 3, 1), ("RXA", 1, 5, 1), ("RXA", 1, 15, 1), ("RXR", 1, 1, 1), ("OBX", 1, 5, 1),
    ("OBX", 2, 5, 1), ("ORC", 2, 3, 1), ("RXA", 2, 5, 1), ("RXA", 2, 15, 1), ("RXR", 2, 2, 1), ("OBX", 5, 5, 1),
)  # fmt: skip
"""Segment, which one of that name, field, component: what an immunization registry looks at, valued in the message."""

_SECONDS = 0.1


def parsers() -> dict[str, Callable[[], object]]:
    """What to time, by name; ``reads`` in the name for the 30 fields as well."""
    found: dict[str, Callable[[], object]] = {"mockiis": partial(read, MESSAGE), "mockiis reads": _mockiis_reads}
    if hl7:
        found |= {"python-hl7": partial(hl7.parse, MESSAGE), "python-hl7 reads": _hl7_reads}
        assert _hl7_reads() == _mockiis_reads(), "mockiis and python-hl7 read different values"
    if parse_message:
        found["hl7apy"] = partial(parse_message, MESSAGE)
    return found


LOCATIONS = tuple(f"{segment}[{number}]-{field}.{component}" for segment, number, field, component in PLACES)


def _mockiis_reads() -> list[str]:
    message = read(MESSAGE)
    return [message.get(location) for location in LOCATIONS]


def _hl7_reads() -> list[Any]:
    message = hl7.parse(MESSAGE)
    return [message.extract_field(segment, number, field, 1, component) for segment, number, field, component in PLACES]


def timed(call: Callable[[], object]) -> float:
    """CPU microseconds of one call, over as many calls as fit in a moment, and at least two."""
    calls, started, spent = 0, time.process_time(), 0.0
    batch = 2
    while spent < _SECONDS:
        for _ in range(batch):
            call()
        calls += batch
        batch *= 2
        spent = time.process_time() - started
    return 1e6 * spent / calls


def main(rounds: int) -> dict[str, float]:
    """The best of all rounds, by name."""
    found = parsers()
    best = dict.fromkeys(found, inf)
    for _ in range(rounds):
        for name, call in found.items():
            best[name] = min(best[name], timed(call))
    return best


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
