"""The framer: a table of what real senders send, and the invariants that hold for any bytes at all."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockiis.er7 import Note
from mockiis.wire.mllp import CR, FS, VT, Broken, Event, Frame, FrameReader, TooLarge, frame

ONE = b"MSH|^~\\&|A\rPID|1\r"
TWO = b"MSH|^~\\&|B\rPID|2\r"
LIMIT = 32

PIECES = (VT, FS, CR, VT, FS, b"\n", b"\0", b" ", b"\x06", b"MSH|", b"\xff\x80", b"x" * 7, ONE, ONE + TWO)
"""What streams are made of: mostly markers, some text shorter and some longer than the limit."""

streams = st.lists(st.sampled_from(PIECES), max_size=24).map(b"".join)


def read(*chunks: bytes, max_size: int = 1_000_000) -> list[Event]:
    """Every event of a connection that sends these chunks and closes."""
    reader = FrameReader(max_size)
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.finish()


def brief(events: list[Event]) -> list[bytes | str]:
    """Messages as bytes, and ``code`` or ``code:size`` for what is odd or lost."""
    return [_brief(event) for event in events]


def _brief(event: Event) -> bytes | str:
    match event:
        case Frame(data=data):
            return data
        case Note(code=code):
            return code
        case Broken(code=code, size=size):
            return f"{code}:{size}"
        case TooLarge(limit=limit):
            return f"too large:{limit}"


SENDERS: dict[str, tuple[bytes, list[bytes | str]]] = {
    "as the standard says": (frame(ONE), [ONE]),
    "two frames in one segment": (frame(ONE) + frame(TWO), [ONE, TWO]),
    "empty frame": (frame(b""), [b""]),
    "no last CR in the message": (frame(ONE[:-1]), [ONE[:-1]]),
    "segments end with LF": (frame(ONE.replace(CR, b"\n")), [ONE.replace(CR, b"\n")]),
    "blank segments": (frame(CR + ONE + CR), [CR + ONE + CR]),
    "Latin-1 byte": (frame(b"PID|\xe9"), [b"PID|\xe9"]),
    "byte order mark inside the frame": (frame(b"\xef\xbb\xbf" + ONE), [b"\xef\xbb\xbf" + ONE]),
    "not HL7, then a message": (frame(b"hello") + frame(ONE), [b"hello", ONE]),
    "100 KB": (frame(b"x" * 100_000), [b"x" * 100_000]),
    "no CR after FS": (VT + ONE + FS, [ONE, "mllp-cr-missing"]),
    "no CR after FS, twice": (
        VT + ONE + FS + VT + TWO + FS,
        [ONE, "mllp-cr-missing", TWO, "mllp-cr-missing"],
    ),
    "LF after CR": (frame(ONE) + b"\n" + frame(TWO), [ONE, "mllp-line-feed-between", TWO]),
    "LF for CR": (VT + ONE + FS + b"\n" + frame(TWO), [ONE, "mllp-cr-missing", "mllp-line-feed-between", TWO]),
    "NULs between": (frame(ONE) + b"\0\0\0" + frame(TWO), [ONE, "mllp-null-between", TWO]),
    "a second CR and blanks between": (frame(ONE) + b"\r  \t" + frame(TWO), [ONE, "mllp-blank-between", TWO]),
    "a second CR": (frame(ONE) + CR + frame(TWO), [ONE, "mllp-blank-between", TWO]),
    "CR and form feed": (frame(ONE) + b"\x0c" + frame(TWO), [ONE, "mllp-blank-between", TWO]),
    "padding before the first frame": (b"\n\0" + frame(ONE), ["mllp-line-feed-between", "mllp-null-between", ONE]),
    "garbage before VT": (b"junk" + frame(ONE), ["mllp-bytes-between:4", ONE]),
    "garbage between, with blanks in it": (
        frame(ONE) + b"a\r\nb c" + frame(TWO),
        [ONE, "mllp-bytes-between:6", TWO],
    ),
    "garbage and then closed": (b"GET / HTTP/1.1\r\n\r\n", ["mllp-bytes-between:18"]),
    "no VT at all": (ONE + FS + CR, [f"mllp-vt-missing:{len(ONE)}"]),
    "no markers at all": (ONE, [f"mllp-bytes-between:{len(ONE)}"]),
    "VT inside a frame": (VT + b"MSH|bro" + frame(ONE), ["mllp-vt-inside-frame:7", ONE]),
    "VT twice": (VT + frame(ONE), ["mllp-vt-repeated", ONE]),
    "FS CR twice": (frame(ONE) + FS + CR + frame(TWO), [ONE, "mllp-fs-repeated", TWO]),
    "FS twice": (VT + ONE + FS + FS + CR, [ONE, "mllp-cr-missing", "mllp-fs-repeated"]),
    "FS inside a field": (
        frame(b"MSH|a" + FS + b"b|c") + frame(ONE),
        [b"MSH|a", "mllp-cr-missing", "mllp-vt-missing:3", ONE],
    ),
    "commit blocks of Release 2": (
        frame(b"\x06") + frame(b"\x15") + frame(ONE),
        ["mllp-commit-block", "mllp-commit-nak", ONE],
    ),
    "closed inside a frame": (VT + b"MSH|", ["mllp-frame-unfinished:4"]),
    "closed after VT": (frame(ONE) + VT, [ONE, "mllp-frame-unfinished:0"]),
    "nothing sent": (b"", []),
}


@pytest.mark.parametrize(("stream", "expected"), SENDERS.values(), ids=SENDERS.keys())
def test_what_senders_send(stream: bytes, expected: list[bytes | str]) -> None:
    """Each habit of a sender gives its messages, and a name for what was odd, in one chunk as byte by byte."""
    assert expected == brief(read(stream))
    assert expected == brief(read(*(bytes([byte]) for byte in stream)))


OVERSIZE: dict[str, tuple[bytes, list[bytes | str]]] = {
    "at the limit": (frame(b"x" * 32), [b"x" * 32]),
    "over it": (frame(b"x" * 33) + frame(b"y"), ["too large:32", "mllp-frame-too-large:33", b"y"]),
    "far over it": (frame(b"x" * 999) + frame(b"y"), ["too large:32", "mllp-frame-too-large:999", b"y"]),
    "ended by VT": (VT + b"x" * 40 + frame(b"y"), ["too large:32", "mllp-frame-too-large:40", b"y"]),
    "ended by closing": (VT + b"x" * 40, ["too large:32", "mllp-frame-too-large:40"]),
    "garbage is no frame": (b"x" * 40 + frame(b"y"), ["mllp-bytes-between:40", b"y"]),
}


@pytest.mark.parametrize(("stream", "expected"), OVERSIZE.values(), ids=OVERSIZE.keys())
def test_size_limit(stream: bytes, expected: list[bytes | str]) -> None:
    """A frame over the limit is reported when it passes it and when it ends; what follows is read as ever."""
    assert expected == brief(read(stream, max_size=LIMIT))


def test_too_large_is_told_before_the_frame_ends() -> None:
    """The limit need not wait for the FS, and nothing of the frame is kept."""
    reader = FrameReader(LIMIT)

    assert [] == reader.feed(VT + b"x" * 32)
    assert [TooLarge(limit=LIMIT)] == reader.feed(b"x")
    assert [] == reader.feed(b"x" * 1000)
    assert 0 == len(reader._data)


def test_a_message_is_given_at_its_fs() -> None:
    """A sender that leaves out the CR gets its answer: the message does not wait for the byte after FS."""
    reader = FrameReader()

    assert [Frame(data=ONE)] == reader.feed(VT + ONE + FS)
    assert [] == reader.feed(CR)
    assert [] == reader.finish()


def test_text_without_vt_is_reported_at_its_fs() -> None:
    """A person who watches the log need not wait for the connection to close."""
    assert [f"mllp-vt-missing:{len(ONE)}"] == brief(FrameReader().feed(ONE + FS))


def test_a_note_is_given_once_between_two_messages() -> None:
    """However long the padding, each kind is named once, and again after the next message."""
    stream = frame(ONE) + b"\n\0\n\0\n" * 3 + frame(TWO) + b"\n"

    expected = [ONE, "mllp-line-feed-between", "mllp-null-between", TWO, "mllp-line-feed-between"]
    assert expected == brief(read(stream))


def test_reports_carry_no_message_text() -> None:
    """What is dropped may hold a patient: it is counted, never quoted."""
    events = read(b"SECRET" + VT + b"SECRET" + VT + b"SECRET" * 9 + FS + b"SECRET", max_size=LIMIT)

    assert 5 == len(events) - sum(isinstance(event, Note) for event in events)
    assert "SECRET" not in repr(events)


def test_after_finish_the_reader_is_as_new() -> None:
    """Nothing of a closed connection reaches the next use of the reader."""
    reader = FrameReader()
    reader.feed(b"\n" + VT + b"half")
    reader.finish()

    assert ["mllp-line-feed-between", ONE] == brief(reader.feed(b"\n" + frame(ONE)))
    assert [] == reader.finish()


@given(streams, st.lists(st.integers(0, 200)))
@example(VT + b"x" * 33 + FS + FS + b"\n", [1, 5, 34, 35, 36])
def test_any_chunking_gives_the_same_events(stream: bytes, cuts: list[int]) -> None:
    """Where the network cuts the bytes makes no difference."""
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(edges)]

    assert read(stream, max_size=LIMIT) == read(*chunks, max_size=LIMIT)


@given(streams)
def test_byte_by_byte_is_one_chunk(stream: bytes) -> None:
    """The finest chunking of all gives the same events."""
    assert read(stream, max_size=LIMIT) == read(*(bytes([byte]) for byte in stream), max_size=LIMIT)


@given(st.lists(st.binary(max_size=64)))
def test_garbage_never_raises(chunks: list[bytes]) -> None:
    """Any bytes give events, and no more bytes come out than went in."""
    events = read(*chunks, max_size=LIMIT)

    kept = sum(len(event.data) for event in events if isinstance(event, Frame))
    dropped = sum(event.size for event in events if isinstance(event, Broken))
    assert kept + dropped <= sum(map(len, chunks))


messages = st.binary(max_size=LIMIT).map(lambda data: data.replace(VT, b"").replace(FS, b"") + b".")


@given(st.lists(st.tuples(messages, st.sampled_from([CR, b"", b"\r\n", b"\0\0", b"\r \n", b"\rjunk", FS]))))
def test_every_message_arrives(sent: list[tuple[bytes, bytes]]) -> None:
    """No message is lost, altered or doubled by what stands between it and the next."""
    stream = b"".join(VT + message + FS + between for message, between in sent)

    expected = [message for message, _ in sent]
    assert expected == [event.data for event in read(stream, max_size=LIMIT + 1) if isinstance(event, Frame)]
