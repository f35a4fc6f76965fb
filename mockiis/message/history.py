"""Persons read from the segments of an RSP: who was found, what they were given, what is due.

The counterpart of the building half in ``query_response``. Never raises: what a registry left out stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockiis.er7 import Message, Segment
from mockiis.message.person import AUTHORITY, Coded, Dose, Evaluation, Forecast, Person
from mockiis.message.values import coded, demographics, observation, relative

Group = list[Segment]
Observed = dict[str, Segment]
"""The OBX of one set by LOINC code."""

_VACCINE_TYPES = frozenset({"30956-7", "30979-9"})
_EVALUATED = frozenset({"59779-9", "30973-2", "59780-7", "59781-5", "30982-3"})
_VIS = frozenset({"29768-9", "29769-7", "69764-9"})
"""With these a vaccine type says which statement was handed out; else it says what a dose counts for."""
_STATES = frozenset({"59784-9", "75505-8", "30945-0", "59785-6", "31044-1"})
"""What is said of a person without a dose: immunity, contraindications, indications, reactions."""


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
    person = demographics(group[0])
    pd1 = next((segment for segment in group if segment.id == "PD1"), None)
    doses, forecast, made = _events(group)
    return replace(
        told_in_pd1(person, pd1) if pd1 else person,
        next_of_kin=tuple(relative(segment) for segment in group if segment.id == "NK1"),
        doses=doses,
        forecast=forecast,
        forecast_made=made,
    )


def told_in_pd1(person: Person, pd1: Segment) -> Person:
    """The person with what a PD1 segment says of it."""
    return replace(
        person,
        publicity=coded(pd1, 11),
        publicity_date=pd1.get(18),
        protection=pd1.get(12),
        protection_date=pd1.get(13),
        status=pd1.get(16),
        status_date=pd1.get(17),
    )


def _events(group: Group) -> tuple[tuple[Dose, ...], tuple[Forecast, ...], str]:
    doses: list[Dose] = []
    forecast: list[Forecast] = []
    made, orc = "", None
    for event in _split(group, "RXA"):
        rxa = event[0]
        if rxa.id == "RXA" and rxa.get(5, 1) == "998" and not _states_something(event):
            told = [_forecast(observations) for observations in _sets(event)]
            forecast += [due for due in told if due.vaccine.code != "998"]
            made = rxa.get(3)
        elif rxa.id == "RXA":
            doses.append(dose(event, orc))
        orc = next((segment for segment in reversed(event) if segment.id == "ORC"), None)
    return tuple(doses), tuple(forecast), made


def _states_something(event: Group) -> bool:
    return any(segment.id == "OBX" and segment.get(3, 1) in _STATES for segment in event)


def _sets(event: Group) -> list[Observed]:
    """The OBX of an event by OBX-4: each set as LOINC code -> segment.

    A second vaccine type begins a set too, since some registries number all of them 1.
    """
    sets: list[Observed] = []
    numbered: dict[str, Observed] = {}
    for segment in (segment for segment in event if segment.id == "OBX"):
        number, code = segment.get(4), segment.get(3, 1)
        if number not in numbered or (code in _VACCINE_TYPES and code in numbered[number]):
            numbered[number] = {}
            sets.append(numbered[number])
        numbered[number][code] = segment
    return sets


def dose(event: Group, orc: Segment | None) -> Dose:
    """The dose of an event: RXA first, then what belongs to it. ``orc`` stands before it."""
    rxa = event[0]
    rxr = next((segment for segment in event if segment.id == "RXR"), None)
    evaluated = [observations for observations in _sets(event) if _evaluates(observations)]
    used = {segment for observations in evaluated for segment in observations.values()}
    return Dose(
        given=rxa.get(3),
        vaccine=coded(rxa, 5) or Coded(""),
        order_number=orc.get(3, 1) if orc else "",
        order_authority=(orc.get(3, 2) if orc else "") or AUTHORITY,
        amount=rxa.get(6),
        units=rxa.get(7, 1),
        source=coded(rxa, 9) or Coded(""),
        facility=rxa.get(11, 4),
        lot=rxa.get(15),
        expires=rxa.get(16),
        manufacturer=coded(rxa, 17),
        refusal=coded(rxa, 18),
        completion=rxa.get(20),
        route=coded(rxr, 1) if rxr else None,
        site=coded(rxr, 2) if rxr else None,
        observations=tuple(observation(s) for s in event if s.id == "OBX" and s not in used),
        evaluations=tuple(_evaluation(observations) for observations in evaluated),
    )


def _evaluates(observations: Observed) -> bool:
    """Whether a set tells what a dose counts for, and not what was observed of it."""
    codes = observations.keys()
    return bool(_EVALUATED & codes or (_VACCINE_TYPES & codes and not _VIS & codes))


def _evaluation(observations: Observed) -> Evaluation:
    return Evaluation(
        vaccine=_observed(observations, "30956-7"),
        schedule=_observed(observations, "59779-9"),
        dose_number=_value(observations, "30973-2"),
        series=_value(observations, "59780-7"),
        validity=_value(observations, "59781-5"),
        reason=_value(observations, "30982-3"),
    )


def _forecast(observations: Observed) -> Forecast:
    return Forecast(
        vaccine=_observed(observations, "30956-7") or _observed(observations, "30979-9") or Coded(""),
        schedule=_observed(observations, "59779-9"),
        status=_value(observations, "59783-1"),
        earliest=_value(observations, "30981-5"),
        due=_value(observations, "30980-7"),
        latest=_value(observations, "59777-3"),
        overdue=_value(observations, "59778-1"),
    )


def _observed(observations: Observed, code: str) -> Coded | None:
    segment = observations.get(code)
    return coded(segment, 5) if segment else None


def _value(observations: Observed, code: str) -> str:
    segment = observations.get(code)
    return segment.get(5, 1) if segment else ""
