"""Delays and chances as authors write them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from mockiis.scenario.delay import IIS, MOST, Delay, Fixed, Lognormal, Uniform
from mockiis.scenario.timing import read_chance, read_delay


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("8s", Fixed(8.0)),
        ("0s", Fixed(0.0)),
        ("iis", IIS),
        ({"uniform": ["250ms", "3s"]}, Uniform(0.25, 3.0)),
        ({"uniform": ["1s", "1s"]}, Uniform(1.0, 1.0)),
        ({"lognormal": {"median": "1.6s", "sigma": "0.8"}}, Lognormal(1.6, 0.8, MOST)),
        ({"lognormal": {"median": "1.6s", "sigma": "0", "max": "30s"}}, Lognormal(1.6, 0.0, 30.0)),
    ],
)
def test_delay(value: Any, delay: Delay) -> None:
    """A duration, a preset, or one of two distributions."""
    assert delay == read_delay(value)


FORMS = "write a duration such as 8s, iis, {uniform: [1s, 3s]} or {lognormal: {median: 1.6s, sigma: 0.8}}"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("soon", "'soon' is not a duration; write one such as 250ms, 8s or 2m"),
        ("8", "'8' is not a duration; did you mean '8s'?"),
        (["8s"], f"{FORMS}, not a list"),
        ({}, f"{FORMS}, not an empty mapping"),
        ({"uniform": ["1s", "2s"], "lognormal": {}}, f"{FORMS}, not a mapping"),
        ({"unifrom": ["1s", "2s"]}, "unknown key 'unifrom'; did you mean 'uniform'?"),
        ({"uniform": "1s"}, "write the shortest and the longest wait, as in {uniform: [1s, 3s]}"),
        ({"uniform": ["1s"]}, "write the shortest and the longest wait, as in {uniform: [1s, 3s]}"),
        ({"uniform": ["3s", "1s"]}, "the shortest wait comes first, as in {uniform: [1s, 3s]}"),
        ({"uniform": ["1s", "x"]}, "'x' is not a duration; write one such as 250ms, 8s or 2m"),
        ({"lognormal": "1s"}, "write {lognormal: {median: 1.6s, sigma: 0.8}}, and max: 30s if wanted"),
        (
            {"lognormal": {"median": "1s"}},
            "median and sigma are needed, as in {lognormal: {median: 1.6s, sigma: 0.8}}",
        ),
        ({"lognormal": {"medium": "1s"}}, "unknown key 'medium'; did you mean 'median'?"),
        (
            {"lognormal": {"median": "1s", "sigma": "10"}},
            "'10' is not a sigma; write a number below 10, such as 0.8",
        ),
    ],
)
def test_what_is_no_delay(value: Any, problem: str) -> None:
    """What is wrong, and what to write."""
    with pytest.raises(PydanticCustomError) as caught:
        read_delay(value)
    assert problem == caught.value.message()


@pytest.mark.parametrize(("text", "share"), [("10%", 0.1), ("100%", 1.0), ("0.5 %", 0.005), ("12.5%", 0.125)])
def test_chance(text: str, share: float) -> None:
    """A share of all requests."""
    assert share == read_chance(text)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("0%", "a chance of 0% never comes; leave the entry out"),
        ("101%", "'101%' is not a share; write one from 0% to 100%, such as 10%"),
        ("0.1", "'0.1' is not a share; write one from 0% to 100%, such as 10%"),
        (["10%"], "a list is not a share; write one from 0% to 100%, such as 10%"),
    ],
)
def test_what_is_no_chance(value: Any, problem: str) -> None:
    """A number without the sign might be a share or a percentage, so the sign is asked for."""
    with pytest.raises(PydanticCustomError) as caught:
        read_chance(value)
    assert problem == caught.value.message()
