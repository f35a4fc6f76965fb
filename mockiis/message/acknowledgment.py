"""Acknowledgments: ACK (profile Z23) built from an acknowledgment code and findings, and read back.

CDC guide 1.5 chapter 6 with the 2015 addendum: MSH-15 and MSH-16 NE, MSH-21 Z23^CDCPHINVS, one finding an ERR.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mockiis.er7 import STANDARD, Message
from mockiis.er7.compose import in_standard
from mockiis.message.request import Request
from mockiis.profile import Finding
from mockiis.profile.tables import HL70357, HL70533

APPLICATION, FACILITY = "NDIIS", "ND0000"
"""Who answers when the request names no receiver in MSH-5 or MSH-6."""


def acknowledgment(request: Request, code: str, findings: Sequence[Finding] = ()) -> str:
    """An ACK to the request with MSA-1 ``code`` (AA, AE or AR) and one ERR for each finding.

    A request that could not be read is answered too: MSA-2 is empty then.
    """
    message = request.message
    is_query = message is not None and (message.header.get(9, 1) == "QBP" or message.header.get(9, 2) == "Q11")
    lines = [
        header(request, f"ACK^{'Q11' if is_query else 'V04'}^ACK", "Z23"),
        f"MSA|{code}|{echoed(message, 10)}",
        *(err(finding) for finding in findings),
    ]
    return "\r".join(lines) + "\r"


def header(request: Request, message_type: str, profile: str) -> str:
    """The MSH of an answer: the request's sender and receiver change places, its processing id is kept."""
    message = request.message
    application = echoed(message, 5) or APPLICATION
    facility = echoed(message, 6) or FACILITY
    return (
        f"MSH|^~\\&|{application}|{facility}|{echoed(message, 3)}|{echoed(message, 4)}|{timestamp(request.received)}||"
        f"{message_type}|{STANDARD.escaped(request.control_id)}|{echoed(message, 11) or 'P'}|2.5.1"
        f"|||NE|NE||{echoed(message, 18)}|||{profile}^CDCPHINVS"
    )


def timestamp(moment: datetime) -> str:
    """MSH-7 as the guide asks (TS_Z): YYYYMMDDHHMMSS and the zone."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def err(finding: Finding) -> str:
    """One ERR segment: ERR-2 where, ERR-3 what (HL70357), ERR-4 how bad, ERR-5 (HL70533), ERR-8 in words."""
    application = ""
    if finding.application_code:
        name = HL70533.get(finding.application_code, "")
        application = f"{STANDARD.escaped(finding.application_code)}^{name}^HL70533"
    name = HL70357.get(finding.code, "")
    return (
        f"ERR||{finding.err_2}|{STANDARD.escaped(finding.code)}^{name}^HL70357|{finding.severity}|{application}|||"
        f"{STANDARD.escaped(finding.text)}"
    ).rstrip("|")


def echoed(message: Message | None, field: int) -> str:
    """A field of the request's MSH, byte for byte, in standard encoding characters."""
    if message is None:
        return ""
    return in_standard(message.delimiters, message.header.raw(field))
