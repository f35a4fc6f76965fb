"""A VXU that was judged -> what it reports: a person, and doses with what is to be done with each.

What NDIIS lets pass (no assigning authority, no type of a name, older codes) is filled in here, so that what is kept
is as the guide has it. Counterpart: ``telling``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from mockiis.er7 import Message, Segment
from mockiis.message import Request
from mockiis.message.history import told_in_pd1
from mockiis.message.person import Address, Coded, Dose, Identifier, Name, NextOfKin, Person, Phone
from mockiis.message.values import demographics, relative
from mockiis.profile.codes import CodeSets
from mockiis.profile.flaw import MOST
from mockiis.profile.scene import arranged
from mockiis.profile.validator import Judgement
from mockiis.registry.reading_doses import dose_of, order_of
from mockiis.registry.records import Origin
from mockiis.registry.taken import Place, Taken, cleared

Action = Literal["A", "U", "D"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One dose as it is reported. ``group`` counts the order groups of the message, ``orc`` and ``rxa`` the segments.

    ``cleared`` are the fields that were HL7 null.
    """

    action: Action
    dose: Dose
    order: Identifier
    orc: int | None
    rxa: int
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a VXU reports. ``cleared`` are the fields of PID and PD1 that were HL7 null; ``dropped`` are the segments of
    the doses that were rejected.
    """

    person: Person
    reports: tuple[Report, ...]
    origin: Origin
    cleared: frozenset[str] = frozenset()
    dropped: frozenset[Place] = frozenset()


def submission(request: Request, message: Message, judgement: Judgement, codes: CodeSets) -> Submission:
    """What is taken of a message that was not rejected."""
    taken = Taken(judgement.findings)
    scene = arranged(message, judgement.profile, request.received)
    facility = facility_of(message)
    origin = Origin(
        facility=facility,
        control_id=message.header.get(10),
        received=request.received.isoformat(),
        sent=message.header.get(7, 1),
    )
    pid = _one(message, "PID", taken.segment)
    pd1 = _one(message, "PD1", taken.segment)
    return Submission(
        person=_person(pid, pd1, _all(message, "NK1", taken.segment), facility),
        reports=tuple(
            _report(
                order.rxa.occurrence, (order.orc, order.rxa, order.rxr, *order.observations), taken, facility, codes
            )
            for order in scene.orders
            if order.rxa is not None and order.number not in judgement.rejected_doses
        ),
        origin=origin,
        cleared=cleared(pid) | cleared(pd1),
        dropped=frozenset(
            (segment.id, segment.occurrence)
            for order in scene.orders
            if order.number in judgement.rejected_doses
            for segment in (order.orc, order.rxa, order.rxr, *order.observations)
            if segment is not None
        ),
    )


def facility_of(message: Message) -> str:
    """Who sends: the name of MSH-4, or else its universal id."""
    return message.header.get(4, 1).strip() or message.header.get(4, 2).strip()


Take = Callable[[Segment], Segment | None]


def _all(message: Message, name: str, take: Take) -> list[Segment]:
    return [left for segment in message.named(name) if (left := take(segment)) is not None]


def _one(message: Message, name: str, take: Take) -> Segment | None:
    """The first one that is left."""
    return next(iter(_all(message, name, take)), None)


def _report(
    rxa_number: int, segments: tuple[Segment | None, ...], taken: Taken, facility: str, codes: CodeSets
) -> Report:
    orc, rxa, rxr, *observations = (taken.segment(segment) if segment is not None else None for segment in segments)
    assert rxa is not None  # else the judge would have rejected the dose
    return Report(
        action=_action(rxa),
        dose=dose_of(rxa, rxr, [obx for obx in observations if obx is not None], codes),
        order=order_of(orc, facility),
        orc=orc.occurrence if orc else None,
        rxa=rxa_number,
        cleared=cleared(rxa),
    )


def _action(rxa: Segment) -> Action:
    match rxa.get(21, 1).strip().upper():
        case "D":
            return "D"
        case "U":
            return "U"
    return "A"


def _person(pid: Segment | None, pd1: Segment | None, nk1s: list[Segment], facility: str) -> Person:
    assert pid is not None  # else the judge would have rejected the message
    person = demographics(pid)
    if pd1 is not None:
        person = told_in_pd1(person, pd1)
    phones = [phone for each in (person.phone, *person.other_phones) if each and (phone := _dialed(each))]
    addresses = [_typed_address(each) for each in (person.address, *person.other_addresses) if each]
    return replace(
        person,
        identifiers=tuple(_authorized(i, facility) for i in person.identifiers if i.id and i.type),
        name=_typed(person.name, "L"),
        aliases=tuple(_typed(name, "A") for name in person.aliases if name.family),
        mother=_typed(person.mother, "M") if person.mother and person.mother.family else None,
        sex=person.sex or "U",
        races=tuple(_of_cdcrec(race, "HL70005") for race in person.races if race.code),
        ethnicity=_ethnicity(person.ethnicity),
        address=addresses[0] if addresses else None,
        other_addresses=tuple(addresses[1:]),
        phone=phones[0] if phones else None,
        other_phones=tuple(phones[1:]),
        next_of_kin=tuple(_kin(relative(nk1)) for nk1 in nk1s[:MOST]),
    )


def _authorized(identifier: Identifier, facility: str) -> Identifier:
    return identifier if identifier.authority else replace(identifier, authority=facility)


def _typed(name: Name, kind: str) -> Name:
    return name if name.type else replace(name, type=kind)


def _typed_address(address: Address) -> Address:
    return address if address.type else replace(address, type="L")


def _of_cdcrec(value: Coded, former: str) -> Coded:
    return replace(value, system="CDCREC") if value.system in ("", former) else value


def _ethnicity(value: Coded | None) -> Coded | None:
    """The ethnic group in the codes of today; a text without a code, and "unknown", are none."""
    if value is None or not value.code or value.code == "U":
        return None
    return _FORMER_ETHNICITIES.get(value.code, _of_cdcrec(value, "HL70189"))


_FORMER_ETHNICITIES = {
    "H": Coded("2135-2", "Hispanic or Latino", "CDCREC"),
    "N": Coded("2186-5", "not Hispanic or Latino", "CDCREC"),
}


def _dialed(phone: Phone) -> Phone | None:
    """The number as area code and local number; the old form, all in XTN.1, is taken apart. None if it is none."""
    digits = re.sub(r"[^0-9]", "", phone.number)
    if phone.email or (len(phone.area) == 3 and len(digits) == 7):
        return replace(phone, number=digits)
    return replace(phone, area=digits[:3], number=digits[3:]) if len(digits) == 10 else None


def _kin(kin: NextOfKin) -> NextOfKin:
    return NextOfKin(
        name=_typed(kin.name, "L"),
        relationship=kin.relationship if kin.relationship.system else replace(kin.relationship, system="HL70063"),
        address=_typed_address(kin.address) if kin.address else None,
        phone=_dialed(kin.phone) if kin.phone else None,
    )
