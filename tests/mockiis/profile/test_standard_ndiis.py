"""The tables of the shipped standards, and what NDIIS changes in them and elsewhere."""

from __future__ import annotations

import pytest

from mockiis.profile.data import read
from mockiis.profile.entries import predicate
from mockiis.profile.standard import shipped


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("HL70001", "F M U"),
        ("HL70008", "AA AE AR"),
        ("HL70064", "V01 V02 V03 V04 V05 V22 V23 V24 V25"),
        ("HL70208", "AE AR NF OK TM"),
        ("HL70322", "CP NA PA RE"),
        ("HL70516", "E I W"),
        ("HL70533", "1 2 3 4 5 6"),
        ("CDCREC_E", "2135-2 2186-5"),
        ("NIP001", "00 01 02 03 04 05 06 07 08"),
        ("NIP002", "00 01 02 03"),
        ("PHVS_ImmunizationFundingSource_IIS", "PHC70 VXC50 VXC51 VXC52"),
    ],
)
def test_tables_hold_what_the_guide_and_its_addendum_say(table: str, codes: str) -> None:
    """A second transcription of the short ones."""

    assert " ".join(sorted(shipped("cdc").tables[table].codes)) == codes


def test_every_table_says_where_it_comes_from() -> None:
    """Each has a title, a source and codes with a text and a coding system, unless registries fill it."""

    for table in shipped("ndiis").tables.values():
        assert table.title, table.name
        assert table.source, table.name
        assert table.codes or table.open, table.name
        assert all(code.text and code.system for code in table.codes.values()), table.name


@pytest.mark.parametrize(
    ("table", "code", "passes"),
    [
        ("HL70064", "V01", True),
        ("HL70064", "NDA01", True),
        ("HL70064", "V06", False),
        ("HL70362", "anything", True),
        ("HL70396", "HL70396", True),
        ("HL70396", "99ND", True),
        ("HL70396", "MV", False),
        ("HL70399", "USA", True),
        ("HL70399", "US", False),
        ("NIP003", "30963-3", True),
    ],
)
def test_a_table_takes_its_codes_those_of_its_pattern_and_all_when_it_is_open(
    table: str, code: str, passes: bool
) -> None:
    """State codes of eligibility, local coding systems and identifiers of facilities have no list."""

    assert shipped("cdc").tables[table].has(code) is passes


def test_the_observation_identifiers_are_a_table() -> None:
    """OBX-3 may have what observations.yaml knows."""

    standard = shipped("cdc")

    assert set(standard.tables["NIP003"].codes) == set(standard.observations)
    assert len(standard.observations) == 29


def test_ndiis_requires_the_ethnic_group_in_updates_only() -> None:
    """The specification's own error example; a response may leave it out."""

    ethnic_group = shipped("ndiis").segments["PID"][22]

    assert str(ethnic_group.usage("Z22")) == "R[1..1]"
    assert str(ethnic_group.usage("Z32")) == "RE[0..1]"
    assert str(shipped("cdc").segments["PID"][22].usage("Z22")) == "RE[0..1]"


def test_ndiis_has_eligibility_and_funding_codes_of_its_own() -> None:
    """V07, VXC1 and VXC2 are added; those of the addendum for eligibility are taken away, state codes too."""

    tables = shipped("ndiis").tables

    assert " ".join(tables["HL70064"].codes) == "V01 V02 V03 V04 V05 V07"
    assert not tables["HL70064"].has("NDA01")
    assert " ".join(tables["PHVS_ImmunizationFundingSource_IIS"].codes) == "PHC70 VXC50 VXC51 VXC52 VXC1 VXC2"
    assert tables["HL70163"].has("MO")
    assert not shipped("cdc").tables["HL70163"].has("MO")


def test_rules_of_one_standard_are_not_in_the_other() -> None:
    """What only NDIIS asks is no rule of the CDC guide."""

    asked = {name for name, rule in shipped("ndiis").rules.items() if rule.get("standards") == ["ndiis"]}

    assert asked
    assert set(shipped("ndiis").rules) - set(shipped("cdc").rules) == asked


def test_ndiis_rejects_new_doses_without_eligibility_or_funding() -> None:
    """Both are E for newly administered doses that are not to be deleted; the guide asks for the first only."""

    statements = shipped("ndiis").statements
    new = predicate({"RXA-9.1": "00", "RXA-20": ["CP", "PA"], "RXA-21": {"not": "D"}})

    assert {statements["IZ-23"].severity, statements["NDIIS-funding"].severity} == {"E"}
    assert {statements["IZ-23"].when, statements["NDIIS-funding"].when} == {new}
    assert "NDIIS-funding" not in shipped("cdc").statements


def test_each_thing_that_ndiis_lets_pass_has_its_number() -> None:
    """Every tolerance and every change of a statement says where it comes from."""

    standard = shipped("ndiis")
    changed = read("ndiis")["statements"]

    assert [tolerance.id for tolerance in standard.tolerances if not tolerance.source] == []
    assert [key for key, entry in changed.items() if entry != "off" and not entry["source"]] == []
