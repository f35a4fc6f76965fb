"""Which exchanges are meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mockiis.errors import MockIISError
from mockiis.journal_report.selection import Selection, is_rejected, read_conditions
from mockiis.store.entry import JournalEntry

Make = Callable[..., JournalEntry]


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (["PID-5.1: Doe"], True),
        (["PID-5.1: Roe"], False),
        (["{message: VXU, acknowledgment: AE}"], True),
        (["PID-5.1: Doe", "PID-5.1: {starts: X}"], False),
        (["any RXA: {15: HB1234}"], True),
        (["rule: no ethnic group"], True),
    ],
)
def test_conditions_as_in_rules(texts: list[str], meant: bool, entry: Make) -> None:
    """All of them must hold, also two on the same field."""
    assert meant == Selection(inquiry=read_conditions(texts)).holds(entry())


def test_the_type_of_message(entry: Make) -> None:
    """Beside other conditions."""
    assert Selection(inquiry=read_conditions(["PID-5.1: Doe"], "VXU")).holds(entry())
    assert not Selection(inquiry=read_conditions((), "QBP")).holds(entry())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PID.7: x", "--when 'PID.7: x': 'PID.7' is not an HL7 location; did you mean 'PID-7'?"),
        ("VXU", "--when 'VXU': write conditions here, such as"),
        ("[", "--when '[': this is not YAML"),
        ("", "--when is empty; write a condition as in a rule, such as 'PID-5.1: Doe'"),
        ("state: a", "the journal does not keep states"),
        ("{PID-7: 1, PID-7: 2}", "stands twice"),
    ],
)
def test_what_is_no_condition(text: str, said: str) -> None:
    """A sentence that quotes the option."""
    with pytest.raises(MockIISError) as caught:
        read_conditions([text])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_time_and_answer(entry: Make) -> None:
    """``since`` counts the moment itself; a fault rejects too."""
    moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)

    assert Selection(since=moment).holds(entry())
    assert not Selection(since=moment + timedelta(seconds=1)).holds(entry())
    assert Selection(rejected=True).holds(entry())
    assert not Selection(rejected=True).holds(entry(acknowledgment="AA"))
    assert is_rejected(entry(outcome="fault", acknowledgment=""))
    assert not Selection(unmatched=True).holds(entry())
    assert Selection(unmatched=True).holds(entry(explanation="No rule matched"))
    assert [entry()] == list(Selection().of([entry()]))
    assert Selection().everything
    assert not Selection(rejected=True).everything
