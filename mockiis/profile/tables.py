"""Small tables that every answer needs at once; the large code sets are data files.

Sources: HL70357 and HL70533 as in the CDC guide 1.5, Appendix A, with code 999 of the 2015 addendum, page 23.
"""

from __future__ import annotations

HL70357 = {
    "0": "Message accepted",
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing ID",
    "203": "Unsupported version ID",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "206": "Application record locked",
    "207": "Application internal error",
    "999": "Application error",
}
"""Message error conditions (ERR-3)."""

HL70533 = {
    "1": "Illogical Date error",
    "2": "Invalid Date",
    "3": "Illogical Value error",
    "4": "Invalid value",
    "5": "Table value not found",
    "6": "Required observation missing",
    "7": "Required data missing",
    "8": "Data was ignored",
}
"""Application errors (ERR-5). The guide defines 1 to 6; 7 and 8 are in use by registries."""
