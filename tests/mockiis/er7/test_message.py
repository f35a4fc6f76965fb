"""Values read from a message, and one of them replaced."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockiis.er7 import NULL, STANDARD, Location, LocationError, Message, Segment, read, write

HEADER = "MSH|^~\\&|APP|FAC^1.2&3^ISO|||20240101||VXU^V04^VXU_V04|ID-1|P|2.5.1\r"
TEXT = (
    HEADER
    + 'PID|1||77^^^FAC^MR~88&X^^^STATE&2.16&ISO^SR||O\\T\\Brien^Jo\\X0D\\~DOE^^|20240101|""|||\r'
    + "ORC|RE\rRXA|0|1|20240201||03^MMR^CVX|.50|||00^New\rOBX|1|CE|64994-7^Eligibility||V02\r"
    + "ORC|RE\rRXA|0|1|20240202||08^HepB^CVX|999\rOBX|1|CE|30963-3||VXC1\rOBX|2|CE|64994-7||V05~V01\r"
)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("MSH-1", ["|"]),
        ("MSH-2", ["^~\\&"]),
        ("MSH-3", ["APP"]),
        ("MSH-4.2", ["1.2&3"]),
        ("MSH-4.2.2", ["3"]),
        ("MSH-9.3", ["VXU_V04"]),
        ("PID", [TEXT.split("\r")[1]]),
        ("ORC", ["ORC|RE", "ORC|RE"]),
        ("PID-1", ["1"]),
        ("PID-1.1.1", ["1"]),
        ("PID-1.2", []),
        ("PID-3.1", ["77", "88&X"]),
        ("PID-3[1].1", ["77"]),
        ("PID-3[2].4.2", ["2.16"]),
        ("PID-3[3].1", []),
        ("PID-3[5=SR].1.1", ["88"]),
        ("PID-3[5=XX].1", []),
        ("PID-3[5=MR]", ["77^^^FAC^MR"]),
        ("PID-5.1", ["O&Brien", "DOE"]),
        ("PID-5.2", ["Jo\r"]),
        ("PID-7", [NULL]),
        ("PID-8", []),
        ("PID-99.9.9", []),
        ("RXA-5.1", ["03", "08"]),
        ("RXA[2]-5.1", ["08"]),
        ("RXA[3]-5.1", []),
        ("RXA-6", [".50", "999"]),
        ("RXA[5.1=08]-3", ["20240202"]),
        ("OBX[3.1=64994-7]-5", ["V02", "V05", "V01"]),
        ("OBX[3=30963-3]-5", ["VXC1"]),
        ("OBX[3]-5[2]", ["V01"]),
        ("OBX[3.1=none]-5", []),
        ("ZZZ-1", []),
    ],
)
def test_values_are_found_by_location(location: str, expected: list[str]) -> None:
    """Every value that is not empty, decoded, byte for byte: leading zeros and HL7 null are values."""
    message = read(TEXT)
    assert expected == message.values(location)
    assert expected == message.values(Location.parse(location))
    assert (expected[0] if expected else "") == message.get(location)


def test_a_field_of_separators_only_is_not_filled() -> None:
    """Asked for as a whole it is empty, in each repetition; parts, segments and MSH-2 are as they are."""
    message = read("MSH|^~\\&|A\rPID|^&^|^~B^~&~\\S\\\r")
    places = ("PID-1", "PID-2", "PID-2.1", "PID", "MSH-2", "MSH-3", "PID-9", "NK1")
    expected = [[], ["B^"], ["B", "&", "^"], ["PID|^&^|^~B^~&~\\S\\"], ["^~\\&"], ["A"], [], []]
    assert expected == [message.filled(place) for place in places]
    assert ["B^"] == message.filled(Location.parse("PID-2"))


def test_occurrences_keep_empty_values_in_their_place() -> None:
    """Where values are compared one by one, an empty one counts."""
    message = read(HEADER + "PID|1||7^A~8~9^C\rPID\r")
    assert ["A", "", "C", ""] == [*message.occurrences("PID-3.2")]


def test_a_segment_gives_fields_repetitions_and_parts() -> None:
    """The fields of one segment, without a location."""
    pid = read(TEXT).named("PID")[0]
    assert ("PID", 1, TEXT.split("\r")[1]) == (pid.id, pid.occurrence, pid.text)
    assert ["PID", "1", ""] == [*pid.fields[:3]]
    assert ["77^^^FAC^MR", "88&X^^^STATE&2.16&ISO^SR"] == pid.repetitions(3)
    assert ("77", "MR", "", "") == (pid.get(3, 1), pid.get(3, 5), pid.get(3, 6), pid.get(40, 1))
    assert "2.16" == pid.part(pid.repetitions(3)[1], 4, 2)
    assert ("O&Brien^Jo\r", "O\\T\\Brien^Jo\\X0D\\~DOE^^") == (pid.get(5), pid.raw(5))


def test_segments_of_a_name_are_counted() -> None:
    """named() gives them in order; their occurrence is what RXA[2] counts; blank lines are no segments."""
    message = read("MSH|^~\\&|\r\rRXA|1\r\rORC|1\rRXA|2\r")
    assert ["MSH", "RXA", "ORC", "RXA"] == [segment.id for segment in message.segments]
    assert [(1, "1"), (2, "2")] == [(segment.occurrence, segment.get(1)) for segment in message.named("RXA")]
    assert [] == message.named("OBX")
    assert message.header is message.segments[0]


def test_batch_headers_count_fields_like_msh() -> None:
    """In FHS and BHS, too, field 1 is the separator."""
    message = read("MSH|^~\\&|A\rBHS|^~\\&|B\r")
    assert ["|", "^~\\&", "B"] == [message.get(f"BHS-{number}") for number in (1, 2, 3)]


def test_own_encoding_characters_are_used_throughout() -> None:
    """Structure and escape sequences follow MSH-1 and MSH-2; the standard characters are plain text there."""
    message = read("MSH#*!?+#A\rPID#1##7*A&B^|~\\+C!8##O?F?x?T?y\r")
    assert ["A&B^|~\\"] == message.values("PID-3[1].2.1")
    assert (["7", "8"], "C", "O#x+y") == (message.values("PID-3.1"), message.get("PID-3.2.2"), message.get("PID-5"))


def test_without_delimiters_nothing_is_split() -> None:
    """What MSH-2 does not name does not occur."""
    message = read("MSH|^|A\rPID|a~b\\T\\c&d^e\r")
    assert ["a~b\\T\\c&d"] == message.values("PID-1.1")
    assert ["e"] == message.values("PID-1.2.1")
    assert [] == message.values("PID-1[2]")


def test_messages_and_segments_show_no_patient() -> None:
    """Their representations, which end up in logs, hold names and numbers of segments and messages only."""
    message = read(TEXT)
    assert "Message(VXU^V04^VXU_V04, control id ID-1)" == repr(message)
    assert "[Segment(RXA[1]), Segment(RXA[2])]" == repr(message.named("RXA"))
    assert "Segment(PID[1])" == repr(Segment("PID|1||7", STANDARD))


def test_a_wrong_location_is_an_error() -> None:
    """Text that is no location is told to whoever wrote it."""
    message = read(TEXT)
    for method in (message.get, message.values, lambda text: message.replace(text, "x")):
        with pytest.raises(LocationError, match=r"^'pid-5' is not a location; "):
            method("pid-5")


@pytest.mark.parametrize(
    ("location", "value", "line"),
    [
        ("ZZZ-2", "x", "ZZZ|a~b^c&d|x|e"),
        ("ZZZ-1", "x", "ZZZ|x~b^c&d||e"),
        ("ZZZ-1", "", "ZZZ|~b^c&d||e"),
        ("ZZZ-1[2]", "x", "ZZZ|a~x||e"),
        ("ZZZ-1[2].1", "x", "ZZZ|a~x^c&d||e"),
        ("ZZZ-1[2].2", "x", "ZZZ|a~b^x||e"),
        ("ZZZ-1[2].2.1", "x", "ZZZ|a~b^x&d||e"),
        ("ZZZ-1[2=c&d].2.2", "x", "ZZZ|a~b^c&x||e"),
        ("ZZZ[1=b]-1[1=b].1", "x", "ZZZ|a~x^c&d||e"),
        ("ZZZ-1[4].3.2", "x", "ZZZ|a~b^c&d~~^^&x||e"),
        ("ZZZ-3.2", "x", "ZZZ|a~b^c&d||e^x"),
        ("ZZZ-6", "x", "ZZZ|a~b^c&d||e|||x"),
        ("ZZZ-2", "1|2^3~4\\5&6\r\n", r"ZZZ|a~b^c&d|1\F\2\S\3\R\4\E\5\T\6\X0D\\X0A\|e"),
        ("ZZZ-2", '""', 'ZZZ|a~b^c&d|""|e'),
    ],
)
def test_one_place_is_replaced(location: str, value: str, line: str) -> None:
    """The value is escaped, what is missing up to it is added, and line ends, prefix and notes stay."""
    text = "\ufeffMSH|^~\\&|A\n\r\nZZZ|a~b^c&d||e\r\nZZZ|other"
    message = read(text)
    changed = message.replace(location, value)
    assert text.replace("ZZZ|a~b^c&d||e", line) == write(changed)
    assert text == write(message)
    assert message.notes == changed.notes


def test_a_header_field_is_replaced_at_its_own_number() -> None:
    """MSH-3 is MSH-3, although MSH-1 is the separator."""
    message = read("MSH|^~\\&|A|B\rFHS|^~\\&|F\r")
    assert "MSH|^~\\&|x|B\rFHS|^~\\&|F\r" == write(message.replace("MSH-3", "x"))
    assert "MSH|^~\\&|A|B\rFHS|^~\\&|F||x\r" == write(message.replace("FHS-5", "x"))


@pytest.mark.parametrize("location", ["PID-1", "PID-1[1]", "PID-1.1", "PID-1[1].1.1", "PID-1[1=a~b&c]"])
def test_without_delimiters_the_first_part_can_be_replaced(location: str) -> None:
    """Where nothing is split, a field is its own first repetition, component and subcomponent."""
    assert "MSH|none|A\rPID|x|d\r" == write(read("MSH|none|A\rPID|a~b&c|d\r").replace(location, "x"))


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("ZZZ-1", "the message has no segment for ZZZ-1"),
        ("PID[2]-1", "the message has no segment for PID[2]-1"),
        ("PID[1=2]-1", "the message has no segment for PID[1.1=2]-1"),
        ("PID-3[1=x]", "the message has no repetition for PID-3[1=x]"),
        ("PID", "PID cannot be replaced; name a field, and not MSH-1 or MSH-2"),
        ("MSH-1", "MSH-1 cannot be replaced; name a field, and not MSH-1 or MSH-2"),
        ("MSH-2", "MSH-2 cannot be replaced; name a field, and not MSH-1 or MSH-2"),
        ("PID-1[2]", "PID-1[2] cannot be replaced; MSH-2 lacks the delimiter for it"),
        ("PID-1.1.2", "PID-1.1.2 cannot be replaced; MSH-2 lacks the delimiter for it"),
    ],
)
def test_what_cannot_be_replaced_is_a_lookup_error(location: str, said: str) -> None:
    """A place that is not there, or that the encoding characters cannot write, is told and never guessed."""
    with pytest.raises(LookupError) as refused:
        read("MSH|^|A\rPID|1\r").replace(location, "x")
    assert (LookupError, said) == (type(refused.value), str(refused.value))


Place = tuple[int, int, int, int, int]


def leaves(message: Message) -> dict[Place, str]:
    """Raw text of every subcomponent that is not empty, by its numbers."""
    marks = message.delimiters
    return {
        (index, field, repetition, component, subcomponent): text
        for index, segment in enumerate(message.segments)
        for field in range(1, len(segment.fields))
        for repetition, whole in enumerate(segment.repetitions(field), 1)
        for component, part in enumerate(_split(whole, "" if _is_encoding(segment, field) else marks.component), 1)
        for subcomponent, text in enumerate(_split(part, marks.subcomponent), 1)
        if text
    }


def _is_encoding(segment: Segment, field: int) -> bool:
    return field <= 2 and segment.id in ("MSH", "FHS", "BHS")


def _split(text: str, mark: str) -> list[str]:
    return text.split(mark) if mark else [text]


characters = 'ab1 |^~\\&#*!?+"\u2028\x85\xe9'
ids = st.sampled_from(["PID", "OBX", "RXA", "MSH", "BHS", "ZZZ"])
numbers = st.integers(1, 4)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A message with any encoding characters and any fields."""
    head = draw(st.sampled_from(["MSH|^~\\&|", "MSH#*!?+#", "MSH||", "MSH|^|", "MSH|^~|", "MSH|^^^^|", "MSH|"]))
    lines = [
        draw(ids) + draw(st.sampled_from("|#")) + draw(st.text(characters)) for _ in range(draw(st.integers(0, 4)))
    ]
    end = draw(st.sampled_from(["\r", "\n", "\r\n", "\r\r"]))
    return read(end.join([head + draw(st.text(characters)), *lines]) + draw(st.sampled_from(["", end])))


