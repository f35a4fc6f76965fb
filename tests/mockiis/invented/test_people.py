"""Invented patients: the same for the same seed, with twins and newborns, and taken by the registry as they are."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from mockiis.er7 import read
from mockiis.invented import household, people, query, update
from mockiis.message import MessageReply, Request
from mockiis.message.reply import Reply
from mockiis.registry.registry import Registry
from mockiis.registry.settings import Settings

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def answered(registry: Registry, text: str) -> Reply:
    request = Request(transport="mllp", received=NOW, control_id="R1", message=read(text), text=text)
    reply = registry.answer(request)
    registry.keep(reply.changes)
    return reply


def test_the_same_for_the_same_seed() -> None:
    """And others for another; a household is known by its number alone."""
    first = list(people(50))
    assert first == list(people(50))
    assert first != list(people(50, seed=1))
    assert tuple(first[: len(household(1))]) == household(1)


def test_families_twins_newborns_and_histories() -> None:
    """What a matcher and a forecaster have to cope with is there, and identifiers are their own."""
    found = list(people(2000))
    twins = [person for person in found if person.multiple_birth == "Y"]
    completions = Counter(dose.completion for person in found for dose in person.doses)

    assert len(found) == len({person.identifiers for person in found})
    assert 40 < len(twins) < 200
    assert any(person.name.given.startswith("Baby ") for person in found)
    assert any(person.protection == "Y" for person in found)
    assert {"CP", "RE"} == set(completions)
    assert 5 < sum(completions.values()) / len(found) < 16


def test_the_registry_takes_them_and_finds_them_again() -> None:
    """Every update is accepted, nobody is taken for somebody else, and each is found."""
    registry, found = Registry(settings=Settings(warnings="AA")), list(people(60))
    for number, person in enumerate(found):
        reply = answered(registry, update(person, f"V{number}"))
        assert isinstance(reply, MessageReply)
        assert "MSA|AA|" in reply.text, reply.text
    assert len(found) == sum(1 for number in range(100) if registry.records.numbered(number))
    for number, person in enumerate(found):
        reply = answered(registry, query(person, f"Q{number}"))
        assert isinstance(reply, MessageReply)
        assert f"|Q{number}|OK|" in reply.text, reply.text
