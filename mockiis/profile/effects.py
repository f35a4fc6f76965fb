"""What a fault does to the data, and so how bad it is: the cascade of the CDC guide 1.5, table 3-1.

A value that cannot be taken counts as empty; an empty required field makes its segment count as empty; a required
segment takes its group with it, or the whole message when it is in none. When every dose falls, the message does.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockiis.profile.finding import Effect, Finding, Severity
from mockiis.profile.scene import Fault

_MESSAGE = frozenset({"MSH", "PID", "MSA", "QAK", "QPD", "RCP"})
_DOSE = frozenset({"ORC", "RXA"})


def of_segment(segment_id: str) -> Effect:
    """What is lost when this segment counts as empty."""
    if segment_id in _MESSAGE:
        return "message rejected"
    if segment_id in _DOSE:
        return "dose rejected"
    return "segment ignored"


def of_fault(fault: Fault, *, required: bool) -> Effect:
    """What is lost by a fault; ``required`` where its field may not be empty, or a segment is missing."""
    if fault.kind == "unknown segment":
        return "segment ignored"
    if fault.location is None:
        return "message rejected"
    if fault.kind in ("unexpected", "repeats") and fault.location.field is None:
        return "segment ignored"
    if required:
        return of_segment(fault.location.segment)
    return "field ignored" if fault.location.field is not None else ""


def severity(effect: Effect) -> Severity:
    """E for what an important part falls by, W for what is lost besides, I for what loses nothing."""
    if effect in ("message rejected", "dose rejected"):
        return "E"
    return "W" if effect else "I"


def finding(fault: Fault, effect: Effect) -> Finding:
    """The fault with its effect. A severity in the data decides: with E the dose or message falls, with W or I the
    value is taken as it is. Only a segment without a place in the grammar is ignored whatever it is called.
    """
    given = fault.severity
    if given == "E" and fault.location is not None and effect not in ("message rejected", "dose rejected"):
        effect = of_segment("RXA" if fault.location.segment in ("RXR", "OBX", "NTE") else fault.location.segment)
    elif given in ("W", "I") and fault.kind != "unknown segment":
        effect = ""
    return Finding(
        code=fault.code,
        severity=given or severity(effect),
        text=fault.text,
        location=fault.location,
        application_code=fault.application_code,
        expected=fault.expected,
        found=fault.found,
        fix=fault.fix,
        effect=effect,
        statement=fault.statement,
        source=fault.source,
    )


def rejected(findings: Iterable[Finding], doses: frozenset[int], fallen: frozenset[int]) -> bool:
    """Whether nothing is stored: the message falls, or every dose that it reports."""
    return any(finding.effect == "message rejected" for finding in findings) or (bool(doses) and doses == fallen)
