"""Locations: read, printed, refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import Location, LocationError

ADVICE = "write one such as PID-7, PID-5.1, PID-3[5=MR].1, RXA[2]-3 or OBX[3.1=64994-7]-5.1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PID", Location(segment="PID")),
        ("NK1[2]", Location(segment="NK1", occurrence=2)),
        ("PID-5", Location(segment="PID", field=5)),
        ("PID-5.1", Location(segment="PID", field=5, component=1)),
        ("PID-5[2].1", Location(segment="PID", field=5, repetition=2, component=1)),
        ("PID-3.4.2", Location(segment="PID", field=3, component=4, subcomponent=2)),
        ("RXA[2]-3", Location(segment="RXA", occurrence=2, field=3)),
        ("PID-3[5=MR].1", Location(segment="PID", field=3, repetition_key=(5, "MR"), component=1)),
        ("PID-3[5=]", Location(segment="PID", field=3, repetition_key=(5, ""))),
        ("OBX[3.1=64994-7]-5.1", Location(segment="OBX", key=(3, 1, "64994-7"), field=5, component=1)),
        ("OBX[3.1=a=b [c]-5", Location(segment="OBX", key=(3, 1, "a=b [c"), field=5)),
    ],
)
def test_a_location_is_read_and_printed(text: str, expected: Location) -> None:
    """The text the guides print gives the value, and the value prints as that text."""
    assert expected == Location.parse(text)
    assert text == str(expected)


def test_a_key_without_component_means_the_first() -> None:
    """OBX[4=1] asks for the first component of OBX-4, and says so."""
    assert "OBX[4.1=1]-5" == str(Location.parse("OBX[4=1]-5"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pid-5",
        "PID5",
        "PI-5",
        "1ID-5",
        "PIDX-5",
        "PID-",
        "PID-0",
        "PID-05",
        "PID--5",
        "PID-5.",
        "PID-5.0",
        "PID-5.1.1.1",
        "PID.5",
        "PID[0]-5",
        "PID[]-5",
        "PID[a]-5",
        "PID[5.]-5",
        "PID-5[0]",
        "PID-5[=MR]",
        "PID-5[2",
        " PID-5",
        "PID-5\n",
        "PID-\u0665",
        "PID-1234567",
    ],
)
def test_what_is_no_location_is_refused_with_examples(text: str) -> None:
    """The sentence repeats the text and shows how a location is written."""
    with pytest.raises(LocationError) as refused:
        Location.parse(text)
    assert f"'{text}' is not a location; {ADVICE}" == str(refused.value)


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ({"segment": "pid", "field": 5}, "pid-5"),
        ({"segment": "PID", "field": 0}, "PID-0"),
        ({"segment": "PID", "field": -1}, "PID--1"),
        ({"segment": "PID", "component": 1}, "PID.1"),
        ({"segment": "PID", "field": 5, "subcomponent": 1}, "PID-5..1"),
        ({"segment": "PID", "repetition": 2}, "PID-[2]"),
        ({"segment": "PID", "repetition_key": (5, "MR")}, "PID-[5=MR]"),
        ({"segment": "OBX", "occurrence": 1, "key": (3, 1, "x")}, "OBX[1][3.1=x]"),
        ({"segment": "OBX", "key": (3, 0, "x")}, "OBX[3.0=x]"),
        ({"segment": "OBX", "key": (3, 1, "x]")}, "OBX[3.1=x]]"),
    ],
)
def test_a_value_that_is_no_location_cannot_be_made(parts: dict[str, Any], printed: str) -> None:
    """Field 0, a component of nothing or two ways to pick a segment are refused where they are made."""
    with pytest.raises(LocationError) as refused:
        Location(**parts)
    assert f"'{printed}' is not a location; {ADVICE}" == str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PID^1^5^1^2", "PID[1]-5[1].2"),
        ("PID^1^11^1^5^1", "PID[1]-11[1].5.1"),
        ("PID^1^22", "PID[1]-22"),
        ("PID^22", "PID-22"),
        ("PID^^22", "PID-22"),
        ("PID^1", "PID[1]"),
        ("PID", "PID"),
        ("MSH^9", "MSH-9"),
        ("RXA^2", "RXA[2]"),
        ("TQ1^2", "TQ1[2]"),
        ("RXA^2^5", "RXA[2]-5"),
        ("OBX^3^5^0^1", "OBX[3]-5.1"),
        ("PID^1^5^^1", "PID[1]-5.1"),
        ("PID^1^3^^^^", "PID[1]-3"),
        ("ERR^0^0", "ERR"),
    ],
)
def test_an_error_location_is_read(text: str, expected: str) -> None:
    """ERR-2 in full, in the two-part form that NDIIS prints, and with zeros or nothing where a part is unknown."""
    assert expected == str(Location.from_erl(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "^",
        "pid^1^5",
        "PID-5",
        "PID^x",
        "PID^-1",
        "PID^1^^1",
        "PID^1^5^1^^2",
        "PID^1^5^1^1^1^1",
        "PID^\u0665",
        "PID^1\r",
    ],
)
def test_what_is_no_error_location_is_refused(text: str) -> None:
    """The sentence repeats the text and shows how ERR-2 is written."""
    with pytest.raises(LocationError) as refused:
        Location.from_erl(text)
    assert f"'{text}' is not an error location; one is written as PID^1^5^1^2" == str(refused.value)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("PID", "PID^1"),
        ("PID-22", "PID^1^22"),
        ("PID-5.2", "PID^1^5^1^2"),
        ("RXA[2]-5[3]", "RXA^2^5^3"),
        ("PID-3[2].4.2", "PID^1^3^2^4^2"),
        ("OBX[3.1=64994-7]-5.1", "OBX^1^5^1^1"),
    ],
)
def test_a_location_is_written_as_err_2(location: str, expected: str) -> None:
    """Unknown sequence and repetition are 1; nothing comes after the last known part."""
    assert expected == Location.parse(location).erl()


numbers = st.integers(1, 999_999)
maybe = st.none() | numbers
values = st.text(alphabet=st.characters(exclude_characters="]"))
segments = st.from_regex(r"[A-Z][A-Z0-9]{2}", fullmatch=True)


@st.composite
def locations(draw: st.DrawFn) -> Location:
    """Any location that can be made."""
    by_key = draw(st.booleans())
    key = draw(st.tuples(numbers, numbers, values)) if by_key else None
    occurrence = None if by_key else draw(maybe)
    field = draw(maybe)
    if field is None:
        return Location(segment=draw(segments), occurrence=occurrence, key=key)
    repetition_key = draw(st.none() | st.tuples(numbers, values))
    component = draw(maybe)
    return Location(
        segment=draw(segments),
        occurrence=occurrence,
        key=key,
        field=field,
        repetition=draw(maybe) if repetition_key is None else None,
        repetition_key=repetition_key,
        component=component,
        subcomponent=draw(maybe) if component else None,
    )


@settings(deadline=None)
@given(locations())
def test_every_location_prints_as_text_that_reads_back(location: Location) -> None:
    """parse(str(location)) is the location."""
    assert location == Location.parse(str(location))


@settings(deadline=None)
@given(locations())
def test_every_location_reads_back_from_err_2(location: Location) -> None:
    """What ERR-2 can say survives; keys cannot be said there, and an unknown number is 1."""
    again = Location.from_erl(location.erl())
    if location.field is not None:
        assert (location.erl(), location.field) == (again.erl(), again.field)
    assert location.segment == again.segment


@settings(deadline=None)
@given(st.text() | st.text(alphabet="PIDRXAOBX0123456789-.[]=^") | st.from_regex(r"[A-Z]{3}(\[.*\])?-[0-9]+.*"))
def test_arbitrary_text_is_a_location_or_a_location_error(text: str) -> None:
    """Nothing else is ever raised, and what is taken prints as a location that means the same."""
    try:
        location = Location.parse(text)
    except LocationError:
        return
    assert location == Location.parse(str(location))


@settings(deadline=None)
@given(
    st.text() | st.text(alphabet="PIDRXA0123456789^") | st.from_regex(r"[A-Z]{3}(\^[0-9]{0,7}){0,7}", fullmatch=True)
)
def test_arbitrary_text_is_an_error_location_or_a_location_error(text: str) -> None:
    """A peer's ERR-2 never raises anything else, and what is taken can be written as ERR-2 again."""
    try:
        location = Location.from_erl(text)
    except LocationError:
        return
    assert location == Location.parse(str(location))
    assert location.erl().startswith(f"{location.segment}^")
