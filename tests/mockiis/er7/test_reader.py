"""Text read and written: nothing lost, what is odd noted, one error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import STANDARD, Delimiters, ER7Error, Message, Note, read, write

MSH = "MSH|^~\\&|A|B"
PID = "PID|1||7^^^B^MR"

BYTE_ORDER_MARK = Note("byte-order-mark", "a byte order mark comes before MSH")
LEADING_BLANKS = Note("leading-blanks", "blank characters come before MSH")
CRLF = Note("line-ends-crlf", "segments end with CR LF; CR is expected")
LF = Note("line-ends-lf", "segments end with LF; CR is expected")
LAST_MISSING = Note("last-terminator-missing", "the last segment has no CR after it")
BLANK_LINES = Note("blank-lines", "there are blank lines between segments")
SEVERAL = Note("several-messages", "another MSH segment follows; it is read as part of the same message")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{MSH}\r{PID}\r", [], id="CR"),
        pytest.param(f"{MSH}\n{PID}\n", [LF], id="LF"),
        pytest.param(f"{MSH}\r\n{PID}\r\n", [CRLF], id="CRLF"),
        pytest.param(f"{MSH}\r\n{PID}\rZZZ|1\n", [CRLF, LF], id="mixed"),
        pytest.param(f"{MSH}\r{PID}", [LAST_MISSING], id="no last CR"),
        pytest.param(f"{MSH}\n{PID}", [LF, LAST_MISSING], id="LF, no last one"),
        pytest.param(f"{MSH}\r\r{PID}\r\r\r", [BLANK_LINES], id="blank lines"),
        pytest.param(f"{MSH}\n\r{PID}\r", [LF, BLANK_LINES], id="LF CR is an LF and a blank line"),
        pytest.param(f"\ufeff{MSH}\r{PID}\r", [BYTE_ORDER_MARK], id="byte order mark"),
        pytest.param(f"\x0b{MSH}\r{PID}\r", [LEADING_BLANKS], id="VT left of framing"),
        pytest.param(f" \t\r\n\x00{MSH}\r{PID}\r", [LEADING_BLANKS], id="leading blanks"),
        pytest.param(f"\x0b\ufeff {MSH}\r{PID}\r", [BYTE_ORDER_MARK, LEADING_BLANKS], id="VT before byte order mark"),
        pytest.param(f"{MSH}||||\r{PID}^^~~|||\r", [], id="trailing delimiters"),
        pytest.param(f"{MSH}\r{PID}\r{MSH}\r", [SEVERAL], id="two messages"),
        pytest.param(f"{MSH}\n{PID}\nMSH#^~\\&#\n", [LF, SEVERAL], id="two messages, LF, other separator"),
        pytest.param(f"{MSH}\rMSHA|1\r", [], id="a segment that only begins like MSH"),
        pytest.param(f"{MSH}\rPID|1||a\u2028b\x85c\x0bd\x1ce\r", [], id="what str.splitlines would split"),
    ],
)
def test_what_is_odd_is_kept_and_noted(text: str, expected: list[Note]) -> None:
    """Each oddity has a stable code and a sentence, and the text is written exactly as it came."""
    message = read(text)
    assert expected == [*message.notes]
    assert text == write(message)
    assert "A" == message.get("MSH-3")


def unusable(*notes: Note) -> list[Note]:
    """Notes about MSH-2 with the two that come with any set of its own."""
    ignored = Note("encoding-unusable", "MSH-2 has a character that cannot be a delimiter; it is ignored")
    return [*notes, ignored, Note("encoding-other", "the encoding characters are not |^~\\&")]


def length(number: int) -> Note:
    return Note("encoding-length", f"MSH-2 has {number} characters; 4 are expected: ^~\\&")


MISSING = Note("encoding-missing", "MSH-2 is empty; ^~\\& is assumed")
OTHER = Note("encoding-other", "the encoding characters are not |^~\\&")


@pytest.mark.parametrize(
    ("header", "expected", "notes"),
    [
        ("MSH|^~\\&|A", STANDARD, []),
        ("MSH|^~\\&", STANDARD, []),
        ("MSH|^~\\&#|A", STANDARD, []),
        ("MSH#*!?+#A", Delimiters("#", "*", "!", "?", "+"), [OTHER]),
        ("MSH\xa6^~\\&\xa6A", Delimiters("\xa6"), [OTHER]),
        ("MSH||A", STANDARD, [MISSING]),
        ("MSH|", STANDARD, [MISSING]),
        ("MSH^^A", Delimiters("^", "", "~", "\\", "&"), unusable(MISSING)),
        ("MSH|^|A", Delimiters("|", "^", "", "", ""), [length(1), OTHER]),
        ("MSH|^~\\|A", Delimiters(subcomponent=""), [length(3), OTHER]),
        ("MSH|^~\\&#$|A", STANDARD, [length(6)]),
        ("MSH|^^^^|A", Delimiters("|", "^", "", "", ""), unusable()),
        ("MSH|a~ \x01|A", Delimiters("|", "", "~", "", ""), unusable()),
        ("MSH|NDIIS|ND0000", Delimiters("|", "", "", "", ""), unusable()),
    ],
)
def test_the_encoding_characters_are_read_from_the_header(header: str, expected: Delimiters, notes: list[Note]) -> None:
    """MSH-1 and MSH-2 give the delimiters; one that cannot be one does not occur, and none is assumed but all."""
    message = read(f"{header}\r{PID}\r")
    assert expected == message.delimiters
    assert notes == [*message.notes]
    assert f"{header}\r{PID}\r" == write(message)


NO_SEGMENT = "text that is no segment"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "nothing"),
        ("\ufeff \r\n", "nothing"),
        ("MSH", "'MSH'"),
        ("MSH\r", r"'MSH\r'"),
        ("MSHA|1", NO_SEGMENT),
        ("MSH ^~\\&", "'MSH '"),
        ("MSH\x01^~\\&", r"'MSH\x01'"),
        ("PID|1||7", "'PID|'"),
        ("{}", NO_SEGMENT),
        ("\U0001f600\ud800", NO_SEGMENT),
        ("\x0b\x0bQ'", NO_SEGMENT),
        ("Jane|Doe", NO_SEGMENT),
        ("Doe^Jane", NO_SEGMENT),
        ("DOE^JANE", NO_SEGMENT),
        ("Kim|Doe", NO_SEGMENT),
        ("123456789", NO_SEGMENT),
        ("msh|^~\\&|", "'msh|'; segment names are written in upper case"),
        ("\nMsh|^~\\&|", "'Msh|'; segment names are written in upper case"),
        ("FHS|^~\\&|\rBHS|^~\\&|\r", "'FHS|'; this is part of a batch, whose messages are read one by one"),
        ("BTS|2\r", "'BTS|'; this is part of a batch, whose messages are read one by one"),
    ],
)
def test_text_without_a_readable_header_is_refused(text: str, found: str) -> None:
    """The one error says what was expected and shows the name of a segment, but no text that may be a patient's."""
    with pytest.raises(ER7Error) as refused:
        read(text)
    assert f"expected a message that begins with MSH and a field separator, found {found}" == str(refused.value)


