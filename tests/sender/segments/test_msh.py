"""MSH: who sends what to whom, when, and in which form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sender.record import QueryRecord, VaccinationRecord
from sender.segments.msh import msh

STAMP = {"control_id": "M1", "time": "2024-05-06T07:08:09-05:00"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(
            {},
            "MSH|^~\\&||CLINIC|||20240506070809-0500||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS",
            id="1.5",
        ),
        pytest.param(
            {"release": "1.4"},
            "MSH|^~\\&||CLINIC|||202405060708||VXU^V04^VXU_V04|M1|P|2.5.1|||NE|AL",
            id="1.4-minutes-and-no-profile",
        ),
        pytest.param(
            {"accept_acknowledgment": "NE", "application_acknowledgment": "NE", "processing_id": "T"},
            "MSH|^~\\&||CLINIC|||20240506070809-0500||VXU^V04^VXU_V04|M1|T|2.5.1|||NE|NE|||||Z22^CDCPHINVS",
            id="the-record-wins",
        ),
        pytest.param(
            {
                "sending_application": "E|H&R",
                "receiving_application": {"name": "NDIIS", "oid": "1.2.3"},
                "receiving_facility": {"oid": "1.2.4"},
            },
            "MSH|^~\\&|E\\F\\H\\T\\R|CLINIC|NDIIS^1.2.3^ISO|^1.2.4^ISO|20240506070809-0500||VXU^V04^VXU_V04|M1|P|2.5.1"
            "|||ER|AL|||||Z22^CDCPHINVS",
            id="names-escaped-and-oids",
        ),
    ],
)
def test_fills_the_header_of_a_vxu(
    vaccination_record: Callable[..., VaccinationRecord], header: dict[str, Any], expected: Any
) -> None:
    """The header of a VXU, in both releases, with whatever the record says in place of the usual."""
    assert expected == msh(vaccination_record(**STAMP, **header), "VXU^V04^VXU_V04", "Z22")


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("1.5", "MSH|^~\\&||CLINIC|||20240506070809-0500||QBP^Q11^QBP_Q11|M1|P|2.5.1|||ER|AL|||||Z44^CDCPHINVS"),
        ("1.4", "MSH|^~\\&||CLINIC|||202405060708||QBP^Q11^QBP_Q11|M1|P|2.5.1"),
    ],
)
def test_fills_the_header_of_a_query(query_record: Callable[..., QueryRecord], release: str, expected: Any) -> None:
    """In Release 1.4 a query asks for no kind of acknowledgment."""
    record: QueryRecord = query_record(release=release, **STAMP)
    assert expected == msh(record, "QBP^Q11^QBP_Q11", "Z44")


def test_names_the_character_set_when_there_is_one(vaccination_record: Callable[..., VaccinationRecord]) -> None:
    """MSH-18 is filled with the character set it is given."""
    header = msh(vaccination_record(**STAMP), "VXU^V04^VXU_V04", "Z22", "UNICODE UTF-8")
    assert header.endswith("|2.5.1|||ER|AL||UNICODE UTF-8|||Z22^CDCPHINVS")
