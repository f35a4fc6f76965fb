"""A user's own file that extends a shipped standard: what it changes, and what is said about its mistakes."""

from __future__ import annotations

from importlib.resources import files

import pytest

from mockiis.errors import DocumentError
from mockiis.profile import entries
from mockiis.profile.extension import read_standard
from mockiis.profile.specification import Standard
from mockiis.profile.standard import shipped

MINE = """\
extends: ndiis
fields:
  PID-16: {usage: "R[1..1]", profiles: [Z22], values: HL70002}
  PID-11: {usage: {Z22 Z32: R, Z31: O}, length: 200}
  PV2-3: {usage: X, severity: W}
  PID-18:
    usage: C(R/O)
    condition: {when: {"PID-3[1].5": MR, PID-30: {not: Y}}}
components:
  XPN.3: {usage: R}
statements:
  IZ-43: off
  IZ-24: {severity: E}
  MY-1:
    profiles: [Z22]
    at: PID-11.9
    when: {PID-11.4: ND}
    must: {matches: "[0-9]{5}"}
    text: The county has five digits.
observations:
  "64994-7": {type: [CE, CWE]}
  "99999-1": {name: Mine, type: ST}
rules:
  lot-unknown: off
  borrowed-from-private-stock: {severity: W}
tables:
  HL70064: {codes: {V07: off, MY01: Mine, "MY02": {text: Mine too, system: L}}}
  MINE: {title: Mine, open: "true", codes: {}}
tolerances:
  V5: off
  MY-2: {at: RXR-1, found: [table, system], table: HL70162, severity: off}
defaults:
  RXA-20: off
  RXA-21: A
"""
CONDITION = (
    "write a value, a list of values, or one of {not: ...}, {valued: true}, {valued: false}, {table: ...} and "
    "{not_table: ...}"
)
MUST = (
    "write one of empty, valued, present, positive, oid, or a mapping of one of equals, in, not_in, table, not_table, "
    "same_as, some_repetition, sequential, observation, matches, check and what it asks for"
)
PATTERN = "this is not a regular expression: unterminated character set at position 0"
KINDS = "write one of: 'missing', 'unexpected', 'repeats', 'type', 'length', 'table', 'system' or 'observation'"
NOTHING = "there is nothing to take away:"


@pytest.fixture(scope="module")
def mine() -> Standard:
    return read_standard(MINE, "mine.yaml")


def test_fields_change_in_the_profiles_that_are_named(mine: Standard) -> None:
    """Everything that the file does not say stays as it is."""

    fields = mine.segments["PID"]

    assert str(fields[16].usage("Z22")) == "R[1..1]"
    assert fields[16].tables_in("Z22") == ("HL70002",)
    assert fields[16].usage("Z32").when_true == "O"
    assert [str(fields[11].usage(name)) for name in ("Z22", "Z32", "Z42")] == ["R[1..1]", "R[1..1]", "RE[0..*]"]
    assert fields[11].usage("Z31").when_true == "O"
    assert (fields[11].type, fields[11].length) == ("XAD", 200)
    assert fields[18].usage("Z22").condition == entries.predicate({"PID-3[1].5": "MR", "PID-30": {"not": "Y"}})
    assert fields[5] == shipped("ndiis").segments["PID"][5]


def test_a_field_that_the_guide_says_nothing_about_has_its_base_type(mine: Standard) -> None:
    """PV2 has no constrained field."""

    assert mine.segments["PV2"][3].type == "CE"
    assert mine.segments["PV2"][3].severity == "W"


def test_components_statements_and_observations_change_or_are_added(mine: Standard) -> None:
    """A statement that is taken away is gone; one that is changed keeps the rest."""

    assert str(mine.types["XPN"][3].usage) == "R[1..1]"
    assert mine.types["XPN"][1] == shipped("ndiis").types["XPN"][1]
    assert "IZ-43" not in mine.statements
    assert mine.statements["IZ-24"].severity == "E"
    assert mine.statements["IZ-24"].text == shipped("ndiis").statements["IZ-24"].text
    assert mine.statements["MY-1"].must.values == ("[0-9]{5}",)
    assert mine.observations["64994-7"].types == ("CE", "CWE")
    assert mine.observations["64994-7"].tables == ("HL70064",)
    assert mine.tables["NIP003"].codes["99999-1"].text == "Mine"


