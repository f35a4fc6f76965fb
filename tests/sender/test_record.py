"""Records: what can be written, and the sentence for what cannot."""

from __future__ import annotations

import json

import pytest

from mockiis.errors import DocumentError
from sender.record import QueryRecord, VaccinationRecord, load_record

PATIENT = """\
patient:
  identifiers: {id: 1, type: MR}
  name: {family: Winter, given: Nora}
  birth_date: 2020-02-29
  sex: F
"""
DOSE = """\
vaccinations:
  - kind: administered
    date: 2024-05-06
    vaccine: 08
    amount: .5
    filler_order_number: A1
"""


def problems(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load_record(text, "r.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_record_with_a_query_is_a_query_record() -> None:
    """The key 'query' tells a query from a vaccination record."""
    query = load_record("query: Z44\npatient: {name: {family: Winter, given: Nora}}", "q.yaml")
    assert isinstance(query, QueryRecord)
    assert isinstance(load_record(PATIENT + DOSE, "r.yaml"), VaccinationRecord)


def test_a_scenario_is_told_as_one() -> None:
    """One sentence in place of a complaint about each of its keys."""
    with pytest.raises(DocumentError, match="this is a scenario, for mockiis serve"):
        load_record("version: 1\nrules: []", "lots.yaml")


def test_reads_json_as_well_as_yaml() -> None:
    """A record may be written in JSON."""
    data = {"query": "Z34", "limit": 5, "patient": {"identifiers": [{"id": "1", "type": "SR"}]}}
    record = load_record(json.dumps(data), "q.json")
    assert isinstance(record, QueryRecord)
    assert (record.limit, record.patient.identifiers[0].id) == ("5", "1")


def test_keeps_codes_and_amounts_as_written() -> None:
    """Leading zeros and a missing leading zero are kept: 08 is a CVX code and .5 an amount."""
    record = load_record(PATIENT + DOSE, "r.yaml")
    assert isinstance(record, VaccinationRecord)
    assert (record.vaccinations[0].vaccine.code, record.vaccinations[0].amount) == ("08", ".5")


def test_null_counts_as_not_written() -> None:
    """JSON writes null for what is not known; it must never reach a message as text."""
    patient = {"name": {"family": "Winter", "given": "Nora", "middle": None}, "sex": None}
    record = load_record(json.dumps({"query": "Z34", "patient": patient}), "q.json")
    assert isinstance(record, QueryRecord)
    assert record.patient.name is not None
    assert (record.patient.name.middle, record.patient.sex) == ("", None)


def test_an_empty_value_counts_as_not_written() -> None:
    """A template with empty values reads as if they were not there."""
    record = load_record(PATIENT + "  ethnicity:\n  death_date: ''\n" + DOSE + "    lot:\n    route:\n", "r.yaml")
    assert isinstance(record, VaccinationRecord)
    assert (record.patient.ethnicity, record.patient.death_date, record.vaccinations[0].route) == (None, "", None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            "ethnicty: X",
            "ethnicty: unknown key 'ethnicty'; did you mean 'ethnicity'?",
        ),
        (
            "race: {}",
            "race: a coded value needs a 'code', or a 'text' where there is no code",
        ),
        (
            "death_date: 2024-01-01",
            "death_date: a death date needs 'deceased: yes'",
        ),
        (
            "deceased: perhaps",
            "deceased: 'perhaps' is neither yes nor no; write yes or no",
        ),
        (
            "birth_order: 2",
            "birth_order: a birth order needs 'multiple_birth: yes'",
        ),
        (
            "birth_order: 0",
            "birth_order: '0' is not a whole number from 1; write one such as 5",
        ),
        (
            "protected_date: 2024-01-01",
            "protected_date: 'protected_date' needs 'protected', whose date it is",
        ),
        (
            "publicity_date: 2024-01-01",
            "publicity_date: 'publicity_date' needs 'publicity', whose date it is",
        ),
        (
            "phones: 555-0100",
            "phones: '555-0100' is not a telephone number of ten digits; write one such as (701) 555-0100",
        ),
        (
            "addresses: 1 Elm St",
            "addresses: write keys and values here, such as 'street', 'other', 'city'",
        ),
        (
            "mothers_maiden_name: {given: May}",
            "mothers_maiden_name: 'family' is missing",
        ),
    ],
)
def test_complaints_about_the_patient(change: str, complaint: str) -> None:
    """Each complaint has file, line, column, the key and what to write."""
    assert [f"r.yaml:6:3: patient.{complaint}"] == problems(PATIENT + f"  {change}\n" + DOSE)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            "lott: X",
            "lott: unknown key 'lott'; did you mean 'lot'?",
        ),
        (
            "route: IMM",
            "route: unknown route 'IMM'; did you mean 'IM'?",
        ),
        (
            "route: by dart",
            "route: unknown route 'by dart'; write one of: ID, IM, NS, IN, IV, PO, SC, TD, OTH",
        ),
        (
            "site: LT",
            "site: a site needs the 'route' too, since RXR-1 is required",
        ),
        (
            "eligibility_method: VXC41",
            "eligibility_method: an eligibility method needs the 'eligibility' it belongs to",
        ),
        (
            "refusal_reason: 00",
            "refusal_reason: this vaccination is administered; a refusal reason belongs to kind: refused",
        ),
        (
            "administered_by: {given: Liv}",
            "administered_by: a provider needs an 'id' or a 'family' name",
        ),
        (
            "vis: {vaccine: 94}",
            "vis: write which statement it was: 'document', or 'published' and 'presented'",
        ),
        (
            "expiry: soon",
            "expiry: 'soon' is not a date; write YYYY-MM-DD or YYYY-MM",
        ),
        (
            "action: X",
            "action: write one of: 'A', 'D' or 'U'",
        ),
        (
            "location: {address: {city: Minot}}",
            "location: 'facility' is missing",
        ),
    ],
)
def test_complaints_about_a_dose(change: str, complaint: str) -> None:
    """Each complaint has file, line, column, the key and what to write."""
    assert [f"r.yaml:12:5: vaccinations.1.{complaint}"] == problems(PATIENT + DOSE + f"    {change}\n")