@st.composite
def locations(draw: st.DrawFn) -> Location:
    """A location near the start of a segment, by number or by key."""
    maybe = st.none() | numbers
    values = st.sampled_from(["", "a", "b", "1", "ab"])
    by_key, by_repetition_key = draw(st.booleans()), draw(st.booleans())
    component = draw(maybe)
    return Location(
        segment=draw(ids),
        occurrence=None if by_key else draw(maybe),
        key=draw(st.tuples(numbers, numbers, values)) if by_key else None,
        field=draw(numbers),
        repetition=None if by_repetition_key else draw(maybe),
        repetition_key=draw(st.tuples(numbers, values)) if by_repetition_key else None,
        component=component,
        subcomponent=draw(maybe) if component else None,
    )


@settings(deadline=None)
@given(messages(), locations(), st.text())
@example(read("MSH|^~\\&|\rPID|1\r"), Location.parse("PID-1"), "\r\n|^~\\&")
def test_replace_changes_one_place_and_nothing_else(message: Message, location: Location, value: str) -> None:
    """Every other subcomponent of the message reads as before; the place reads as the value."""
    try:
        changed = message.replace(location, value)
    except LookupError:
        return
    before, after = leaves(message), leaves(changed)
    touched = [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)]
    assert len({place[:3] for place in touched}) <= 1
    for index, field, repetition, component, subcomponent in touched:
        segment = message.segments[index]
        assert (location.segment, location.field) == (segment.id, field)
        assert location.occurrence in (None, segment.occurrence)
        assert location.repetition in (None, repetition)
        assert location.component in (None, component)
        assert location.subcomponent in (None, subcomponent)
    assert after == leaves(read(write(changed)))


@settings(deadline=None)
@given(messages(), locations(), st.text())
def test_what_was_replaced_reads_as_the_value(message: Message, location: Location, value: str) -> None:
    """The first segment and repetition that a location without keys leaves open holds the value."""
    where = dataclasses.replace(location, key=None, repetition_key=None)
    try:
        changed = message.replace(where, value)
    except LookupError:
        return
    first = dataclasses.replace(where, occurrence=where.occurrence or 1, repetition=where.repetition or 1)
    assert (value if message.delimiters.escape else message.delimiters.escaped(value)) == changed.get(first)


@settings(deadline=None)
@given(messages(), locations() | st.builds(Location, segment=ids, occurrence=st.none() | numbers))
def test_reading_never_raises(message: Message, location: Location) -> None:
    """Whatever the message and the location, there is a value or none."""
    values = message.values(location)
    assert all(isinstance(value, str) and value for value in values)
    assert values == [value for value in message.occurrences(location) if value]
    assert next(message.occurrences(location), "") == message.get(location)
