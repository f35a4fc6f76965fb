"""Who is taken for whom: the table of pairs, and what holds for any two persons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.message.person import Person
from mockiis.registry.keys import keys
from mockiis.registry.matching import compare

from .people import person_of, table

PAIRS = table("pairs")


@pytest.mark.parametrize("entry", PAIRS, ids=[entry["is"] for entry in PAIRS])
def test_pair(entry: dict[str, Any]) -> None:
    """The grade and the rule are those of the table, either way round, and the reason is a sentence."""
    asked, known = person_of(entry["asked"]), person_of(entry["known"])
    there, back = compare(asked, known), compare(known, asked)

    assert entry["expect"] == [there.grade, there.rule]
    assert entry["expect"] == [back.grade, back.rule]
    assert str(there).endswith(".")


def test_the_table_is_as_large_as_it_is_said_to_be() -> None:
    """Sixty pairs, and each rule decides some of them."""
    assert len(PAIRS) >= 60
    assert {"twins", "identifier", "exact", "newborn", "raised", "candidate", "nothing"} == {
        e["expect"][1] for e in PAIRS
    }
    assert len(PAIRS) == len({entry["is"] for entry in PAIRS})


PERSONS = [person_of(entry[side]) for entry in PAIRS for side in ("asked", "known")]
ANYBODY = st.sampled_from(PERSONS)


@settings(deadline=None)
@given(ANYBODY, ANYBODY)
def test_whoever_is_alike_is_found(one: Person, other: Person) -> None:
    """Two who are the same or candidates share an identifier or a key, so that the records are asked for them."""
    if compare(one, other).grade != "different":
        assert set(one.identifiers) & set(other.identifiers) or set(keys(one)) & set(keys(other))


@settings(deadline=None)
@given(ANYBODY, ANYBODY, st.sampled_from(["1", "2", "3"]), st.sampled_from(["1", "2", "3"]))
def test_twins_are_never_one(one: Person, other: Person, first: str, second: str) -> None:
    """Whatever else is the same, those of other birth orders are two."""
    one, other = replace(one, birth_order=first), replace(other, birth_order=second)
    if first != second:
        assert "same" != compare(one, other).grade


@settings(deadline=None)
@given(ANYBODY)
def test_everybody_is_like_himself(person: Person) -> None:
    """Nobody is somebody else than himself; only a newborn whose mother is not known may be."""
    assert compare(person, person).grade != "different"
