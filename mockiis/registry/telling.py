"""A record -> the person that a query response tells of. Counterpart: ``reading``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mockiis.message.person import AUTHORITY, Dose, Identifier, Person
from mockiis.profile.codes import NO_VACCINE, CodeSets
from mockiis.registry.doses import GIVEN, told
from mockiis.registry.forecast import Forecaster
from mockiis.registry.reading_doses import NO_ORDER
from mockiis.registry.records import KeptDose, Record
from mockiis.registry.search import own_identifiers


def person_of(record: Record, authority: str) -> Person:
    """Who the record is of, without doses: the registry's own identifier first."""
    person = record.person
    return replace(person, identifiers=(*own_identifiers(record, authority), *person.identifiers))


def history_of(record: Record, authority: str, codes: CodeSets, forecaster: Forecaster, today: date) -> Person:
    """The person with every dose that is told, and with what the forecaster says of them today."""
    person = replace(person_of(record, authority), doses=tuple(_doses(record, authority, codes)))
    return forecaster.assess(person, today)


def _doses(record: Record, authority: str, codes: CodeSets) -> Iterator[Dose]:
    """Each dose under its sender's number. One that has none, or shares it with another, gets one of ours."""
    used: set[Identifier] = set()
    for number, kept in enumerate(told(record.doses, codes), 1):
        order = kept.order if kept.order not in used else Identifier("", "", "")
        used.add(order)
        yield _dose(replace(kept, order=order), f"{record.number}-{number}", authority)


def _dose(kept: KeptDose, number: str, authority: str) -> Dose:
    """The dose with its order number; what was not given has 9999."""
    if kept.dose.completion not in GIVEN or kept.dose.vaccine.code == NO_VACCINE:
        return replace(kept.dose, order_number=NO_ORDER, order_authority=authority)
    if kept.order.id:
        return replace(kept.dose, order_number=kept.order.id, order_authority=kept.order.authority or AUTHORITY)
    return replace(kept.dose, order_number=number, order_authority=authority)
