"""An error of ours, or of the store, costs one answer and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from mockiis.er7 import read
from mockiis.errors import MockIISError
from mockiis.message import FaultReply, MessageReply, Request
from mockiis.registry.records import FullError, MemoryRecords
from mockiis.registry.registry import Registry
from mockiis.server.answering import replied
from mockiis.server.ledger import Ledger

from ..registry.talk import NOW, update


class Broken(MemoryRecords):
    """Records that fail when they are asked."""

    error: Exception = RuntimeError("Doe^Jane")

    def listed(self, *_: Any) -> Any:
        """Never."""
        raise self.error


def asked(transport: Any = "mllp", **values: str) -> Request:
    message = read(update(**values).text)
    return Request(transport=transport, received=NOW, control_id="1", message=message, text="")


@pytest.mark.parametrize("transport", ["mllp", "soap"])
def test_an_error_of_our_own(transport: Any) -> None:
    """AR 207 or a fault, which says where it happened and nothing of the message; it is reported."""
    told: list[str] = []
    reply = replied(asked(transport), [], Registry(records=Broken()), Ledger(), told.append)
    assert isinstance(reply, MessageReply if transport == "mllp" else FaultReply)
    text = reply.text if isinstance(reply, MessageReply) else reply.detail
    assert "The message was not taken: internal error: RuntimeError at test_answering.py:" in text
    assert "Doe" not in text
    assert (1, ()) == (len(told), reply.changes)
    if isinstance(reply, MessageReply):
        assert "\rMSA|AR|" in reply.text
        assert "|207^" in reply.text


def test_what_a_person_can_mend_is_said_in_its_own_words() -> None:
    """As the store says it; that is no error of ours."""
    records = Broken()
    records.error = MockIISError("the disk is full")
    told: list[str] = []
    reply = replied(asked(), [], Registry(records=records), Ledger(), told.append)
    assert isinstance(reply, MessageReply)
    assert "The message was not taken: the disk is full" in reply.text
    assert [] == told


def test_records_in_memory_do_not_grow_without_end() -> None:
    """Whoever is known can still be told of; one more is refused, with what to do."""
    registry = Registry(records=MemoryRecords(most=1))
    first = replied(asked(), [], registry, Ledger(), print)
    assert isinstance(first, MessageReply)
    assert "\rMSA|AA|" in first.text
    again = replied(asked(PID_6="New^Mother^^^^^M"), [], registry, Ledger(), print)
    assert isinstance(again, MessageReply)
    assert "\rMSA|AA|" in again.text
    other = replied(
        asked(PID_3="77^^^CLINIC^MR", PID_5="Other^Name^^^^^L", PID_7="20240114"), [], registry, Ledger(), print
    )
    assert isinstance(other, MessageReply)
    assert "\rMSA|AR|" in other.text
    assert "the registry in memory is full (1 records)" in other.text
    assert 1 == len(list(registry.records.every()))
    assert issubclass(FullError, MockIISError)
