"""A record of the suite with the changes of a step."""

from __future__ import annotations

from typing import Any

import pytest

from certification.case import Send
from certification.recipe import record
from mockiis.errors import MockIISError
from sender.record import VaccinationRecord


def made(**send: Any) -> VaccinationRecord:
    """The vaccination record of ndiis-vxu-1-private.yaml with changes."""
    found = record(Send.model_validate({"record": "ndiis-vxu-1-private.yaml", **send}))
    assert isinstance(found, VaccinationRecord)
    return found


def test_a_change_sets_one_value_and_leaves_the_rest() -> None:
    """Positions in a list count from 1; the file itself is not changed for later steps."""
    changed = made(change={"vaccinations.1.eligibility": "V05", "patient.name.given": "ANN"})

    assert changed.vaccinations[0].eligibility
    assert ("V05", "ANN", "DOE") == (
        changed.vaccinations[0].eligibility.code,
        changed.patient.name.given,
        changed.patient.name.family,
    )
    assert "KIM" == made().patient.name.given


def test_an_empty_value_removes_what_is_there() -> None:
    """As in a record itself."""

    assert made(change={"patient.ethnicity": ""}).patient.ethnicity is None


def test_a_place_in_a_list_is_changed_as_a_whole() -> None:
    """The last part of a path may be a position."""
    changed = made(change={"patient.identifiers.1": {"id": "7", "type": "MR"}})

    assert ["7"] == [identifier.id for identifier in changed.patient.identifiers]


def test_a_value_is_enlarged() -> None:
    """The text there, repeated up to that many characters."""
    street = made(enlarge={"next_of_kin.1.addresses.1.street": 1000}).next_of_kin[0].addresses[0].street

    assert (1000, True) == (len(street), street.startswith("1234 111TH ST 1234 111TH ST"))


def test_the_release_is_changed() -> None:
    """It is a value of the record."""

    assert "1.4" == made(release="1.4").release


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"patient.adress.1": "x"}, "change 'patient.adress.1': the record has no 'adress' there; it has: identifiers"),
        ({"vaccinations.2.lot": "x"}, "change 'vaccinations.2.lot': the record has no '2' there; it has: 1"),
        ({"vaccinations.0": "x"}, "change 'vaccinations.0': the record has no '0' there; it has: 1"),
        ({"patient.sex.code": "F"}, "change 'patient.sex.code': there is only a plain value before 'code'"),
        ({"patient.sxe": "F"}, "unknown key 'sxe'; did you mean 'sex'?"),
        ({"patient.birth_date": "1998-19-12"}, "'1998-19-12' is not a real date"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: dict[str, str], complaint: str) -> None:
    """It says which change, and what is there instead; what the sender refuses is refused by the sender's words."""
    with pytest.raises(MockIISError) as caught:
        made(change=change)

    assert complaint in str(caught.value)
