"""``mockiis codes`` as people and scripts use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mockiis.cli.codes import codes
from mockiis.errors import MockIISError

MAPPING = """Local code,Description,CVX,MVX,NDC
HEPB-P,"Hep B, pediatric",08,MSD,00006-4981-00
MMR,M-M-R II,3,MSD,
HEPB,Hep B,45,,
"""
CVX = "03|MMR|measles, mumps and rubella virus vaccine||Inactive|False|2031/03/01\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own for each test."""
    monkeypatch.setenv("MOCKIIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "home"


def run(*arguments: str) -> tuple[int, str]:
    """Exit code, and the output without the lines of tables and runs of blanks; or the sentence of an error."""
    result = CliRunner().invoke(codes, list(arguments))
    if isinstance(result.exception, MockIISError):
        return 2, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, "\n".join(" ".join(line.replace("│", " ").split()) for line in result.output.splitlines())


def as_json(*arguments: str) -> tuple[int, Any]:
    """Exit code, and what the JSON says."""
    code, output = run(*arguments, "--format", "json")
    return code, json.loads(output)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("03", ["CVX 03: MMR", "status Active: for new and historical doses", "trade name M-M-R II (MSD, Active)"]),
        ("01", ["CVX 01: DTP", "status Inactive: for historical doses only", "vaccine group DTAP (CVX 107)"]),
        ("45", ["status Inactive: does not say which product; for historical doses only"]),
        ("57", ["status Never Active: for no dose"]),
        ("998", ["status Inactive: legal on the wire all the same"]),
        ("MSD", ["MVX MSD: Merck and Co., Inc.", "makes M-M-R II (CVX 03, Active)"]),
        ("CON", ["MVX CON: Connaught", "status Inactive: for historical doses only"]),
        ("0006-4681-00", ["NDC 00006-4681-00: M-M-R II", "vaccine CVX 03 (MMR), Active", "contains 00006-4681-01"]),
        ("00300064681000", ["NDC 00006-4681-00: M-M-R II", "on the package 0006-4681-00"]),
        ("hepb", ["Vaccine group HepB", "stands for it CVX 45"]),
        ("pediarix", ["Trade name PEDIARIX", "manufacturer MVX SKB (GlaxoSmithKline)"]),
        ("253088698300012711250131", ["edition 2025-01-31", "status Current", "vaccine CVX 03 (MMR), Active"]),
        ("V02", ["HL70064 V02: VFC eligible - Medicaid/Medicaid Managed Care"]),
        ("MO", ["HL70163 MO: Mouth", "where of NDIIS only"]),
        ("V22", ["where not accepted by NDIIS"]),
        ("00", ["NIP001 00: New immunization record", "NIP002 00: Parental decision"]),
        ("3", ["HL70533 3: Illogical Value error", "3 is no CVX code; did you mean CVX 03 (MMR)?"]),
    ],
)
def test_show_says_what_a_code_is(code: str, expected: list[str]) -> None:
    """In every set it occurs in."""
    exit_code, output = run("show", code)
    assert 0 == exit_code
    assert [] == [line for line in expected if line not in output.splitlines()], output


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("003", "003 is in no code set; did you mean CVX 03 (MMR)?"),
        ("GSK", "GSK is in no code set; did you mean MVX SKB (GlaxoSmithKline)?"),
        ("Hep-B, adult", "Hep-B, adult is in no code set; did you mean CVX 43 (Hep B, adult), "),
        ("99999-9999-99", "99999-9999-99 is in no code set"),
        ("x\x1b[31m", "x?[31m is in no code set"),
    ],
)
def test_show_names_the_nearest_code(code: str, expected: str) -> None:
    """A code that is in no set is the answer no."""
    exit_code, output = run("show", code)
    assert 1 == exit_code
    assert output.startswith(expected)


def test_show_gives_json() -> None:
    """One object, with every set the code is in."""
    exit_code, found = as_json("show", "03")
    entry = found["found"][0]
    assert (0, "03", "") == (exit_code, found["code"], found["hint"])
    assert ("cvx", "MMR", "for new and historical doses") == (entry["set"], entry["name"], entry["use"])
    assert {"M-M-R II", "Priorix"} == {name["name"] for name in entry["trade_names"]}
    assert "00006-4681-00" in {product["ndc"] for product in entry["products"]}
    assert (1, {"code": "003", "hint": "did you mean CVX 03 (MMR)?", "found": []}) == as_json("show", "003")


