"""``when`` asked of the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from mockiis.scenario.values import complaints_of
from mockiis.store.entry import JournalEntry, seen
from mockiis.verification import EntrySubject, read_inquiry

ENTRY = JournalEntry(
    received=datetime(2024, 4, 3, tzinfo=UTC),
    transport="soap",
    operation="submitSingleMessage",
    username="clinic1",
    facility="04999",
    request="MSH|^~\\&|A|B|C|D|20240403||QBP^Q11^QBP_Q11|M1|P|2.5.1\rQPD|Z34|t||Doe^Jane\r",
    acknowledgment="AA",
    query_status="NF",
    rule="nobody",
)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"message": "QBP", "transport": "soap", "username": "clinic1", "facility": "04999"}, True),
        ({"QPD-4.1": "doe", "query_status": "NF"}, True),
        ({"acknowledgment": ["AE", "AR"]}, False),
        ({"acknowledgment": {"not": "AE"}, "rule": {"starts": "no"}}, True),
        ({"status": {"missing": "true"}, "outcome": "message"}, True),
        ({"any_of": [{"PID-3": "1"}, {"QPD-4.2": "Jane"}]}, True),
        ({"not": {"message": "QBP"}}, False),
        ({"rule": "somebody"}, False),
        ({}, True),
    ],
)
def test_conditions_hold_as_those_of_rules(when: dict[str, Any], holds: bool) -> None:
    """And what was answered can be asked for beside them."""
    assert holds == read_inquiry(when).holds(EntrySubject(seen(ENTRY)))


def test_those_found_are_given() -> None:
    """In their order."""
    entries = [replace(ENTRY, number=number, rule=rule) for number, rule in enumerate("aba")]

    assert [0, 2] == [each.number for each in read_inquiry({"rule": "a"}).find(map(seen, entries))]


def test_it_is_said_in_words() -> None:
    """As in the messages about it."""
    assert "message QBP and QPD-4.1 Doe and rule nobody" == str(
        read_inquiry({"rule": "nobody", "message": "QBP", "QPD-4.1": "Doe"})
    )


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("VXU", "write conditions here, such as"),
        ({"state": "start"}, "the journal does not keep states; ask for the 'rule' that answered"),
        ({"any_of": [{"PID-5": "x"}, {"not": {"state": "x"}}]}, "the journal does not keep states"),
        ({"rule": ""}, "there is no value; write {missing: true}"),
        ({"rule": {"strats": "x"}}, "unknown key 'strats'; did you mean 'starts'?"),
        ({"acknowledgement": "AE"}, "unknown key 'acknowledgement'; did you mean 'acknowledgment'?"),
    ],
)
def test_what_cannot_be_asked_is_told(when: Any, said: str) -> None:
    """With what to write instead."""
    with pytest.raises((PydanticCustomError, ValidationError)) as refused:
        read_inquiry(when)

    ((_, complaint),) = complaints_of(refused.value)
    assert complaint.message().startswith(said)
