"""How long replies wait."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.scenario.delay import IIS, NONE, Delay, Fixed, Lognormal, Uniform

SEEDS = range(20_000)


def waits(delay: Delay) -> list[float]:
    """The wait for each of many requests, shortest first."""
    return sorted(delay.seconds(seed, "rule") for seed in SEEDS)


def test_fixed() -> None:
    """Always the same; none is nothing."""
    assert {8.0} == set(waits(Fixed(8.0)))
    assert 0 == NONE.seconds(1, "rule")


def test_uniform() -> None:
    """Between the two, each equally likely."""
    found = waits(Uniform(1.0, 3.0))
    assert 1 <= found[0] < 1.01
    assert 2.99 < found[-1] <= 3
    assert 1.97 < median(found) < 2.03


def test_lognormal() -> None:
    """The median is the one asked for, and 95 of 100 waits are below the value that the formula says."""
    found = waits(Lognormal(1.6, 0.8, 30.0))
    assert 1.55 < median(found) < 1.65
    assert 5.6 < found[19_000] < 6.3
    assert found[-1] <= 30


@given(st.integers(), st.floats(0, 3600), st.floats(0, 9.999999), st.floats(0, 3600))
def test_lognormal_is_bounded(seed: int, middle: float, sigma: float, most: float) -> None:
    """Whatever is asked, the wait is a number from 0 to the longest."""
    assert 0 <= Lognormal(middle, sigma, most).seconds(seed, "rule") <= most


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(0.25, 0.38, 0.44), (0.5, 1.54, 1.66), (0.75, 2.9, 3.1), (0.9, 4.6, 5.0), (0.95, 5.9, 6.3), (0.99, 8.4, 9.1)],
)
def test_iis(share: float, low: float, high: float) -> None:
    """The quantiles of production registries."""
    assert low < waits(IIS)[int(share * len(SEEDS))] < high


def test_iis_is_bounded() -> None:
    """Nobody waits longer than 50 seconds, and hardly anybody longer than 12."""
    found = waits(IIS)
    assert 0.05 <= found[0]
    assert found[-1] <= 50
    assert sum(1 for wait in found if wait > 12) < 50


def test_a_delay_is_that_of_its_request_and_rule() -> None:
    """The same seed waits as long, another rule does not."""
    assert IIS.seconds(1, "a") == IIS.seconds(1, "a") != IIS.seconds(1, "b")


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        (Fixed(0.25), "0.25 s"),
        (Uniform(1, 3), "1 to 3 s"),
        (Lognormal(1.6, 0.8), "about 1.6 s"),
        (IIS, "0.05 to 50 s, as measured"),
    ],
)
def test_in_words(delay: Delay, words: str) -> None:
    """As it stands after "after"."""
    assert words == str(delay)
