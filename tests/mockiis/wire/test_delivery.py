"""Pieces and times of an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.misbehaviour import Misbehaviour
from mockiis.wire.delivery import Chunk, cut, ending, paced, pieces, spread


def chosen(name: str, **values: object) -> dict[str, Misbehaviour]:
    return {name: Misbehaviour(name=name, **values).complete}  # type: ignore[arg-type]


@given(st.binary(), st.integers(-5, 300))
def test_pieces_are_the_whole(data: bytes, count: int) -> None:
    """As many as asked for where there are bytes enough, none empty, their sizes at most one byte apart."""
    found = pieces(data, count)

    assert data == b"".join(found)
    assert max(1, min(count, len(data))) == len(found) or not data
    assert not found or max(map(len, found)) - min(map(len, found)) <= 1


@given(st.binary(), st.sampled_from(["split", "dribble"]), st.integers(1, 50), st.floats(0, 100))
def test_a_pace_changes_no_byte(data: bytes, name: str, count: int, seconds: float) -> None:
    """And it ends when its time is over."""
    chunks = paced(data, chosen(name, count=count, seconds=seconds))

    assert data == b"".join(chunk.data for chunk in chunks)
    assert not data or seconds == pytest.approx(sum(chunk.wait for chunk in chunks))
    assert all(chunk.wait >= 0 and chunk.data for chunk in chunks)


def test_the_first_piece_comes_at_once() -> None:
    """The last one at the end; a single one then."""
    assert (Chunk(wait=0, data=b"a"), Chunk(wait=2, data=b"b"), Chunk(wait=2, data=b"c")) == spread(
        [b"a", b"b", b"c"], 4
    )
    assert (Chunk(wait=4, data=b"a"),) == spread([b"a"], 4)
    assert () == spread([], 4)


def test_without_a_pace_it_is_one_piece() -> None:
    """Or none at all."""
    assert (Chunk(wait=0, data=b"abc"),) == paced(b"abc", {})
    assert () == paced(b"", {})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, b"01234"),
        ({"share": 0.1}, b"0"),
        ({"share": 1.0}, b"0123456789"),
        ({"count": 3}, b"012"),
        ({"count": 99}, b"0123456789"),
    ],
)
def test_cutting(values: dict[str, float], expected: bytes) -> None:
    """By a share or by bytes; half of it without either."""
    assert expected == cut(b"0123456789", chosen("truncate", **values))


def test_endings() -> None:
    """What was asked for counts more than what follows from the rest."""
    assert "reset" == ending(chosen("reset_after"), otherwise="close")
    assert "close" == ending({}, otherwise="close")
