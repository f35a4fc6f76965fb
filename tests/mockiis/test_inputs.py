"""HL7 messages in files: every form that is read, piece by piece, and what is said about what is not."""

from __future__ import annotations

import os
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis import inputs
from mockiis.er7 import read_batch
from mockiis.er7.batch import lines_of, parts_of
from mockiis.er7.reader import LEAD
from mockiis.errors import MockIISError
from mockiis.inputs import Found, NotRead, check_names, files, messages, read_messages

ONE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1\r"
TWO = ONE.replace("M1", "M2")


def found(data: bytes | str) -> list[Found | NotRead]:
    """What is in a file with these bytes."""
    return list(messages("f", BytesIO(data.encode() if isinstance(data, str) else data)))


def texts(data: bytes | str) -> list[str]:
    """The messages of a file; nothing else may be in it."""
    items = found(data)
    assert [] == [item for item in items if isinstance(item, NotRead)]
    return [item.text for item in items if isinstance(item, Found)]


def problems(data: bytes | str) -> list[str]:
    """What is told about a file."""
    return [str(item) for item in found(data) if isinstance(item, NotRead)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(ONE, [ONE], id="one"),
        pytest.param(ONE + TWO, [ONE, TWO], id="two"),
        pytest.param(f"FHS|^~\\&\rBHS|^~\\&\r{ONE}{TWO}BTS|2\rFTS|1\r", [ONE, TWO], id="batch"),
        pytest.param(f"\ufeff{ONE}\ufeff{TWO}", [f"\ufeff{ONE}", f"\ufeff{TWO}"], id="files-put-together"),
        pytest.param(f"\x0b{ONE}\x1c\r\x0b{TWO}\x1c\r", [ONE, TWO], id="mllp-capture"),
        pytest.param(f"\x0b{ONE}\x1c\x0b{TWO}\x1c", [ONE, TWO], id="mllp-without-cr"),
        pytest.param(f"\x0b{ONE[:-1]}\x1c\r\n\x0b{TWO}", [ONE[:-1], TWO], id="mllp-with-line-ends"),
        pytest.param(f"\r\n\n{ONE}", [f"\r\n\n{ONE}"], id="blank-lines-first"),
    ],
)
def test_messages_of_a_file(written: str, expected: list[str]) -> None:
    """Envelopes of batches and the bytes of MLLP are left away; the text is otherwise as it was."""

    assert expected == texts(written)


def test_a_message_knows_its_number_and_its_line() -> None:
    """Both count from 1, whatever the line ends."""
    batch = f"FHS|^~\\&\r\nBHS|^~\\&\n\n{ONE}" + TWO.replace("\r", "\r\n")
    places = [(item.index, item.line) for item in found(batch) if isinstance(item, Found)]

    assert [(1, 4), (2, 6)] == places


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", "nothing"),
        ("\r\n \0", "nothing"),
        ("PID|1||DOE\r", "'PID...'"),
        (b"\x7fELF\x02\xff\r\n\x00", "'?EL...'"),
        ("MSH\x7f^~\\&\r", "'MSH...'"),
        ("msh|^~\\&\r", "'msh...'"),
        ("FHS|^~\\&\rFTS|0\r", "'FHS...'"),
    ],
)
def test_a_file_without_messages_is_told(written: bytes | str, shown: str) -> None:
    """Enough is shown to recognize the file, too little to show a patient."""

    assert [f"f: expected HL7 messages that begin with MSH, found {shown}"] == problems(written)


def test_a_record_or_a_scenario_is_sent_to_its_own_commands() -> None:
    """By the end of its name."""
    (told,) = messages("record.yaml", BytesIO(b"patient:\n"))

    assert str(told).endswith("found 'pat...'; records are for mockiis send, scenarios for serve and lint")


def test_what_stands_beside_messages_is_told_and_they_are_read() -> None:
    """Notes before a message, and text between the envelopes of a batch."""
    items = found(f"notes\r{ONE}BTS|1\rrest\r{TWO}")

    assert ["f: expected", "M1", "f: expected", "M2"] == [
        item.text.split("|")[9] if isinstance(item, Found) else str(item)[:11] for item in items
    ]


def test_each_message_is_read_in_its_own_character_set() -> None:
    """MSH-18 of one message says nothing about the next one."""
    latin = ONE.replace("2.5.1", "2.5.1||||||8859/1").replace("PID|1", "PID|1||||Sømmer").encode("latin-1")
    utf8 = TWO.replace("PID|1", "PID|1||||Sømmer").encode()
    wrong = TWO.replace("PID|1", "PID|1||||Sømmer").encode("latin-1")
    items = [item for item in found(latin + utf8 + wrong) if isinstance(item, Found)]

    assert [True, True, True] == ["Sømmer" in item.text for item in items]
    assert [[], [], ["charset-mismatch"]] == [[note.code for note in item.notes] for item in items]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_says_the_character_set_of_all_messages(codec: str) -> None:
    """It beats MSH-18, in the second message of the file too."""
    labelled = TWO.replace("2.5.1", "2.5.1||||||8859/1").replace("PID|1", "PID|1||||Sømmer")
    data = f"\ufeff{ONE}{labelled}".encode(codec)

    assert [f"\ufeff{ONE}", labelled] == texts(data)


