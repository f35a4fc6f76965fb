"""Chance that can be repeated."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.scenario import dice
from mockiis.scenario.dice import roll


@given(st.integers(), st.lists(st.text()))
def test_a_roll(seed: int, purpose: list[str]) -> None:
    """From 0 up to 1, and the same for the same seed and purpose."""
    assert 0 <= roll(seed, *purpose) < 1
    assert roll(seed, *purpose) == roll(seed, *purpose)


def test_rolls_are_spread() -> None:
    """Each tenth of the range comes about as often, and two purposes are independent."""
    pairs = [(roll(seed, "rule", "chance"), roll(seed, "rule", "delay")) for seed in range(20_000)]
    for column in zip(*pairs, strict=True):
        counts = [sum(1 for value in column if int(value * 10) == tenth) for tenth in range(10)]
        assert all(1850 < count < 2150 for count in counts), counts
    both = sum(1 for one, other in pairs if one < 0.5 and other < 0.5)
    assert 4800 < both < 5200


@pytest.mark.parametrize(("digest", "least", "most"), [(b"\xff" * 8, 0.999, 1), (b"\0" * 8, 0, 0.001)])
def test_the_ends_of_the_range(digest: bytes, least: float, most: float) -> None:
    """The largest number is still below 1, which a logarithm relies on."""
    with patch.object(dice, "blake2b") as hashed:
        hashed.return_value.digest.return_value = digest
        assert least <= roll(1, "x") < most
