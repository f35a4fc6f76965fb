"""Records in a database give the same answers as those in memory, and are changed in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockiis.message.person import Coded, Dose, Identifier, Name, Person
from mockiis.registry.keys import keys
from mockiis.registry.records import BorrowEvent, Keep, KeptDose, MemoryRecords, Origin, Record
from mockiis.store.database import Database
from mockiis.store.sql_records import SQLRecords

ORIGIN = Origin(facility="CLINIC1", control_id="M1", received="2024-04-03T10:15:30+00:00")


def person(number: str = "7", family: str = "Doe", born: str = "20240102") -> Person:
    return Person(
        identifiers=(Identifier(number, "CLINIC1", "MR"),),
        name=Name(family=family, given="Kim"),
        birth_date=born,
        sex="F",
        mother=Name(family="Roe", given="Ann", type="M"),
    )


def borrowing(lot: str) -> BorrowEvent:
    return BorrowEvent(
        facility="CLINIC1",
        vaccine="08",
        lot=lot,
        given="20240403",
        eligibility="V02",
        funding="PHC70",
        order=Identifier("1", "C", ""),
    )


@pytest.fixture(params=["file", "postgresql"])
def records(request: pytest.FixtureRequest) -> Iterator[SQLRecords]:
    """Each kind of database in turn."""
    if request.param == "file":
        yield SQLRecords(request.getfixturevalue("database"))
    else:
        made = Database(request.getfixturevalue("postgresql_url"))
        yield SQLRecords(made)
        made.close()


def test_a_record_comes_back_as_it_was(records: SQLRecords) -> None:
    """With its doses and where each value came from; the registry gives the number."""
    dose = Dose(given="20240403", vaccine=Coded("08", "Hep B", "CVX"), lot="ä\u2028|^")
    kept = Record(
        person=person(),
        doses=(KeptDose(dose=dose, order=Identifier("A1", "C", ""), origin=ORIGIN),),
        owner="CLINIC1",
        origins=(("PID-5", ORIGIN),),
    )
    stored = records.keep(Keep(record=kept))

    assert replace(kept, number=1) == stored
    assert stored == records.numbered(1)
    assert [stored] == records.identified(Identifier("7", "CLINIC1", "MR"))
    assert [stored] == records.alike(keys(person()), 10)
    assert records.numbered(2) is None


def test_it_is_found_by_what_it_holds_now(records: SQLRecords) -> None:
    """Keys of earlier values find nobody."""
    first = records.keep(Keep(record=Record(person=person())))
    changed = replace(first, person=person("8", "Smith", "20231231"))
    records.keep(Keep(record=changed))

    assert [] == records.identified(Identifier("7", "CLINIC1", "MR"))
    assert [] == records.alike(keys(person()), 10)
    assert [changed] == records.identified(Identifier("8", "CLINIC1", "MR"))
    assert [changed] == records.alike(keys(changed.person), 10)


def test_borrow_events_are_those_of_the_latest_record(records: SQLRecords) -> None:
    """They stand in place of those before."""
    first = records.keep(Keep(record=Record(person=person()), borrowed=(borrowing("A"), borrowing("B"))))
    other = records.keep(Keep(record=Record(person=person("9", "Else"))))
    records.keep(Keep(record=first, borrowed=(borrowing("C"),)))
    records.keep(Keep(record=other, borrowed=(borrowing("D"),)))
    records.database.commit()

    assert [(1, "C"), (2, "D")] == [(number, event.lot) for number, event in records.borrow_events()]


def test_what_is_rolled_back_was_never_there(records: SQLRecords) -> None:
    """Nor is half of it."""
    records.keep(Keep(record=Record(person=person())))
    records.database.rollback()

    assert [] == records.identified(Identifier("7", "CLINIC1", "MR"))
    assert [] == list(records.every())


def test_every_record_in_order_and_none_after_clear(records: SQLRecords) -> None:
    """As committed."""
    for number in range(3):
        records.keep(Keep(record=Record(person=person(str(number)))))
    records.database.commit()
    assert [1, 2, 3] == [record.number for record in records.every()]
    records.clear()
    records.database.commit()
    assert [] == list(records.every())


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["Doe", "Dow", "Smith"]),
        st.sampled_from(["20240102", "20240201", ""]),
    ),
    max_size=8,
)


@given(STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_the_same_answers_as_in_memory(database: Database, steps: list[tuple[int, str, str, str]]) -> None:
    """Whatever is stored and replaced, in any order."""
    stored, expected = SQLRecords(database), MemoryRecords()
    stored.clear()
    numbers: dict[int, int] = {}
    for which, *values in steps:
        known = which if which in numbers else 0
        record = Record(person=person(*values), number=known)
        number = expected.keep(Keep(record=record)).number
        numbers[number] = stored.keep(Keep(record=replace(record, number=numbers.get(known, 0)))).number
    for one in (person(number, family) for number in "123" for family in ("Doe", "Smith")):
        assert plain(expected.identified(one.identifiers[0])) == plain(stored.identified(one.identifiers[0]))
        for limit in (1, 10):
            assert plain(expected.alike(keys(one), limit)) == plain(stored.alike(keys(one), limit))
    database.rollback()


def plain(records: Any) -> list[Person]:
    """The persons alone: a database does not give a number twice."""
    return [record.person for record in records]
