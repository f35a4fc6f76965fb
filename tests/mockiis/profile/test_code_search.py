"""Vaccines by the words people use."""

from __future__ import annotations

import pytest

from mockiis.profile.code_search import brands, closest
from mockiis.profile.codes import shipped

CODES = shipped()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hep B ped", "08"),
        ("hepatitis B adult", "43"),
        ("HepB vaccine, adult", "43"),
        ("M-M-R II", "03"),
        ("pcv13", "133"),
        ("Prevnar 13", "133"),
        ("Gardasil 9", "165"),
        ("HPV9", "165"),
        ("TDAP", "115"),
        ("DTaP/HepB/IPV", "110"),
        ("chickenpox", "21"),
        ("shingles", "187"),
        ("xyz", None),
        ("vaccine", None),
        ("", None),
    ],
)
def test_words_lead_to_the_vaccine(text: str, code: str | None) -> None:
    """By name or trade name, in any spelling."""
    assert code == next((one.code for one in closest(CODES, text)), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Engerix-B adult", {"engerix": {"08", "43", "44"}}),
        ("DTaP-IPV/Hib (PENTACEL)", {"pentacel": {"120"}}),
        ("Moderna COVID-19", {}),
        ("DTaP acellular", {}),
        ("adenovirus types 4 and 7", {}),
    ],
)
def test_trade_names_are_seen_in_a_description(text: str, expected: dict[str, set[str]]) -> None:
    """Words of vaccines and manufacturers are no trade names."""
    assert expected == {name: set(codes) for name, codes in brands(CODES, text).items()}
