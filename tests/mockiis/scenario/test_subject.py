"""A request as conditions see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.er7 import Location, read
from mockiis.message import Request
from mockiis.scenario.subject import Subject, message_types, orders

Ask = Callable[..., Request]
HEADER = "MSH|^~\\&|A|B|C|D|||VXU^V04|1|P|2.5.1"


@pytest.mark.parametrize(
    ("segments", "groups"),
    [
        ("PID|1", []),
        ("RXA|0", ["RXA"]),
        ("ORC|RE RXA|0 RXR|a OBX|1 NTE|1 OBX|2", ["ORC RXA RXR OBX NTE OBX"]),
        ("ORC|RE RXA|0 OBX|1 ORC|RE RXA|0 OBX|1", ["ORC RXA OBX", "ORC RXA OBX"]),
        ("RXA|0 OBX|1 RXA|0 RXR|a", ["RXA OBX", "RXA RXR"]),
        ("ORC|RE TQ1|1 RXA|0 RXR|a", ["ORC RXA RXR"]),
        ("ORC|RE RXA|0 ZIM|1 OBX|1", ["ORC RXA OBX"]),
        ("ORC|RE OBX|1 RXA|0 OBX|2", ["ORC RXA OBX"]),
        ("OBX|1 RXR|a ORC|RE", []),
        ("RXA|0 PID|2 OBX|1 ORC|RE NK1|1 RXA|0", ["RXA", "RXA"]),
    ],
)
def test_orders(segments: str, groups: list[str]) -> None:
    """An RXA has the ORC before it and what follows up to the next order or patient."""
    message = read("\r".join([HEADER, *segments.split()]) + "\r")
    assert groups == [" ".join(segment.id for segment in group) for _, group in orders(message)]


def test_parts_know_their_numbers(ask: Ask) -> None:
    """Of each name in an order the first segment's number in the whole message."""
    first, second = Subject(ask()).parts("RXA")
    assert ({"RXA": 1, "OBX": 1}, {"RXA": 2}) == (first.numbers, second.numbers)
    assert 1 == len(first.message.named("OBX"))
    assert [] == second.message.named("OBX")


def test_the_state_of_a_part_is_that_of_the_request(ask: Ask) -> None:
    """Also when the state changes because the next file is tried."""
    subject = Subject(ask())
    (part, _) = subject.parts("RXA")
    for state in ("start", "waiting"):
        subject.state = state
        assert ([state], state) == (list(part.subject.values("state")), part.subject.state)


def test_a_place_is_looked_for_in_the_part_and_then_in_the_whole(ask: Ask) -> None:
    """RXA-3 of one dose can be compared with PID-7."""
    (_, second) = Subject(ask()).parts("RXA")
    assert ["10"] == list(second.subject.located(Location.parse("RXA-5.1")))
    assert ["20240402"] == list(second.subject.located(Location.parse("PID-7")))
    assert [] == list(second.subject.located(Location.parse("PID-29")))


@pytest.mark.parametrize(
    ("type_", "forms"),
    [
        ("VXU^V04^VXU_V04", ["VXU", "VXU^V04", "VXU^V04^VXU_V04"]),
        ("VXU", ["VXU"]),
        ("", []),
        ("^V04", ["^V04"]),
        ("VXU^^VXU_V04", ["VXU", "VXU^^VXU_V04"]),
    ],
)
def test_message_types(type_: str, forms: list[str]) -> None:
    """A rule may name as many components as it cares for."""
    assert forms == message_types(read(f"MSH|^~\\&|A|B|C|D|||{type_}|1|P|2.5.1\r"))
