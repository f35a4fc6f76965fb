"""Who is meant among several, and why: in words that can be shown."""

from __future__ import annotations

from datetime import UTC, datetime

from mockiis.registry.preloading import preloaded
from mockiis.registry.records import MemoryRecords, Origin
from mockiis.registry.search import explained, find

from .people import person_of

LUCIA = {"name": "Moreno^Lucia", "born": "20100512", "sex": "F"}
NOW = Origin(facility="", control_id="", received=datetime(2026, 10, 2, tzinfo=UTC).isoformat())


def known(*entries: dict[str, str]) -> MemoryRecords:
    """Records of these persons."""
    records = MemoryRecords()
    records.apply(preloaded(person_of({**LUCIA, **entry}), NOW) for entry in entries)
    return records


def test_what_more_speaks_for_is_meant() -> None:
    """Two of the same names and birth date: the mother settles it, and nothing does where neither has her."""
    records = known({"mother": "Vega^Ana"}, {"mother": "Ruiz^Eva"}, {})
    found = find(person_of({**LUCIA, "mother": "Ruiz^Eva"}), records, "NDIIS")
    assert found.one is not None
    assert 2 == found.one.number

    found = find(person_of(LUCIA), records, "NDIIS")
    assert (None, [1, 2, 3]) == (found.one, [record.number for record in found.candidates])


def test_an_identifier_goes_before_names() -> None:
    """The one it names is meant, though another has the very name."""
    records = MemoryRecords()
    records.apply([preloaded(person_of({**LUCIA, "ids": ["1/A/MR"], "name": "Novak^Lucy"}), NOW)])
    records.apply([preloaded(person_of({**LUCIA, "ids": ["2/A/MR"]}), NOW)])
    found = find(person_of({**LUCIA, "ids": ["1/A/MR"]}), records, "NDIIS")
    assert found.one is not None
    assert 1 == found.one.number


def test_whoever_is_not_visible_is_not_there() -> None:
    """Neither as the one nor as a candidate."""
    records = known({})
    assert find(person_of(LUCIA), records, "NDIIS").one is not None
    assert ((), None) == (
        find(person_of(LUCIA), records, "NDIIS", lambda _record: False).candidates,
        find(person_of(LUCIA), records, "NDIIS", lambda _record: False).one,
    )


def test_the_reason_is_a_sentence() -> None:
    """For whoever asks why two records are one, or are not."""
    [record] = known({"phone": "701-555-0144"}).by_number.values()
    same = person_of({**LUCIA, "phone": "701-555-0144"})
    assert explained(same, record, "NDIIS") == (
        "The same person: family name, given name and birth date are the same, and nothing contradicts."
        " Also the same telephone or e-mail."
    )
    other = person_of({**LUCIA, "name": "Novak^Eva", "born": "20100513"})
    assert explained(other, record, "NDIIS") == (
        "Somebody else: family name differs, given name differs and birth date is near."
    )
