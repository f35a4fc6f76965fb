"""QPD: whom a query asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import QueryRecord
from sender.segments.qpd import qpd

Z34 = "Z34^Request Immunization History^CDCPHINVS"


@pytest.mark.parametrize(
    ("patient", "header", "expected"),
    [
        pytest.param(None, {"query_tag": "T1"}, f"QPD|{Z34}|T1||Winter^Nora^^^^^L||20200229", id="least"),
        pytest.param(
            {"identifiers": [{"id": "1", "type": "SR", "authority": "NDIIS"}, {"id": "2", "type": "MR"}]},
            {"query": "Z44", "query_tag": "T1"},
            "QPD|Z44^Request Evaluated History and Forecast^CDCPHINVS|T1|1^^^NDIIS^SR~2^^^CLINIC^MR",
            id="identifiers-alone-z44",
        ),
        pytest.param(
            {
                "name": {"family": "Winter", "given": "Nora"},
                "mothers_maiden_name": {"family": "Frost"},
                "birth_date": "2020-02-29",
                "sex": "F",
                "address": {"city": "Minot", "state": "ND"},
                "phone": "7015550100",
                "multiple_birth": "yes",
                "birth_order": "2",
            },
            {"control_id": "M1"},
            f"QPD|{Z34}|M1||Winter^Nora^^^^^L|Frost^^^^^^M|20200229|F|^^Minot^ND|^PRN^PH^^^701^5550100|Y|2",
            id="everything-and-the-control-id-as-tag",
        ),
        pytest.param(
            None,
            {"release": "1.4", "query_tag": "T1"},
            "QPD|Z34^Request Immunization History^HL70471|T1||Winter^Nora^||20200229",
            id="1.4",
        ),
    ],
)
def test_fills_the_patient_sought(
    query_record: Callable[..., QueryRecord], patient: Any, header: dict[str, Any], expected: Any
) -> None:
    """Each thing a query can say about the patient stands at its field."""
    assert expected == qpd(query_record(patient, **header))