def test_bytes_that_are_not_what_the_mark_says_are_replaced_and_noted() -> None:
    """Half a character at the end of a UTF-16 file."""
    (item,) = found(f"\ufeff{ONE}".encode("utf-16-le")[:-1])

    assert isinstance(item, Found)
    assert ["charset-mismatch"] == [note.code for note in item.notes]


@pytest.mark.parametrize("ending", ["\r", ""])
def test_a_message_that_is_too_large_is_told_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """Its text is not kept, however large it is."""
    monkeypatch.setattr(inputs, "LARGEST", 200)
    monkeypatch.setattr(inputs, "_CHUNK", 16)
    large = ONE + "OBX|" + "x" * 10_000 + ending
    items = found(f"{large}\r{TWO}")

    assert ["f: message 1 has more than 200 characters; it is not read"] == [str(items[0])]
    assert [Found(file="f", index=2, line=5 if ending else 4, text=TWO)] == items[1:]


def test_a_part_is_never_longer_than_the_limit() -> None:
    """Neither one line nor many lines, in pieces of any size."""
    for text in ("x" * 1000, "x\r" * 500, ONE + "PID|1\r" * 100, "\r" * 1000):
        pieces = [text[i : i + 7] for i in range(0, len(text), 7)]

        assert max(map(len, parts_of(lines_of(pieces, 50), 50))) <= 50


PIECES = [
    "MSH|^~\\&|",
    "MSH",
    "FHS|",
    "BTS",
    "PID|1",
    "\r",
    "\n",
    "\r\n",
    " ",
    "\x0b",
    "\x1c",
    "\ufeff",
    "é",
    "x",
    "\0",
]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40), size=st.integers(1, 20))
def test_pieces_of_any_size_give_the_same(pieces: list[str], size: int) -> None:
    """However a file is cut when it is read, its parts are the same, and nothing is lost."""
    text = "".join(pieces)
    cut = [text[i : i + size] for i in range(0, len(text), size)]

    assert read_batch(text).parts == tuple(parts_of(lines_of(cut)))
    assert text == "".join(parts_of(lines_of(cut)))


@given(data=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda p: "".join(p).encode()))
def test_no_bytes_raise(data: bytes) -> None:
    """Any file holds messages or is told to hold none."""
    items = found(data)

    assert items
    assert all(item.text.lstrip(LEAD).startswith("MSH") for item in items if isinstance(item, Found))


def test_messages_are_given_before_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of any size takes the memory of a few messages."""
    monkeypatch.setattr(inputs, "_CHUNK", 256)
    stream = BytesIO(ONE.encode() * 1000)
    next(iter(messages("f", stream)))

    assert stream.tell() <= 512


def test_folders_are_read_in_order_and_in_depth(tmp_path: Path) -> None:
    """Other files and hidden folders are left alone; a folder without messages is told."""
    for name in ("b.hl7", "a/c.ER7", "a/d.hl7", ".git/e.hl7", "README.md", "empty/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ONE, encoding="utf-8", newline="")
    (tmp_path / "folder.hl7").mkdir()
    nothing = tmp_path / "empty"

    assert [tmp_path / name for name in ("a/c.ER7", "a/d.hl7", "b.hl7")] == list(files(tmp_path, inputs.MESSAGES))
    assert [f"{nothing}: the folder holds no file that ends in .hl7, .er7"] == list(
        map(str, files(nothing, inputs.MESSAGES))
    )


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder that may not be listed; the names stand in the order given."""
    (tmp_path / "shut").mkdir()
    good = tmp_path / "z.hl7"
    good.write_text(ONE, encoding="utf-8", newline="")
    listed = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    items = list(read_messages(["no-such.hl7", str(tmp_path), "-"], BytesIO(TWO.encode())))

    assert [
        "no-such.hl7: cannot be read: No such file or directory",
        f"{tmp_path / 'shut'}: cannot be read: Permission denied",
    ] == list(map(str, items[:2]))
    assert [(str(good), ONE), ("standard input", TWO)] == [
        (item.file, item.text) for item in items[2:] if isinstance(item, Found)
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    """It is read, and shown with what could be read of it."""
    path = Path(f"{tmp_path}/caf\udce9.hl7")
    path.write_text(ONE, encoding="utf-8", newline="")
    (item,) = read_messages([str(path)], BytesIO())

    assert f"{tmp_path}/caf\ufffd.hl7" == item.file


def test_standard_input_can_be_read_once() -> None:
    """Naming it twice is a mistake."""
    with pytest.raises(MockIISError, match="- stands twice; standard input can be read once"):
        check_names(["-", "a", "-"])
