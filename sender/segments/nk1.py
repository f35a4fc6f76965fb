"""NK1, next of kin. CDC guide 1.5 chapter 5, table NK1; statement IZ-70: numbered from 1."""

from __future__ import annotations

from mockiis.er7.compose import segment
from sender import codes
from sender.datatypes import all_of, ce, telecoms, xad, xpn
from sender.form import Form
from sender.record import NextOfKin


def nk1(number: int, relative: NextOfKin, form: Form) -> str:
    """The relative with that set id."""
    return segment(
        "NK1",
        {
            1: str(number),
            2: xpn(relative.name, form),
            3: ce(relative.relationship, "HL70063", codes.RELATIONSHIP),
            4: all_of(xad(address) for address in relative.addresses),
            5: telecoms(relative.phones, relative.emails),
            16: relative.birth_date,
        },
    )
