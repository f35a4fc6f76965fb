"""RXA, what was given, or refused. CDC guide 1.5 chapter 5, table RXA; statements IZ-28 to 32, 47 and 48."""

from __future__ import annotations

from mockiis.er7.compose import components, segment
from sender import codes
from sender.datatypes import ce, la2, xcn
from sender.form import Form
from sender.vaccination import Vaccination
from sender.values import Coded

UNKNOWN_AMOUNT = "999"
USUAL_SOURCE = {"administered": Coded(code="00"), "historical": Coded(code="01")}


def rxa(dose: Vaccination, form: Form) -> str:
    """The dose: date, vaccine, amount, where the information comes from, lot, completion, action."""
    amount = dose.amount or UNKNOWN_AMOUNT
    return segment(
        "RXA",
        {
            1: "0",
            2: "1",
            3: dose.date,
            4: dose.date,
            5: administered_code(dose),
            6: amount,
            7: "" if amount == UNKNOWN_AMOUNT else ce(dose.units, form.units_system),
            9: ce(dose.source or USUAL_SOURCE.get(dose.kind), "NIP001", codes.SOURCE),
            10: xcn(dose.administered_by),
            11: la2(dose.location),
            15: components(dose.lot),
            16: dose.expiry + (form.expiry_time if len(dose.expiry) == 8 else ""),
            17: ce(dose.manufacturer, "MVX"),
            18: ce(dose.refusal_reason, "NIP002", codes.REFUSAL),
            20: "RE" if dose.kind == "refused" else dose.completion,
            21: dose.action,
        },
    )


def administered_code(dose: Vaccination) -> str:
    """RXA-5: CVX, which NDIIS requires, with the NDC as the alternate."""
    alternate = ce(dose.ndc, "NDC")
    code = ce(dose.vaccine, "CVX")
    return f"{code}^{alternate}" if alternate else code