def test_a_header_alone_is_a_message() -> None:
    """MSH and a separator are enough; every field is empty."""
    message = read("MSH|")
    assert ["MSH"] == [segment.id for segment in message.segments]
    assert ["|", "", "", ""] == [message.header.get(number) for number in (1, 2, 3, 10)]


@pytest.mark.parametrize("folder", ["ndiis-examples", "ndiis-examples-1.4", "ndiis-examples-as-printed"])
def test_the_examples_of_the_specification_are_written_as_they_were_read(data: Path, folder: str) -> None:
    """Files with any line ends, even as the specification prints them, survive byte for byte."""
    for file in sorted((data / folder).glob("*.hl7")):
        text = file.read_bytes().decode()
        assert text == write(read(text)), file.name


def test_an_unusual_header_is_not_kept_in_memory() -> None:
    """A peer that sends no MSH-2 at all must not fill the cache of encoding characters with its message."""
    first = read("MSH|" + "x" * 1000 + "1\r")
    second = read("MSH|" + "x" * 1000 + "2\r")
    assert first.delimiters is second.delimiters


headers = st.sampled_from(
    ["MSH|^~\\&|", "MSH|^~\\&#|", "MSH#*!?+#", "MSH||", "MSH|^|", "MSH|^^^^|", "MSH|^~", "MSH^^~\\&^", "MSH|"]
)
prefixes = st.sampled_from(["", "", "\ufeff", "\x0b", " \r\n", "\ufeff\r"])
ends = st.sampled_from(["\r", "\n", "\r\n", "\r\r", "\n\r"])
lines = st.text(alphabet='PIDMSH1ab |^~\\&#*!?+"\u2028\x85\x0b\x1c\xe9')


@st.composite
def messages(draw: st.DrawFn) -> str:
    """Text with a readable MSH, odd in any way."""
    body = draw(st.lists(st.tuples(lines, ends), max_size=6))
    text = draw(prefixes) + draw(headers) + draw(lines) + draw(ends) + "".join(line + end for line, end in body)
    return text + draw(lines)


@settings(deadline=None)
@given(messages() | st.builds("{}{}".format, headers, st.text()))
def test_whatever_is_read_is_written_the_same(text: str) -> None:
    """write(read(text)) is the text, for everything with a readable MSH."""
    assert text == write(read(text))


@settings(deadline=None)
@given(messages())
def test_reading_splits_only_at_line_ends(text: str) -> None:
    """The segments in order are the text's lines that are not empty."""
    message = read(text)
    expected = text[len(message.prefix) :].replace("\r\n", "\r").replace("\n", "\r").split("\r")
    assert [line for line in expected if line] == [segment.text for segment in message.segments]


@settings(deadline=None)
@given(st.text() | st.builds("MSH{}".format, st.text()) | st.text(alphabet="MSHFB|^~\\&\r\n \ufeff\x0b"))
def test_arbitrary_text_is_a_message_or_an_er7_error(text: str) -> None:
    """Nothing else is ever raised."""
    try:
        message = read(text)
    except ER7Error:
        return
    assert isinstance(message, Message)
    assert text == write(message)
