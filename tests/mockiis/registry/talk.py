"""A conversation with a registry: messages are said, and what it keeps of them is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from mockiis.er7 import Message, read
from mockiis.message import Answer, MessageReply, Request, read_answer
from mockiis.message.person import Dose, Person
from mockiis.profile import Finding
from mockiis.profile.validator import validator
from mockiis.registry.records import MemoryRecords, Record
from mockiis.registry.registry import Registry
from mockiis.registry.settings import Settings

from ..profile.judge_messages import Draft, draft_of

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
"""When messages are received, unless a test says otherwise."""
NEW = ("eligible V01", "private stock")
MMR = ("new MMR", *NEW, "MMR statement")
"""A dose as it should be reported."""


def update(*pieces: str, patient: str = "boy", **values: str) -> Draft:
    """A VXU of pieces of ``data/judge``; values by location, such as ``PID_7="20240116"``."""
    return with_values(draft_of(["VXU", patient, *(pieces or MMR)]), values)


def query(*pieces: str, profile: str = "Z34", **values: str) -> Draft:
    """A QBP of pieces of ``data/judge``."""
    return with_values(draft_of([profile, *(pieces or ("ask by name", "at most 5"))]), values)


def with_values(draft: Draft, values: dict[str, str]) -> Draft:
    """The draft with values at places: ``RXA2_3`` is RXA[2]-3, ``PID_5_1`` is PID-5.1."""
    for name, value in values.items():
        segment, *numbers = name.split("_")
        segment = f"{segment[:3]}[{segment[3:]}]" if segment[3:] else segment
        draft.put(f"{segment}-{'.'.join(numbers)}", value)
    return draft


class Talk:
    """A registry with records in memory. Every answer is checked against the profile that it names."""

    def __init__(self, **settings: Any) -> None:
        self.records = MemoryRecords()
        self.registry = Registry(records=self.records, settings=Settings(**settings))
        self._numbers = count(1)

    def say(self, message: Draft | str, facilities: Sequence[str] = (), received: datetime = NOW) -> Answer:
        """The answer, read back."""
        return read_answer(self.answer(message, facilities, received))

    def answer(self, message: Draft | str, facilities: Sequence[str] = (), received: datetime = NOW) -> Message:
        """The answer as a message."""
        text = message if isinstance(message, str) else message.text
        sent = read(text)
        request = Request(
            transport="mllp",
            received=received,
            control_id=f"A{next(self._numbers)}",
            message=sent,
            facilities=tuple(facilities),
        )
        reply = self.registry.answer(request)
        assert isinstance(reply, MessageReply)
        self.registry.keep(reply.changes)
        told = read(reply.text)
        assert [] == faults(told, sent)
        return told

    @property
    def everybody(self) -> list[Record]:
        """Every record."""
        return list(self.records.by_number.values())

    @property
    def only(self) -> Record:
        """The only record."""
        [record] = self.everybody
        return record

    def history(self, profile: str = "Z34", **values: str) -> Person:
        """Who is found by the query that is made by default."""
        [person] = self.say(query(profile=profile, **values)).persons
        return person

    def doses(self, **values: str) -> tuple[Dose, ...]:
        """The doses that are told of the one who is found."""
        return self.history(**values).doses


ECHOED = {3: (5,), 4: (6,), 5: (3,), 6: (4,), 11: (11,), 18: (18,)}
"""Fields of an answer's MSH that are the request's, whatever that sent."""


def faults(told: Message, sent: Message) -> list[Finding]:
    """What is wrong with an answer by its own profile, apart from what it repeats of the request as it came."""
    judgement = validator().judge(told, NOW)
    return [finding for finding in judgement.findings if finding.severity != "I" and not _is_echo(finding, sent)]


def _is_echo(finding: Finding, sent: Message) -> bool:
    where = finding.location
    if where is None or where.segment not in ("MSH", "MSA", "QAK", "QPD"):
        return where is not None and where.segment == "QPD"
    if where.segment in ("QPD", "QAK"):
        return True
    return where.segment == "MSA" if where.field == 2 else where.field in ECHOED


def errors(answer: Answer) -> list[str]:
    """What an answer complains of: severity and place."""
    return [f"{finding.severity} {finding.err_2}" for finding in answer.findings]
