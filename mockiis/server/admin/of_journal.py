"""What was received: the journal, what no rule matched, verification, expectations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twisted.internet import defer

from mockiis.server.admin.asked import Answer, Asked, RefusedError, checked
from mockiis.server.admin.bodies import SearchBody, VerifyBody
from mockiis.server.admin.controls import Controls
from mockiis.server.admin.waiting import Waiting
from mockiis.store.entry import JournalEntry
from mockiis.verification import EntrySubject
from mockiis.verification.as_data import entry_as_data, unmet
from mockiis.verification.expectation import verified

_PAGE_CHARACTERS = 8_000_000
"""Characters of messages in one answer; what is more comes with the next page."""
_NOT_VERIFIED = 409
_OF_PAGE = ("after", "limit")


def listed(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``GET /journal?message=VXU&PID-5.1=Doe&after=100&limit=50``."""
    return _search(controls, _of_query(asked))


def search(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``POST /journal/search``."""
    return _search(controls, asked.read(SearchBody))


def unmatched(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``GET /unmatched``: the messages that no rule answered, each with its explanation."""
    return _search(controls, _of_query(asked), unmatched_only=True)


def one(controls: Controls, asked: Asked) -> Answer:
    """``GET /journal/{number}``."""
    text = asked.names["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    entry = controls.entry(number)
    if entry is None:
        raise RefusedError(404, f"there is no exchange '{text}' in the journal; GET /journal lists those there are")
    return Answer(data=entry_as_data(entry))


def clear(controls: Controls, _asked: Asked) -> Answer:
    """``DELETE /journal``."""
    controls.clear_journal()
    return Answer(data={"cleared": True})


def verify(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``POST /verify``."""
    body = asked.read(VerifyBody)
    done = Waiting(controls, body.verification(), body.wait).done
    return done.addCallback(lambda found: _verdict(verified(found)))


def expectations(controls: Controls, _asked: Asked) -> Answer:
    """``GET /expectations``: a sentence for each ``expect`` that is not met."""
    return Answer(data={"unmet": unmet(controls.service.scenarios, controls.service.memory)})


def _verdict(found: Mapping[str, Any]) -> Answer:
    return Answer(data=found, status=200 if found["verified"] else _NOT_VERIFIED)


def _of_query(asked: Asked) -> SearchBody:
    """Conditions in a query string: a name that comes several times means one of its values."""
    when: dict[str, Any] = {}
    page: dict[str, Any] = {}
    for name, value in asked.query:
        target = page if name in _OF_PAGE else when
        earlier = target.get(name)
        together = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        target[name] = value if earlier is None else together
    data = {"when": when, **page}
    return checked(data, {(): (1, 1), **{(name,): (1, 1) for name in data}, **_marks(when)}, SearchBody)


def _marks(when: Mapping[str, Any]) -> dict[tuple[str | int, ...], tuple[int, int]]:
    return {("when", name): (1, 1) for name in when}


def _search(controls: Controls, body: SearchBody, *, unmatched_only: bool = False) -> defer.Deferred[Answer]:
    found: list[JournalEntry] = []
    more: list[bool] = []

    def steps() -> Iterator[None]:
        length = 0
        for exchange in controls.seen(body.after):
            if (exchange.unmatched or not unmatched_only) and body.when.holds(EntrySubject(exchange)):
                entry = exchange.entry()
                length += len(entry.request) + len(entry.answer)
                if found and (len(found) >= body.limit or length > _PAGE_CHARACTERS):
                    more.append(True)
                    return
                found.append(entry)
            yield None

    return controls.in_slices(steps()).addCallback(lambda _: _page(found, more=bool(more)))


def _page(found: list[JournalEntry], *, more: bool) -> Answer:
    """The exchanges, and the ``after`` with which the next page begins; null when there is none."""
    return Answer(data={"exchanges": list(map(entry_as_data, found)), "next": found[-1].number if more else None})
