"""What a report says of a message besides its findings."""

from __future__ import annotations

from collections.abc import Callable

from mockiis.er7 import read
from mockiis.judge_report import Judged


def test_type_and_control_id_whatever_the_encoding_characters(judged: Callable[..., Judged]) -> None:
    """MSH-9 with the usual separator; components that are not there leave none."""
    other = judged(message=read("MSH#*~\\&#A#B#C#D#1##ACK*V04#X1#P#2.5.1\r"))

    assert ("ACK^V04", "X1") == (other.type, other.control_id)


def test_the_line_of_each_segment(judged: Callable[..., Judged]) -> None:
    """Blank lines count; the message may begin anywhere in its file."""
    expected = {("MSH", 1): 10, ("PID", 1): 12, ("ORC", 1): 13, ("RXA", 1): 14, ("ORC", 2): 15, ("RXA", 2): 16}

    assert expected == judged(line=10).lines()
