"""The reader compared with python-hl7, which shares no code with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hl7
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read


def inside(container: Any) -> list[Any]:
    """What a container of python-hl7 holds; plain text holds itself."""
    return [container] if isinstance(container, str) else list(container)


def agrees(text: str) -> None:
    """Assert that python-hl7 finds the same segments, fields, repetitions, components and values as we do."""
    message, witness = read(text), hl7.parse(text)
    assert [str(segment[0]) for segment in witness] == [segment.id for segment in message.segments]
    for segment, theirs in zip(message.segments, witness, strict=True):
        assert [str(field) for field in theirs] == [*segment.fields]
        for number in range(3, len(segment.fields)):
            repetitions = inside(theirs[number])
            assert [str(repetition) for repetition in repetitions] == segment.repetitions(number)
            for repetition, found in enumerate(repetitions, 1):
                for component, part in enumerate(inside(found), 1):
                    for subcomponent, value in enumerate(inside(part), 1):
                        place = f"-{number}[{repetition}].{component}.{subcomponent}"
                        where = f"{segment.id}[{segment.occurrence}]{place}"
                        assert (where, witness.unescape(value)) == (where, message.get(where))


@pytest.mark.parametrize("folder", ["ndiis-examples", "ndiis-examples-1.4", "messages"])
def test_an_independent_reader_finds_the_same_in_the_examples(data: Path, folder: str) -> None:
    """python-hl7 reads the same value at each location of every example."""
    for file in sorted((data / folder).glob("*.hl7")):
        agrees(file.read_bytes().decode().replace("\r\n", "\r").replace("\n", "\r"))


values = st.text("abc019 .-/\xe9\u4e2d", min_size=1) | st.sampled_from(["", '""', r"a\F\b", r"\S\\T\\R\ x", r"\E\x"])
fields = st.lists(
    st.lists(st.lists(values, min_size=1, max_size=3).map("&".join), min_size=1, max_size=3).map("^".join),
    min_size=1,
    max_size=3,
).map("~".join)
segments = st.builds("{}|{}|{}|{}\r".format, st.sampled_from(["PID", "OBX", "RXA"]), fields, fields, fields)


@settings(deadline=None)
@given(st.lists(segments, min_size=1, max_size=4).map("".join))
def test_an_independent_reader_finds_the_same(body: str) -> None:
    """python-hl7 reads the same value at each location of any well-formed message."""
    agrees("MSH|^~\\&|A|B\r" + body + "ZZZ|last\r")
