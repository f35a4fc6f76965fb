"""QPD, whom a query asks for. CDC guide 1.5 chapter 7, table QPD; statements IZ-67 and IZ-68 (addendum)."""

from __future__ import annotations

from mockiis.er7.compose import components, segment
from sender.datatypes import all_of, cx, maiden_name, xad, xpn, xtn
from sender.record import QueryRecord

QUERY_NAMES = {"Z34": "Request Immunization History", "Z44": "Request Evaluated History and Forecast"}


def qpd(record: QueryRecord) -> str:
    """The patient sought; what the record leaves out matches anyone. The query tag is unique to the message."""
    patient, form = record.patient, record.form
    return segment(
        "QPD",
        {
            1: components(record.query, QUERY_NAMES[record.query], form.query_name_system),
            2: components(record.query_tag or record.control_id),
            3: all_of(cx(identifier, record.sending_facility) for identifier in patient.identifiers),
            4: xpn(patient.name, form) if patient.name else "",
            5: maiden_name(patient.mothers_maiden_name, form),
            6: patient.birth_date,
            7: patient.sex or "",
            8: xad(patient.address),
            9: xtn(patient.phone) if patient.phone else "",
            10: patient.multiple_birth,
            11: patient.birth_order,
        },
    )
