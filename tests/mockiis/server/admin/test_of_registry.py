"""What the registry knows, over the admin API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted

from mockiis.message.person import Coded, Dose, Identifier, Name, Observation, Person
from mockiis.registry.preloading import preloaded
from mockiis.registry.records import Origin
from mockiis.store.record_data import event_of_data, of_data

ORIGIN = Origin(facility="CLINIC", control_id="M1", received="2024-04-03T10:15:30+00:00")


def observed(code: str, value: str) -> Observation:
    return Observation(code=Coded(code, "", "LN"), value=Coded(value))


BORROWED = Dose(
    given="20240403",
    vaccine=Coded("08", "Hep B", "CVX"),
    source=Coded("00", "", "NIP001"),
    observations=(observed("64994-7", "V02"), observed("30963-3", "PHC70")),
)


def person(number: int, family: str = "Doe", born: str = "20240102") -> Person:
    return Person(
        identifiers=(Identifier(f"{number}", "CLINIC", "MR"),),
        name=Name(family=family, given="Kim"),
        birth_date=born,
        sex="F",
        doses=(BORROWED,) if number == 1 else (),
    )


@pytest.fixture
def known(api: Any) -> Callable[[str], Any]:
    """Three records; ask for their numbers."""
    for one in (person(1), person(2, "Roe"), person(3, born="20230504")):
        api.iis.service.registry.keep([preloaded(one, ORIGIN)])

    async def numbers(query: str) -> tuple[list[int], Any]:
        status, found = await api.asked("GET", f"/registry/records{query}")
        assert 200 == status
        return [record["number"] for record in found["records"]], found["next"]

    return numbers


@pytest.mark.parametrize(
    ("query", "numbers", "following"),
    [
        ("", [1, 2, 3], None),
        ("?limit=2", [1, 2], 2),
        ("?after=2&limit=2", [3], None),
        ("?id=2", [2], None),
        ("?id=2&authority=CLINIC&type=MR", [2], None),
        ("?id=2&authority=OTHER", [], None),
        ("?family=doe&given=kim", [1, 3], None),
        ("?born=2024-01-02", [1, 2], None),
        ("?family=roe&given=kim&born=20240102", [1, 2], None),
    ],
)
@pytest_twisted.ensureDeferred
async def test_records(known: Any, query: str, numbers: list[int], following: int | None) -> None:
    """Page by page, by identifier, and those who share names or birth date."""
    assert (numbers, following) == await known(query)


@pytest_twisted.ensureDeferred
async def test_one_record_borrowed_vaccine_and_a_reset(api: Any, known: Any) -> None:
    """A record is read back as it is; after the reset there is nobody."""
    status, found = await api.asked("GET", "/registry/records/1")
    assert (200, api.iis.service.registry.records.numbered(1)) == (status, of_data(found))
    assert "CLINIC" == found["origins"]["PID-5"]["facility"]
    _, found = await api.asked("GET", "/registry/borrowed")
    assert [(1, "08")] == [(number, event.vaccine) for number, event in map(event_of_data, found["borrowed"])]
    assert (404, {"error": "there is no record '9'"}) == await api.asked("GET", "/registry/records/9")
    assert (404, {"error": "there is no record 'x'"}) == await api.asked("GET", "/registry/records/x")
    assert (200, {"records": 0}) == await api.asked("DELETE", "/registry/records")
    assert ([], None) == await known("")


@pytest_twisted.ensureDeferred
async def test_what_cannot_be_asked(api: Any) -> None:
    """Told with the nearest name."""
    status, found = await api.asked("GET", "/registry/records?famly=doe")
    assert (400, "famly: unknown key 'famly'; did you mean 'family'?") == (status, found["error"])
