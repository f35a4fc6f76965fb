"""A query (QBP, Z34 or Z44) -> its response: the history, candidates, none found, too many, or what is wrong with it.

CONFORMANCE.md has the table. None found and too many are successes; whoever may not see a record does not find it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mockiis.er7 import Location, Message, Segment
from mockiis.message import MessageReply, Request, query_response
from mockiis.message.person import Name, Person
from mockiis.message.values import addresses, identifiers, names, phones
from mockiis.profile import Finding
from mockiis.profile.codes import CodeSets
from mockiis.registry.acknowledging import code_of, told
from mockiis.registry.forecast import Forecaster
from mockiis.registry.keys import birth_day
from mockiis.registry.reading import facility_of
from mockiis.registry.records import Record, Records
from mockiis.registry.search import find
from mockiis.registry.settings import Settings
from mockiis.registry.telling import history_of, person_of

EVALUATED = "Z44"
"""The query for evaluated history and forecast; the other is Z34."""
_SEVERITIES = "EWI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query with what answers it."""

    request: Request
    message: Message
    profile: str
    findings: tuple[Finding, ...]
    records: Records
    codes: CodeSets
    settings: Settings
    forecaster: Forecaster

    def answer(self) -> MessageReply:
        """The response to a query that the judge has let pass."""
        missing = _missing(self.message)
        if missing:
            return self._response("Z33", "AE", more=missing)
        asked = asked_for(self.message)
        found = find(asked, self.records, self.settings.authority, self._may_see)
        if found.one is not None:
            return self._one(found.one)
        if not birth_day(asked) or not found.candidates:
            return self._response("Z33", "NF")
        if len(found.candidates) > self._limit():
            return self._response("Z33", "TM")
        if self.profile == EVALUATED:
            return self._response("Z33", "NF")
        return self._response("Z31", "OK", [person_of(one, self.settings.authority) for one in found.candidates])

    def rejected(self) -> MessageReply:
        """The response to a query that cannot be answered."""
        return self._response("Z33", "AE")

    def _one(self, record: Record) -> MessageReply:
        today = self.request.received.date()
        person = history_of(record, self.settings.authority, self.codes, self.forecaster, today)
        return self._response("Z42" if self.profile == EVALUATED else "Z32", "OK", [person])

    def _may_see(self, record: Record) -> bool:
        """A protected record is disclosed to the facility that asked for the protection only."""
        return record.person.protection != "Y" or record.owner == facility_of(self.message)

    def _limit(self) -> int:
        asked = self.message.get("RCP-2.1")
        told_limit = int(asked) if re.fullmatch("[0-9]{1,6}", asked, re.ASCII) else 0
        return min(told_limit or self.settings.limit, self.settings.limit)

    def _response(
        self, profile: str, status: str, persons: Sequence[Person] = (), more: Sequence[Finding] = ()
    ) -> MessageReply:
        findings = sorted((*more, *self.findings), key=lambda finding: _SEVERITIES.index(finding.severity))
        text = query_response(
            self.request,
            profile,
            status,
            persons,
            [told(finding) for finding in findings[:1]],
            evaluated=profile == "Z42",
            forecast=self.settings.forecast_in_history,
            code="AE" if status == "AE" else code_of(findings, self.settings.warnings),
        )
        return MessageReply(text=text)


def _missing(message: Message) -> list[Finding]:
    """What the judge lets be empty, and nobody can be found without: the name."""
    missing = [number for number in (1, 2) if not message.get(f"QPD-4.{number}").strip(_NOTHING)]
    if not missing:
        return []
    return [
        Finding(
            code="101",
            severity="E",
            location=Location(segment="QPD", field=4, component=missing[0] if len(missing) == 1 else None),
            text="The name of the patient is missing, so that nobody can be searched for.",
            fix="Send family name and given name.",
        )
    ]


_NOTHING = ' "'


def asked_for(message: Message) -> Person:
    """Whom a query describes. What is missing is empty."""
    qpd = message.named("QPD")[0]
    found = names(qpd, 4)
    home, dialed = addresses(qpd, 8), phones(qpd, 9)
    return Person(
        identifiers=tuple(one for one in identifiers(qpd, 3) if one.id and one.authority and one.type),
        name=found[0] if found else Name(family=""),
        mother=next(iter(names(qpd, 5)), None),
        birth_date=qpd.get(6, 1),
        sex=qpd.get(7),
        address=home[0] if home else None,
        phone=dialed[0] if dialed else None,
        multiple_birth=qpd.get(10),
        birth_order=_number(qpd, 11),
    )


def _number(qpd: Segment, field: int) -> str:
    text = qpd.get(field, 1).strip()
    return text if re.fullmatch("[0-9]{1,2}", text, re.ASCII) else ""
