"""PID, patient identification. CDC guide 1.5 chapter 5, table PID, with the addendum's notes on PID-3, 5, 6 and 13."""

from __future__ import annotations

from mockiis.er7.compose import segment
from sender import codes
from sender.datatypes import all_of, ce, cx, maiden_name, telecoms, xad, xpn
from sender.record import VaccinationRecord


def pid(record: VaccinationRecord) -> str:
    """The patient of the record."""
    patient, form = record.patient, record.form
    return segment(
        "PID",
        {
            1: "1",
            3: all_of(cx(identifier, record.sending_facility) for identifier in patient.identifiers),
            5: all_of(xpn(name, form) for name in (patient.name, *patient.other_names)),
            6: maiden_name(patient.mothers_maiden_name, form),
            7: patient.birth_date,
            8: patient.sex,
            10: all_of(ce(race, "CDCREC", codes.RACE) for race in patient.race),
            11: all_of(xad(address) for address in patient.addresses),
            13: telecoms(patient.phones, patient.emails),
            15: ce(patient.language, "ISO6392", codes.LANGUAGE),
            16: ce(patient.marital_status, ""),
            22: ce(patient.ethnicity, "CDCREC", codes.ETHNICITY),
            24: patient.multiple_birth,
            25: patient.birth_order,
            29: patient.death_date,
            30: patient.deceased,
        },
    )
