"""What a file may say below ``registry``, what is wrong with what it says, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockiis.document import DocumentError
from mockiis.er7 import read
from mockiis.invented import household, query, update
from mockiis.message import MessageReply, Request
from mockiis.message.reply import Reply
from mockiis.registry.registry import Registry
from mockiis.respond import respond
from mockiis.scenario import Scenario
from mockiis.scenario.description import in_words
from mockiis.scenario.loader import load
from mockiis.scenario.model import RegistryScript


def scenario(registry: str) -> Scenario:
    return load(f"version: 1\nrules:\n  - name: all\n    reply: {{registry: {registry}}}\n", "a.yaml")


def answered(registry: Registry, changed: str, text: str) -> Reply:
    request = Request(
        transport="mllp", received=datetime(2026, 1, 2, tzinfo=UTC), control_id="R", message=read(text), text=text
    )
    reply = respond(request, [scenario(changed)], registry=registry)
    registry.keep(reply.changes)
    return reply


@pytest.mark.parametrize(
    "registry, complaint",
    [
        ("{take: {MSH-4: X}}", "'MSH-4' cannot be changed; name a field or component"),
        ("{take: {PID: X}}", "'PID' cannot be changed"),
        ("{tell: {QPD-4: X}}", "a query is told as it was asked"),
        ("{take: {PID-5.1: {frist: 3}}}", "first"),
        ("{take: {PID-5.1: {first: 0}}}", "'0' is no number of characters"),
        ("{take: {PID-5.1: {ascii: perhaps}}}", "write ascii: true"),
        ("{store: maybe}", "write store: no"),
        ("{take: PID-5}", "write what becomes of each place"),
        ("{without: {RXA-5.1.x: '03'}}", "RXA-5.1.x"),
        ("{hide: yes}", "hide"),
        ("sometimes", "write registry: true"),
    ],
)
def test_what_is_wrong_is_told(registry: str, complaint: str) -> None:
    """With the place."""
    with pytest.raises(DocumentError) as caught:
        scenario(registry)
    assert complaint in str(caught.value)
    assert "a.yaml:4" in str(caught.value)


def test_it_says_that_it_changes_something() -> None:
    plain, changed = scenario("true").rules[0].script(0), scenario("{store: no}").rules[0].script(0)
    assert isinstance(plain, RegistryScript)
    assert changed is not None
    assert "what the built-in registry answers" == in_words(plain)
    assert "what the built-in registry answers, changed" == in_words(changed)


def test_nothing_is_stored_of_what_is_accepted() -> None:
    """The sender cannot tell."""
    [person, *_] = household(5)
    kept, lost = Registry(), Registry()
    said = [answered(registry, how, update(person, "V1")) for registry, how in ((kept, "true"), (lost, "{store: no}"))]
    assert isinstance(said[0], MessageReply)
    assert isinstance(said[1], MessageReply)
    assert said[0].text == said[1].text
    assert kept.records.numbered(1) is not None
    assert lost.records.numbered(1) is None


def test_an_answer_with_values_and_doses_left_out() -> None:
    """The history tells neither race nor doses; what is stored has them."""
    person = next(person for person in household(3) if person.doses)
    registry = Registry()
    answered(registry, "true", update(person, "V1"))
    how = "{tell: {PID-10: {empty: true}, PID-11.1: Elsewhere}, without: {RXA-5.1: {not: '998'}}}"
    reply = answered(registry, how, query(person, "Q1"))
    assert isinstance(reply, MessageReply)
    told = read(reply.text)
    assert ("", "Elsewhere") == (told.get("PID-10"), told.get("PID-11.1"))
    assert {"998"} == {rxa.get(5, 1) for rxa in told.named("RXA")}
    [record] = [registry.records.numbered(1)]
    assert record is not None
    assert record.doses
    assert record.person.races == person.races
