"""RXR, route and site. CDC guide 1.5 chapter 5, table RXR; the routes of table 0162 are those of NDIIS's examples."""

from __future__ import annotations

from mockiis.er7.compose import components, segment
from sender import codes
from sender.datatypes import ce
from sender.form import Form
from sender.vaccination import Vaccination
from sender.values import Coded, Route


def rxr(dose: Vaccination, form: Form) -> str:
    """Route and site of the dose; empty when the record has no route."""
    if dose.route is None:
        return ""
    return segment("RXR", {1: route(dose.route, form), 2: _site(dose.site, form)})


def route(value: Route, form: Form) -> str:
    """RXR-1: the NCIT code with that of table 0162 as the alternate, or in Release 1.4 that of table 0162 alone."""
    if value.system:
        return ce(value, "")
    ncit, hl7 = _both(value.code)
    text = value.text or codes.ROUTE.get(hl7 or ncit, "")
    if not (form.ncit_route and ncit) and hl7:
        return components(hl7, text, "HL70162")
    return components(ncit, text, "NCIT", hl7, text if hl7 else "", "HL70162" if hl7 else "")


def _both(code: str) -> tuple[str, str]:
    """The code in NCIT and in table 0162, whichever it was written in; empty where there is none."""
    if code in codes.NCIT_ROUTE:
        return codes.NCIT_ROUTE[code], code
    return code, next((hl7 for hl7, ncit in codes.NCIT_ROUTE.items() if ncit == code), "")


def _site(value: Coded | None, form: Form) -> str:
    if value is None or form.site_text:
        return ce(value, "HL70163", codes.SITE)
    return components(value.code, "", value.system or "HL70163")
