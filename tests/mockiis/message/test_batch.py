"""The envelope around the answers of a batch."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from mockiis.er7 import read_batch
from mockiis.message.batch import batch_reply, members

NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
STAMP = "20240102030405+0000"
ONE = "MSH|^~\\&|A|B|C|D|||VXU^V04|1\rPID|1\r"
TWO = "MSH|^~\\&|A|B|C|D|||VXU^V04|2\r"


def reply(header: str, *answers: str) -> list[str]:
    """The segments of the reply to a batch with that header."""
    numbers = count(1)
    text = batch_reply(read_batch(header + ONE + "BTS|1\r"), answers, NOW, lambda: f"R{next(numbers)}")
    assert text.endswith("\r")
    return text[:-1].split("\r")


def test_each_header_answers_its_own() -> None:
    """Sender and receiver change places in each, field 12 refers to field 11, and the control ids differ."""
    headers = "FHS|^~\\&|HUB|H1|IIS|ND|2024||f.hl7||F77\rBHS|^~\\&|EHR|C1|NDIIS|ND0000|2024||b||B88\r"

    assert [
        f"FHS|^~\\&|IIS|ND|HUB|H1|{STAMP}||||R1|F77",
        f"BHS|^~\\&|NDIIS|ND0000|EHR|C1|{STAMP}||||R2|B88",
        "answer",
        "BTS|1",
        "FTS|1",
    ] == reply(headers, "answer\r")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("BHS|^~\\&|EHR|C1|IIS|ND\r", [f"BHS|^~\\&|IIS|ND|EHR|C1|{STAMP}||||R1", "BTS|0"]),
        ("BHS|\n", [f"BHS|^~\\&|||||{STAMP}||||R1", "BTS|0"]),
        ("BHS#*!?+#E|R#C*1#I\\S#ND\r", [f"BHS|^~\\&|I\\E\\S|ND|E\\F\\R|C^1|{STAMP}||||R1", "BTS|0"]),
        (
            "\ufeffFHS|^~\\&|EHR|C1|IIS|ND\r",
            [f"FHS|^~\\&|IIS|ND|EHR|C1|{STAMP}||||R1", f"BHS|^~\\&|IIS|ND|EHR|C1|{STAMP}||||R2", "BTS|0", "FTS|1"],
        ),
    ],
)
def test_the_envelope_is_the_one_of_the_request(header: str, expected: list[str]) -> None:
    """A file level only when it came with one; any separators, any length; FHS stands for a BHS that is missing."""
    assert expected == reply(header)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE + TWO, [ONE, TWO]),
        (ONE + "MSH\r" + TWO, [ONE, "MSH\r", TWO]),
        (ONE + "MSH\rPID|1\r", [ONE, "MSH\rPID|1\r"]),
        (ONE + "MSH", [ONE, "MSH"]),
        (ONE.replace("\r", "\r\n") + "MSH\r\n", [ONE.replace("\r", "\r\n"), "MSH\r\n"]),
        (ONE + "NTE|MSH\rMSHX\r", [ONE + "NTE|MSH\rMSHX\r"]),
    ],
)
def test_a_header_without_a_separator_begins_a_member(text: str, expected: list[str]) -> None:
    """It is no segment of the message before it, whose AA would cover what nobody read."""
    assert expected == members(read_batch(f"BHS|^~\\&\r{text}"))
