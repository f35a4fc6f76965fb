"""A journal as a table, and an exchange as a line: when, what, what it was answered and why. No value of a patient."""

from __future__ import annotations

from mockiis.errors import printable
from mockiis.store.entry import JournalEntry

COLUMNS = ("Number", "Received", "Over", "Message", "Control id", "Answer", "Rule, or why none", "Seconds")
_LONGEST = 200


def row(entry: JournalEntry) -> tuple[str, ...]:
    """Its cells."""
    cells = (
        str(entry.number),
        f"{entry.received:%Y-%m-%d %H:%M:%S}",
        entry.transport,
        entry.message_type or entry.operation or "not read",
        entry.control_id,
        answered(entry),
        entry.rule or entry.summary,
        "" if entry.seconds is None else f"{entry.seconds:.3f}",
    )
    return tuple(_cell(cell) for cell in cells)


def line(entry: JournalEntry) -> str:
    """``2  10:15:30 mllp VXU^V04^VXU_V04 M1 -> AE  by rule "no birth date"``."""
    number, received, transport, message, control_id, answer, *_ = row(entry)
    why = f'  by rule "{_cell(entry.rule)}"' if entry.rule else f"  {_cell(entry.summary)}" if entry.summary else ""
    return f"{number}  {received[11:]} {transport} {message} {control_id or '-'} -> {answer}{why}"


def answered(entry: JournalEntry) -> str:
    """The acknowledgment code and query status, the fault, the HTTP status, or what came instead."""
    match entry.outcome:
        case "message":
            return " ".join(filter(None, (entry.acknowledgment, entry.query_status))) or "echo"
        case "http":
            return f"HTTP {entry.status}"
        case "none":
            return {"close": "connection closed", "reset": "connection reset", "hang": "no answer"}.get(
                entry.status, "no answer"
            )
    return entry.status


def _cell(text: str) -> str:
    return printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
