"""The built-in IIS: a readable message and the records -> the answer, and what is to be stored. Pure.

It judges, then takes updates in (``storing``) and answers queries (``query``). What it does not take at all gets AR.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mockiis.er7 import Location, Message
from mockiis.message import MessageReply, Reply, Request
from mockiis.message.change import Change
from mockiis.profile import Finding
from mockiis.profile.validator import Judgement, Validator, validator
from mockiis.registry.acknowledging import acknowledged, refused, says_accepted
from mockiis.registry.forecast import Forecaster, shipped
from mockiis.registry.query import Query
from mockiis.registry.reading import facility_of, submission
from mockiis.registry.records import MemoryRecords, Records
from mockiis.registry.settings import Settings
from mockiis.registry.storing import stored
from mockiis.registry.taken import Place

_UPDATE, _QUERIES = "Z22", ("Z34", "Z44")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The records and what judges and answers by them. Judge and forecaster are made when a message needs them."""

    records: Records = field(default_factory=MemoryRecords)
    judge: Callable[[], Validator] = validator
    settings: Settings = field(default_factory=Settings)
    forecaster: Callable[[], Forecaster] = shipped

    def answer(self, request: Request) -> Reply:
        """The reply to a request; its changes are what is to be stored. Never raises because of a message."""
        return answer(request, self)

    def keep(self, changes: Iterable[Change]) -> None:
        """Make the changes of a reply. A store commits them together with its journal's entry."""
        self.records.apply(changes)


def answer(request: Request, registry: Registry) -> Reply:
    """As ``Registry.answer``. A request without a message (connectivityTest) is echoed."""
    message = request.message
    if message is None:
        return MessageReply(text=request.text)
    judge = registry.judge()
    judgement = judge.judge(message, request.received)
    if not judgement.profile:
        return refused(request, [_NO_REQUEST if one.code == _NO_REQUEST.code else one for one in judgement.findings])
    strange = _strange_facility(request, message)
    if judgement.profile == _UPDATE:
        return _update(request, message, judgement, registry, strange)
    if judgement.profile in _QUERIES:
        return _query(request, message, judgement, registry, strange)
    return refused(request, [_NO_REQUEST])


_NO_REQUEST = Finding(
    code="200",
    severity="E",
    location=Location(segment="MSH", field=9),
    text="The message type is not supported: this registry takes updates and queries.",
    fix="Send VXU or QBP.",
)


def _update(
    request: Request, message: Message, judgement: Judgement, registry: Registry, strange: list[Finding]
) -> Reply:
    warnings = registry.settings.warnings
    if judgement.rejected or strange:
        return acknowledged(
            request, [*strange, *(one for one in judgement.findings if not says_accepted(one))], warnings
        )
    codes = registry.judge().codes
    report = submission(request, message, judgement, codes)
    result = stored(report, registry.records, codes, registry.settings.authority)
    changes = (result.keep,) if result.keep else ()
    told = [one for one in judgement.findings if not (says_accepted(one) and _is_of(one, report.dropped))]
    return acknowledged(request, [*told, *result.findings], warnings, changes)


def _is_of(finding: Finding, segments: frozenset[Place]) -> bool:
    at = finding.location
    return at is not None and (at.segment, at.occurrence or 1) in segments


def _query(
    request: Request, message: Message, judgement: Judgement, registry: Registry, strange: list[Finding]
) -> Reply:
    query = Query(
        request=request,
        message=message,
        profile=judgement.profile,
        findings=(*strange, *judgement.findings),
        records=registry.records,
        codes=registry.judge().codes,
        settings=registry.settings,
        forecaster=registry.forecaster(),
    )
    return query.rejected() if judgement.rejected or strange else query.answer()


def _strange_facility(request: Request, message: Message) -> list[Finding]:
    """What is wrong when the account may not send for the facility of MSH-4."""
    allowed = {facility.casefold() for facility in request.facilities}
    if not allowed or facility_of(message).casefold() in allowed:
        return []
    return [
        Finding(
            code="999",
            severity="E",
            location=Location(segment="MSH", field=4),
            application_code="4",
            text="This account may not send for the facility.",
            fix="Send the facility that the account is for, or ask for it to be added.",
            effect="message rejected",
        )
    ]
