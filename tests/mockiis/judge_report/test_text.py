"""The report for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockiis.er7 import read
from mockiis.inputs import NotRead
from mockiis.judge_report import Judged, Tally
from mockiis.judge_report.text import PLACES, SHOWN, plain, written
from mockiis.profile.finding import Finding

EXPECTED = """\
a.hl7 #1: VXU^V04^VXU_V04, control id M1, Z22 of ndiis
  Error: Vaccine 1: lot number (RXA[1]-15): The lot number is missing [101, dose rejected]
    also: Vaccine 2: lot number (RXA[2]-15)
    expected: a lot number; found: nothing
    fix: Send it.
    source: IZ-99, guide, p. 1
  Warning: Whole message: The lot number is missing [200, HL70533 5]
    expected: a lot number; found: nothing
    fix: Send it.
    source: IZ-99, guide, p. 1
  Information: Patient sex (PID-8): x {y} [101]
a.hl7 #2: VXU^V04^VXU_V04, control id M1, no profile of ndiis: nothing found
  hl7apy: error: Missing PID
  hl7apy: note: left out
2 messages: 1 with nothing found, 1 with errors; 2 errors, 1 warning, 1 information; 1 input not read
"""


def report(items: Iterable[Judged | NotRead]) -> str:
    """The whole report."""
    tally = Tally("ndiis")
    return "".join(written(tally.counted(items), tally))


def test_the_worst_comes_first_and_the_same_stands_once(items: list[Judged | NotRead]) -> None:
    """A heading for each message, its findings with all that is known, a summary; what was not read is only counted."""

    assert EXPECTED == report(items)


def test_nothing_at_all_is_a_summary_too() -> None:
    """No message, and one input that was not read."""

    assert "0 messages; 1 input not read\n" == report([NotRead(file="f", reason="r")])
    assert "0 messages\n" == report([])


def test_the_patient_is_not_shown(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> None:
    """Of PID only the value that is wrong."""
    text = report([judged(finding("PID-3.1", found="7"), opinions=())])

    assert "found: 7" in text
    assert "DOE" not in text
    assert "JANE" not in text


def test_what_differs_is_said_at_each_place(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> None:
    """The same finding about two values."""
    text = report([judged(finding("RXA[1]-15", found="A"), finding("RXA[2]-15", found="B"))])

    assert "    also: Vaccine 2: lot number (RXA[2]-15), found: B\n    expected: a lot number; found: A\n" in text


def test_a_source_that_begins_with_the_statement_says_it_once(
    judged: Callable[..., Judged], finding: Callable[..., Finding]
) -> None:
    """Statement and source are told in one line; either may be missing."""
    pairs = [("V2", "V2, Q2: as in 1.4"), ("V3", ""), ("", "guide")]
    text = report([judged(*(finding(statement=statement, source=source) for statement, source in pairs))])

    assert ["V2, Q2: as in 1.4", "V3", "guide"] == [
        line.removeprefix("    source: ") for line in text.splitlines() if "source:" in line
    ]


def test_a_flood_of_findings_is_cut_and_counted(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> None:
    """A hopeless message takes a page, not a book."""
    places = [finding(f"OBX[{n}]-5", text="same") for n in range(1, PLACES + 4)]
    kinds = [finding("PID-3", "W", text=f"{n}") for n in range(SHOWN + 1)]
    text = report([judged(*places, *kinds)])

    assert "    also: 2 places more\n" in text
    assert "  ... and 0 errors, 2 warnings, 0 information more\n" in text
    assert f"; {PLACES + 3} errors, {SHOWN + 1} warnings, 0 information\n" in text


def test_a_header_without_anything_is_said(judged: Callable[..., Judged]) -> None:
    """No type, no control id, no profile."""

    assert report([judged(message=read("MSH|^~\\&\r"), profile="")]).startswith(
        "a.hl7 #1: no type, control id missing, no profile of ndiis: nothing found\n"
    )


def test_nothing_that_a_terminal_would_obey_is_printed(
    judged: Callable[..., Judged], finding: Callable[..., Finding]
) -> None:
    """Escape sequences in a value or a name are not carried out, and long values are cut."""
    text = report([judged(finding("PID-3", found="\x1b[2J\r\n", text="y" * 1000), file="\x1b]0;x\x07.hl7")])

    assert {"\n"} == {character for character in text if not character.isprintable()}
    assert "found: ?[2J??" in text
    assert "y" * 401 not in text
    assert "y" * 400 + "..." == plain("y" * 1000)