def test_list_says_which_sets_there_are() -> None:
    """With their rows and newest change."""
    exit_code, output = run("list")
    assert 0 == exit_code
    assert "cvx Vaccines administered (CVX) 288 2025-11-19" in output.splitlines()
    assert ["cvx", "mvx", "groups", "trade-names", "ndc", "ndc", "vis", "tables"] == [
        entry["set"] for entry in as_json("list")[1]
    ]


@pytest.mark.parametrize(
    ("arguments", "line", "count"),
    [
        (["cvx"], "03 MMR Active MMR", "288 of 288"),
        (["cvx", "--active"], "03 MMR Active MMR", "113 of 288"),
        (["cvx", "hep", "B", "--active"], "08 Hep B, adolescent or pediatric Active HepB", "8 of 288"),
        (["mvx", "merck", "--active"], "MSD Merck and Co., Inc. Active", "2 of 89"),
        (["ndc", "M-M-R"], "00006-4681-00 0006-4681-00 M-M-R II 03 MSD sale 1971-04-21", "5 of 1000"),
        (["groups", "rota"], "ROTAVIRUS 122 74 116 119 122", "1 of 38"),
        (["trade-names", "pentacel"], "PENTACEL 120 PMC Active", "1 of 222"),
        (["vis", "mmr", "--active"], "253088698300012711250131 MMR", "2 of 174"),
        (["hl70163"], "LT Left Thigh HL70163", "14 of 14"),
        (["HL70064", "--active"], "V07 Local-specific eligibility HL70064 of NDIIS only", "6 of 10"),
        (["cvx", "no-such-word"], "", "0 of 288"),
    ],
    ids=" ".join,
)
def test_list_shows_a_set(arguments: list[str], line: str, count: str) -> None:
    """All of it, the active codes, or what holds every word."""
    exit_code, output = run("list", *arguments)
    assert (0, count) == (exit_code, output.splitlines()[-1])
    assert any(found.startswith(line) for found in output.splitlines()), output
    assert int(count.partition(" ")[0]) == len(as_json("list", *arguments)[1])


def test_list_names_the_nearest_set() -> None:
    """And all of them when none is near."""
    assert (2, "there is no set trade-name; did you mean trade-names?") == run("list", "trade-name")
    assert run("list", "HL79999")[1].startswith("there is no set HL79999; there are cvx, mvx, ndc, ")


def test_check_judges_a_mapping(tmp_path: Path) -> None:
    """Each remark with file, line, severity, and what was expected; exit code 1 for an error."""
    file = tmp_path / "mapping.csv"
    file.write_text(MAPPING, encoding="utf-8")
    exit_code, output = run("check", str(file))
    assert 1 == exit_code
    lines = output.splitlines()
    assert f"{file}:3: error: MMR: CVX 3 is not a code" == lines[0]
    assert "write 03 (MMR); spreadsheets drop the zero in front" == lines[1]
    assert lines[2].startswith(f"{file}:4: warning: HEPB: CVX 45 (Hep B, unspecified formulation) does not say")
    assert "3 rows: 1 right, 1 with warnings only, 1 with errors" == lines[-1]


def test_check_is_content_with_warnings(tmp_path: Path) -> None:
    """They leave the exit code at 0."""
    file = tmp_path / "mapping.csv"
    file.write_text(MAPPING.replace(",3,", ",03,"), encoding="utf-8")
    exit_code, output = run("check", str(file))
    assert (0, "3 rows: 2 right, 1 with warnings only, 0 with errors") == (exit_code, output.splitlines()[-1])


def test_check_gives_json(tmp_path: Path) -> None:
    """One object with remarks and a summary."""
    file = tmp_path / "mapping.csv"
    file.write_text(MAPPING, encoding="utf-8")
    exit_code, found = as_json("check", str(file))
    assert (1, {"rows": 3, "right": 1, "warnings": 1, "errors": 1}) == (exit_code, found["summary"])
    assert {
        "line": 3,
        "local": "MMR",
        "severity": "error",
        "kind": "unknown",
        "found": "3",
        "text": "CVX 3 is not a code",
        "expected": "write 03 (MMR); spreadsheets drop the zero in front",
    } == found["remarks"][0]


