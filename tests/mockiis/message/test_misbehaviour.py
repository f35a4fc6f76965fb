"""The table of misbehaviours, and which of them are done to an answer."""

from __future__ import annotations

import pytest

from mockiis.message.misbehaviour import KINDS, Misbehaviour, effective


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_says_what_it_does(kind: object) -> None:
    """A sentence about the answer, an example wherever something may be written, and a transport."""
    row = KINDS[kind.name]

    assert row.about.split()[0] in ("has", "is", "comes", "ends", "breaks", "acknowledges")
    assert row.transports
    assert row.answers
    assert bool(row.example) == (row.form != "nothing")


def test_an_unknown_name_is_refused_at_once() -> None:
    """Whoever writes one in Python learns the names."""
    with pytest.raises(ValueError, match=r"'no_and' is no misbehaviour; there are: .*no_end"):
        Misbehaviour(name="no_and")


def test_what_is_left_out_is_as_in_the_table() -> None:
    """A bare name does something sensible; bytes in place of a share leave no share."""
    assert (6, 3.0) == (Misbehaviour(name="dribble").complete.count, Misbehaviour(name="dribble").complete.seconds)
    assert 9.0 == Misbehaviour(name="dribble", seconds=9).complete.seconds
    assert 0.5 == Misbehaviour(name="truncate").complete.share
    assert Misbehaviour(name="truncate", count=0) == Misbehaviour(name="truncate", count=0).complete


def test_the_first_of_a_group_is_done() -> None:
    """A connection ends in one way, and an answer has one pace."""
    wire = [Misbehaviour(name=name) for name in ("reset_after", "split", "close_after", "dribble", "empty")]

    assert ["reset_after", "split", "empty"] == list(effective(wire, "mllp", "message"))


def test_what_is_not_for_the_answer_is_not_done() -> None:
    """Another transport, another sort of reply."""
    wire = [Misbehaviour(name=name) for name in ("unframed", "gzip", "cdata", "fault_unqualified")]

    assert ["unframed"] == list(effective(wire, "mllp", "message"))
    assert ["gzip", "fault_unqualified"] == list(effective(wire, "soap", "fault"))
    assert ["gzip"] == list(effective(wire, "soap", "http"))
