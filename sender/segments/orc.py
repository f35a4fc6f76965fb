"""ORC, the order a dose belongs to. CDC guide 1.5 chapter 5, table ORC; statements IZ-25 and IZ-45."""

from __future__ import annotations

from mockiis.er7.compose import segment
from sender.datatypes import ce, ei, xcn
from sender.record import VaccinationRecord
from sender.vaccination import Vaccination
from sender.values import OrderNumber

NOTHING_GIVEN = OrderNumber(number="9999")
"""ORC-3 of a refusal: no order was filled."""


def orc(record: VaccinationRecord, dose: Vaccination) -> str:
    """The order numbers of the dose, and who entered and ordered it."""
    usual = record.sending_facility
    return segment(
        "ORC",
        {
            1: "RE",
            2: ei(dose.placer_order_number, usual),
            3: ei(dose.filler_order_number or NOTHING_GIVEN, usual),
            10: xcn(dose.entered_by),
            12: xcn(dose.ordering_provider),
            17: ce(dose.entering_organization, "HL70362"),
        },
    )
