"""One record in words: each value with its location and where it came from, the doses, borrowed vaccine, relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mockiis.er7 import Message, Segment, read
from mockiis.errors import printable
from mockiis.journal_report.masking import MASK, masked
from mockiis.profile.names import field_in_words
from mockiis.registry.preloading import PRELOADED
from mockiis.registry.records import BorrowEvent, KeptDose, Origin, Record
from mockiis.registry.search import Judged
from mockiis.registry_report.messages import told

_WIDTH = 36
_BESIDES = {"PD1-13": "PD1-12", "PD1-17": "PD1-16", "PD1-18": "PD1-11"}
"""Fields that come with another one."""
_OBVIOUS = {("PID", 1), ("NK1", 1), ("ORC", 1), ("RXA", 1), ("RXA", 2), ("RXA", 21)}
"""Fields that every message has so."""


def shown(
    record: Record, borrowed: Sequence[BorrowEvent], others: Iterable[Judged], authority: str, *, whole: bool
) -> Iterator[str]:
    """The lines. What is about a patient is masked as in the journal, unless ``whole``."""
    yield f"Record {record.number}"
    if record.owner:
        yield printable(f"  protected at the request of {record.owner}, to which alone it is told")
    message = _as_message(record, [], authority, whole=whole)
    for segment in message.segments[1:]:
        yield from _fields(segment, record)
    for number, kept in enumerate(record.doses, 1):
        yield from _dose(number, kept, record, authority, whole=whole)
    yield from _borrowed(borrowed, whole=whole)
    yield from _others(others)
    if not whole:
        yield ""
        yield f"What is about a patient is shown as {MASK}; --phi shows it."


def _as_message(record: Record, doses: list[KeptDose], authority: str, *, whole: bool) -> Message:
    text = told(record, record.owner, doses, "1", authority)
    return read(text if whole else masked(text))


def _dose(number: int, kept: KeptDose, record: Record, authority: str, *, whole: bool) -> Iterator[str]:
    yield ""
    yield printable(f"Dose {number}{', deleted' if kept.deleted else ''}: {_from(kept.origin)}")
    for segment in _as_message(record, [kept], authority, whole=whole).segments:
        if segment.id in ("ORC", "RXA", "RXR"):
            yield from _fields(segment)
        elif segment.id == "OBX":
            value = _value(segment, 5)
            yield printable(f"  {'OBX-5':<8}{_value(segment, 3):<{_WIDTH}}  {value}")


def _fields(segment: Segment, record: Record | None = None) -> Iterator[str]:
    for field in range(1, len(segment.fields)):
        if segment.raw(field) and (segment.id, field) not in _OBVIOUS:
            place = f"{segment.id}-{field}"
            name = field_in_words(segment.id, field)[0]
            origin = _origin(record, segment.id, place)
            line = f"  {place:<8}{name:<{_WIDTH}}  {_value(segment, field)}"
            yield printable(f"{line}   ({_from(origin)})" if origin else line)


def _origin(record: Record | None, segment: str, place: str) -> Origin | None:
    if record is None:
        return None
    return record.origin("NK1" if segment == "NK1" else _BESIDES.get(place, place))


def _value(segment: Segment, field: int) -> str:
    texts = []
    for repetition in segment.repetitions(field):
        parts = [segment.part(repetition, number) for number in range(1, repetition.count("^") + 2)]
        texts.append(" ".join(filter(None, parts)))
    return "; ".join(texts)


def _from(origin: Origin) -> str:
    """Who told it, in which message, and when that was received."""
    received = origin.received[:19].replace("T", " ")
    message = f"message {origin.control_id} of {origin.facility or 'nobody'}"
    if origin.facility == PRELOADED:
        message = PRELOADED if origin.control_id == PRELOADED else f"{PRELOADED} from {origin.control_id}"
    return f"{message}, received {received}" if received else message


def _borrowed(events: Sequence[BorrowEvent], *, whole: bool) -> Iterator[str]:
    if events:
        yield ""
        yield "Borrowed vaccine"
    for event in events:
        given = event.given[:8] if whole else f"{event.given[:4]}{MASK}"
        yield printable(
            f"  {event.facility}: CVX {event.vaccine}, lot {event.lot or 'not known'}, given {given},"
            f" eligibility {event.eligibility}, stock {event.funding}"
        )


def _others(others: Iterable[Judged]) -> Iterator[str]:
    """Whoever could be the same person, and why not."""
    found = list(others)
    if found:
        yield ""
        yield "Compared with"
    for other, comparison in found:
        yield printable(f"  record {other.number}: {comparison}")
