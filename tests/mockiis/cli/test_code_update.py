"""Bringing CDC's tables into the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockiis.cli.cdc_files import read_published
from mockiis.cli.code_update import Plan, carried_out, planned
from mockiis.errors import MockIISError
from mockiis.profile.code_tables import TABLES, shipped_rows
from mockiis.profile.codes import CodeSets

CVX = "{code}|{name}|measles, mumps and rubella virus vaccine||{status}|False|2031/03/01\n"
MMR = CVX.format(code="03", name="MMR", status="Active").replace("2031/03/01", "2010/05/28")
RETIRED = CVX.format(code="03", name="MMR", status="Inactive")
NEW = CVX.format(code="899", name="MMR, new", status="Active")
USE = (
    "{id}|49281|{product}|88|NEWZONE|INFLUENZA|Sanofi Pasteur Inc.|20310701||SYRINGE||140|flu|False"
    "|49281-0{product}-88|2031-07-16 00:00:00|\n"
)
SALE = (
    "{id}|49281|{product}|50|NEWZONE|INFLUENZA|Sanofi Pasteur Inc.|20310701||CARTON|INTRAMUSCULAR"
    "|2031-07-16 00:00:00|140|flu|49281-0{product}-50|\n"
)


def updated(folder: Path, **files: str) -> Plan:
    """Bring in these texts."""
    plan = planned([read_published(text.encode(), name) for name, text in files.items()], folder)
    carried_out(plan, folder)
    return plan


def said(plan: Plan) -> list[tuple[str, str, str]]:
    """Table, code and what changes."""
    return [(change.table, change.code, change.what) for change in plan.changes]


def test_what_is_new_and_what_changed_its_status_is_told_and_used(tmp_path: Path) -> None:
    """The own table then comes before the shipped one."""
    folder = tmp_path / "home" / "codes"
    plan = updated(folder, cvx=RETIRED + NEW)
    assert [("cvx", "03", "status: Active -> Inactive"), ("cvx", "899", "added")] == said(plan)
    assert {"cvx": 0} == plan.unchanged
    codes = CodeSets(folder)
    assert ["Inactive", "Active"] == [codes.vaccines[code].status for code in ("03", "899")]
    assert ["cvx.csv"] == [path.name for path in folder.iterdir()]


def test_only_what_differs_from_the_shipped_rows_is_kept(tmp_path: Path) -> None:
    """A row that is shipped already is not; one that goes back to what is shipped is dropped."""
    updated(tmp_path, cvx=RETIRED + NEW + MMR.replace("03", "04").replace("MMR", "M/R"))
    updated(tmp_path, again=MMR)
    text = (tmp_path / "cvx.csv").read_text(encoding="utf-8")
    assert ["code", "04", "899"] == sorted(
        (line.split(",")[0] for line in text.splitlines()), key=lambda x: (x != "code", x)
    )


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    """Not even the folder."""
    plan = updated(tmp_path / "codes", cvx=MMR)
    assert ([], {"cvx": 1}) == (plan.changes, plan.unchanged)
    assert [] == list(tmp_path.iterdir())


def test_hand_made_rows_stay(tmp_path: Path) -> None:
    """An update replaces what it is about, and nothing else."""
    (tmp_path / "cvx.csv").write_text("code,name,status\n898,Mine,Active\n899,Old,Active\n", encoding="utf-8")
    plan = updated(tmp_path, cvx=NEW)
    assert [
        ("cvx", "899", "name: Old -> MMR, new; full_name: empty -> measles, mumps and rubella virus vaccine")
    ] == said(plan)
    codes = CodeSets(tmp_path)
    assert ["Mine", "MMR, new"] == [codes.vaccines[code].name for code in ("898", "899")]


def test_the_linker_brings_manufacturers_and_contents(tmp_path: Path) -> None:
    """It joins units of use and sale by the row numbers of CDC."""
    plan = updated(
        tmp_path,
        use=USE.format(id=1, product=901),
        sale=SALE.format(id=2, product=902),
        linker="1|2|1|PMC\n1|2|1|SKB\n",
    )
    assert [("ndc_use", "49281-0901-88", "added"), ("ndc_sale", "49281-0902-50", "added")] == said(plan)
    assert [] == plan.remarks
    sold = CodeSets(tmp_path).ndc("49281-902-50")
    assert sold is not None
    assert (("PMC", "SKB"), ("49281-0901-88",), "2031-07-01") == (sold.mvx, sold.contains, sold.start)
    assert CodeSets(tmp_path).ndc_matches_mvx("49281-901-88", "PMC") is True


def test_without_the_linker_known_products_keep_their_manufacturer(tmp_path: Path) -> None:
    """New ones have none, which is told."""
    shipped = next(row for row in shipped_rows("ndc_use") if row["ndc"] == "49281-0425-88")
    text = USE.format(id=1, product=425).replace("140|flu", "141|flu") + USE.format(id=2, product=901)
    plan = updated(tmp_path, use=text)
    assert ("PMC", "") == tuple(
        "|".join(product.mvx)
        for code in ("49281-0425-88", "49281-0901-88")
        if (product := CodeSets(tmp_path).ndc(code))
    )
    assert "PMC" == shipped["mvx"]
    assert ["use: 1 new NDCs have no manufacturer; give NDC_Linker.txt with it"] == plan.remarks
    assert "cvx: 140 -> 141" in plan.changes[0].what


def test_an_older_table_is_taken_with_a_remark(tmp_path: Path) -> None:
    """The user said so, and learns what it means."""
    updated(tmp_path, cvx=NEW)
    plan = updated(tmp_path, old=MMR)
    assert [
        "old is older than the table in use: its last change is of 2010-05-28, the table's of 2031-03-01"
    ] == plan.remarks


def test_shipped_tables_in_cdc_s_form_change_nothing(tmp_path: Path) -> None:
    """What was tidied for shipping comes out the same."""
    vaccines = "".join(
        f"{row['code']:<10}|{row['name']}|{row['full_name']}|{row['notes']}|{row['status']}|False|"
        f"{row['last_updated'].replace('-', '/')}\r\n"
        for row in shipped_rows("cvx")
    )
    names = "".join(
        f"{row['name']}|x|{row['cvx']:<10}|x|{row['mvx']:<10}|Active|{row['status']}|{row['last_updated']}\n"
        for row in shipped_rows("trade_name")
    )
    plan = updated(tmp_path, cvx=vaccines, names=names)
    assert [] == plan.changes
    assert len(shipped_rows("cvx")) == plan.unchanged["cvx"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a": NEW, "b": MMR}, "a and b are the same table; give it once"),
        (
            {"a": "1|2|3|PMC\n"},
            "a: says which NDCs belong together; give NDC_Unit_use.txt and NDC_Unit_sale.txt with it",
        ),
    ],
)
def test_files_that_do_not_go_together_are_refused(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    """With the way to mend it."""
    with pytest.raises(MockIISError) as caught:
        updated(tmp_path, **files)
    assert expected == str(caught.value)


def test_a_folder_that_cannot_be_written_is_told_and_keeps_what_it_had(tmp_path: Path) -> None:
    """All tables or none."""
    updated(tmp_path, cvx=NEW)
    before = (tmp_path / "cvx.csv").read_bytes()
    (tmp_path / TABLES["mvx"].file).mkdir()
    mvx = "ZZZ|New Company||Active|2031/01/01\n"
    with pytest.raises(MockIISError, match="cannot be written"):
        updated(tmp_path, mvx=mvx, cvx=RETIRED)
    assert before == (tmp_path / "cvx.csv").read_bytes()
    assert {"cvx.csv", "mvx.csv"} == {path.name for path in tmp_path.iterdir()}
    with pytest.raises(MockIISError, match="cannot be written"):
        updated(tmp_path / "cvx.csv", cvx=RETIRED)
