"""What to send, from files: every form that is read, and what is said about what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from mockiis.errors import MockIISError
from sender.files import Stamps, Submission, read_submissions, repeated

ONE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1\r"
TWO = ONE.replace("M1", "M2")
UNSENDABLE = "which cannot be sent; take it out or write \\Xhh\\"
DATE = "write YYYY-MM-DD, for example 2014-10-27"
QUERY = "query: Z34\npatient: {identifiers: {id: 1, type: SR, authority: NDIIS}}\n"


def nothing() -> bytes:
    """No standard input."""
    raise AssertionError("standard input was read")


@pytest.fixture
def stamps() -> Stamps:
    """Control ids C1, C2 and so on; a time that stands still."""
    numbers = count(1)
    return Stamps(control_id=lambda: f"C{next(numbers)}", time=lambda: datetime(2024, 5, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(ONE, [ONE], id="cr"),
        pytest.param(ONE.replace("\r", "\n"), [ONE], id="lf"),
        pytest.param(ONE.replace("\r", "\r\n"), [ONE], id="crlf"),
        pytest.param(ONE.rstrip("\r"), [ONE], id="no-last-cr"),
        pytest.param("\ufeff\n" + ONE + "\n\n", [ONE], id="mark-and-blank-lines"),
        pytest.param(ONE + TWO, [ONE, TWO], id="two"),
        pytest.param(f"FHS|^~\\&\rBHS|^~\\&\r{ONE}{TWO}BTS|2\rFTS|1\r", [ONE, TWO], id="batch"),
        pytest.param(f"\x0b{ONE}\x1c\r\x0b{TWO}\x1c\r", [ONE, TWO], id="captured-mllp-blocks"),
    ],
)
def test_reads_messages_with_any_line_ends(tmp_path: Path, stamps: Stamps, written: str, expected: list[str]) -> None:
    """What goes out has CR line ends, one submission a message."""
    file = tmp_path / "a.hl7"
    file.write_bytes(written.encode())
    found = read_submissions([str(file)], stamps, nothing)
    assert expected == [submission.message for submission in found]
    names = [str(file)] if len(expected) == 1 else [f"{file}#1", f"{file}#2"]
    assert names == [submission.source for submission in found]
    assert ["M1", "M2"][: len(expected)] == [submission.control_id for submission in found]


def test_makes_messages_from_records(tmp_path: Path, stamps: Stamps) -> None:
    """A record becomes a message with the next control id."""
    for name in ("a.yaml", "b.YML"):
        (tmp_path / name).write_text(QUERY, encoding="utf-8")
    (tmp_path / "c.json").write_text('{"query": "Z44", "patient": {"sex": "F"}}', encoding="utf-8")
    found = read_submissions([str(tmp_path)], stamps, nothing)
    assert [submission.control_id for submission in found] == ["C1", "C2", "C3"]
    assert all(submission.message.startswith("MSH|^~\\&|") for submission in found)


def test_reads_folders_in_order_and_in_depth(tmp_path: Path, stamps: Stamps) -> None:
    """Messages and records of a folder and its subfolders; other files and hidden folders are left alone."""
    for name in ("b.hl7", "a/c.er7", "a/d.hl7", ".git/e.hl7", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ONE, encoding="utf-8", newline="")
    found = read_submissions([str(tmp_path)], stamps, nothing)
    expected = [str(tmp_path / "a" / "c.er7"), str(tmp_path / "a" / "d.hl7"), str(tmp_path / "b.hl7")]
    assert expected == [submission.source for submission in found]


@pytest.mark.parametrize(("given", "control_id"), [(ONE, "M1"), (QUERY, "C1"), ("  \r\n" + ONE, "M1")])
def test_reads_standard_input(stamps: Stamps, given: str, control_id: str) -> None:
    """Standard input is a message or a record, whichever it looks like."""
    expected = [("standard input", control_id)]
    found = read_submissions(["-"], stamps, given.encode)
    assert expected == [(submission.source, submission.control_id) for submission in found]


def test_keeps_what_was_odd_about_the_bytes(tmp_path: Path, stamps: Stamps) -> None:
    """Text that is not in the character set of MSH-18 is read, and remarked on."""
    file = tmp_path / "a.hl7"
    file.write_bytes(ONE.replace("PID|1", "PID|1||||Sömmer").encode("latin-1"))
    (found,) = read_submissions([str(file)], stamps, nothing)
    assert "Sömmer" in found.message
    assert found.remarks == ("the bytes are not utf-8, which MSH-18 implies; read as latin-1",)


def test_remarks_on_a_missing_control_id(tmp_path: Path, stamps: Stamps) -> None:
    """Such a message is sent all the same; a registry has to say what is missing."""
    file = tmp_path / "a.hl7"
    file.write_text(ONE.replace("M1", ""), encoding="utf-8", newline="")
    (found,) = read_submissions([str(file)], stamps, nothing)
    expected = ("", ("MSH-10 is empty, so an answer cannot be told from one to another message",))
    assert expected == (found.control_id, found.remarks)


def test_tells_every_problem_at_once(tmp_path: Path, stamps: Stamps) -> None:
    """Nothing is sent before all of it can be read, so all that cannot be is told together."""
    files = {
        "a.hl7": "PID|1||DOE\r",
        "b.hl7": "",
        "c.hl7": ONE.replace("PID|1", "PID|\x02"),
        "d.yaml": "query: Z34\npatient: {birth_date: 19981912}\n",
        "e.hl7": "notes\r" + ONE,
        "g.hl7": "MSH\x7f^~\\&\r",
        "good.hl7": ONE,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    (tmp_path / "f.yaml").write_bytes(b"query: \xff")
    (tmp_path / "empty").mkdir()
    names = [*(str(tmp_path / name) for name in (*files, "f.yaml", "empty")), "no-such.hl7"]
    with pytest.raises(MockIISError) as caught:
        read_submissions(names, stamps, nothing)
    at = tmp_path
    expected = [
        f"{at / 'a.hl7'}: expected HL7 messages that begin with MSH, found 'PID...'",
        f"{at / 'b.hl7'}: expected HL7 messages that begin with MSH, found nothing",
        f"{at / 'c.hl7'}: segment 2 (PID) holds U+0002 at character 5, {UNSENDABLE}",
        f"{at / 'd.yaml'}:2:11: patient.birth_date: '19981912' is not a real date; {DATE}",
        f"{at / 'e.hl7'}: expected HL7 messages that begin with MSH, found 'not...'",
        f"{at / 'g.hl7'}: expected HL7 messages that begin with MSH, found 'MSH...'",
        f"{at / 'f.yaml'}:1:1: is not UTF-8 text (byte 8)",
        f"{at / 'empty'}: the folder holds no file that ends in .hl7, .er7, .yaml, .yml, .json",
        "no-such.hl7: cannot be read: No such file or directory",
    ]
    assert expected == str(caught.value).splitlines()


def test_standard_input_can_be_read_once(stamps: Stamps) -> None:
    """Naming it twice is a mistake."""
    with pytest.raises(MockIISError, match="- stands twice; standard input can be read once"):
        read_submissions(["-", "-"], stamps, nothing)


def test_finds_control_ids_that_stand_in_several_messages() -> None:
    """A registry may take the second message with the same control id for a repeat."""
    found = [Submission(source=name, message="", control_id=name[0]) for name in ("a1", "b1", "a2", "c1", "a3")]
    found += [Submission(source="x", message="", control_id="")] * 2
    assert repeated(found) == ["a"]
