"""Bytes decoded by MSH-18, or by what they are."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import ER7Error, Note, decode, read, write

UNKNOWN = Note("charset-unknown", "MSH-18 names a character set that is not read here; UTF-8 is tried")


def labelled(label: str, separator: str = "|", encoding: str = "^~\\&") -> str:
    """A message with ``label`` in MSH-18 and a name beyond ASCII."""
    header = separator.join(["MSH", encoding, *[""] * 15, label, "", "Z22"])
    return f"{header}\rPID{separator}{separator}{separator}{separator}{separator}Mu\xf1oz\r"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("", "utf-8"),
        ("UNICODE UTF-8", "utf-8"),
        ("unicode utf-8 ", "utf-8"),
        ("UTF-8", "utf-8"),
        ("UNICODE", "utf-8"),
        ("8859/1", "iso8859-1"),
        ("8859/15", "iso8859-15"),
        ("8859/1~UNICODE UTF-8", "iso8859-1"),
    ],
)
def test_the_label_decides(label: str, codec: str) -> None:
    """MSH-18, its first repetition, names the character set; UTF-8 where there is none."""
    text = labelled(label)
    decoded = decode(text.encode(codec))
    assert (text, codec, ()) == (decoded.text, decoded.codec, decoded.notes)


@pytest.mark.parametrize("text", ["", "Mu\xf1oz", "MSH", "MSH|", "\r".join(["MSH|^~\\&" + "|" * 14 + "x", "PID|\xf1"])])
def test_without_a_label_the_text_is_utf_8(text: str) -> None:
    """No MSH, or one that ends before MSH-18, is nothing odd here."""
    decoded = decode(text.encode())
    assert (text, "utf-8", ()) == (decoded.text, decoded.codec, decoded.notes)


def test_ascii_is_ascii() -> None:
    """Plain bytes with their own label are taken without a word."""
    text = labelled("ASCII").replace("\xf1", "n")
    assert (text, "ascii", ()) == (decode(text.encode()).text, decode(text.encode()).codec, decode(text.encode()).notes)


@pytest.mark.parametrize("label", ["KLINGON", "UNICODE UTF-16", "GB 18030-2000", "8859/99"])
def test_an_unknown_label_is_noted_and_utf_8_tried(label: str) -> None:
    """The text is read all the same."""
    text = labelled(label)
    decoded = decode(text.encode())
    assert (text, "utf-8", (UNKNOWN,)) == (decoded.text, decoded.codec, decoded.notes)


@pytest.mark.parametrize(
    ("label", "codec", "found", "said"),
    [
        ("", "latin-1", "latin-1", "the bytes are not utf-8, which MSH-18 implies; read as latin-1"),
        (
            "UNICODE UTF-8",
            "latin-1",
            "latin-1",
            "the bytes are not utf-8, which MSH-18 (UNICODE UTF-8) implies; read as latin-1",
        ),
        ("ASCII", "utf-8", "utf-8", "the bytes are not ascii, which MSH-18 (ASCII) implies; read as utf-8"),
        ("ASCII", "latin-1", "latin-1", "the bytes are not ascii, which MSH-18 (ASCII) implies; read as latin-1"),
    ],
)
def test_mislabelled_bytes_are_read_as_what_they_are(label: str, codec: str, found: str, said: str) -> None:
    """Text survives a wrong label, and the note says what was expected and what was found."""
    text = labelled(label)
    decoded = decode(text.encode(codec))
    assert (text, found) == (decoded.text, decoded.codec)
    assert (Note("charset-mismatch", said),) == decoded.notes


def test_an_unknown_label_on_bytes_that_are_not_utf_8_is_noted_twice() -> None:
    """Both oddities are told, and the label, which is the peer's text, is not repeated."""
    decoded = decode(labelled("KLINGON").encode("latin-1"))
    mismatch = Note("charset-mismatch", "the bytes are not utf-8, which MSH-18 implies; read as latin-1")
    assert (labelled("KLINGON"), "latin-1", (UNKNOWN, mismatch)) == (decoded.text, decoded.codec, decoded.notes)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_beats_the_label(mark: bytes, codec: str) -> None:
    """The mark is kept in the text, where the reader notes it."""
    text = labelled("ASCII")
    decoded = decode(mark + text.encode(codec))
    assert ("\ufeff" + text, codec, ()) == (decoded.text, decoded.codec, decoded.notes)
    assert ["byte-order-mark"] == [note.code for note in read(decoded.text).notes]


def test_bytes_that_contradict_their_byte_order_mark_are_replaced_and_noted() -> None:
    """There is no better reading for them, so the loss is told."""
    decoded = decode(codecs.BOM_UTF8 + b"MSH|^~\\&|\xff\r")
    assert "\ufeffMSH|^~\\&|\ufffd\r" == decoded.text
    assert (Note("charset-mismatch", "bytes that are not utf-8 were replaced"),) == decoded.notes


def test_a_replacement_character_that_was_sent_is_no_mismatch() -> None:
    """U+FFFD may stand in a message that is perfectly encoded."""
    assert () == decode("\ufeffMSH|^~\\&|\ufffd\r".encode()).notes


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x0b \r\n" + labelled("8859/1"), id="after blanks"),
        pytest.param("FHS|^~\\&|A\rBHS|^~\\&|B\r" + labelled("8859/1"), id="in a batch"),
        pytest.param(labelled("8859/1").replace("\r", "\n"), id="LF"),
        pytest.param(labelled("8859/1!x", "#", "*!?+"), id="own encoding characters"),
        pytest.param(labelled("8859/1", encoding=""), id="no encoding characters"),
    ],
)
def test_the_label_is_found_in_any_message(text: str) -> None:
    """Blanks, a batch envelope, line ends and own delimiters do not hide MSH-18."""
    decoded = decode(text.encode("latin-1"))
    assert (text, "iso8859-1", ()) == (decoded.text, decoded.codec, decoded.notes)


@settings(deadline=None)
@given(st.binary() | st.builds(lambda label, rest: labelled(label).encode() + rest, st.text(), st.binary()))
def test_decode_never_raises(data: bytes) -> None:
    """Every byte string has a reading, which is a message or an ER7 error; nothing else is ever raised."""
    decoded = decode(data)
    try:
        assert decoded.text == write(read(decoded.text))
    except ER7Error:
        return


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["", "UNICODE UTF-8", "8859/1", "ASCII", "x"]))
def test_what_was_decoded_is_encoded_to_the_same_bytes(text: str, label: str) -> None:
    """The codec that is told is the one to answer in."""
    data = (labelled(label) + text).encode()
    decoded = decode(data)
    assert data == decoded.text.encode(decoded.codec)
