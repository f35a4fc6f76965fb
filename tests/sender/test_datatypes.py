"""Data types as the sender writes them: every component at its place, everything escaped, nothing left over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import read
from sender import datatypes
from sender.form import CDC_1_5, NDIIS_1_4
from sender.values import Address, Authority, Coded, Identifier, MaidenName, Name, OrderNumber, Phone, Place, Provider

USUAL = Authority(name="CLINIC", oid="1.2.3")
OTHER = Authority(name="OTHER")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (datatypes.ce(None, "CVX"), ""),
        (datatypes.ce(Coded(code="LT"), "HL70163", {"LT": "Left Thigh"}), "LT^Left Thigh^HL70163"),
        (datatypes.ce(Coded(code="LT", text="Left"), "HL70163", {"LT": "Left Thigh"}), "LT^Left^HL70163"),
        (datatypes.ce(Coded(code="X"), "HL70163", {"LT": "Left Thigh"}), "X^^HL70163"),
        (datatypes.ce(Coded(code="X", system="L"), "HL70163"), "X^^L"),
        (datatypes.ce(Coded(text="Some & thing"), "CVX"), "^Some \\T\\ thing^CVX"),
        (datatypes.all_of(["a", "", "b"]), "a~b"),
        (datatypes.hd(Authority(name="CLINIC")), "CLINIC"),
        (datatypes.hd(USUAL), "CLINIC^1.2.3^ISO"),
        (datatypes.hd(Authority(oid="1.2.3")), "^1.2.3^ISO"),
        (datatypes.cx(Identifier(id="1", type="MR"), USUAL), "1^^^CLINIC&1.2.3&ISO^MR"),
        (datatypes.cx(Identifier(id="1", type="MR", authority=OTHER), USUAL), "1^^^OTHER^MR"),
        (datatypes.ei(None, USUAL), ""),
        (datatypes.ei(OrderNumber(number="A^1"), USUAL), "A\\S\\1^CLINIC^1.2.3^ISO"),
        (datatypes.ei(OrderNumber(number="1", authority=OTHER), USUAL), "1^OTHER"),
        (datatypes.xad(None), ""),
        (datatypes.xad(Address(street="1 Elm St", city="Fargo", type="H")), "1 Elm St^^Fargo^^^^H"),
        (datatypes.xad(Address(zip="58103", county="38017")), "^^^^58103^^^^38017"),
        (datatypes.xtn(Phone(area="701", number="5550100", extension="9")), "^PRN^PH^^^701^5550100^9"),
        (
            datatypes.telecoms([Phone(number="5550100")], ["a@b.example"]),
            "^PRN^PH^^^^5550100~^NET^Internet^a@b.example",
        ),
        (datatypes.telecoms([], []), ""),
        (datatypes.xcn(None), ""),
        (datatypes.xcn(Provider(family="Lee", given="Ann")), "^Lee^Ann"),
        (
            datatypes.xcn(Provider(id="7", family="Lee", authority=USUAL, name_type="L", id_type="NPI")),
            "7^Lee^^^^^^^CLINIC&1.2.3&ISO^L^^^NPI",
        ),
        (datatypes.la2(None), ""),
        (datatypes.la2(Place(facility="04999")), "^^^04999"),
        (
            datatypes.la2(Place(facility="04999", address=Address(street="1 Elm St", state="ND"))),
            "^^^04999^^^^^1 Elm St^^^ND",
        ),
    ],
)
def test_every_component_is_at_its_place(found: str, expected: str) -> None:
    """Each data type, filled and nearly empty; empty components at the end are left out."""
    assert expected == found


@pytest.mark.parametrize(
    ("name", "typed", "untyped"),
    [
        (Name(family="Doe", given="Jane"), "Doe^Jane^^^^^L", "Doe^Jane^"),
        (Name(family="Doe", given="Jane", middle="Q", suffix="Jr"), "Doe^Jane^Q^Jr^^^L", "Doe^Jane^Q^Jr"),
        (Name(family="Doe", given="Jane", prefix="Dr", type="A"), "Doe^Jane^^^Dr^^A", "Doe^Jane^^^Dr"),
    ],
)
def test_a_name_has_its_type_or_three_places(name: Name, typed: str, untyped: str) -> None:
    """Release 1.5 sends XPN.7; Release 1.4 sends none, and keeps the place of the middle name."""
    assert (typed, untyped) == (datatypes.xpn(name, CDC_1_5), datatypes.xpn(name, NDIIS_1_4))


def test_a_maiden_name_is_of_type_m() -> None:
    """In Release 1.4 its type is not sent either; without a name there is nothing."""
    name = MaidenName(family="Berg")
    assert ("Berg^^^^^^M", "Berg", "") == (
        datatypes.maiden_name(name, CDC_1_5),
        datatypes.maiden_name(name, NDIIS_1_4),
        datatypes.maiden_name(None, CDC_1_5),
    )


TEXT = st.text(alphabet="aB1|^~\\&\r\n é", max_size=8).map("x{}".format)  # "~" alone counts as not written


WRITTEN: list[tuple[Callable[[str], str], int, int | None]] = [
    (lambda text: datatypes.ce(Coded(code=text), "CVX"), 1, None),
    (lambda text: datatypes.cx(Identifier(id=text, type="MR"), USUAL), 1, None),
    (lambda text: datatypes.cx(Identifier(id="1", type="MR", authority=Authority(name=text)), USUAL), 4, 1),
    (lambda text: datatypes.ei(OrderNumber(number=text), USUAL), 1, None),
    (lambda text: datatypes.xpn(Name(family=text, given="x"), CDC_1_5), 1, None),
    (lambda text: datatypes.xpn(Name(family="x", given=text), NDIIS_1_4), 2, None),
    (lambda text: datatypes.xad(Address(city=text)), 3, None),
    (lambda text: datatypes.xtn(Phone(number=text)), 7, None),
    (lambda text: datatypes.xcn(Provider(family=text)), 2, None),
    (lambda text: datatypes.xcn(Provider(id="1", authority=Authority(name=text))), 9, 1),
    (lambda text: datatypes.la2(Place(facility=text)), 4, None),
]
"""Something that writes a text, and the component and subcomponent it stands in then."""


@given(text=TEXT, written=st.sampled_from(WRITTEN))
def test_whatever_was_written_is_read_back(text: str, written: tuple[Callable[[str], str], int, int | None]) -> None:
    """Separators and line ends in a value never break out of its component."""
    write, component, subcomponent = written
    message = read(f"MSH|^~\\&|A\rZZZ|{write(text)}|end\r")
    (segment,) = message.named("ZZZ")
    assert (text, "end") == (segment.get(1, component, subcomponent), segment.get(2))
