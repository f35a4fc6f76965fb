"""The judge of code mappings: each kind of remark, and rows without any."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.profile.code_mapping import Entry, judge
from mockiis.profile.codes import shipped

CODES = shipped()


def judged(*entries: Entry) -> list[tuple[str, str, str, str]]:
    """Severity, kind, what was found, and the sentence with what was expected."""
    return [(one.severity, one.kind, one.found, f"{one.text} | {one.expected}") for one in judge(entries, CODES)]


@pytest.mark.parametrize(
    "entry",
    [
        Entry(line=2, local="A", description="MMR", cvx="03"),
        Entry(line=2, cvx="03", mvx="MSD", ndc="0006-4681-00"),
        Entry(line=2, local="A", description="Engerix-B Peds", cvx="08", mvx="SKB", ndc="58160-0820-01"),
        Entry(line=2, local="A", description="ENGERIX B dialysis", cvx="44", mvx="SKB", ndc="58160-0821-05"),
        Entry(line=2, local="A", description="Td", cvx="196"),
        Entry(line=2, local="A", description="Some vaccine", cvx="03", mvx="OTH"),
    ],
)
def test_a_right_row_has_no_remark(entry: Entry) -> None:
    """Active, specific codes of one product."""
    assert [] == judged(entry)


@pytest.mark.parametrize(
    ("entry", "severity", "kind", "found", "said"),
    [
        (
            Entry(line=2, description="MMR"),
            *("error", "missing", ""),
            "there is no CVX code, which every dose must carry | did you mean 03 (MMR)?",
        ),
        (
            Entry(line=2, ndc="00006-4681-00"),
            *("error", "missing", ""),
            "there is no CVX code, which every dose must carry | did you mean 03 (MMR)?",
        ),
        (
            Entry(line=2, description="MMR", cvx="3"),
            *("error", "unknown", "3"),
            "CVX 3 is not a code | write 03 (MMR); spreadsheets drop the zero in front",
        ),
        (
            Entry(line=2, description="IPV", cvx="777"),
            *("error", "unknown", "777"),
            "CVX 777 is not a code | did you mean 10 (IPV), ",
        ),
        (
            Entry(line=2, cvx="777"),
            *("error", "unknown", "777"),
            "CVX 777 is not a code | see 'mockiis codes list cvx'",
        ),
        (
            Entry(line=2, cvx="84"),
            *("warning", "inactive", "84"),
            "CVX 84 (Hep A, ped/adol, 3 dose) is Inactive: for historical doses only | for new doses: 83 (Hep A, ped",
        ),
        (
            Entry(line=2, cvx="510"),
            *("warning", "inactive", "510"),
            "CVX 510 (COVID-19 IV Non-US Vaccine (BIBP, Sinopharm)) is Non-US: for historical doses only | for new",
        ),
        (
            Entry(line=2, cvx="57"),
            *("error", "inactive", "57"),
            "CVX 57 (hantavirus) is Never Active: no dose can carry it | for new doses: the code of the product",
        ),
        (
            Entry(line=2, description="Hep B ped", cvx="45"),
            *("warning", "non-specific", "45"),
            "CVX 45 (Hep B, unspecified formulation) does not say which product it was: for historical doses only | ",
        ),
        (
            Entry(line=2, cvx="88"),
            *("warning", "non-specific", "88"),
            "CVX 88 (influenza, unspecified formulation) does not say which product it was: for historical doses only",
        ),
        (
            Entry(line=2, cvx="999"),
            *("warning", "non-specific", "999"),
            "CVX 999 (unknown) does not say which product it was: for historical doses only",
        ),
        (
            Entry(line=2, cvx="998"),
            *("warning", "non-specific", "998"),
            "CVX 998 says that no vaccine was administered | only for refusals, forecasts and evidence of immunity",
        ),
        (
            Entry(line=2, cvx="03", mvx="merck"),
            *("error", "unknown", "merck"),
            "MVX merck is not a code | did you mean MSD (Merck and Co., Inc.)?",
        ),
        (
            Entry(line=2, cvx="03", mvx="ZZ"),
            *("error", "unknown", "ZZ"),
            "MVX ZZ is not a code | MVX MSD or SKB",
        ),
        (
            Entry(line=2, cvx="48", mvx="CON"),
            *("warning", "inactive", "CON"),
            "MVX CON (Connaught) is Inactive: for historical doses only | MVX PMC or SKB",
        ),
        (
            Entry(line=2, cvx="03", mvx="PFR"),
            *("error", "mismatched", "PFR"),
            "MVX PFR (Pfizer, Inc) does not make CVX 03 (MMR) | MVX MSD or SKB",
        ),
        (
            Entry(line=2, cvx="94", ndc="0006-4681-00"),
            *("error", "mismatched", "0006-4681-00"),
            "NDC 00006-4681-00 (M-M-R II) is not CVX 94 (MMRV) | CVX 03 (MMR)",
        ),
        (
            Entry(line=2, cvx="03", mvx="SKB", ndc="00006-4681-00"),
            *("error", "mismatched", "00006-4681-00"),
            "NDC 00006-4681-00 (M-M-R II) is not of MVX SKB (GlaxoSmithKline) | MVX MSD",
        ),
        (
            Entry(line=2, cvx="03", ndc="6468100"),
            *("error", "unknown", "6468100"),
            "NDC 6468100 is not an NDC | did you mean 00006-4681-00? spreadsheets drop zeros in front",
        ),
        (
            Entry(line=2, cvx="03", ndc="MMR-1"),
            *("error", "unknown", "MMR-1"),
            "NDC MMR-1 is not an NDC | 11 digits with dashes, such as 49281-0400-10",
        ),
        (
            Entry(line=2, cvx="03", ndc="99999-9999-99"),
            *("warning", "unknown", "99999-9999-99"),
            "NDC 99999-9999-99 is not in CDC's tables of vaccines | check it; 'mockiis codes update' brings new ones",
        ),
        (
            Entry(line=2, description="Prevnar 13", cvx="33"),
            *("warning", "mismatched", "33"),
            "the description names Prevnar, not CVX 33 (pneumococcal polysaccharide PPV23) | CVX 133 (",
        ),
    ],
    ids=lambda value: f"{value.cvx} {value.mvx} {value.ndc} {value.description}" if isinstance(value, Entry) else "",
)
def test_a_wrong_row_has_one_remark(entry: Entry, severity: str, kind: str, found: str, said: str) -> None:
    """What is wrong, how bad it is, what was found, and what was expected."""
    remarks = judged(entry)
    assert [(severity, kind, found)] == [remark[:3] for remark in remarks]
    assert remarks[0][3].startswith(said)


def test_the_nearest_codes_are_named_and_the_others_counted() -> None:
    """Four at most, those most like the description first."""
    (remark,) = judged(Entry(line=2, description="flu high dose", cvx="88"))
    expected = remark[3].partition(" | ")[2]
    assert expected.startswith("for new doses: 135 (Influenza, high-dose, trivalent, PF), ")
    assert expected.endswith(" more")
    assert 4 == expected.count(" (")


def test_one_local_code_for_two_vaccines_is_ambiguous() -> None:
    """Unless MVX or NDC tell the rows apart; the remark stands at the later row."""
    one = Entry(line=2, local="A", cvx="03")
    other = Entry(line=5, local="A", cvx="94")
    (remark,) = judge([one, other], CODES)
    assert ("error", "ambiguous", 5) == (remark.severity, remark.kind, remark.line)
    assert "local code A is CVX 03 in line 2 and 94 here" == remark.text
    apart = [Entry(line=2, local="A", cvx="03", ndc="00006-4681-00"), Entry(line=3, local="A", cvx="94", mvx="MSD")]
    assert [] == judge(apart, CODES)
    assert [] == judge([one, Entry(line=5, local="A", cvx="03")], CODES)
    assert [] == judge([Entry(line=2, cvx="03"), Entry(line=3, cvx="94")], CODES)


def test_remarks_come_in_the_order_of_the_rows() -> None:
    """Whatever they are about."""
    entries = [Entry(line=line, local="A", cvx=cvx) for line, cvx in ((2, "3"), (3, "94"), (4, "4"))]
    assert [2, 3, 4, 4] == [remark.line for remark in judge(entries, CODES)]


CELL = st.one_of(st.sampled_from(["", "03", "45", "998", "MSD", "CON", "00006-4681-00", "Prevnar", "3"]), st.text())


@settings(deadline=None)
@given(st.lists(st.builds(Entry, line=st.integers(1), local=CELL, description=CELL, cvx=CELL, mvx=CELL, ndc=CELL)))
def test_any_mapping_is_judged(entries: list[Entry]) -> None:
    """Every remark is about a row that is there, and says something."""
    for remark in judge(entries, CODES):
        assert remark.line in {entry.line for entry in entries}
        assert remark.text
