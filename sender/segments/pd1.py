"""PD1, additional demographics: publicity, protection, registry status. CDC guide 1.5 chapter 5, table PD1."""

from __future__ import annotations

from mockiis.er7.compose import components, segment
from sender import codes
from sender.datatypes import ce
from sender.record import VaccinationRecord


def pd1(record: VaccinationRecord) -> str:
    """What the patient decided about reminders and sharing; empty when the record says nothing of it."""
    patient = record.patient
    fields = {
        11: ce(patient.publicity, "HL70215", codes.PUBLICITY),
        12: patient.protected,
        13: patient.protected_date,
        16: components(patient.registry_status),
        17: patient.registry_status_date,
        18: patient.publicity_date,
    }
    return segment("PD1", fields) if any(fields.values()) else ""
