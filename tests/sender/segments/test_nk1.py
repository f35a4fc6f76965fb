"""NK1: relatives."""

from __future__ import annotations

from typing import Any

import pytest

from sender.form import CDC_1_5, NDIIS_1_4
from sender.record import NextOfKin
from sender.segments.nk1 import nk1

MOTHER = {"name": {"family": "Winter", "given": "May"}, "relationship": "MTH"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "NK1|2|Winter^May^^^^^L|MTH^Mother^HL70063"),
        ({"relationship": {"code": "MTH", "text": "Mama"}}, "NK1|2|Winter^May^^^^^L|MTH^Mama^HL70063"),
        (
            {"addresses": {"city": "Minot"}, "phones": "(701) 555-0100", "birth_date": "1990-08-25"},
            "NK1|2|Winter^May^^^^^L|MTH^Mother^HL70063|^^Minot|^PRN^PH^^^701^5550100|||||||||||19900825",
        ),
    ],
)
def test_fills_a_relative(changes: dict[str, Any], expected: Any) -> None:
    """Each thing a record can say about a relative stands at its field."""
    assert expected == nk1(2, NextOfKin.model_validate({**MOTHER, **changes}), CDC_1_5)


def test_leaves_the_name_type_out_in_release_1_4() -> None:
    """NDIIS prints names of relatives without a type."""
    assert nk1(1, NextOfKin.model_validate(MOTHER), NDIIS_1_4) == "NK1|1|Winter^May^|MTH^Mother^HL70063"
