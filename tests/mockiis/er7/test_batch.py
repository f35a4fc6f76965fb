"""Batch files and files of several messages, taken apart without loss."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read, read_batch

ONE = "MSH|^~\\&|A\rPID|1\r"
TWO = "MSH|^~\\&|B\rPID|2\r"
FHS, BHS, BTS, FTS = "FHS|^~\\&|F\r", "BHS|^~\\&|B\r", "BTS|2\r", "FTS|1\r"


@pytest.mark.parametrize(
    ("parts", "messages", "header"),
    [
        pytest.param([], [], "", id="nothing"),
        pytest.param([ONE], [ONE], "", id="one message"),
        pytest.param([ONE, TWO], [ONE, TWO], "", id="messages without an envelope"),
        pytest.param([FHS, BHS, ONE, TWO, BTS, FTS], [ONE, TWO], FHS, id="file"),
        pytest.param([BHS, ONE, TWO, BTS], [ONE, TWO], BHS, id="batch"),
        pytest.param([FHS, BHS, ONE, TWO], [ONE, TWO], FHS, id="no trailers"),
        pytest.param([FHS, BHS, BTS, FTS], [], FHS, id="empty batch"),
        pytest.param([FHS, BHS, ONE, "BTS\r", "FTS"], [ONE], FHS, id="trailers without fields"),
        pytest.param([FHS, BHS, ONE, BTS, BHS, TWO, BTS, FTS], [ONE, TWO], FHS, id="two batches in a file"),
        pytest.param([ONE.replace("\r", "\n"), TWO.replace("\r", "\r\n")], None, "", id="line ends"),
        pytest.param([ONE + "\r\n", TWO + "\r\r"], None, "", id="blank lines belong to the message before"),
        pytest.param(["\ufeff" + FHS, BHS, ONE], [ONE], FHS, id="byte order mark before a file"),
        pytest.param(["\r\n" + ONE, "\ufeff" + TWO, " \x0b" + ONE], None, "", id="blanks belong to the message after"),
        pytest.param(["MSH#*!?+#A\r", "MSH|^~\\&|B"], None, "", id="own encoding characters"),
    ],
)
def test_a_file_is_taken_apart(parts: list[str], messages: list[str] | None, header: str) -> None:
    """Every message and envelope segment is a part of its own, in order."""
    batch = read_batch("".join(parts))
    assert parts == [*batch.parts]
    assert (parts if messages is None else messages) == [*batch.messages]
    assert header == batch.header
    assert "" == batch.stray


@pytest.mark.parametrize(
    ("text", "messages", "stray"),
    [
        pytest.param("hello\r" + ONE, [ONE], "hello", id="before the first message"),
        pytest.param(FHS + "hello\r" + ONE, [ONE], "hello", id="after a header"),
        pytest.param(BHS + ONE + BTS + "hello\rPID|3\r", [ONE], "hello\rPID|3", id="after a trailer"),
        pytest.param("a\r" + FHS + "b\r" + ONE + BTS + "c", [ONE], "a\rb\rc", id="everywhere"),
        pytest.param("msh|^~\\&|A\r", [], "msh|^~\\&|A", id="lower case"),
        pytest.param("MSH", [], "MSH", id="a header without separator"),
        pytest.param("MSH\x01A\r" + ONE, [ONE], "MSH\x01A", id="a header with a separator that cannot be one"),
        pytest.param("MSHA|1\r" + ONE, [ONE], "MSHA|1", id="a segment that only begins like MSH"),
        pytest.param("BTSX|1\r" + ONE, [ONE], "BTSX|1", id="a segment that only begins like BTS"),
        pytest.param("\ufeff \r\n", [], "", id="blanks only"),
    ],
)
def test_what_belongs_nowhere_is_stray(text: str, messages: list[str], stray: str) -> None:
    """Text outside messages and envelope is kept apart, so that nobody takes it for a segment."""
    batch = read_batch(text)
    assert messages == [*batch.messages]
    assert stray == batch.stray
    assert text == "".join(batch.parts)


def test_the_envelope_can_be_asked_for_its_segments() -> None:
    """has() knows which of FHS, BHS, BTS and FTS came."""
    batch = read_batch(" " + FHS + BHS + ONE + "BTS")
    assert [True, True, True, False] == [batch.has(name) for name in ("FHS", "BHS", "BTS", "FTS")]


def test_a_header_name_inside_a_line_starts_nothing() -> None:
    """Only a line end ends a segment; U+2028 and U+0085, at which str.splitlines splits, do not."""
    text = "MSH|^~\\&|A\rNTE|1||MSH|\u2028MSH|^~\\&\x85FHS|^~\\&\r"
    assert [text] == [*read_batch(text).messages]


def test_a_message_of_a_batch_keeps_what_was_odd() -> None:
    """A byte order mark between concatenated files is noted on the message it stands before."""
    first, second = read_batch(ONE + "\ufeff" + TWO).messages
    assert [] == [*read(first).notes]
    assert ["byte-order-mark"] == [note.code for note in read(second).notes]


pieces = st.lists(
    st.sampled_from([ONE, TWO, FHS, BHS, BTS, FTS, "BTS", "MSH", "\r", "\n", "\ufeff", " ", "x", "\u2028"]) | st.text()
).map("".join)


@settings(deadline=None)
@given(st.text() | pieces)
def test_the_parts_join_to_the_text(text: str) -> None:
    """Nothing is lost or added, and nothing ever raises."""
    batch = read_batch(text)
    assert text == "".join(batch.parts)
    assert all(batch.parts)


@settings(deadline=None)
@given(pieces)
def test_every_part_is_one_thing(text: str) -> None:
    """A part taken apart again stays whole."""
    for part in read_batch(text).parts:
        assert (part,) == read_batch(part).parts


@settings(deadline=None)
@given(pieces)
def test_every_message_can_be_read(text: str) -> None:
    """A part that is given out as a message has a readable MSH and only one."""
    for part in read_batch(text).messages:
        assert "several-messages" not in [note.code for note in read(part).notes]
