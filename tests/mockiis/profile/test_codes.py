"""The code sets: what a code is, and which codes belong together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.errors import MockIISError
from mockiis.profile.codes import CodeSets, Group, shipped

CODES = shipped()


def test_a_vaccine_has_its_names_status_and_groups() -> None:
    """What CDC says of a CVX code, and the code that stands for its group in forecasts."""
    vaccine = CODES.cvx("110")
    assert vaccine is not None
    assert ("DTaP-Hep B-IPV", "Active", "2010-05-28") == (vaccine.name, vaccine.status, vaccine.last_updated)
    assert {Group(name="DTAP", cvx="107"), Group(name="HepB", cvx="45"), Group(name="POLIO", cvx="89")} == set(
        vaccine.groups
    )


@pytest.mark.parametrize("code", ["3", "003", " 03", "777", "", "MMR"])
def test_a_code_is_taken_exactly_as_written(code: str) -> None:
    """Only what the table has is a code."""
    assert CODES.cvx(code) is None


@pytest.mark.parametrize(
    ("code", "active", "unspecified", "new", "history"),
    [
        ("03", True, False, True, True),
        ("01", False, False, False, True),
        ("45", False, True, False, True),
        ("128", False, True, False, True),
        ("167", False, True, False, True),
        ("196", True, False, True, True),  # "Lf unspecified": the product is known
        ("500", False, True, False, True),
        ("510", False, False, False, True),
        ("226", False, False, False, False),
        ("99", False, False, False, False),
        ("998", False, False, True, True),
        ("999", False, True, True, True),
    ],
)
def test_a_status_says_which_doses_may_carry_a_code(
    code: str, *, active: bool, unspecified: bool, new: bool, history: bool
) -> None:
    """Active codes for all doses, inactive ones for history, never active ones for none; 998 and 999 always."""
    vaccine = CODES.cvx(code)
    assert vaccine is not None
    assert (active, unspecified, new, history) == (
        vaccine.is_active,
        vaccine.is_unspecified,
        vaccine.is_for_new_doses,
        vaccine.is_for_history,
    )


def test_every_unspecified_vaccine_of_a_group_is_seen() -> None:
    """The codes that stand for a whole group are unspecified, unless the group has one vaccine that says it all."""
    standing = {group.cvx for vaccine in CODES.vaccines.values() for group in vaccine.groups}
    specific = {one.code for one in CODES.vaccines.values() if one.code in standing and not one.is_unspecified}
    assert {"03", "115", "33", "21", "123", "19", "23", "317", "66"} == specific


@pytest.mark.parametrize("code", ["00006-4681-00", "00006468100", "0006-4681-00", "0006468100"])
def test_an_ndc_is_found_in_every_form(code: str) -> None:
    """11 or 10 digits, with dashes or without."""
    product = CODES.ndc(code)
    assert product is not None
    assert ("00006-4681-00", "0006-4681-00", "M-M-R II") == (product.ndc, product.printed, product.name)
    assert (("03",), ("MSD",), ("sale",), ("00006-4681-01",)) == (
        product.cvx,
        product.mvx,
        product.units,
        product.contains,
    )


def test_an_ndc_may_have_two_vaccines_manufacturers_and_units() -> None:
    """Rows about the same NDC are one product."""
    dialysis, sold, both = CODES.ndc("58160-0821-05"), CODES.ndc("42515-0001-01"), CODES.ndc("33332-0110-10")
    assert dialysis is not None
    assert sold is not None
    assert both is not None
    assert (("43", "44"), ("INT", "VAL"), ("use", "sale")) == (dialysis.cvx, sold.mvx, both.units)


def test_an_unknown_ndc_is_none() -> None:
    """So is what is no NDC at all."""
    assert [None, None, None] == [CODES.ndc(code) for code in ("99999-9999-99", "03", "")]


def test_ten_digits_that_stand_for_two_products_are_none(tmp_path: Path) -> None:
    """Without dashes they do not say which one."""
    heading = "ndc,name,cvx\n"
    (tmp_path / "ndc_use.csv").write_text(f"{heading}04928-1400-10,Other,03\n", encoding="utf-8")
    codes = CodeSets(tmp_path)
    assert codes.ndc("4928140010") is None
    assert "Adacel" == getattr(codes.ndc("49281-400-10"), "name", None)


def test_a_vis_is_found_by_its_barcode() -> None:
    """With its edition and its vaccines."""
    document = CODES.vis("253088698300012711250131")
    assert document is not None
    assert ("2025-01-31", "Current", ("03",)) == (document.edition, document.status, document.cvx)
    assert CODES.vis("2530886983000127112501") is None


@pytest.mark.parametrize(
    ("cvx", "mvx", "expected"),
    [
        ("03", "MSD", True),
        ("03", "SKB", True),
        ("03", "PFR", False),
        ("09", "MSD", True),  # only the NDC tables know this one
        ("03", "OTH", None),
        ("03", "UNK", None),
        ("03", "XXX", None),
        ("777", "MSD", None),
        ("45", "PFR", None),  # unspecified: no product, no manufacturer
        ("30", "PFR", None),  # no product in the tables
        ("20", "PFR", None),  # one of its trade names has no manufacturer
        ("48", "CON", None),  # a manufacturer of the past, bought by one that does
    ],
)
def test_cvx_against_mvx(cvx: str, mvx: str, *, expected: bool | None) -> None:
    """True and False where the tables tell, None where they do not."""
    assert expected is CODES.cvx_matches_mvx(cvx, mvx)


@pytest.mark.parametrize(
    ("ndc", "cvx", "expected"),
    [
        ("00006-4681-00", "03", True),
        ("0006468100", "03", True),
        ("00006-4681-00", "94", False),
        ("58160-0821-05", "44", True),
        ("99999-9999-99", "03", None),
    ],
)
def test_ndc_against_cvx(ndc: str, cvx: str, *, expected: bool | None) -> None:
    """The NDC's own CVX codes are right."""
    assert expected is CODES.ndc_matches_cvx(ndc, cvx)


