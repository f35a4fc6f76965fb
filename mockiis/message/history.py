"""Persons read from the segments of an RSP: who was found, what they were given, what is due.

The counterpart of the building half in ``query_response``. Never raises: what a registry left out stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockiis.er7 import Message, Segment
from mockiis.message.person import (
    Address,
    Coded,
    Dose,
    Evaluation,
    Forecast,
    Identifier,
    Name,
    NextOfKin,
    Person,
    Phone,
)

Group = list[Segment]
_VACCINE_TYPES = {"30956-7", "30979-9"}
_EVALUATED = {"30956-7", "59779-9", "30973-2", "59780-7", "59781-5", "30982-3"}


def persons(message: Message) -> tuple[Person, ...]:
    """Every patient in the message, each with next of kin, doses and forecast, in order."""
    return tuple(_person(group) for group in _split(message.segments, "PID") if group[0].id == "PID")


def _split(segments: Sequence[Segment], first: str) -> list[Group]:
    """The segments from each ``first`` up to the next one; what comes before is a group of its own."""
    groups: list[Group] = []
    for segment in segments:
        if segment.id == first or not groups:
            groups.append([])
        groups[-1].append(segment)
    return groups


def _person(group: Group) -> Person:
    pd1 = next((segment for segment in group if segment.id == "PD1"), None)
    doses, forecast, made = _events(group)
    return replace(
        _demographics(group[0]),
        protection=pd1.get(12) if pd1 else "",
        protection_date=pd1.get(13) if pd1 else "",
        next_of_kin=tuple(_relative(segment) for segment in group if segment.id == "NK1"),
        doses=doses,
        forecast=forecast,
        forecast_made=made,
    )


def _demographics(pid: Segment) -> Person:
    return Person(
        identifiers=tuple(
            Identifier(pid.part(text, 1), pid.part(text, 4), pid.part(text, 5)) for text in pid.repetitions(3) if text
        ),
        name=_name(pid, 5),
        mother=_name(pid, 6) if pid.raw(6) else None,
        birth_date=pid.get(7),
        sex=pid.get(8),
        races=tuple(race for text in pid.repetitions(10) if (race := _coded(pid, 10, text))),
        address=_address(pid, 11),
        phone=_phone(pid, 13),
        ethnicity=_coded(pid, 22),
        multiple_birth=pid.get(24),
        birth_order=pid.get(25),
    )


def _events(group: Group) -> tuple[tuple[Dose, ...], tuple[Forecast, ...], str]:
    doses: list[Dose] = []
    forecast: list[Forecast] = []
    made = order = ""
    for event in _split(group, "RXA"):
        rxa = event[0]
        if rxa.id == "RXA" and rxa.get(5, 1) == "998":
            told = [_forecast(observations) for observations in _sets(event)]
            forecast += [due for due in told if due.vaccine.code != "998"]
            made = rxa.get(3)
        elif rxa.id == "RXA":
            doses.append(_dose(event, order))
        order = next((segment.get(3, 1) for segment in reversed(event) if segment.id == "ORC"), "")
    return tuple(doses), tuple(forecast), made


def _sets(event: Group) -> list[dict[str, Segment]]:
    """The OBX of an event by OBX-4: each set as LOINC code -> segment.

    A second vaccine type begins a set too, since some registries number all of them 1.
    """
    sets: list[dict[str, Segment]] = []
    numbered: dict[str, dict[str, Segment]] = {}
    for segment in (segment for segment in event if segment.id == "OBX"):
        number, code = segment.get(4), segment.get(3, 1)
        if number not in numbered or (code in _VACCINE_TYPES and code in numbered[number]):
            numbered[number] = {}
            sets.append(numbered[number])
        numbered[number][code] = segment
    return sets


def _dose(event: Group, order_number: str) -> Dose:
    rxa = event[0]
    rxr = next((segment for segment in event if segment.id == "RXR"), None)
    return Dose(
        given=rxa.get(3),
        vaccine=_coded(rxa, 5) or Coded(""),
        order_number=order_number,
        amount=rxa.get(6),
        units=rxa.get(7, 1),
        source=_coded(rxa, 9) or Coded(""),
        facility=rxa.get(11, 4),
        lot=rxa.get(15),
        expires=rxa.get(16),
        manufacturer=_coded(rxa, 17),
        refusal=_coded(rxa, 18),
        completion=rxa.get(20),
        route=_coded(rxr, 1) if rxr else None,
        site=_coded(rxr, 2) if rxr else None,
        evaluations=tuple(_evaluation(observations) for observations in _sets(event) if _EVALUATED & set(observations)),
    )


def _evaluation(observations: dict[str, Segment]) -> Evaluation:
    return Evaluation(
        vaccine=_observed(observations, "30956-7"),
        schedule=_observed(observations, "59779-9"),
        dose_number=_value(observations, "30973-2"),
        series=_value(observations, "59780-7"),
        validity=_value(observations, "59781-5"),
        reason=_value(observations, "30982-3"),
    )


def _forecast(observations: dict[str, Segment]) -> Forecast:
    return Forecast(
        vaccine=_observed(observations, "30956-7") or _observed(observations, "30979-9") or Coded(""),
        schedule=_observed(observations, "59779-9"),
        status=_value(observations, "59783-1"),
        earliest=_value(observations, "30981-5"),
        due=_value(observations, "30980-7"),
        latest=_value(observations, "59777-3"),
        overdue=_value(observations, "59778-1"),
    )


def _observed(observations: dict[str, Segment], code: str) -> Coded | None:
    segment = observations.get(code)
    return _coded(segment, 5) if segment else None


def _value(observations: dict[str, Segment], code: str) -> str:
    segment = observations.get(code)
    return segment.get(5, 1) if segment else ""


def _coded(segment: Segment, field: int, repetition: str | None = None) -> Coded | None:
    text = segment.repetitions(field)[0] if repetition is None else repetition
    return Coded(*(segment.part(text, number) for number in (1, 2, 3))) if text else None


def _name(segment: Segment, field: int) -> Name:
    return Name(
        family=segment.get(field, 1, 1),
        given=segment.get(field, 2),
        middle=segment.get(field, 3),
        suffix=segment.get(field, 4),
        type=segment.get(field, 7),
    )


def _address(segment: Segment, field: int) -> Address | None:
    if not segment.raw(field):
        return None
    street, other, city, state, code, country, kind = (segment.get(field, number) for number in range(1, 8))
    return Address(street=street, other=other, city=city, state=state, zip=code, country=country, type=kind)


def _phone(segment: Segment, field: int) -> Phone | None:
    number = segment.get(field, 7) or segment.get(field, 1)
    return Phone(area=segment.get(field, 6), number=number) if number else None


def _relative(nk1: Segment) -> NextOfKin:
    return NextOfKin(
        name=_name(nk1, 2),
        relationship=_coded(nk1, 3) or Coded(""),
        address=_address(nk1, 4),
        phone=_phone(nk1, 5),
    )
