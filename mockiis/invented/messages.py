"""Messages about invented patients, as a sender would write them: the update that reports one, and the query for it."""

from __future__ import annotations

from mockiis.message.person import Person
from mockiis.message.query_response import pid, reported


def update(person: Person, control_id: str, facility: str = "", sent: str = "20260101120000+0000") -> str:
    """A VXU (Z22) with all that is known of the person; by default its clinic sends."""
    sender = facility or person.identifiers[0].authority
    header = _header(sender, "VXU^V04^VXU_V04", control_id, sent, "Z22")
    return _text([header, *(f"{line}|A" if line.startswith("RXA|") else line for line in reported(person))])


def query(person: Person, control_id: str, facility: str = "", sent: str = "20260101120000+0000") -> str:
    """A QBP (Z34) for the person by all that is known of it."""
    sender = facility or person.identifiers[0].authority
    fields = pid(1, person).split("|") + [""] * 30
    asked = [fields[number] for number in (3, 5, 6, 7, 8, 11, 13, 24, 25)]
    qpd = "|".join(["QPD", "Z34^Request Immunization History^CDCPHINVS", control_id, *asked])
    return _text(
        [
            _header(sender, "QBP^Q11^QBP_Q11", control_id, sent, "Z34"),
            qpd.rstrip("|"),
            "RCP|I|10^RD&Records&HL70126|R^Real-time^HL70394",
        ]
    )


def _header(facility: str, kind: str, control_id: str, sent: str, profile: str) -> str:
    ends = f"{control_id}|P|2.5.1|||ER|AL|||||{profile}^CDCPHINVS"
    return f"MSH|^~\\&|EHR|{facility}|NDIIS|ND0000|{sent}||{kind}|{ends}"


def _text(segments: list[str]) -> str:
    return "\r".join(segments) + "\r"
