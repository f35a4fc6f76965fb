"""The index leaves out nobody whom a comparison would find: of those born on a day, only the others are not read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.person import Name, Person
from mockiis.registry.keys import Sketch
from mockiis.registry.matching import compare, may_match

FAMILIES = ["Garcia", "Garcia-Lopez", "Lopez", "Lee", "Moe", "Larson", "Larsen", "", "de Vries", "Vries", "Erik", "Øst"]
GIVEN = ["Erik", "Eric", "Baby Boy", "Ida", "", "Larson", "Li", "Girl A", "Garcia"]
NAMES = st.lists(
    st.builds(
        lambda family, first: Name(family=family, given=first), st.sampled_from(FAMILIES), st.sampled_from(GIVEN)
    ),
    min_size=1,
    max_size=2,
)


def person(names: list[Name]) -> Person:
    mother = Name(family="Roe", given="Ann", type="M")
    return Person(
        identifiers=(), name=names[0], aliases=tuple(names[1:]), birth_date="20240102", sex="F", mother=mother
    )


@given(NAMES, NAMES)
def test_whoever_is_a_candidate_is_read(asked: list[Name], known: list[Name]) -> None:
    """With any names and aliases, of one birth date and mother."""
    if compare(person(asked), person(known)).grade != "different":
        assert any(map(may_match(person(asked)), (str(Sketch.of(name)) for name in known)))


def test_a_sketch_is_read_as_it_was_written() -> None:
    for family in FAMILIES:
        sketch = Sketch.of(Name(family=family, given="Ida"))
        assert (sketch.family, sketch.given) == Sketch.read(str(sketch))[:2]
        assert sketch.words <= Sketch.read(str(sketch)).words
