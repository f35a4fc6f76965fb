"""Patients as an author writes them, and what is said when they are wrong."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.message.person import (
    Address,
    Coded,
    Dose,
    Evaluation,
    Forecast,
    Identifier,
    Name,
    NextOfKin,
    Person,
    Phone,
)
from mockiis.scenario import load
from mockiis.scenario.model import QueryResponseScript

ALICE = """\
version: 1
patients:
  alice:
    ids: {SR: 0077001, MR: {id: A100, authority: CLINIC1}}
    name: Adams^Alice^Marie^III
    mother: Baker^Anna
    born: 2024-04-02
    sex: F
    address: 12 Test Avenue^^Fargo^ND^58103^USA
    phone: (701) 555-0101
    next_of_kin:
      - {name: Adams^Anna, relationship: MTH^Mother, phone: 701-555-0102}
    protection: Y
    protection_date: 2024-05-01
    doses:
      - {cvx: 08^Hep B, given: 20240402, lot: HB1234, expires: 2025-12-31, mvx: MSD^Merck, facility: Clinic 1}
      - cvx: 03
        given: 2025-04-10
        source: '00'
        amount: 0.5
        units: mL
        route: C38299^Subcutaneous
        site: LT^Left Thigh
        order: 5551
        valid: N
        number: 1
        series: MMR
        reason: too early
      - {cvx: 10, given: 2025-04-10, status: RE, refusal: 00^Parental decision, route: IM}
    forecast:
      - {cvx: 10^IPV, earliest: 2025-05-14, due: 2025-06-02, latest: 2026-06-02, overdue: 2025-07-02, status: due}
    forecast_made: 2025-04-11
rules:
  - {name: a, reply: {rsp: {profile: Z42, patients: [alice]}}}
