"""The files of the code sets: the shipped ones, and how a user's own are read."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.errors import MockIISError
from mockiis.profile.code_tables import TABLES, Table, own_rows, parse, rows, shipped_rows, written

CVX = TABLES["cvx"]
HEADING = "code,name,full_name,status,last_updated,notes\n"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_shipped_file_is_what_a_user_may_write(table: Table) -> None:
    """The same reader takes it, and writes it the same byte for byte."""
    text = files("mockiis.profile").joinpath("data", "codes", table.file).read_text(encoding="utf-8")
    found = parse(text, table, table.file)
    assert list(shipped_rows(table.name)) == found
    assert text == written(table, found)


def test_shipped_codes_are_whole() -> None:
    """As many as CDC published; each CVX and MVX once; every code that a table mentions exists."""
    shipped = {name: shipped_rows(name) for name in TABLES}
    counts = {name: len(found) for name, found in shipped.items()}
    assert {
        "cvx": 288,
        "mvx": 89,
        "vaccine_group": 256,
        "trade_name": 222,
        "ndc_use": 509,
        "ndc_sale": 560,
        "vis": 174,
    } == counts
    cvx, mvx = ({row["code"] for row in shipped[name]} for name in ("cvx", "mvx"))
    assert (288, 89) == (len(cvx), len(mvx))
    statuses = Counter(row["status"] for row in shipped["cvx"])
    assert {"Active": 113, "Inactive": 118, "Non-US": 39, "Never Active": 18} == statuses
    mentioned = {code for name in TABLES for row in shipped[name] for code in row.get("cvx", "").split("|") if code}
    assert set() == (mentioned | {row["group_cvx"] for row in shipped["vaccine_group"]}) - cvx
    assert set() == {
        code for name in TABLES for row in shipped[name] for code in row.get("mvx", "").split("|")
    } - mvx - {""}


def test_the_readme_counts_the_rows() -> None:
    """The page beside the files says how many rows each has."""
    page = files("mockiis.profile").joinpath("data", "codes", "README.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{table.file}`"))
        assert str(len(shipped_rows(table.name))) == line.split("|")[4].strip()


def test_own_rows_stand_in_place_of_shipped_ones(tmp_path: Path) -> None:
    """All rows about a code are replaced, where they stood; new codes come last; columns may stand in any order."""
    (tmp_path / "vaccine_group.csv").write_text("group_cvx,cvx,group\n107,22,DTAP\n 998 ,999,None\n", encoding="utf-8")
    table = TABLES["vaccine_group"]
    found = rows(table, tmp_path)
    assert [("22", "DTAP")] == [(row["cvx"], row["group"]) for row in found if row["cvx"] == "22"]
    assert {"cvx": "999", "group": "None", "group_cvx": "998"} == found[-1]
    assert len(shipped_rows("vaccine_group")) == len(found)
    assert rows(TABLES["mvx"], tmp_path) == list(shipped_rows("mvx"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "own.csv:1: there is no column code; the columns are code,name,full_name,status,last_updated,notes"),
        ("name,status\nMMR,Active\n", "own.csv:1: there is no column code; the columns are"),
        (HEADING + "03,MMR,,Active,,,,\n", "own.csv:2: 8 cells under 6 headings; put a text with a comma in quotes"),
        (HEADING + "\n3,MMR,,Active,,\n", "own.csv:3: code '3' is not a CVX code (two or three digits, such as 03)"),
        (HEADING + "03, ,,Active,,\n", "own.csv:2: name '' is not a name"),
        (
            HEADING + "03,MMR,,active,,\n",
            "own.csv:2: status 'active' is none of Active, Inactive, Non-US, Never Active, Pending",
        ),
        (HEADING + '03,"MMR\n', "own.csv:2: unexpected end of data"),
    ],
)
def test_an_own_file_that_cannot_be_read_says_where_and_why(text: str, expected: str) -> None:
    """File, line, and what was expected."""
    with pytest.raises(MockIISError) as caught:
        parse(text, CVX, "own.csv")
    assert str(caught.value).startswith(expected)


def test_an_own_file_must_be_utf_8(tmp_path: Path) -> None:
    """What a spreadsheet saves in another encoding is refused with the way to mend it."""
    (tmp_path / "mvx.csv").write_bytes(b"code,name,status\nZZZ,M\xe9rieux,Active\n")
    with pytest.raises(MockIISError, match=r"mvx.csv: is not UTF-8 text \(byte 23\); save it as CSV UTF-8"):
        own_rows(TABLES["mvx"], tmp_path)


def test_an_own_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason of the system."""
    (tmp_path / "mvx.csv").touch()

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(MockIISError, match=r"mvx.csv: cannot be read: Permission denied"):
        own_rows(TABLES["mvx"], tmp_path)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('codename,03\n\r"|Active é\0'), max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    """Nothing but MockIISError leaves the reader, and what it takes it writes again the same."""
    try:
        found = parse(f"code,name,status\n{text}", CVX, "own.csv")
    except MockIISError as error:
        refusal = str(error)
    else:
        refusal = "own.csv:"
        assert found == parse(written(CVX, found), CVX, "own.csv")
    assert refusal.startswith("own.csv:")
