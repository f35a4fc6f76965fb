"""Text composed from values, and read back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read
from mockiis.er7.compose import components, message, repetitions, segment

HEADER = segment("MSH", {1: "^~\\&"})


def test_values_become_components_repetitions_fields_and_segments() -> None:
    """Each at its place; what is empty at the end is left out."""
    field = repetitions([components("7", "", "", "FAC", "MR", ""), "", components("", "x"), components("")])
    assert "7^^^FAC^MR~^x" == field
    pid = segment("PID", {3: field, 1: "1", 9: ""})
    assert f"PID|1||{field}" == pid
    assert f"MSH|^~\\&\r{pid}\rPV1\r" == message([HEADER, pid, segment("PV1", {})])


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=3))
def test_what_is_composed_reads_back(values: list[list[str]]) -> None:
    """Whatever the values hold, delimiters and line ends included, they come back as they were."""
    fields = {number: components(*parts) for number, parts in enumerate(values, 1)}
    composed = read(message([HEADER, segment("ZZZ", fields)]))
    assert ["MSH", "ZZZ"] == [found.id for found in composed.segments]
    expected = {(f, c): value for f, parts in enumerate(values, 1) for c, value in enumerate(parts, 1)}
    assert expected == {(f, c): composed.get(f"ZZZ-{f}.{c}.1") for f, c in expected}
