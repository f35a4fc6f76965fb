"""Exchanges of a journal -> the rules of a scenario, as data for YAML.

One rule for each distinct request, the longest first, with as few conditions as keep it from the requests below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockiis.er7 import Message, read
from mockiis.recording.invention import Inventor
from mockiis.store.entry import JournalEntry

_TELLING = ("PID-3.1", "PID-5.1", "PID-5.2", "PID-7", "QPD-3.1", "QPD-4.1", "QPD-4.2", "QPD-6", "RXA-5.1", "RXA-3")
"""Places by which people tell requests apart, tried first."""
_LAST = "MSH-10"


@dataclass(slots=True, kw_only=True)
class _Asked:
    """One distinct request, and the replies that it got, in order."""

    message: Message
    transport: str
    replies: list[dict[str, Any]] = field(default_factory=list)


def scenario(entries: Iterable[JournalEntry], name: str, inventor: Inventor) -> dict[str, Any]:
    """The scenario file as data. ``rules`` is empty when no exchange can be repeated."""
    told = [entry for entry in entries if entry.operation != "connectivityTest"]
    for entry in told:
        inventor.learn(entry.request)
        inventor.learn(entry.answer)
    inventor.left_out.clear()
    distinct: dict[tuple[str, str], _Asked] = {}
    for entry in told:
        text = inventor.message(entry.request)
        if not text or entry.request.count("MSH|") > 1:
            continue
        reply = _reply(entry, read(text), inventor)
        asked = distinct.setdefault(_key(entry, text), _Asked(message=read(text), transport=entry.transport))
        asked.replies.append(reply)
    ordered = [distinct[key] for key in sorted(distinct, key=lambda key: (-len(key[1]), key[0] == ""))]
    rules = [_rule(number, asked, ordered[number:]) for number, asked in enumerate(ordered, 1)]
    return {"version": 1, "name": name, "about": "Recorded; persons are invented", "track": "all", "rules": rules}


def _key(entry: JournalEntry, text: str) -> tuple[str, str]:
    """What makes two requests the same: all but the time and the message control id."""
    header, _, rest = text.partition("\r")
    fields = header.split("|")
    fields[6:7] = [""]
    fields[9:10] = [""]
    transport = entry.transport if entry.outcome in ("fault", "http") else ""
    return transport, "|".join(fields) + rest


def _rule(number: int, asked: _Asked, below: Sequence[_Asked]) -> dict[str, Any]:
    kind = "^".join(filter(None, (asked.message.get("MSH-9.1"), asked.message.get("MSH-9.2"))))
    when: dict[str, Any] = {"message": kind} if re.fullmatch(r"[A-Z]\w\w(\^[A-Z]\w\w)?", kind) else {}
    profile = asked.message.get("MSH-21.1")
    if profile and "^" not in profile:
        when["profile"] = profile
    if any(set(reply) & {"fault", "http"} for reply in asked.replies):
        when["transport"] = asked.transport
    others = [other for other in below if all(_holds(other, key, value) for key, value in when.items())]
    for place in _places(asked.message):
        if not others:
            break
        value = next(iter(asked.message.filled(place)), "")
        left = [other for other in others if _same(other.message, place, value)]
        if len(left) < len(others):
            when[place] = {"exact": value} if value else {"missing": True}
            others = left
    rule: dict[str, Any] = {"name": f"recorded {number}: {kind or 'a message'}"}
    if when:
        rule["when"] = when
    replies = _without_repeats(asked.replies)
    return rule | ({"reply": replies[0]} if len(replies) == 1 else {"replies": replies})


def _holds(other: _Asked, key: str, value: str) -> bool:
    """Whether a request fulfils a condition that is none on a place."""
    match key:
        case "message":
            return "^".join((other.message.get("MSH-9.1"), other.message.get("MSH-9.2"))).startswith(value)
        case "profile":
            return value in other.message.filled("MSH-21.1")
    return other.transport == value


def _same(other: Message, place: str, value: str) -> bool:
    found = other.filled(place)
    return value in found if value else not found


def _places(message: Message) -> Iterator[str]:
    """Where to look for a difference: the telling places, then every component of the message, then its number."""
    yield from _TELLING
    for segment in message.segments:
        name = segment.text[:3]
        if name == "MSH":
            yield from (f"MSH-{number}" for number in (3, 4, 5, 6, 11, 12, 15, 16, 18))
            continue
        for number, text in enumerate(segment.text.split(message.delimiters.field)):
            if number:
                count = text.count(message.delimiters.component) + 1
                yield from (f"{name}-{number}.{part}" for part in range(1, count + 1))
    yield _LAST


def _without_repeats(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last one repeats by itself."""
    while len(replies) > 1 and replies[-1] == replies[-2]:
        replies = replies[:-1]
    return replies


def _reply(entry: JournalEntry, request: Message, inventor: Inventor) -> dict[str, Any]:
    match entry.outcome:
        case "fault":
            reply = {"fault": entry.status}
            return reply | ({"detail": inventor.words(entry.answer)} if entry.answer else {})
        case "http":
            body = _escaped(inventor.words(entry.answer))
            return {"http": {"status": entry.status, "body": body} if body else entry.status}
        case "none":
            return {"drop": entry.status}
    text = inventor.message(entry.answer)
    if not text:
        return {"hl7": _escaped(inventor.words(entry.answer)) or "NTE|1", "broken": "on purpose"}
    return {"hl7": "\n".join(_referring(text, request)) + "\n", "broken": "on purpose"}


def _referring(text: str, request: Message) -> Iterator[str]:
    """The lines of an answer, with references where it repeats the request or tells the time of its own."""
    control_id = request.get("MSH-10")
    for line in _escaped(text).split("\r")[:-1]:
        fields = line.split("|")
        match fields[0]:
            case "MSH":
                for index, reference in ((6, "{{ now }}"), (9, "{{ control_id }}")):
                    if index < len(fields) and fields[index]:
                        fields[index] = reference
            case "MSA" if len(fields) > 2 and control_id and fields[2] == control_id:
                fields[2] = "{{ MSH-10 }}"
            case "QAK" if len(fields) > 1 and fields[1] and fields[1] == request.get("QPD-2"):
                fields[1] = "{{ QPD-2 }}"
            case "QPD" if len(fields) > 2 and fields[2] and fields[2] == request.get("QPD-2"):
                fields[2] = "{{ QPD-2 }}"
        yield "|".join(fields)


def _escaped(text: str) -> str:
    """Without what the scenario language would take for a reference."""
    return text.replace("{{", "{ {").replace("}}", "} }")
