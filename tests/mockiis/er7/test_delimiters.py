"""Escape sequences and encoding characters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import STANDARD, Delimiters, read

OWN = Delimiters("#", "*", "!", "?", "+")
WITHOUT_ESCAPE = Delimiters(escape="", subcomponent="")
delimiters = st.lists(
    st.sampled_from("|^~\\&#*!?+$%@-_=<>:;.,'\"/()[]{}`\xa7\xa6"), min_size=5, max_size=5, unique=True
).map(lambda characters: Delimiters(*characters))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"a\F\b", "a|b"),
        (r"a\S\b", "a^b"),
        (r"a\T\b", "a&b"),
        (r"a\R\b", "a~b"),
        (r"a\E\b", "a\\b"),
        (r"\E\F\E\ ", r"\F\ "),
        (r"first\.br\second", "first\nsecond"),
        (r"\X41\\X0D0A\\X0d\ ", "A\r\n\r "),
        (r"\XC3A9\ ", "\xe9 "),
        (r"\XE9\ ", "\xe9 "),
    ],
)
def test_escape_sequences_are_decoded(raw: str, expected: str) -> None:
    """Delimiters, line breaks and hexadecimal bytes (UTF-8, else Latin-1) come back as the text they stand for."""
    assert expected == STANDARD.unescape(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "plain",
        "\\",
        "\\\\",
        r"\H\bold\N\ ",
        r"\H\F\N\ ",
        r"\.sp2\\.in+4\\.ti-2\\.ce\ ",
        r"\C2842\\M81308130\ ",
        r"\Z2 local\ ",
        r"\X\\X4\\XGG\\X 41\ ",
        r"\f\\x41\ ",
        r"C:\temp\new",
    ],
)
def test_what_is_no_escape_sequence_is_kept(raw: str) -> None:
    """Formatting, character set and local sequences, wrong ones and lone escape characters stay as they are."""
    assert raw == STANDARD.unescape(raw)


def test_a_lone_escape_character_does_not_hide_a_sequence_after_it() -> None:
    """A path with backslashes before a real sequence leaves that sequence readable."""
    assert r"C:\temp|new" == STANDARD.unescape(r"C:\temp\F\new")


def test_own_encoding_characters_are_decoded_and_encoded() -> None:
    """The letters stand for the characters of the message, not for the standard ones."""
    assert "#*!?+|" == OWN.unescape("?F??S??R??E??T?|")
    assert "?F??S??R??E??T?|^" == OWN.escaped("#*!?+|^")


def test_a_sequence_for_a_delimiter_that_does_not_occur_is_kept() -> None:
    """Where MSH-2 names no subcomponent separator there is nothing that its sequence could stand for."""
    assert r"a\T\b|c" == Delimiters(subcomponent="").unescape(r"a\T\b\F\c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Brien & Sons|^~", r"O'Brien \T\ Sons\F\\S\\R\ ".rstrip()),
        ("C:\\temp", r"C:\E\temp"),
        ("one\rtwo\nthree", r"one\X0D\two\X0A\three"),
        ("\x0b\x1c\x00", r"\X0B\\X1C\\X00\ ".rstrip()),
        ("\u2028\x85\xe9", "\u2028\x85\xe9"),
        ('""', '""'),
        ("", ""),
    ],
)
def test_text_is_made_safe_for_a_field(text: str, expected: str) -> None:
    """Delimiters and control characters become sequences, everything else stays."""
    assert expected == STANDARD.escaped(text)


def test_without_an_escape_character_special_characters_become_blanks() -> None:
    """What cannot be written must at least not change the structure."""
    assert "a b c&d\\e" == WITHOUT_ESCAPE.escaped("a|b\rc&d\\e")
    assert r"a\F\b" == WITHOUT_ESCAPE.unescape(r"a\F\b")


@settings(deadline=None)
@given(delimiters, st.text())
def test_what_is_escaped_reads_back(marks: Delimiters, text: str) -> None:
    """unescape(escaped(text)) is the text, for every text and any encoding characters."""
    assert text == marks.unescape(marks.escaped(text))


@settings(deadline=None)
@given(delimiters, st.text(alphabet=st.sampled_from("|^~\\&#*!?+-.FSTREXHZCM0aAbr\r\n\x0b\x1c")))
def test_what_is_escaped_reads_back_from_its_own_sequences(marks: Delimiters, text: str) -> None:
    """Text that looks like escape sequences is no exception."""
    assert text == marks.unescape(marks.escaped(text))


@settings(deadline=None)
@given(delimiters, st.text())
def test_escaped_text_never_splits_a_segment_or_a_field(marks: Delimiters, text: str) -> None:
    """A carriage return or a delimiter in a value stays inside the one component it was put into."""
    encoding = marks.component + marks.repetition + marks.escape + marks.subcomponent
    line = marks.field.join(["ZZZ", marks.escaped(text), "after"])
    message = read(f"MSH{marks.field}{encoding}{marks.field}\r{line}\r")
    assert ["MSH", "ZZZ"] == [segment.id for segment in message.segments]
    assert [text] == [*message.occurrences("ZZZ-1.1.1")]
    assert "after" == message.get("ZZZ-2")


@settings(deadline=None)
@given(delimiters, st.text(), st.text(alphabet=st.sampled_from("\\FSTREXHNZCM.brsp0129AFaf+-|^\r\n")))
def test_unescape_never_raises(marks: Delimiters, text: str, like_sequences: str) -> None:
    """Whatever a peer puts between escape characters, the answer is text; without any it is the same text."""
    decoded = marks.unescape(text)
    assert decoded == text or marks.escape in text
    assert isinstance(STANDARD.unescape(like_sequences), str)