def test_rules_tables_tolerances_and_defaults_change_or_are_added(mine: Standard) -> None:
    """The same for everything else; what is not named is as NDIIS has it."""

    base = shipped("ndiis")

    assert set(base.rules) - set(mine.rules) == {"lot-unknown"}
    assert mine.rules["borrowed-from-private-stock"]["severity"] == "W"
    assert " ".join(mine.tables["HL70064"].codes) == "V01 V02 V03 V04 V05 MY01 MY02"
    assert [mine.tables["HL70064"].codes[code].system for code in ("MY01", "MY02")] == ["HL70064", "L"]
    assert mine.tables["MINE"].open
    assert {one.id for one in base.tolerances} - {one.id for one in mine.tolerances} == {"V5"}
    assert mine.tolerances[-1].severity is None
    assert [(str(one.at), one.value) for one in mine.defaults] == [("RXA-21", "A")]
    assert mine.tables["HL70001"] == base.tables["HL70001"]


def test_a_file_that_changes_nothing_is_the_base() -> None:
    """All parts may be left out."""

    same = read_standard("extends: cdc", "same.yaml")

    assert same.name == "same.yaml"
    assert (same.segments, same.statements, same.rules) == (
        shipped("cdc").segments,
        shipped("cdc").statements,
        shipped("cdc").rules,
    )


