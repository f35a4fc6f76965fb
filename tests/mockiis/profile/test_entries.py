"""Entries of the data files, made into values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.profile import entries
from mockiis.profile.place import Place
from mockiis.profile.specification import Condition, Must


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("R", "R[1..1]"),
        ("RE", "RE[0..1]"),
        ("X", "X[0..0]"),
        ("O", "O[0..*]"),
        ("R[1..*]", "R[1..*]"),
        ("RE[0..3]", "RE[0..3]"),
        ("C(R/O)", "C(R/O)[0..1]"),
        ("C(RE/X)[0..*]", "C(RE/X)[0..*]"),
    ],
)
def test_a_usage_without_cardinality_has_the_usual_one(text: str, shown: str) -> None:
    """R is once, X never, O any number, and the rest at most once."""

    assert str(entries.usage(text)) == shown


USAGES = st.sampled_from(["R", "RE", "O", "X"])


@given(USAGES, st.none() | USAGES, st.integers(0, 9), st.none() | st.integers(0, 9))
def test_what_a_usage_shows_can_be_read_again(first: str, second: str | None, least: int, most: int | None) -> None:
    """Text, value and text again."""

    code = first if second is None else f"C({first}/{second})"
    text = f"{code}[{least}..{'*' if most is None else most}]"

    assert str(entries.usage(text)) == text


@pytest.mark.parametrize(
    ("wanted", "test", "values"),
    [
        ("CP", "in", {"CP"}),
        (["CP", "PA"], "in", {"CP", "PA"}),
        ({"not": "999"}, "not in", {"999"}),
        ({"not": ["CP", "PA"]}, "not in", {"CP", "PA"}),
        ({"valued": "true"}, "valued", set()),
        ({"valued": "false"}, "empty", set()),
        ({"table": "CVX"}, "table", {"CVX"}),
        ({"not_table": "CVX"}, "not in table", {"CVX"}),
    ],
)
def test_a_condition_says_what_a_place_must_hold(wanted: object, test: str, values: set[str]) -> None:
    """A value, one of several, none of them, something, nothing, or a code of a table."""

    condition = Condition(place=Place.parse("RXA-20"), test=test, values=frozenset(values))  # type: ignore[arg-type]

    assert entries.predicate({"RXA-20": wanted}) == (condition,)


@pytest.mark.parametrize(
    ("wanted", "must"),
    [
        ("empty", Must(kind="empty")),
        ({"equals": "F"}, Must(kind="equals", values=("F",))),
        ({"in": ["ER", "NE"]}, Must(kind="in", values=("ER", "NE"))),
        ({"not_table": "CVX"}, Must(kind="not_in_table", values=("CVX",))),
        ({"sequential": ["message", "ORC"]}, Must(kind="sequential", values=("message", "ORC"))),
    ],
)
def test_a_statement_asks_for_one_thing(wanted: object, must: Must) -> None:
    """A word, or one word with its values."""

    assert entries.must(wanted) == must