@pytest.mark.parametrize(
    ("dose", "place", "complaint"),
    [
        (
            "kind: administered, date: 2024-05-06, vaccine: 8, filler_order_number: 1, amount: 1",
            "54: vaccinations.vaccine",
            "'8' is not a CVX code, which has two or three digits; did you mean 08?",
        ),
        (
            "kind: administered, date: 2024-05-06, vaccine: MMR, filler_order_number: 1, amount: 1",
            "54: vaccinations.vaccine",
            "'MMR' is not a CVX code, which has two or three digits",
        ),
        (
            "kind: administered, date: 2024-05-06, vaccine: 94, filler_order_number: 1",
            "1: vaccinations",
            "'amount' is missing; write the amount given, or 999 when it is not known",
        ),
        (
            "kind: administered, date: 2024-05-06, vaccine: 94, filler_order_number: 1, amount: 0.5 mL",
            "91: vaccinations.amount",
            "'0.5 mL' is not an amount; write a number such as 0.5, or 999 when it is not known",
        ),
        (
            "kind: historical, date: 2024-05-06, vaccine: 94",
            "1: vaccinations",
            "'filler_order_number' is missing; it names the dose in later corrections (ORC-3)",
        ),
        (
            "kind: refused, date: 2024-05-06, vaccine: 94",
            "1: vaccinations",
            "a refused vaccination needs a 'refusal_reason': 00 parents, 01 religion, 02 other, 03 patient",
        ),
        (
            "kind: refused, date: 2024-05-06, vaccine: 94, refusal_reason: 00, eligibility: V01",
            "82: vaccinations.eligibility",
            "nothing was given, so a refused vaccination has no 'eligibility'; leave it out",
        ),
        (
            "kind: refused, date: 2024-05-06, vaccine: 94, refusal_reason: 00, lot: 7",
            "82: vaccinations.lot",
            "nothing was given, so a refused vaccination has no 'lot'; leave it out",
        ),
    ],
)
def test_complaints_about_what_does_not_fit_together(dose: str, place: str, complaint: str) -> None:
    """A dose needs what a dose has, and a refusal must not have it."""
    assert [f"r.yaml:6:{place}: {complaint}"] == problems(PATIENT + f"vaccinations: {{{dose}}}\n")


def test_two_doses_need_order_numbers_of_their_own() -> None:
    """Later corrections name a dose by its filler order number, so two doses cannot share one."""
    second = DOSE.partition("\n")[2]
    expected = "r.yaml:6:1: vaccinations: filler order number A1 stands twice; each dose needs its own"
    assert [expected] == problems(PATIENT + DOSE + second)


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("query: Z34\n", ["r.yaml:1:1: 'patient' is missing"]),
        ("query: Z35\npatient: {sex: F}\n", ["r.yaml:1:1: query: write one of: 'Z34' or 'Z44'"]),
        (
            "query: Z34\npatient: {}\n",
            ["r.yaml:2:1: patient: write whom the query asks for: at least 'identifiers', or 'name' and 'birth_date'"],
        ),
        (
            "query: Z34\npatient: {sex: F}\nlimit: many\n",
            ["r.yaml:3:1: limit: 'many' is not a whole number from 1; write one such as 5"],
        ),
        (
            "query: Z34\npatient: {birth_date: 1998}\n",
            ["r.yaml:2:11: patient.birth_date: '1998' is not a date; write YYYY-MM-DD, for example 2014-10-27"],
        ),
        (
            "query: Z34\npatient: {sex: female}\npriority: D\n",
            ["r.yaml:2:11: patient.sex: write one of: 'F', 'M' or 'U'", "r.yaml:3:1: priority: write one of: 'I'"],
        ),
        (
            "accept_acknowledgment: always\n" + PATIENT,
            ["r.yaml:1:1: accept_acknowledgment: write one of: 'AL', 'NE', 'ER' or 'SU'"],
        ),
        ("release: 1.6\n" + PATIENT, ["r.yaml:1:1: release: write one of: '1.5' or '1.4'"]),
        ("- 1\n", ["r.yaml:1:1: write keys and values here, such as 'patient', 'release', 'sending_application'"]),
        ("", ["r.yaml:1:1: the file is empty"]),
    ],
)
def test_complaints_about_the_whole(text: str, complaints: list[str]) -> None:
    """Missing, wrong and impossible settings each have a sentence."""
    assert complaints == problems(text)
