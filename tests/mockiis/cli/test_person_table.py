"""Persons in a CSV file: what a row means, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from mockiis.cli.person_table import read_table
from mockiis.errors import DocumentError
from mockiis.message.person import Identifier

HEAD = "id,authority,type,family,given,born,sex,street,city,state,date,cvx,lot,status,refusal"
NORA = "1001,CLINIC,MR,Larsen,Nora,2024-01-05,F"


def test_rows_with_the_same_identifier_are_one_person() -> None:
    """A row for each dose; what a later row leaves out stands in an earlier one, or the other way round."""
    text = f"{HEAD}\n{NORA},,,,2024-03-05,08,HB1,,\n1001,CLINIC,MR,,,,,1 Elm St,Fargo,ND,2024-05-05,20,,,\n"
    [nora] = read_table(text, "people.csv")
    assert (Identifier("1001", "CLINIC", "MR"),) == nora.identifiers
    assert ("Larsen", "20240105", "Fargo") == (nora.name.family, nora.birth_date, nora.address and nora.address.city)
    assert [("20240305", "08", "HB1"), ("20240505", "20", "")] == [(d.given, d.vaccine.code, d.lot) for d in nora.doses]


def test_somebody_without_a_dose_and_a_refusal() -> None:
    """No dose is said by empty cells, a refusal by its reason."""
    kim, lee = read_table(
        "id;family;given;born;sex;date;cvx;refusal\n1;Doe;Kim;2024-01-05;F;;;\n"
        "2;Doe;Lee;2024-01-05;M;2024-03-05;20;00\n",
        "people.csv",
    )
    assert () == kim.doses
    assert (Identifier("1", "NDIIS", "SR"), "RE") == (kim.identifiers[0], lee.doses[0].completion)


def test_the_apostrophe_before_a_formula_is_none() -> None:
    """As spreadsheets and ``registry export`` write it."""
    [person] = read_table("id,family,given,born,sex\n1,'=Doe,'O,2024-01-05,F\n", "people.csv")
    assert ("=Doe", "'O") == (person.name.family, person.name.given)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "people.csv:1:1: is empty; the first row names the columns: id, authority"),
        ("id,famly\n", "people.csv:1:1: unknown column 'famly'; did you mean 'family'?"),
        ("id,family\n", "people.csv:1:1: column 'given' is missing"),
        (f"id,{HEAD}\n", "people.csv:1:1: column 'id' stands twice"),
        (f"{HEAD}\n{NORA}\n{NORA},,,,,,,,,too many\n", "people.csv:3:1: has 16 cells, but there are 15 columns"),
        (f"{HEAD}\n,CLINIC,MR,Larsen\n", "people.csv:2:1: 'id' is empty; it says which rows are one person"),
        (f"{HEAD}\n{NORA}\n1001,CLINIC,MR,Larsson\n", "people.csv:3:1: 1001: the rows disagree in name"),
        (f"{HEAD}\n{NORA}\n\n7,,,Doe,Kim,tomorrow,F\n", "people.csv:4:1: 7^NDIIS^SR.born: 'tomorrow' is not a date"),
        (f"{HEAD}\n7,,,Doe,Kim,,F\n", "people.csv:2:1: 7^NDIIS^SR: 'born' is missing"),
        (f"{HEAD}\n{NORA},,,,2024-03-05,8\n", "people.csv:2:1: 1001^CLINIC^MR.doses.1.cvx: CVX codes have two digits"),
        (f"{HEAD}\n{NORA},,,,2024-03-05\n", "people.csv:2:1: 1001^CLINIC^MR.doses.1: 'cvx' is missing"),
        (f'{HEAD}\n"{NORA}', "people.csv:"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, complaint: str) -> None:
    """Every complaint names the row."""
    with pytest.raises(DocumentError) as refused:
        read_table(text, "people.csv")
    assert str(refused.value).startswith(complaint)
