"""Answers read: ACK and RSP messages -> acknowledgment code, findings, query status, persons.

The counterpart of ``acknowledgment`` and ``query_response``. It also understands what registries send that the
guide does not allow: ERR in its form before 2.5 (location or all of it in ERR-1), NF as MSA-1, AA as QAK-2,
the two-part location ``PID^22``. What was understood so is noted, never silently taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockiis.er7 import Location, LocationError, Message, Note, Segment
from mockiis.message.history import persons
from mockiis.message.person import Person
from mockiis.profile import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an ACK or RSP says.

    ``acknowledgment_code`` is MSA-1 (AA, AE, AR; CA, CE, CR in enhanced mode; whatever else was sent), empty without
    an MSA. ``query_status`` is QAK-2, empty for an ACK. ``profile`` is MSH-21.1. ``persons`` are those of an RSP.
    ``notes`` are what was odd about the text, and then about what it says.
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
    notes = list(message.notes)
    code = message.get("MSA-1").strip().upper()
    status = message.get("QAK-2").strip().upper()
    if code in ("NF", "TM", "OK"):
        notes.append(Note("msa-query-status", f"MSA-1 is {code}, a query response status; read as AA"))
        status, code = status or code, "AA"
    if status == "AA":
        notes.append(Note("qak-acknowledgment-code", "QAK-2 is AA, an acknowledgment code; read as OK"))
        status = "OK"
    findings = [finding for segment in message.named("ERR") for finding in _findings(segment, code, notes)]
    return Answer(
        message_type=message.get("MSH-9.1").strip().upper(),
        acknowledgment_code=code,
        message_control_id=message.get("MSA-2").strip(),
        findings=tuple(findings),
        query_status=status,
        query_tag=message.get("QAK-1"),
        profile=message.get("MSH-21.1").strip(),
        persons=persons(message),
        notes=tuple(dict.fromkeys(notes)),
    )


def _findings(segment: Segment, acknowledgment_code: str, notes: list[Note]) -> list[Finding]:
    """A finding for each place that the ERR names; one for the whole message where it names none."""
    if segment.raw(1):
        notes.append(Note("err-1", "ERR-1 is valued, which version 2.5.1 does not allow; read as the error location"))
    if _is_old(segment):
        read = [_old(segment, text) for text in _filled(segment, 1)]
    else:
        read = _listed(segment, 1 if _is_early(segment) else 0)
    severity = _severity(segment.get(3 if _is_early(segment) else 4), acknowledgment_code, notes)
    return [replace(finding, severity=severity) for finding in read]


def _is_old(segment: Segment) -> bool:
    """Whether all of it is in ERR-1, as before version 2.5 (data type ELD), where the code is component 4."""
    return not (segment.raw(2) or segment.raw(3)) and any(segment.part(text, 4) for text in segment.repetitions(1))


def _is_early(segment: Segment) -> bool:
    """Whether the location is in ERR-1 and all else one field early, as NDIIS prints it."""
    code_in_2 = segment.raw(2) and not _has_location(segment, 2) and not segment.get(3, 1).strip().isdecimal()
    return bool(segment.raw(1) and code_in_2)


def _old(segment: Segment, text: str) -> Finding:
    """One repetition of ERR-1 as ELD: segment, sequence, field, and a code of three subcomponents."""
    place = "^".join(segment.part(text, number) for number in (1, 2, 3)).rstrip("^")
    finding = Finding(
        code=segment.part(text, 4, 1),
        severity="E",
        text=_words(segment) or segment.part(text, 4, 2),
        application_code=segment.get(5, 1),
    )
    return _at(place, finding)


def _listed(segment: Segment, early: int) -> list[Finding]:
    """ERR as the guide has it: a location (ERR-2, or else ERR-1), then the code and what it means."""
    code = 3 - early
    finding = Finding(
        code=segment.get(code, 1),
        severity="E",
        text=_words(segment) or segment.get(code, 9) or segment.get(code, 2),
        application_code=segment.get(5 - early, 1),
    )
    field = 1 if early or not segment.raw(2) or (_has_location(segment, 1) and not _has_location(segment, 2)) else 2
    return [_at(_erl(segment, text), finding) for text in _filled(segment, field)]


def _words(segment: Segment) -> str:
    """What is written for people: ERR-8, or where other senders put it."""
    return segment.get(8) or segment.get(9) or segment.get(7)


def _filled(segment: Segment, field: int) -> list[str]:
    """The repetitions that hold something; one empty text where none does."""
    return [text for text in segment.repetitions(field) if text] or [""]


def _at(place: str, finding: Finding) -> Finding:
    location = _location(place)
    return replace(finding, location=location, erl="" if location else place)


def _has_location(segment: Segment, field: int) -> bool:
    return _location(_erl(segment, segment.repetitions(field)[0])) is not None


def _erl(segment: Segment, text: str) -> str:
    """A location with the usual component separator, whichever the message has."""
    return text.replace(segment.delimiters.component, "^") if segment.delimiters.component else text


def _location(text: str) -> Location | None:
    try:
        return Location.from_erl(text)
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