def test_the_shipped_file_has_the_form_of_a_users_file() -> None:
    """ndiis.yaml passes the same checks and gives the same tolerances and statements."""

    text = files("mockiis.profile.data").joinpath("ndiis.yaml").read_text(encoding="utf-8")
    standard = read_standard(text, "ndiis.yaml")

    assert standard.tolerances == shipped("ndiis").tolerances
    assert standard.statements == shipped("ndiis").statements
    assert standard.segments == shipped("ndiis").segments


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("extends: nd", "1:1: extends: write one of: 'ndiis' or 'cdc'"),
        ("fields: {}", "1:1: 'extends' is missing"),
        ("extends: cdc\nfield: {}", "2:1: field: unknown key 'field'; did you mean 'fields'?"),
        (
            "extends: cdc\nfields:\n  PID22: {usage: R}",
            "3:3: fields.PID22: 'PID22' is not a place; write one such as PID-22, RXA-9.1, RXA-9[1].1 or XPN.7",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {usage: RQ}",
            "3:12: fields.PID-22.usage: 'RQ' is no usage; write one such as R, RE[0..*], X or C(R/O)[0..1]",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {usage: {Z22: R, Z32: [R]}}",
            "3:28: fields.PID-22.usage.Z32: '' is no usage; write one such as R, RE[0..*], X or C(R/O)[0..1]",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {usage: C(R/O)}",
            "3:12: fields.PID-22.usage: say when the first usage holds: condition: {when: {RXA-20: CP}}",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {usage: R, condition: {when: {PID-24: Y}}}",
            "3:22: fields.PID-22.condition: a condition needs a usage such as C(R/O)",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {usage: C(R/O), condition: {when: {ORD-1: Y}}}",
            "3:46: fields.PID-22.condition.when.ORD-1: there is no segment 'ORD'; did you mean 'ORC'?",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {profiles: [Z22, Z99]}",
            "3:28: fields.PID-22.profiles.2: there is no profile 'Z99'.",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {values: {Z22 Z3: HL70189}}",
            "3:21: fields.PID-22.values.Z22 Z3: there is no profile 'Z3'; did you mean 'Z34'?",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {values: HL7189}",
            "3:12: fields.PID-22.values: there is no table 'HL7189'; did you mean 'HL70189'?",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {type: XADD}",
            "3:12: fields.PID-22.type: there is no data type 'XADD'; did you mean 'XAD'?",
        ),
        ("extends: cdc\nfields:\n  PID-22.1: {usage: R}", "3:3: fields.PID-22.1: write a field here, such as PID-22"),
        (
            "extends: cdc\nfields:\n  ZXA-2: {usage: R}",
            "3:3: fields.ZXA-2: there is no segment 'ZXA'; did you mean 'RXA'?",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {severity: F}",
            "3:12: fields.PID-22.severity: write one of: 'E', 'W' or 'I'",
        ),
        (
            "extends: cdc\nfields:\n  PID-22: {length: long}",
            "3:12: fields.PID-22.length: write a whole number here, such as 20",
        ),
        (
            "extends: cdc\ncomponents:\n  PID-22: {usage: R}",
            "3:3: components.PID-22: write a component of a data type here, such as XPN.7",
        ),
        (
            "extends: cdc\ncomponents:\n  XTM.7: {usage: R}",
            "3:3: components.XTM.7: there is no data type 'XTM'; did you mean 'XTN'?",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-233: {at: PID-1}",
            "3:3: statements.IZ-233: the base has no 'IZ-233'; did you mean 'IZ-23'? A new one needs must, text too.",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-99: off",
            "3:3: statements.IZ-99: there is nothing to take away: 'IZ-99'; did you mean 'IZ-9'?",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-23: {when: {RXA-20: {nott: CP}}}",
            f"3:18: statements.IZ-23.when.RXA-20: {CONDITION}",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-23: {must: {equal: CP}}",
            f"3:11: statements.IZ-23.must: {MUST}",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-23: {must: {matches: '['}}",
            f"3:18: statements.IZ-23.must.matches: {PATTERN}",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-23: {must: {table: NIP1}}",
            "3:18: statements.IZ-23.must.table: there is no table 'NIP1'; did you mean 'NIP001'?",
        ),
        (
            "extends: cdc\nstatements:\n  IZ-23: {must: {check: vis}}",
            "3:18: statements.IZ-23.must.check: there is no check 'vis'.",
        ),
        (
            "extends: cdc\nobservations:\n  MINE: {name: Mine}",
            "3:3: observations.MINE: the base has no 'MINE'. A new one needs type too.",
        ),
        (
            "extends: cdc\nrules:\n  birth-in-futur: off",
            f"3:3: rules.birth-in-futur: {NOTHING} 'birth-in-futur'; did you mean 'birth-in-future'?",
        ),
        (
            "extends: cdc\nrules:\n  birth-in-future: {check: in_the_future}",
            "3:21: rules.birth-in-future.check: there is no check 'in_the_future'; did you mean 'in_future'?",
        ),
        (
            "extends: cdc\ntables:\n  MINE: {codes: {}}",
            "3:3: tables.MINE: the base has no 'MINE'. A new one needs title too.",
        ),
        (
            "extends: cdc\ntables:\n  HL70001: {codes: {X: {txt: Other}}}",
            "3:25: tables.HL70001.codes.X.txt: unknown key 'txt'; did you mean 'text'?",
        ),
        (
            "extends: cdc\ntolerances:\n  MY: {at: PID-3, found: mising, severity: W}",
            f"3:19: tolerances.MY.found: {KINDS}",
        ),
        ("extends: cdc\ntolerances:\n  MY: {at: PID-3, severity: W}", "3:3: tolerances.MY: 'found' is missing"),
        ("extends: cdc\ndefaults: {PIX-1: A}", "2:12: defaults.PIX-1: there is no segment 'PIX'; did you mean 'PID'?"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_write(lines: str, problem: str) -> None:
    """File, line and column, what is wrong, and the nearest name that exists."""

    with pytest.raises(DocumentError) as caught:
        read_standard(lines, "mine.yaml")

    assert str(caught.value) == f"mine.yaml:{problem}"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """One run shows everything that is to be mended."""

    lines = "extends: cdc\nfields:\n  PIX-1: {values: NO_SUCH}\n  PID-3: {type: XX}\nrules:\n  none-such: off\n"
    with pytest.raises(DocumentError) as caught:
        read_standard(lines, "mine.yaml")

    assert [problem.line for problem in caught.value.problems] == [3, 3, 4, 6]
