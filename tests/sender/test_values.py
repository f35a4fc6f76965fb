"""The parts of records: their short forms, what they add by themselves, and the sentence for what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sender.values import (
    Address,
    Authority,
    Coded,
    Count,
    Identifier,
    MaidenName,
    Name,
    OneOrMore,
    OrderNumber,
    Part,
    Phone,
    Place,
    Provider,
    Quantity,
    Route,
    Vaccine,
    YesNo,
)


def complaints(kind: Any, value: Any) -> list[str]:
    """What is said about a value that cannot be read."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return [error["msg"] for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Coded, "V02", Coded(code="V02")),
        (Vaccine, "03", Vaccine(code="03")),
        (Route, "IM", Route(code="IM")),
        (Authority, "CLINIC", Authority(name="CLINIC")),
        (OrderNumber, "007", OrderNumber(number="007")),
        (Place, "04999", Place(facility="04999")),
        (Phone, "(701) 555-0100", Phone(area="701", number="5550100")),
        (Phone, "701.555.0100", Phone(area="701", number="5550100")),
    ],
)
def test_plain_text_stands_for_the_natural_key(kind: type[Part], text: str, expected: Part) -> None:
    """A code, a name or a number needs no mapping, and keeps its zeros."""
    assert expected == kind.model_validate(text)


@pytest.mark.parametrize("empty", ["", "null", "~"])
def test_a_key_without_a_value_counts_as_not_written(empty: str) -> None:
    """The usual value is taken, not the empty text."""
    assert Name(family="Doe", given="Jane") == Name.model_validate(
        {"family": "Doe", "given": "Jane", "middle": empty, "type": empty}
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Identifier, "1", "write keys and values here, such as 'id', 'type', 'authority'"),
        (Address, ["1 Elm St"], "write keys and values here, such as 'street', 'other', 'city'"),
        (Coded, "", "write keys and values here, such as 'code', 'text', 'system'"),
        (Coded, {"system": "CVX"}, "a coded value needs a 'code', or a 'text' where there is no code"),
        (Vaccine, "3", "'3' is not a CVX code, which has two or three digits; did you mean 03?"),
        (Vaccine, "1234", "'1234' is not a CVX code, which has two or three digits"),
        (Vaccine, "\u0663\u0663", "'\u0663\u0663' is not a CVX code, which has two or three digits"),
        (Route, "IMM", "unknown route 'IMM'; did you mean 'IM'?"),
        (Phone, "555-0100", "'555-0100' is not a telephone number of ten digits; write one such as (701) 555-0100"),
        (
            Phone,
            "701 555 0100 x9",
            "'701 555 0100 x9' is not a telephone number of ten digits; write one such as (701) 555-0100",
        ),
        (Provider, {"given": "Ann"}, "a provider needs an 'id' or a 'family' name"),
    ],
)
def test_what_cannot_be_says_what_to_write(kind: type[Part], value: Any, expected: str) -> None:
    """One sentence, with the nearest right value where there is one."""
    assert [expected] == complaints(kind, value)


def test_an_unknown_route_far_from_all_is_told_which_there_are() -> None:
    """Where nothing is near, the known ones are listed."""
    (sentence,) = complaints(Route, "zzz")
    assert sentence.startswith("unknown route 'zzz'; write one of: ")
    assert "IM" in sentence


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Vaccine, {"code": "49281-0400-05", "system": "NDC"}),
        (Vaccine, {"code": "998"}),
        (Route, {"code": "ZZ", "system": "L"}),
        (Route, "C28161"),
        (Coded, {"text": "no code for it"}),
        (Phone, {"number": "5550100"}),
        (Provider, {"id": "7"}),
    ],
)
def test_a_system_of_one_s_own_is_taken(kind: type[Part], value: Any) -> None:
    """Codes of other systems, and mappings where the short form would not do, are not judged."""
    written = {"code": value} if isinstance(value, str) else value
    assert written == kind.model_validate(value).model_dump(exclude_unset=True)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (YesNo, "yes", "Y"),
        (YesNo, "Y", "Y"),
        (YesNo, True, "Y"),
        (YesNo, "No", "N"),
        (YesNo, "false", "N"),
        (Count, "5", "5"),
        (Count, 12, "12"),
        (Quantity, "0.50", "0.50"),
        (Quantity, ".5", ".5"),
        (Quantity, "999", "999"),
        (OneOrMore[Coded], "A", (Coded(code="A"),)),
        (OneOrMore[Coded], ["A", {"text": "b"}], (Coded(code="A"), Coded(text="b"))),
        (OneOrMore[Coded], [], ()),
    ],
)
def test_simple_values_are_read(kind: Any, value: Any, expected: Any) -> None:
    """Yes and no become the codes of table 0136, numbers stay as written, one value makes a list."""
    assert expected == TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (YesNo, "maybe", "'maybe' is neither yes nor no; write yes or no"),
        (Count, "0", "'0' is not a whole number from 1; write one such as 5"),
        (Count, "1.5", "'1.5' is not a whole number from 1; write one such as 5"),
        (Quantity, "half", "'half' is not an amount; write a number such as 0.5, or 999 when it is not known"),
        (Quantity, "-1", "'-1' is not an amount; write a number such as 0.5, or 999 when it is not known"),
        (Quantity, ".", "'.' is not an amount; write a number such as 0.5, or 999 when it is not known"),
        (Quantity, "\u0661", "'\u0661' is not an amount; write a number such as 0.5, or 999 when it is not known"),
    ],
)
def test_simple_values_that_cannot_be_say_what_to_write(kind: Any, value: str, expected: str) -> None:
    """The value is named, and an example given."""
    assert [expected] == complaints(kind, value)


def test_names_have_their_usual_type() -> None:
    """A person's name is a legal one unless said otherwise; a maiden name needs no given name."""
    assert "L" == Name(family="Doe", given="Jane").type
    assert "" == MaidenName(family="Berg").given
