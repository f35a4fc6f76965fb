"""Places that conditions and conformance statements point at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.profile.place import Place, PlaceError


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("OBX", Place(owner="OBX")),
        ("PID-22", Place(owner="PID", field=22)),
        ("PID-3.4.2", Place(owner="PID", field=3, component=4, subcomponent=2)),
        ("RXA-9[1].1", Place(owner="RXA", field=9, repetition=1, component=1)),
        ("XPN.7", Place(owner="XPN", component=7)),
        ("XPN_M.7", Place(owner="XPN_M", component=7)),
        ("CQ.2.1", Place(owner="CQ", component=2, subcomponent=1)),
        ("2.1", Place(owner="", component=2, subcomponent=1)),
        ("4", Place(owner="", component=4)),
    ],
)
def test_a_place_is_read_and_shown(text: str, place: Place) -> None:
    """A segment, a field with its parts, a component of a data type, or one inside the data type that is meant."""

    assert Place.parse(text) == place
    assert str(place) == text


@pytest.mark.parametrize(("text", "in_type"), [("XPN.7", True), ("2.1", True), ("PID-22", False), ("OBX", False)])
def test_a_place_knows_whether_it_is_in_a_data_type(text: str, in_type: bool) -> None:
    """A component without a field is one of a data type."""

    assert Place.parse(text).in_type is in_type


@pytest.mark.parametrize(
    "text", ["", "PID22", "PID-0", "pid-3", "PID-3[0].1", "XPN.", "XPN_m.1", "PID-3.1.1.1", "PID-3 "]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    """The message shows how to write one."""

    with pytest.raises(PlaceError) as caught:
        Place.parse(text)

    assert str(caught.value) == f"'{text}' is not a place; write one such as PID-22, RXA-9.1, RXA-9[1].1 or XPN.7"


@given(st.text(alphabet="ABPIDXN_-.[]0129", max_size=12))
def test_any_text_is_a_place_that_is_shown_as_it_was_written_or_refused(text: str) -> None:
    """Nothing else happens."""

    try:
        place = Place.parse(text)
    except PlaceError:
        return

    assert str(place) == text
