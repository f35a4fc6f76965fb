"""Observations of a dose: which there are, in which order, and which belong together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.observations import observation_sets
from sender.record import VaccinationRecord

VIS = {"published": "2021-08-06", "presented": "2024-05-06"}


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        ({}, []),
        ({"funding": "PHC70"}, [["30963-3"]]),
        ({"funding": "VXC1", "eligibility": "V02"}, [["64994-7"], ["30963-3"]]),
        ({"vis": VIS}, [["29769-7", "29768-9"]]),
        ({"vis": {**VIS, "vaccine": "94"}}, [["30956-7", "29769-7", "29768-9"]]),
        ({"vis": [{"document": "253"}, VIS]}, [["69764-9"], ["29769-7", "29768-9"]]),
        ({"reactions": ["VXC9", "VXC10"]}, [["31044-1"], ["31044-1"]]),
        ({"observations": [{"code": "59785-6", "value": "VXC7"}]}, [["59785-6"]]),
    ],
)
def test_observations_that_belong_together_form_a_set(
    vaccination_record: Callable[..., VaccinationRecord], dose: dict[str, Any], expected: list[list[str]]
) -> None:
    """Eligibility and funding come first, each alone; the parts of a statement stay together."""
    record = vaccination_record(dose=dose)
    sets = observation_sets(record.vaccinations[0], record.form)
    found = [[observation.identifier.partition("^")[0] for observation in together] for together in sets]
    assert expected == found


@pytest.mark.parametrize(
    ("release", "funding", "value_type"),
    [("1.5", "PHC70^Private Funds^CDCPHINVS", "DT"), ("1.4", "PHC70^Private Funds^HL70396", "TS")],
)
def test_the_release_decides_how_they_are_written(
    vaccination_record: Callable[..., VaccinationRecord], release: str, funding: str, value_type: str
) -> None:
    """The coding system of the funding source and the type of dates differ between the releases."""
    record = vaccination_record(dose={"funding": "PHC70", "vis": VIS}, release=release)
    (source,), (presented, _) = observation_sets(record.vaccinations[0], record.form)
    assert (funding, value_type) == (source.value, presented.value_type)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        ({"code": "1-8", "value": "x^y", "type": "ST"}, ("ST", "1-8^^LN", "x\\S\\y", "")),
        ({"code": "1-8", "value": {"code": "A", "text": "b", "system": "L"}}, ("CE", "1-8^^LN", "A^b^L", "")),
        ({"code": "1-8", "value": "2", "type": "NM", "units": "mm"}, ("NM", "1-8^^LN", "2", "mm^^UCUM")),
        ({"code": {"code": "X1", "system": "L"}, "value": {"text": "free"}, "type": "TX"}, ("TX", "X1^^L", "free", "")),
    ],
)
def test_other_observations_are_written_as_given(
    vaccination_record: Callable[..., VaccinationRecord], observed: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """Any other observation has the type, value and units of the record."""
    record = vaccination_record(dose={"observations": observed})
    ((found,),) = observation_sets(record.vaccinations[0], record.form)
    assert expected == (found.value_type, found.identifier, found.value, found.units)