def test_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """They are shown as question marks."""
    file = tmp_path / "mapping.csv"
    file.write_text("code,cvx\nA\x1b]0;title\x07,777\n", encoding="utf-8")
    output = run("check", str(file))[1]
    assert "A?]0;title?: CVX 777 is not a code" in output


def test_update_brings_a_table_in(tmp_path: Path, home: Path) -> None:
    """The folder is made; what changes is told; the code is then what CDC says."""
    file = tmp_path / "cvx.txt"
    file.write_text(CVX, encoding="utf-8")
    exit_code, output = run("update", str(file))
    assert 0 == exit_code
    assert "cvx 03 MMR status: Active -> Inactive" in output.splitlines()
    assert ["cvx: 0 added, 1 changed, 0 as before", f"Your own tables are in {home / 'codes'}"] == output.splitlines()[
        -2:
    ]
    assert "status Inactive: for historical doses only" in run("show", "03")[1].splitlines()
    assert "cvx Vaccines administered (CVX) 288 2031-03-01 1" in run("list")[1].splitlines()
    assert (0, "cvx: 0 added, 0 changed, 1 as before\nNothing changes") == run("update", str(file))


def test_update_remarks_on_an_older_table(tmp_path: Path) -> None:
    """On standard error; it is brought in all the same."""
    file = tmp_path / "cvx.txt"
    file.write_text(CVX.replace("2031", "2001"), encoding="utf-8")
    result = CliRunner().invoke(codes, ["update", str(file)])
    assert 0 == result.exit_code
    assert f"mockiis: {file} is older than the table in use: its last change is of 2001-03-01" in result.stderr
    assert "cvx: 0 added, 1 changed, 0 as before" in result.stdout


def test_update_gives_json(tmp_path: Path, home: Path) -> None:
    """Changes and counts."""
    file = tmp_path / "cvx.txt"
    file.write_text(CVX, encoding="utf-8")
    change = {"table": "cvx", "code": "03", "name": "MMR", "what": "status: Active -> Inactive"}
    assert (
        0,
        {
            "folder": str(home / "codes"),
            "changes": [change],
            "tables": {"cvx": {"added": 0, "changed": 1, "unchanged": 0}},
        },
    ) == as_json("update", str(file))


def test_a_broken_file_changes_nothing(tmp_path: Path, home: Path) -> None:
    """Not even what the right ones hold; every file is told."""
    good, broken = tmp_path / "cvx.txt", tmp_path / "mvx.txt"
    good.write_text(CVX, encoding="utf-8")
    broken.write_text("MSD|Merck||Active|2031/01/01\nPMC|Sano", encoding="utf-8")
    exit_code, said = run("update", str(good), str(broken), str(tmp_path / "nothing"))
    assert 2 == exit_code
    assert [
        f"{broken}:2: expected 5 columns with | between them, found 2; is the file cut off?",
        f"{tmp_path / 'nothing'}: cannot be read: No such file or directory",
    ] == said.splitlines()
    assert not home.exists()


def test_an_own_table_that_cannot_be_read_is_told(home: Path) -> None:
    """By every command that needs it, with its line."""
    (home / "codes").mkdir(parents=True)
    (home / "codes" / "cvx.csv").write_text("code,name,status\n3,MMR,Active\n", encoding="utf-8")
    exit_code, said = run("show", "03")
    assert (2, f"{home / 'codes' / 'cvx.csv'}:2: code '3' is not a CVX code (two or three digits, such as 03)") == (
        exit_code,
        said,
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "nothing.csv"], "mockiis: nothing.csv: cannot be read: No such file or directory\n"),
        (["list", "cvxx"], "mockiis: there is no set cvxx; did you mean cvx?\n"),
    ],
)
def test_an_error_is_one_line(tmp_path: Path, arguments: list[str], expected: str) -> None:
    """On standard error, with exit code 2, from the command itself."""
    done = subprocess.run(
        [sys.executable, "-m", "mockiis", "codes", *arguments],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert (2, "", expected) == (done.returncode, done.stdout, done.stderr)