@pytest.mark.parametrize(
    ("ndc", "mvx", "expected"),
    [
        ("00006-4681-00", "MSD", True),
        ("00006-4681-00", "SKB", False),
        ("00006-4681-00", "UNK", None),
        ("99999-9999-99", "MSD", None),
    ],
)
def test_ndc_against_mvx(ndc: str, mvx: str, *, expected: bool | None) -> None:
    """The NDC's own manufacturers are right."""
    assert expected is CODES.ndc_matches_mvx(ndc, mvx)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3", "03"),
        ("003", "03"),
        ("3.0", "03"),
        ("03", "03"),
        ("0140", "140"),
        ("777", None),
        ("", None),
        ("3.5", None),
        ("٣", None),
    ],
)
def test_a_number_that_lost_its_zero_leads_to_its_code(text: str, code: str | None) -> None:
    """What spreadsheets make of codes."""
    near = CODES.near_cvx(text)
    assert code == (near.code if near else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("msd", "MSD"),
        ("Merck", "MSD"),
        ("GSK", "SKB"),
        ("Sanofi", "PMC"),
        ("sanofi pasteur", "PMC"),
        ("xyz", None),
        ("", None),
    ],
)
def test_a_manufacturers_name_leads_to_its_code(text: str, code: str | None) -> None:
    """By a word of the name, its beginning, or its capitals."""
    near = CODES.near_mvx(text)
    assert code == (near.code if near else None)


def test_alternatives_are_the_active_vaccines_of_the_same_groups() -> None:
    """For an unspecified or retired code: what a new dose is coded with."""
    found = {
        code: [one.code for one in CODES.alternatives(CODES.vaccines[code])] for code in ("45", "122", "999", "22")
    }
    assert {"45": ["08", "43", "44", "189"], "122": ["116", "119"], "999": [], "22": []} == found


def test_nothing_is_read_before_it_is_asked_for() -> None:
    """The NDC tables stay closed while the trade names tell."""
    codes = CodeSets()
    assert codes.cvx("03")
    assert {"vaccines"} == set(vars(codes)) - {"own"}
    assert codes.mvx("MSD")
    assert codes.cvx_matches_mvx("03", "MSD")
    assert "products" not in vars(codes)


def test_looking_up_needs_the_standard_library_only() -> None:
    """No YAML, no pydantic: code sets load in milliseconds."""
    program = "import sys; from mockiis.profile.codes import shipped; shipped().products; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert set() == {"yaml", "pydantic", "lxml", "rich", "twisted"} & set(loaded)


def test_own_tables_override_shipped_ones(tmp_path: Path) -> None:
    """Code by code; a table that is not there is the shipped one."""
    (tmp_path / "cvx.csv").write_text("code,name,status\n03,MMR,Inactive\n899,Mine,Active\n", encoding="utf-8")
    codes = CodeSets(tmp_path)
    assert [False, True] == [codes.vaccines[code].is_active for code in ("03", "899")]
    assert (Group(name="MMR", cvx="03"),) == codes.vaccines["03"].groups
    assert CODES.manufacturers == codes.manufacturers
    assert CODES.vaccines["04"] == codes.cvx("04")


def test_a_bad_own_table_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    """With file and line; the other tables are there."""
    (tmp_path / "cvx.csv").write_text("code,name,status\n3,MMR,Active\n", encoding="utf-8")
    codes = CodeSets(tmp_path)
    assert codes.mvx("MSD")
    with pytest.raises(MockIISError, match=r"cvx\.csv:2: code '3' is not a CVX code"):
        codes.cvx("03")


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_looked_up(one: str, other: str) -> None:
    """Every question has an answer, and strange codes match nothing."""
    assert CODES.cvx_matches_mvx(one, other) is None
    assert CODES.ndc_matches_cvx(one, other) is None
    assert CODES.ndc_matches_mvx(one, other) is None
    assert [None] * 2 == [CODES.ndc(one), CODES.vis(one)]
    for near in (CODES.near_cvx(one), CODES.near_mvx(one)):
        assert near is None or near.code in {*CODES.vaccines, *CODES.manufacturers}
