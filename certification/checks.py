"""The checks: one small function for each kind of thing compared, (step, exchange) -> failures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from certification import files
from certification.case import ExpectedFinding, ExpectedPerson, Step
from certification.exchange import Exchange, Failure, readable
from certification.expected import MISSING, Expectation
from certification.judged import judged
from mockiis.er7 import Location, Message, Segment
from mockiis.message.person import Person
from mockiis.profile import Finding
from mockiis.profile.names import in_words
from sender.outcome import Answered, Faulted, Outcome

Check = Callable[[Step, Exchange], Iterator[Failure]]


def check(step: Step, exchange: Exchange) -> tuple[Failure, ...]:
    """Everything that is not as the step expects; where it is, what the judge has against the messages."""
    found = tuple(failure for one in CHECKS for failure in one(step, exchange))
    return found or tuple(judged(step, exchange))


def arrived(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The message reached the IIS, once. Over MLLP a connectivity test is a connection and nothing more."""
    if exchange.received is None or (step.send.connectivity and exchange.transport == "mllp"):
        return
    count = len(exchange.received)
    if count != 1:
        what = "connectivity test" if step.send.connectivity else "message"
        advice = "send it" if count == 0 else "send each message once and wait for its answer"
        yield exchange.failure("arrival", f"Arrival of the {what}", "received once", _times(count), advice)


