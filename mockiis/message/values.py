"""Fields read as the values of ``person``: what VXU, QBP and RSP messages have in common.

Never raises: what was not sent stays empty. The counterpart is the building half in ``query_response``.
"""

from __future__ import annotations

from functools import lru_cache

from mockiis.er7 import STANDARD, Segment
from mockiis.message.person import Address, Coded, Identifier, Name, NextOfKin, Observation, Person, Phone

_SHORT = 200
"""Characters of a coded value that is remembered."""
_CODED = frozenset({"CE", "CWE", "CNE"})


def demographics(pid: Segment) -> Person:
    """Who a PID segment is about."""
    all_names, all_addresses, all_phones = names(pid, 5), addresses(pid, 11), phones(pid, 13)
    return Person(
        identifiers=identifiers(pid, 3),
        name=all_names[0] if all_names else name(pid, ""),
        aliases=all_names[1:],
        mother=next(iter(names(pid, 6)), None),
        birth_date=pid.get(7),
        sex=pid.get(8),
        races=tuple(race for text in pid.repetitions(10) if (race := coded(pid, 10, text))),
        address=all_addresses[0] if all_addresses else None,
        other_addresses=all_addresses[1:],
        phone=all_phones[0] if all_phones else None,
        other_phones=all_phones[1:],
        ethnicity=coded(pid, 22),
        multiple_birth=pid.get(24),
        birth_order=pid.get(25),
        death=pid.get(30),
        death_date=pid.get(29),
    )


def identifiers(segment: Segment, field: int) -> tuple[Identifier, ...]:
    """Each identifier (CX) of a field."""
    texts = (text for text in segment.repetitions(field) if text)
    return tuple(Identifier(segment.part(t, 1), authority(segment, t, 4), segment.part(t, 5)) for t in texts)


def authority(segment: Segment, text: str, component: int) -> str:
    """Who a component (HD) names: its namespace, or else its universal id."""
    return segment.part(text, component, 1) or segment.part(text, component, 2)


def names(segment: Segment, field: int) -> tuple[Name, ...]:
    """Each name (XPN) of a field."""
    return tuple(name(segment, text) for text in segment.repetitions(field) if text)


def name(segment: Segment, text: str) -> Name:
    """One repetition as a name."""
    _, given, middle, suffix, _, _, kind = segment.parts(text, 7)
    return Name(family=segment.part(text, 1, 1), given=given, middle=middle, suffix=suffix, type=kind)


def addresses(segment: Segment, field: int) -> tuple[Address, ...]:
    """Each address (XAD) of a field."""
    return tuple(_address(segment, text) for text in segment.repetitions(field) if text)


def _address(segment: Segment, text: str) -> Address:
    street, other, city, state, code, country, kind = segment.parts(text, 7)
    return Address(street=street, other=other, city=city, state=state, zip=code, country=country, type=kind)


def phones(segment: Segment, field: int) -> tuple[Phone, ...]:
    """Each telephone number or e-mail address (XTN) of a field."""
    found = (_phone(segment, text) for text in segment.repetitions(field) if text)
    return tuple(phone for phone in found if phone.number or phone.email)


def _phone(segment: Segment, text: str) -> Phone:
    use = segment.part(text, 2)
    if use == "NET":
        return Phone(area="", number="", use=use, equipment=segment.part(text, 3), email=segment.part(text, 4))
    number = segment.part(text, 7) or segment.part(text, 1)
    return Phone(area=segment.part(text, 6), number=number, use=use or "PRN", equipment=segment.part(text, 3) or "PH")


def coded(segment: Segment, field: int, repetition: str | None = None) -> Coded | None:
    """A coded value; None where there is none."""
    text = segment.repetitions(field)[0] if repetition is None else repetition
    if not text:
        return None
    if segment.delimiters is STANDARD and len(text) < _SHORT:
        return _coded(text)
    return Coded(*segment.parts(text, 3))


@lru_cache(maxsize=4096)
def _coded(text: str) -> Coded:
    """A value in standard encoding characters; most are the same from message to message."""
    pieces = text.split(STANDARD.component, 3)[:3]
    return Coded(*map(STANDARD.unescape, pieces))


def relative(nk1: Segment) -> NextOfKin:
    """Who an NK1 segment is about."""
    return NextOfKin(
        name=next(iter(names(nk1, 2)), name(nk1, "")),
        relationship=coded(nk1, 3) or Coded(""),
        address=next(iter(addresses(nk1, 4)), None),
        phone=next(iter(phones(nk1, 5)), None),
    )


def observation(obx: Segment) -> Observation:
    """What an OBX segment says."""
    value = coded(obx, 5) if obx.get(2) in _CODED else Coded(obx.get(5))
    return Observation(
        code=coded(obx, 3) or Coded(""),
        value=value or Coded(""),
        type=obx.get(2),
        group=obx.get(4),
        units=coded(obx, 6) if obx.get(2) == "NM" else None,
        date=obx.get(14),
        method=coded(obx, 17),
    )
