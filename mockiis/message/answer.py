"""Answers read: ACK and RSP messages -> acknowledgment code, findings, query status, persons.

The counterpart of ``acknowledgment`` and ``query_response``. It also understands what registries send that the
guide does not allow: ERR in its form before 2.5 (location or all of it in ERR-1), NF as MSA-1, AA as QAK-2,
the two-part location ``PID^22``. What was understood so is noted, never silently taken.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.er7 import Location, LocationError, Message, Note, Segment
from mockiis.message.history import persons
from mockiis.message.person import Person
from mockiis.profile import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an ACK or RSP says.

    ``acknowledgment_code`` is MSA-1 (AA, AE, AR; CA, CE, CR in enhanced mode; whatever else was sent), empty without
    an MSA. ``query_status`` is QAK-2, empty for an ACK. ``profile`` is MSH-21.1. ``persons`` are those of an RSP.
    """

    message_type: str
    acknowledgment_code: str
    message_control_id: str
    findings: tuple[Finding, ...] = ()
    query_status: str = ""
    query_tag: str = ""
    profile: str = ""
    persons: tuple[Person, ...] = ()
    notes: tuple[Note, ...] = ()


def read_answer(message: Message) -> Answer:
    """Read any message as an answer; never raises. Without MSA it is none: see ``acknowledgment_code``."""
    notes: list[Note] = []
    code = message.get("MSA-1").strip().upper()
    status = message.get("QAK-2").strip().upper()
    if code in ("NF", "TM", "OK"):
        notes.append(Note("msa-query-status", f"MSA-1 is {code}, a query response status; read as AA"))
        status, code = status or code, "AA"
    if status == "AA":
        notes.append(Note("qak-acknowledgment-code", "QAK-2 is AA, an acknowledgment code; read as OK"))
        status = "OK"
    findings = tuple(_finding(segment, code, notes) for segment in message.named("ERR"))
    return Answer(
        message_type=message.get("MSH-9.1").strip().upper(),
        acknowledgment_code=code,
        message_control_id=message.get("MSA-2").strip(),
        findings=findings,
        query_status=status,
        query_tag=message.get("QAK-1"),
        profile=message.get("MSH-21.1").strip(),
        persons=persons(message),
        notes=tuple(dict.fromkeys(notes)),
    )


def _finding(segment: Segment, acknowledgment_code: str, notes: list[Note]) -> Finding:
    place, code_field, shift = segment.raw(2), 3, 0
    if segment.raw(1):
        notes.append(Note("err-1", "ERR-1 is valued, which version 2.5.1 does not allow; read as the error location"))
        if not segment.raw(2) or "^" in segment.raw(2):
            place = place if _is_location(place) else segment.raw(1)
        if not _is_location(segment.raw(2)) and segment.raw(2):
            code_field, shift = 2, -1
    code = segment.get(code_field, 1)
    text = segment.get(code_field, 2)
    if segment.raw(1) and not segment.raw(2):
        code, text, place = _error_location_and_code(segment)
    location = _location(place)
    return Finding(
        code=code,
        severity=_severity(segment.get(4 + shift), acknowledgment_code, notes),
        text=segment.get(8) or segment.get(9) or segment.get(7) or segment.get(code_field, 9) or text,
        location=location,
        application_code=segment.get(5 + shift, 1),
        erl="" if location or not place else place,
    )


def _error_location_and_code(segment: Segment) -> tuple[str, str, str]:
    """ERR-1 as before version 2.5 (data type ELD): segment, sequence, field, and the code as the last component."""
    last = segment.get(1, 4)
    code, _, rest = last.partition("&")
    place = "^".join(segment.get(1, number) for number in (1, 2, 3)).rstrip("^")
    return code, rest.partition("&")[0], place


def _is_location(text: str) -> bool:
    return _location(text) is not None


def _location(text: str) -> Location | None:
    try:
        return Location.from_erl(text.partition("~")[0])
    except LocationError:
        return None


def _severity(text: str, acknowledgment_code: str, notes: list[Note]) -> Severity:
    match text.strip().upper():
        case "E" | "F":
            return "E"
        case "W":
            return "W"
        case "I":
            return "I"
    notes.append(Note("err-severity-missing", "ERR-4 holds no severity; taken from the acknowledgment code"))
    return "I" if acknowledgment_code in ("AA", "CA") else "E"