"""


def test_patient_becomes_a_person() -> None:
    """Everything an author may say about a patient reaches the query response."""
    hep_b = Dose(
        given="20240402",
        vaccine=Coded("08", "Hep B", "CVX"),
        order_number="0077001-1",
        lot="HB1234",
        expires="20251231",
        manufacturer=Coded("MSD", "Merck", "MVX"),
        facility="Clinic 1",
    )
    mmr = Dose(
        given="20250410",
        vaccine=Coded("03", "", "CVX"),
        order_number="5551",
        source=Coded("00", "", "NIP001"),
        amount="0.5",
        units="mL",
        route=Coded("C38299", "Subcutaneous", "NCIT"),
        site=Coded("LT", "Left Thigh", "HL70163"),
        evaluations=(Evaluation(dose_number="1", series="MMR", validity="N", reason="too early"),),
    )
    polio = Dose(
        given="20250410",
        vaccine=Coded("10", "", "CVX"),
        order_number="0077001-3",
        completion="RE",
        refusal=Coded("00", "Parental decision", "NIP002"),
        route=Coded("IM", "", "HL70162"),
    )
    due = Forecast(
        vaccine=Coded("10", "IPV", "CVX"),
        status="due",
        earliest="20250514",
        due="20250602",
        latest="20260602",
        overdue="20250702",
    )
    mother = NextOfKin(
        name=Name(family="Adams", given="Anna"),
        relationship=Coded("MTH", "Mother", "HL70063"),
        phone=Phone(area="701", number="5550102"),
    )
    alice = Person(
        identifiers=(Identifier("0077001", "NDIIS", "SR"), Identifier("A100", "CLINIC1", "MR")),
        name=Name(family="Adams", given="Alice", middle="Marie", suffix="III"),
        birth_date="20240402",
        sex="F",
        mother=Name(family="Baker", given="Anna", type="M"),
        address=Address(street="12 Test Avenue", city="Fargo", state="ND", zip="58103", country="USA"),
        phone=Phone(area="701", number="5550101"),
        protection="Y",
        protection_date="20240501",
        next_of_kin=(mother,),
        doses=(hep_b, mmr, polio),
        forecast=(due,),
        forecast_made="20250411",
    )
    script = load(ALICE, "alice.yaml").rules[0].scripts[0]
    assert isinstance(script, QueryResponseScript)
    assert (alice,) == script.persons


PROBLEMS = [
    # what follows the required keys of the patient in line 3, the column, and the problem
    (
        "doses: [{cvx: DTaP, given: 2020-01-01}]",
        67,
        "doses.1.cvx: 'DTaP' is not a code of CVX; write the code, such as 20, or 20^DTaP",
    ),
    ("doses: [{cvx: 3, given: 2020-01-01}]", 67, "doses.1.cvx: CVX codes have two digits at least; write 03"),
    (
        "doses: [{cvx: 03, given: 01/02/2020}]",
        76,
        "doses.1.given: '01/02/2020' is not a date; write year-month-day, such as 2024-04-02",
    ),
    (
        "doses: [{cvx: 03, given: 2020-02-30}]",
        76,
        "doses.1.given: '2020-02-30' is not in the calendar; write year-month-day, such as 2024-04-02",
    ),
    ("doses: [{given: 2020-01-01}]", 66, "doses.1: 'cvx' is missing"),
    ("doses: {cvx: 03}", 58, "doses: write a list of doses here, each after '- ', not a mapping"),
    ("doses: [03]", 66, "doses.1: write a mapping here (key: value), not '03'"),
    ("phone: 555-0101", 58, "phone: '555-0101' is not a telephone number; write ten digits, such as 701-555-0101"),
    (
        "address: 1 Main St^Fargo^ND^58103",
        58,
        (
            "address: '1 Main St^Fargo^ND^58103' is not an address; write street^other^city^state^zip^country,"
            " such as 2341 West Main St^^Fargo^ND^58103"
        ),
    ),
    (
        "mother: ^Anna",
        58,
        "mother: '^Anna' is not a name; write family^given^middle^suffix, such as Adams^Alice^Marie",
    ),
    (
        "next_of_kin: [{name: A^B, relationship: mother}]",
        84,
        ("next_of_kin.1.relationship: 'mother' is not a code of HL70063; write the code, such as MTH, or MTH^Mother"),
    ),
    ("protection: true", 58, "protection: 'true' is not Y or N; did you mean 'Y'?"),
    ("forcast: []", 58, "forcast: unknown key 'forcast'; did you mean 'forecast'?"),
]


@pytest.mark.parametrize(("more", "column", "problem"), PROBLEMS)
def test_problem_in_a_patient(more: str, column: int, problem: str) -> None:
    """Each mistake in a patient is told at its line and column."""
    text = (
        f"version: 1\npatients:\n  a: {{ids: {{SR: 1}}, name: A^B, born: 2020-01-01, sex: F, {more}}}\n"
        "rules:\n  - {name: a, reply: {ack: AA}}\n"
    )
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    assert [f"a.yaml:3:{column}: patients.a.{problem}"] == [str(found) for found in caught.value.problems]


@pytest.mark.parametrize(
    ("ids", "column", "problem"),
    [
        ("1", 7, "ids: write identifiers by type, such as {SR: 77001}, here, not '1'"),
        ("{}", 7, "ids: write identifiers by type, such as {SR: 77001}, here, not an empty mapping"),
        ("{sr: 1}", 13, "ids.sr: 'sr' is not an identifier type (table HL70203); write one such as SR, MR or PI"),
        ("{SR: }", 13, "ids.SR: the value is missing"),
        ("{SR: {authority: X}}", 13, "ids.SR: 'id' is missing"),
        ("{SR: {id: 1, by: X}}", 25, "ids.SR.by: unknown key 'by'; write one of: id, authority"),
    ],
)
def test_problem_in_identifiers(ids: str, column: int, problem: str) -> None:
    """Each mistake in an identifier is told at its line and column."""
    text = (
        f"version: 1\npatients:\n  a: {{ids: {ids}, name: A^B, born: 2020-01-01, sex: F}}\n"
        "rules:\n  - {name: a, reply: {ack: AA}}\n"
    )
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    assert [f"a.yaml:3:{column}: patients.a.{problem}"] == [str(found) for found in caught.value.problems]


def person(more: str) -> Person:
    """A patient of whom that is said besides what must be."""
    text = (
        f"version: 1\npatients:\n  a: {{ids: {{SR: 1}}, name: A^B, born: 2020-01-01, sex: F, {more}}}\n"
        "rules:\n  - {name: a, reply: {rsp: {profile: Z32, patients: [a]}}}\n"
    )
    script = load(text, "a.yaml").rules[0].scripts[0]
    assert isinstance(script, QueryResponseScript)
    return script.persons[0]


def test_who_else_a_patient_is() -> None:
    """Races, ethnicity, aliases, twins, e-mail and death reach the query response."""
    found = person(
        "race: [2106-3^White, 2028-9], ethnicity: 2186-5, aliases: [C^D, E], multiple_birth: Y, birth_order: 2,"
        " email: a@example.org, died: 2024-01-02"
    )
    assert (Coded("2106-3", "White", "CDCREC"), Coded("2028-9", "", "CDCREC")) == found.races
    assert Coded("2186-5", "", "CDCREC") == found.ethnicity
    assert (Name(family="C", given="D", type="A"), Name(family="E", type="A")) == found.aliases
    told = (found.multiple_birth, found.birth_order, found.death, found.death_date)
    assert ("Y", "2", "Y", "20240102") == told
    assert (Phone(area="", number="", use="NET", equipment="X.400", email="a@example.org"),) == found.other_phones
    assert (Coded("2106-3", "White", "CDCREC"),) == person("race: 2106-3^White").races
    assert "Y" == person("birth_order: 1").multiple_birth


@pytest.mark.parametrize(
    ("more", "column", "problem"),
    [
        ("race: White", 58, "race: 'White' is not a code of CDCREC; write the code, such as 2106-3, or 2106-3^White"),
        ("race: []", 58, "race: the list of races is empty"),
        (
            "race: [2106-3, x]",
            73,
            "race.2: 'x' is not a code of CDCREC; write the code, such as 2106-3, or 2106-3^White",
        ),
        ("aliases: C^D", 58, "aliases: write a list of names here, each after '- ' or in [ ], not 'C^D'"),
        (
            "multiple_birth: N, birth_order: 2",
            77,
            "birth_order: a birth order goes with multiple_birth: Y, or leave that out",
        ),
        (
            "multiple_birth: Y, birth_order: second",
            77,
            "birth_order: 'second' is not a birth order; write 1 for the first born, 2 for the second",
        ),
        ("email: alice", 58, "email: 'alice' is not an e-mail address; write one such as alice@example.org"),
        ("died: yes", 58, "died: 'yes' is not a date; write year-month-day, such as 2024-04-02"),
    ],
)
def test_problem_in_who_else_a_patient_is(more: str, column: int, problem: str) -> None:
    """Each mistake is told at its line and column."""
    with pytest.raises(DocumentError) as caught:
        person(more)
    assert [f"a.yaml:3:{column}: patients.a.{problem}"] == [str(found) for found in caught.value.problems]


def test_a_patient_has_a_given_name() -> None:
    """PID-5.2 is required; an alias or a mother may do without."""
    text = "version: 1\npatients:\n  a: {ids: {SR: 1}, name: Adams, born: 2020-01-01, sex: F}\n"
    with pytest.raises(DocumentError) as caught:
        load(f"{text}rules:\n  - {{name: a, reply: {{ack: AA}}}}\n", "a.yaml")
    assert ["a.yaml:3:21: patients.a.name: 'Adams' lacks a given name; write family^given, such as Adams^Alice"] == [
        str(found) for found in caught.value.problems
    ]
