"""What is about a patient does not survive; what says how the interface behaves does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import read
from mockiis.inputs import Found, read_messages
from mockiis.journal_report.kept import CODED_OBSERVATIONS, DATED_OBSERVATIONS, KEPT
from mockiis.journal_report.masking import masked

HEADER = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403101530-0600||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS"


def one(line: str) -> str:
    """A segment after masking."""
    return masked(f"{HEADER}\r{line}\r").split("\r")[1]


def test_the_header_is_kept() -> None:
    """All of it but the security field and what nobody fills."""
    assert f"{HEADER}\r" == masked(f"{HEADER}\r")
    assert "MSH|^~\\&|A|B|C|D|2024|***|VXU" == masked("MSH|^~\\&|A|B|C|D|2024|secret|VXU")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("PID|1||A100^^^CLINIC1^MR~5^^^ND^SR", "PID|1||***^^^CLINIC1^MR~***^^^ND^SR"),
        ("PID|1||||Doe^Kim^^^^^L|Roe|20240105|F", "PID|1||||***^***^^^^^L|***|***|***"),
        ('PID|1||||""||""', 'PID|1||||""||""'),
        ("PID|1||||Doe&of&many^Kim", "PID|1||||***^***"),
        ("RXA|0|1|20240305||08^Hep B^CVX|0.5|mL", "RXA|0|1|2024****||08^***^CVX|0.5|mL"),
        ("RXA|0|1|5 March 2024||08&Doe^Hep B^CVX", "RXA|0|1|***||***^***^CVX"),
        ("RXA|||20240305101530.1234-0600^D", "RXA|||2024****^***"),
        ("OBX|1|CE|64994-7^elig^LN|1|V01^not^HL70064", "OBX|1|CE|64994-7^***^LN|1|V01^***^HL70064"),
        ("OBX|1|ST|31044-1^reaction^LN|1|fever", "OBX|1|ST|31044-1^***^LN|1|***"),
        ("OBX|1|DT|29769-7^given^LN|1|20240305", "OBX|1|DT|29769-7^***^LN|1|2024****"),
        ("MSA|AE|M1|Kim Doe", "MSA|AE|M1|***"),
        ("ERR||PID^1^5^1^2|101^no^HL70357|E|6^n^HL70533||Kim", "ERR||PID^1^5^1^2|101^***^HL70357|E|6^***^HL70533||***"),
        ("ERR||PID^Kim^Doe", "ERR||PID^***^***"),
        ("ERR|PID^1^7^101&Kim&HL70357", "ERR|PID^1^7^***"),
        ("QAK|Q1|OK|Z34^Request^CDC", "QAK|Q1|OK|Z34^***^CDC"),
        ("QPD|Z34^x^CDC|Q1|A100^^^C^MR|Doe^Kim", "QPD|Z34^***^CDC|Q1|***^^^C^MR|***^***"),
        ("ZPD|1|Doe", "***|***|***"),
        ("DOE|KIM", "***|***"),
        ("and cried", "***"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_segment(line: str, kept: str) -> None:
    """Codes and structure; a segment that nobody knows is a line of text."""
    assert kept == one(line)


@pytest.mark.parametrize("text", ["", "Kim Doe", "hello\rKim", "MSH", "MSH|^~\\&"])
def test_what_is_no_message(text: str) -> None:
    """Nothing of it is left; an empty one is empty."""
    assert "Kim" not in masked(text)
    assert "Doe" not in masked(text)
    assert bool(text) == bool(masked(text))


def test_a_batch_and_other_delimiters() -> None:
    """Each header says how the segments after it are written; line ends stay as they came."""
    text = "FHS|^~\\&|A|B\nBHS|^~\\&|A|B|C|D|2024||Kim\nMSH#*~\\&#A#B\nPID#1##A100***C*MR##Doe*Kim\nBTS|1|Kim\n"

    assert "FHS|^~\\&|A|B\nBHS|^~\\&|A|B|C|D|2024||***\nMSH#*~\\&#A#B\nPID#1##xxx***C*MR##xxx*xxx\nxxx\n" == masked(
        text
    )


def test_lines_before_a_header_and_delimiters_too_many() -> None:
    """Neither hides a value."""
    assert masked("Kim\rMSH|^~\\&|A\r").startswith("***\rMSH|")
    assert "Kim" not in masked("MSH|^~\\&#Kim|A\rPID|1||Kim\r")


SECRET = st.from_regex("ZQ[a-z]{3,8}7", fullmatch=True)
_OBSERVED = sorted(CODED_OBSERVATIONS | DATED_OBSERVATIONS)


@given(
    segment=st.sampled_from([*KEPT, "ZPD", "Kim"]),
    fields=st.lists(st.lists(SECRET | st.just(""), min_size=1, max_size=8), min_size=1, max_size=30),
    observed=st.sampled_from([*_OBSERVED, "31044-1"]),
)
def test_no_value_of_a_masked_field_survives(segment: str, fields: list[list[str]], observed: str) -> None:
    """Whichever component or repetition it stands in; and the structure stays the same."""
    line = "|".join([segment, *("^".join(parts) for parts in fields)])
    if segment == "OBX":
        line = "|".join(["OBX", "1", "CE", f"{observed}^x^LN", *("^".join(parts) for parts in fields)])
    if segment in ("MSH", "FHS", "BHS"):
        line = "|".join([segment, "^~\\&", *("^".join(parts) for parts in fields)])
    message = f"{HEADER}\r{line}\r"
    after = masked(message)

    for number, (text, left) in enumerate(zip(_values(message), _values(after), strict=True)):
        name, field, component, value = text
        keep = KEPT.get(name, {}).get(field)
        allowed = keep is not None and (keep.how in ("whole", "location") or component in keep.components)
        if (name, field) == ("OBX", 5):
            allowed = observed in CODED_OBSERVATIONS and component in (1, 3, 4, 6)
        if value.startswith("ZQ") and not allowed:
            assert "***" == left[3], (number, text, left)
        elif value.startswith("ZQ"):
            assert left[3] in (value, "***")


def _values(text: str) -> list[tuple[str, int, int, str]]:
    """Every component with its place."""
    return [
        (segment.id, field, component, part)
        for segment in read(text).segments
        for field in range(1, len(segment.fields))
        for repetition in segment.repetitions(field)
        for component, part in enumerate(repetition.split("^"), 1)
        if not segment.names_delimiters(field)
    ]


@given(st.text() | st.text().map(lambda text: HEADER + text))
def test_anything_can_be_masked(text: str) -> None:
    """It never raises, and a second time changes nothing."""
    once = masked(text)

    assert once == masked(once)
    assert len(re.findall("\r\n|\r|\n", text)) == len(re.findall("\r\n|\r|\n", once))


NAMES = ("PID-3.1", "PID-5.1", "PID-5.2", "PID-6.1", "PID-7", "PID-11.1", "PID-11.3", "PID-11.5", "PID-13.7")
NAMES += ("NK1-2.1", "NK1-2.2", "NK1-4.1", "NK1-5.7", "RXA-10.2", "RXA-10.3", "QPD-3.1", "QPD-4.1", "QPD-6", "ORC-12.2")


def test_the_examples_hold_nothing_of_a_patient(data: Path) -> None:
    """Names, numbers, dates, addresses of the messages that NDIIS prints, wherever they stand."""
    folders = ("ndiis-examples", "ndiis-examples-1.4")
    found = [
        item
        for folder in folders
        for item in read_messages([str(data / folder)], None)  # type: ignore[arg-type]
        if isinstance(item, Found)
    ]
    assert len(found) > 10
    for item in found:
        message, left = read(item.text), masked(item.text)
        header = left.splitlines()[0] + left.splitlines()[-1]
        for name in NAMES:
            for value in message.values(name):
                assert len(value) < 4 or value not in left.replace(header, "").replace(message.header.text, ""), name
