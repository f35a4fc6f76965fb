"""Who the registry of a mock knows from the beginning, and after it began again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted

from mockiis.message.person import Identifier, Name, Person
from mockiis.registry.preloading import preloaded
from mockiis.registry.records import Origin
from mockiis.registry.registry import Registry
from mockiis.scenario import load
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal
from mockiis.store.sql_records import SQLRecords
from mockiis.testing import MockIIS

SCENARIO = """\
version: 1
preload: true
patients:
  {name}: {{ids: {{SR: {number}}}, name: Doe^{name}, born: 2024-01-05, sex: F}}
rules: [{{name: the registry, reply: registry}}]
"""
OTHER = Person(identifiers=(Identifier("9"),), name=Name(family="Roe", given="Kim"), birth_date="20240105", sex="F")


def scenario(name: str = "Jane", number: int = 7) -> Any:
    return load(SCENARIO.format(name=name, number=number), f"{name}.yaml")


def names(iis: MockIIS) -> list[str]:
    return [record.person.name.given for record in iis.service.registry.records.every()]


@pytest.fixture(params=["memory", "file"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A mock that forgets, and one that does not."""
    if request.param == "memory":
        yield {}
        return
    database = Database(str(tmp_path / "journal.db"))
    yield {"journal": SQLJournal(database), "registry": Registry(records=SQLRecords(database))}
    database.close()


@pytest_twisted.ensureDeferred
async def test_patients_of_scenarios_are_known_while_it_runs(options: dict[str, Any]) -> None:
    """From the beginning and when a scenario is added; each once; they stay when it goes."""
    iis = MockIIS(scenario(), **options)
    assert ["Jane"] == names(iis)
    iis.load(scenario(), scenario("Ann", 8))
    assert ["Jane", "Ann"] == names(iis)
    iis.load(scenario())
    assert ["Jane", "Ann"] == names(iis)
    await iis.stop()


@pytest_twisted.ensureDeferred
async def test_beginning_again(options: dict[str, Any]) -> None:
    """Whoever came since is forgotten, and what else was to be known is known again."""
    iis = MockIIS(scenario(), **options)
    known = iis.listeners.scripts.known
    origin = Origin(facility="", control_id="", received="")
    known.also(lambda registry: registry.keep([preloaded(OTHER, origin)]))
    iis.service.ledger.change(lambda: iis.service.registry.keep([preloaded(OTHER, origin)]))
    assert ["Jane", "Kim", "Kim"] == names(iis)
    known.begin_again()
    assert ["Jane", "Kim"] == names(iis)
    await iis.stop()


@pytest_twisted.ensureDeferred
async def test_a_durable_registry_keeps_what_it_has_learned(tmp_path: Path) -> None:
    """When it is started again with the same patients they are not known twice; nothing fails by half."""
    database = Database(str(tmp_path / "journal.db"))
    options = {"journal": SQLJournal(database), "registry": Registry(records=SQLRecords(database))}
    for _ in range(2):
        iis = MockIIS(scenario(), **options)
        assert ["Jane"] == names(iis)
        await iis.stop()

    def fail() -> None:
        iis.service.registry.keep([preloaded(OTHER, Origin(facility="", control_id="", received=""))])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        iis.service.ledger.change(fail)
    assert ["Jane"] == names(iis)
    database.close()
