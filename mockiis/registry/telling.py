"""A record -> the person that a query response tells of. Counterpart: ``reading``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from mockiis.message.person import AUTHORITY, Dose, Person
from mockiis.profile.codes import NO_VACCINE, CodeSets
from mockiis.registry.doses import GIVEN, told
from mockiis.registry.reading_doses import NO_ORDER
from mockiis.registry.records import KeptDose, Record
from mockiis.registry.search import own_identifiers


class Forecaster(Protocol):
    """Whoever judges doses and says what is due."""

    def assess(self, person: Person, today: date) -> Person:
        """The person with the evaluations of each dose, ``forecast`` and ``forecast_made`` filled in."""


def person_of(record: Record, authority: str) -> Person:
    """Who the record is of, without doses: the registry's own identifier first."""
    person = record.person
    return replace(person, identifiers=(*own_identifiers(record, authority), *person.identifiers))


def history_of(
    record: Record, authority: str, codes: CodeSets, forecaster: Forecaster | None = None, today: date | None = None
) -> Person:
    """The person with every dose that is told, and with evaluations and forecast where somebody works them out."""
    doses = told(record.doses, codes)
    numbered = (_dose(kept, f"{record.number}-{number}", authority) for number, kept in enumerate(doses, 1))
    person = replace(person_of(record, authority), doses=tuple(numbered))
    return person if forecaster is None or today is None else forecaster.assess(person, today)


def _dose(kept: KeptDose, number: str, authority: str) -> Dose:
    """The dose under its sender's number; one that has none gets one of ours, and what was not given gets 9999."""
    if kept.dose.completion not in GIVEN or kept.dose.vaccine.code == NO_VACCINE:
        return replace(kept.dose, order_number=NO_ORDER, order_authority=authority)
    if kept.order.id:
        return replace(kept.dose, order_number=kept.order.id, order_authority=kept.order.authority or AUTHORITY)
    return replace(kept.dose, order_number=number, order_authority=authority)
