"""Persons that the registry knows from the beginning: those of a scenario, or of a file.

They are kept as if a message had told of them, with who that was. A VXU is preloaded by being answered.
"""

from __future__ import annotations

from dataclasses import replace

from mockiis.message.person import Dose, Identifier, Person
from mockiis.registry.borrowing import borrowed
from mockiis.registry.reading_doses import NO_ORDER
from mockiis.registry.records import Keep, KeptDose, Origin, Record

PRELOADED = "preloaded"
"""The facility of values that no message brought."""
_PLACES = {"name": "PID-5", "birth_date": "PID-7", "sex": "PID-8", "mother": "PID-6", "address": "PID-11"}


def preloaded(person: Person, origin: Origin) -> Keep:
    """The change that makes the registry know a person, with its doses. Its forecast is worked out anew."""
    doses = tuple(_kept(dose, origin) for dose in person.doses)
    record = Record(
        person=replace(person, doses=(), forecast=(), forecast_made=""),
        doses=doses,
        owner=origin.facility if person.protection == "Y" else "",
        origins=tuple((place, origin) for name, place in sorted(_PLACES.items()) if getattr(person, name)),
    )
    return Keep(record=record, borrowed=borrowed(doses))


def _kept(dose: Dose, origin: Origin) -> KeptDose:
    number = "" if dose.order_number == NO_ORDER else dose.order_number
    order = Identifier(number, dose.order_authority if number else "", "")
    return KeptDose(dose=replace(dose, evaluations=(), order_number=""), order=order, origin=origin)
