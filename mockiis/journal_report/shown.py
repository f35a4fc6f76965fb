"""One exchange for people: the request and its answer field by field in words, what the answer says, and why."""

from __future__ import annotations

from collections.abc import Iterator

from mockiis.er7 import ER7Error, Message, Segment, read
from mockiis.errors import printable
from mockiis.journal_report.masking import MASK
from mockiis.journal_report.rows import answered
from mockiis.message import read_answer
from mockiis.profile import Finding
from mockiis.profile.names import field_in_words, in_words, segment_in_words
from mockiis.profile.tables import HL70357, HL70533
from mockiis.store.entry import JournalEntry

SEVERITIES = {"E": "Error", "W": "Warning", "I": "Information"}
_WIDTH = 40


def shown(entry: JournalEntry, *, whole: bool) -> Iterator[str]:
    """The lines. ``whole`` entries are not masked; of others it is told what to do to see more."""
    yield from _heading(entry)
    yield from _why(entry, whole=whole)
    yield from _message("Request", entry.request)
    yield from _message(f"Answer ({printable(answered(entry))})", entry.answer)
    yield from _findings(entry)
    if not whole:
        yield ""
        yield f"What is about a patient is shown as {MASK}; --phi shows it."


def _heading(entry: JournalEntry) -> Iterator[str]:
    what = f"{entry.message_type} with control id {entry.control_id or 'missing'}" if entry.message_type else ""
    yield printable(f"Exchange {entry.number}: {what or entry.operation or 'what could not be read'}")
    sender = f" from {entry.peer}" if entry.peer else ""
    account = f", user name {entry.username}" if entry.username else ""
    facility = f", facilityID {entry.facility}" if entry.facility else ""
    yield printable(f"  received {entry.received.isoformat(sep=' ')} over {entry.transport}{sender}{account}{facility}")
    yield f"  answered {printable(answered(entry))}{_time(entry)}"


def _time(entry: JournalEntry) -> str:
    if entry.seconds is None:
        return ", which has not left yet, or was lost with the connection"
    meant = f" (of which {entry.delay:g} s were asked for)" if entry.delay else ""
    return f" after {entry.seconds:.3f} s{meant}"


def _why(entry: JournalEntry, *, whole: bool) -> Iterator[str]:
    if entry.rule:
        yield printable(f'  by rule "{entry.rule}"')
    if not entry.unmatched:
        return
    if whole:
        yield from (f"  {printable(line)}" for line in entry.explanation.splitlines())
    else:
        yield f"  {printable(entry.explanation)}"


def _message(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    if not text:
        yield "  (nothing)"
        return
    try:
        message = read(text)
    except ER7Error:
        yield from (f"  {printable(line)}" for line in text.splitlines())
        return
    yield from _segments(message)


def _segments(message: Message) -> Iterator[str]:
    for segment in message.segments:
        number = f" {segment.occurrence}" if len(message.by_id[segment.id]) > 1 else ""
        name = segment_in_words(segment.id)
        yield printable(f"  {segment.id}{f'  {name}{number}' if name else number}")
        for field in range(1, len(segment.fields)):
            yield from _field(segment, field)


def _field(segment: Segment, field: int) -> Iterator[str]:
    if segment.names_delimiters(field):
        return  # that is how the rest is written, and it is read
    for number, text in enumerate(segment.repetitions(field), 1):
        if text:
            place = f"{segment.id}-{field}" + (f"[{number}]" if number > 1 else "")
            name = field_in_words(segment.id, field)[0]
            label = f"{place:<10} {name}" if name else place
            yield printable(f"    {label:<{_WIDTH}}  {_value(segment, field, text)}")


def _value(segment: Segment, field: int, text: str) -> str:
    """One value as it is; of several, each with the name of its component."""
    mark = segment.delimiters.component
    parts = text.split(mark) if mark else [text]
    filled = [number for number, part in enumerate(parts, 1) if part]
    if filled in ([1], []):
        return segment.part(text, 1)
    names = field_in_words(segment.id, field)[1]
    return ", ".join(f"{names.get(str(number), number)}: {segment.part(text, number)}" for number in filled)


def _findings(entry: JournalEntry) -> Iterator[str]:
    if not entry.findings:
        return
    try:
        answer, request = read_answer(read(entry.answer)), _read(entry.request)
    except ER7Error:
        return
    yield ""
    yield "What the answer says of the request"
    for finding in answer.findings:
        yield printable(f"  {SEVERITIES[finding.severity]}: {_where(finding)}: {_words(finding)}")
        found = _found(finding, request)
        if found:
            yield printable(f"    the request has there: {found}")


def _read(text: str) -> Message | None:
    try:
        return read(text)
    except ER7Error:
        return None


def _where(finding: Finding) -> str:
    if finding.location is None and finding.erl:
        return f"'{finding.erl}', which is no location"
    return in_words(finding.location)


def _words(finding: Finding) -> str:
    """The answer's own text; where that is masked or only repeats the code, what the codes mean."""
    meaning = HL70357.get(finding.code, "")
    text = finding.text
    if text.lower() in ("", MASK, meaning.lower()):
        text = HL70533.get(finding.application_code) or meaning or "no text"
    return f"{text} [{finding.code}]" if finding.code else text


def _found(finding: Finding, request: Message | None) -> str:
    if request is None or finding.location is None or finding.location.field is None:
        return ""
    return ", ".join(map(repr, request.values(finding.location))) or "nothing"