def sent(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The message holds at each place what it should."""
    message = exchange.message
    if step.send.connectivity:
        text = (exchange.received or (exchange.made,))[-1]
        if text != step.send.connectivity and exchange.transport == "soap":
            advice = "send the text of the test unchanged in echoBack"
            yield exchange.failure("echoBack", "Text of the connectivity test", step.send.connectivity, text, advice)
    elif message is None and (step.sent.values or step.sent.same_as):
        advice = "send an HL7 message that begins with MSH"
        yield exchange.failure("MSH", in_words(Location(segment="MSH")), "an HL7 message", "none", advice)
    elif message is not None:
        yield from _values(step.sent.values, message, exchange, _SENT)
        if step.sent.same_as:
            yield from _same(files.text("messages", step.sent.same_as), message, exchange)


def outcome(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The sender reports how it ended, by the name of the outcome."""
    name = exchange.outcome.name
    if name not in step.expect.outcome:
        found = f"{name} ({exchange.outcome.sentence})"
        read_rightly = bool(exchange.outcome.text) and exchange.read_again.name == name
        advice = _ANSWERED if read_rightly else _OUTCOME_ADVICE[step.expect.outcome[0]]
        yield exchange.failure(
            "outcome", "Outcome that the sender reports", " or ".join(step.expect.outcome), found, advice
        )


def fault(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The sender names the SOAP fault and keeps what it says."""
    kind, detail = "no fault", ""
    if isinstance(exchange.outcome, Faulted):
        kind, detail = exchange.outcome.kind, exchange.outcome.detail
    if step.expect.fault and kind != step.expect.fault:
        advice = "read the element in the Detail of the fault; its name says which of the four faults it is"
        yield exchange.failure("fault", "SOAP fault that the sender reports", step.expect.fault, kind, advice)
    if step.expect.detail and detail != step.expect.detail:
        advice = "show the text of Detail, which says to people what is wrong"
        yield exchange.failure("detail", "Detail of the SOAP fault", step.expect.detail, detail or "missing", advice)


def answer(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The answer that the sender received holds at each place what it should."""
    message = exchange.answer
    if message is not None:
        yield from _values(step.expect.values, message, exchange, _ANSWERED)
    elif step.expect.values:
        place = next(iter(step.expect.values))
        advice = "find out why no HL7 answer came back; the outcome says what did"
        yield exchange.failure(str(place), in_words(place), "an HL7 answer", "none", advice)


def findings(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The sender lists every ERR of the answer as it stands there, in order."""
    expected = step.expect.findings
    if expected is None:
        return
    found = exchange.outcome.findings
    advice = _ANSWERED if found == exchange.read_again.findings else "list every ERR segment as the answer has it"
    if len(found) != len(expected):
        listed = "; ".join(map(_finding_words, found))
        counted = f"{len(found)}: {listed}" if listed else "none"
        yield exchange.failure("ERR", "Findings that the sender lists", str(len(expected) or "none"), counted, advice)
    for number, (one, other) in enumerate(zip(expected, found, strict=False), 1):
        for field, wanted, got in _compared_findings(one, other, exchange):
            place = Location(segment="ERR", occurrence=number, field=field)
            yield _difference(exchange, place, wanted, got, advice)


def persons(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The sender understood who was found, what they were given and what is due."""
    expected = step.expect.persons
    if expected is None:
        return
    found = _persons(exchange.outcome)
    advice = (
        _ANSWERED if found == _persons(exchange.read_again) else "read every PID of the answer, and what follows it"
    )
    if len(found) != len(expected):
        words = "Patients that the sender found in the answer"
        yield exchange.failure("PID", words, str(len(expected)), str(len(found)), advice)
    for number, (one, other) in enumerate(zip(expected, found, strict=False), 1):
        for text, wanted, got in _compared_persons(one, other, number):
            yield _difference(exchange, Location.parse(text), wanted, got, advice)


CHECKS: tuple[Check, ...] = (arrived, sent, outcome, fault, answer, findings, persons)

_SENT = "correct what fills this place in the message"
_ANSWERED = "the registry's answer is not the expected one: correct the registry, or the scenario it answers by"
_OUTCOME_ADVICE = {
    "accepted": "report a message as accepted when it is answered AA (or AE with information only)",
    "accepted with warnings": "report warnings (ERR-4 W) as such: the data was taken, something may be lost",
    "rejected": "report AR, and AE with an ERR of severity E, as a rejection that must be corrected",
    "faulted": "report a SOAP fault as a fault: the message was not processed",
    "timed out": "stop waiting at the time limit and report that no answer came",
    "connection failed": "report that the connection was lost; do not take silence for success",
    "not an acknowledgment": "take an answer only if it is an HL7 acknowledgment whose MSA-2 is the MSH-10 sent",
    "reached": "report that the IIS answered the connectivity test",
}


def _times(count: int) -> str:
    return {0: "not received"}.get(count, f"received {count} times")


def _values(
    expected: Mapping[Location, Expectation], message: Message, exchange: Exchange, advice: str
) -> Iterator[Failure]:
    for place, expectation in expected.items():
        if place.field is None and expectation.text:
            yield from _segment(place, expectation.text, message, exchange, advice)
            continue
        found = message.filled(place)
        earlier = {value for other in exchange.earlier for value in other.filled(place)}
        if not expectation.holds(found, earlier):
            yield _difference(exchange, place, expectation.words, ", ".join(found) or MISSING.words, advice)


def _segment(place: Location, expected: str, message: Message, exchange: Exchange, advice: str) -> Iterator[Failure]:
    """A whole segment, field by field, so that the failure names the field."""
    found = message.get(place)
    if not found:
        yield _difference(exchange, place, expected, MISSING.words, advice)
        return
    one, other = Segment(expected, message.delimiters), Segment(found, message.delimiters)
    for number in range(1, max(len(one.fields), len(other.fields))):
        if one.raw(number) != other.raw(number):
            where = Location(segment=place.segment, occurrence=place.occurrence, key=place.key, field=number)
            yield _difference(exchange, where, one.raw(number) or "missing", other.raw(number) or "missing", advice)


def _same(expected_text: str, message: Message, exchange: Exchange) -> Iterator[Failure]:
    """The whole message, segment by segment."""
    expected = readable(expected_text)
    assert expected is not None, "the files of the suite are HL7 messages"
    for segment in expected.segments:
        place = Location(segment=segment.id, occurrence=segment.occurrence)
        yield from _segment(place, segment.text, message, exchange, _SENT)
    order, found = ([segment.id for segment in each.segments] for each in (expected, message))
    if sorted(order) == sorted(found) and order != found:
        advice = "put the segments into the order of the guide's grammar"
        yield exchange.failure("segments", "Order of the segments", " ".join(order), " ".join(found), advice)
    for segment in message.segments:
        if order.count(segment.id) < segment.occurrence:
            place = Location(segment=segment.id, occurrence=segment.occurrence)
            yield _difference(exchange, place, "missing", segment.text, "leave this segment out")


def _compared_findings(expected: ExpectedFinding, found: Finding, exchange: Exchange) -> Iterator[tuple[int, str, str]]:
    """(ERR field, expected, found) wherever they differ. The words of another registry are its own to choose."""
    at = found.location.erl() if found.location else ""
    place = expected.at.erl() if expected.at else ""
    if place and place != at:
        yield 2, in_words(expected.at), in_words(found.location)
    elif expected.words and expected.words != in_words(found.location):
        yield 2, expected.words, in_words(found.location)
    pairs = (
        (3, expected.code, found.code),
        (4, expected.severity, found.severity),
        (5, expected.app, found.application_code),
        (8, expected.text if exchange.watched else "", found.text),
    )
    yield from ((field, wanted, got or "missing") for field, wanted, got in pairs if wanted and wanted != got)


def _compared_persons(expected: ExpectedPerson, found: Person, number: int) -> Iterator[tuple[str, str, str]]:
    """(location, expected, found) wherever they differ."""
    identifiers = [identifier.id for identifier in found.identifiers]
    plain = (
        ("3.1", expected.identifier, ", ".join(identifiers)),
        ("5.1", expected.family, found.name.family),
        ("5.2", expected.given, found.name.given),
        ("7", expected.birth_date, found.birth_date),
        ("8", expected.sex, found.sex),
    )
    for field, wanted, got in plain:
        if wanted and wanted != got:
            yield f"PID[{number}]-{field}", wanted, got or "missing"
    yield from _compared_codes("RXA-5.1", expected.doses, [dose.vaccine.code for dose in found.doses])
    yield from _compared_codes(_FORECAST, expected.forecast, [due.vaccine.code for due in found.forecast])


_FORECAST = "OBX[3.1=30956-7]-5.1"


def _compared_codes(place: str, expected: Sequence[str] | None, found: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    if expected is not None and list(expected) != list(found):
        yield place, ", ".join(expected) or "none", ", ".join(found) or "none"


def _persons(outcome: Outcome) -> tuple[Person, ...]:
    return outcome.answer.persons if isinstance(outcome, Answered) else ()


def _finding_words(finding: Finding) -> str:
    return f"{finding.severity} {in_words(finding.location)} {finding.text}".strip()


def _difference(exchange: Exchange, place: Location, expected: str, found: str, advice: str) -> Failure:
    return exchange.failure(str(place), in_words(place), expected, found, advice)
