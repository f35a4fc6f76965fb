"""What both journals have in common, and how the one in memory is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from mockiis.message import FaultKind, FaultReply, HTTPReply, NoReply, Reply
from mockiis.store.database import Database
from mockiis.store.journal import Journal, Ring
from mockiis.store.sql_journal import SQLJournal

Make = Callable[..., Any]


@pytest.fixture(params=["memory", "file", "postgresql"])
def journal(request: pytest.FixtureRequest) -> Iterator[Journal]:
    """Each kind of journal in turn."""
    if request.param == "memory":
        yield Ring()
    elif request.param == "file":
        yield SQLJournal(request.getfixturevalue("database"), "here")
    else:
        made = SQLJournal(Database(request.getfixturevalue("postgresql_url")), "here")
        yield made
        made.close()


def test_an_exchange_is_told_as_it_was(journal: Journal, exchanged: Make) -> None:
    """Request, answer, acknowledgment code, ERR segments and rule; numbers count from 1."""
    journal.note(*exchanged("M1"))
    journal.note(*exchanged("M2"))
    journal.commit()
    first, second = journal.entries()

    assert (1, 2) == (first.number, second.number)
    assert ("M1", "VXU^V04^VXU_V04", "Z22", "mllp") == (
        first.control_id,
        first.message_type,
        first.profile,
        first.transport,
    )
    assert ("AE", "first", ("ERR||PID^1^7|101|E",)) == (first.acknowledgment, first.rule, first.findings)
    assert exchanged("M2")[0].text == second.request
    assert second == journal.entry(2)
    assert "2024-04-03T10:15:30+00:00" == first.received.isoformat()


@pytest.mark.parametrize(
    ("reply", "outcome", "status"),
    [
        (FaultReply(kind=FaultKind.SECURITY, detail="No"), "fault", "SecurityFault"),
        (HTTPReply(status=503, body="Busy"), "http", "503"),
        (NoReply(how="hang"), "none", "hang"),
    ],
)
def test_what_is_no_message_is_told_by_its_kind(
    journal: Journal, exchanged: Make, reply: Reply, outcome: str, status: str
) -> None:
    """A fault, a page, nothing at all."""
    request, _, peer = exchanged()
    journal.note(request, reply, peer)
    journal.commit()
    (entry,) = journal.entries()

    assert (outcome, status) == (entry.outcome, entry.status)


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "\x01base64:", "ä\r\n\x01base64:QQ==", "x" * 100_000])
def test_no_text_is_too_odd_to_be_kept(journal: Journal, exchanged: Make, text: str) -> None:
    """NUL, halves of characters, and what looks like the store's own notation."""
    request, reply, peer = exchanged()
    journal.note(replace(request, text=text, message=None, username=text), replace(reply, text=text, rule=text), peer)
    journal.commit()
    (entry,) = journal.entries()

    assert (text, text, text, text) == (entry.request, entry.answer, entry.username, entry.rule)
    assert entry.message is None


def test_the_password_is_not_kept(journal: Journal, exchanged: Make) -> None:
    """Neither in an entry nor in the request made from it."""
    request, reply, peer = exchanged()
    journal.note(replace(request, password="p4ss"), reply, peer)
    journal.commit()
    (entry,) = journal.entries()

    assert "p4ss" not in repr(entry)
    assert "" == entry.as_request().password


def test_how_long_an_answer_took(journal: Journal, exchanged: Make) -> None:
    """Known once it has left."""
    ticket = journal.note(*exchanged())
    journal.commit()
    before = journal.entry(1)
    journal.sent(ticket, 0.25)
    journal.commit()
    after = journal.entry(1)

    assert before is not None
    assert after is not None
    assert (None, 0.25) == (before.seconds, after.seconds)


def test_entries_after_a_number(journal: Journal, exchanged: Make) -> None:
    """Whoever has seen some asks for the rest."""
    for number in range(5):
        journal.note(*exchanged(f"M{number}"))
    journal.commit()

    assert ["M3", "M4"] == [entry.control_id for entry in journal.entries(after=3)]
    assert [] == list(journal.entries(after=5))
    assert journal.entry(6) is None


def test_clear_forgets_and_counts_on(journal: Journal, exchanged: Make) -> None:
    """Numbers are not given twice, so that a reader who asks for what comes next misses nothing."""
    journal.note(*exchanged("M1"))
    journal.commit()
    journal.clear()
    assert [] == list(journal.entries())
    journal.note(*exchanged("M2"))
    journal.commit()

    assert [(2, "M2")] == [(entry.number, entry.control_id) for entry in journal.entries()]


def test_memory_keeps_the_latest(exchanged: Make) -> None:
    """The oldest ones make room."""
    ring = Ring(limit=3)
    tickets = [ring.note(*exchanged(f"M{number}")) for number in range(5)]
    ring.sent(tickets[0], 1.0)

    assert ["M2", "M3", "M4"] == [entry.control_id for entry in ring.entries()]
    assert ["M4"] == [entry.control_id for entry in ring.entries(after=4)]
    assert ["M2", "M3", "M4"] == [entry.control_id for entry in ring.entries(after=1)]


def test_large_messages_push_others_out_of_memory(exchanged: Make) -> None:
    """The text kept is bounded too; the latest exchange is kept whatever its size."""
    request, reply, peer = exchanged("M0")
    size = len(request.text) + len(reply.text)
    ring = Ring(most_text=3 * size)
    for number in range(5):
        ring.note(*exchanged(f"M{number}"))
    assert ["M2", "M3", "M4"] == [entry.control_id for entry in ring.entries()]
    ring.note(replace(request, text="x" * 10 * size), reply, peer)
    assert [6] == [entry.number for entry in ring.entries()]
    ring.clear()
    ring.note(*exchanged("after"))
    ring.note(*exchanged("after"))
    assert [7, 8] == [entry.number for entry in ring.entries()]


def test_a_glance_shows_the_request_and_the_rest_when_asked(journal: Journal, exchanged: Make) -> None:
    """The same exchanges as ``entries``; the highest number is known after they are forgotten, too."""
    assert 0 == journal.last()
    journal.note(*exchanged("M1"))
    journal.note(*exchanged("M2", explanation="No rule matched"))
    journal.commit()
    (glance,) = journal.seen(after=1)

    assert (2, journal.instance, True) == (glance.number, glance.entry().instance, glance.unmatched)
    assert "M2" == glance.request.message.header.get(10)
    assert list(journal.entries()) == [each.entry() for each in journal.seen()]
    assert 2 == journal.last()
