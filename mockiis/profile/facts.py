"""What the rules across fields ask of a message again and again, worked out once: now, birth, death, and its doses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from mockiis.er7 import NULL, Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.dates import RANK, HL7Time, before, moment, parse
from mockiis.profile.flaw import MOST
from mockiis.profile.scene import Order, Scene

Kind = Literal["new", "historical", "given", "not given", "deleted", "other"]
"""What RXA-20, RXA-9 and RXA-5 say of a dose: ``new`` the sender itself gave it (00), ``historical`` somebody else did,
``given`` nobody says who. ``not given``: a refusal, a dose not administered, or no vaccine at all (998). ``deleted``:
RXA-21 is D, so that what is said of the dose does not matter any more. ``other``: RXA-20 is not a code.
"""

Field = tuple[str, int]
"""Segment and number of a field."""


ALTERNATE = 4
"""The component where the alternate triplet of RXA-5 begins."""
NO_VACCINE = "998"
_CVX = ("CVX", "HL70292")
"""What CVX is called; the second is its table in the base standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the codes of an RXA say, whoever had the dose and when. ``code`` and ``system`` are the first triplet of
    RXA-5, the others the alternate one. ``vaccines`` are the codes that are, or may be, CVX, each with its component.
    """

    kind: Kind
    status: str
    code: str
    system: str
    alternate: str
    alternate_system: str
    manufacturer: str
    vaccines: tuple[tuple[int, str], ...]


class Dose(NamedTuple):
    """One RXA with its group."""

    order: Order
    rxa: Segment
    said: Said
    date: HL7Time | None


class Repetition(NamedTuple):
    """One repetition of a field; ``parts[1]`` is its first component as received, and those not sent are empty.

    ``number`` is None for the first one, as a location does without it.
    """

    segment: Segment
    field: int
    number: int | None
    parts: list[str]


@dataclass(slots=True, kw_only=True)
class Facts:
    """The facts of one message. ``now`` is now where the sender is."""

    scene: Scene
    codes: CodeSets
    now: HL7Time
    birth: HL7Time | None
    death: HL7Time | None
    doses: list[Dose] = field(default_factory=list)


def facts(scene: Scene, codes: CodeSets) -> Facts:
    """The facts of this scene but for its doses."""
    header = scene.by_id.get("MSH")
    return Facts(
        scene=scene,
        codes=codes,
        now=_now(scene.received, header[0].get(7, 1) if header else ""),
        birth=date_in(scene.pid, 7),
        death=date_in(scene.pid, 29),
    )


def code_in(segment: Segment, number: int) -> str:
    """The first component of a field that holds a code, which has nothing to unescape; empty for HL7 null."""
    text = segment.raw(number)
    if "^" in text or "~" in text:
        text = text.partition("~")[0].partition("^")[0]
    return "" if text == NULL else text


def date_in(segment: Segment | None, number: int) -> HL7Time | None:
    """The date or time in a field; None without one, or when it is not one."""
    return parse(code_in(segment, number)) if segment is not None else None


@lru_cache(maxsize=64)
def clock(when: datetime, zone: int | None) -> HL7Time:
    """That moment on the clocks of a zone; None leaves it as it is."""
    if zone is not None and when.tzinfo is not None:
        when = when.astimezone(timezone(timedelta(minutes=zone)))
    return moment(when)


ELIGIBILITY = "64994-7"
FUNDING = "30963-3"
_CODED = (5, 6, 7, 9, 17, 18, 20, 21)
"""The fields of RXA that hold codes and amounts: vaccine, amount, source, manufacturer, refusal, status, action."""
_FIELDS = max(_CODED) + 1
_coded = itemgetter(*_CODED)


def coded(order: Order, rxa: Segment) -> str:
    """Whatever codes say of a dose, as one text: that of the same fields of RXA, and of eligibility and funding."""
    fields = rxa.fields
    texts = [*_coded(fields if len(fields) >= _FIELDS else [*fields, *[""] * (_FIELDS - len(fields))])]
    for code in (ELIGIBILITY, FUNDING):
        texts += [segment.raw(5) for segment in order.observed.get(code, ())]
        texts.append(code)
    return "|".join(texts)


def said(rxa: Segment) -> Said:
    """What the codes of an RXA say."""
    parts = [*rxa.repetitions(5)[0].split("^", 6), "", "", "", "", ""]
    status, code, system, alternate, alternate_system = rxa.raw(20), parts[0], parts[2], parts[3], parts[5]
    kind = _kind(rxa, status, code)
    code = code if code != NULL else ""
    vaccines = []
    if code and (not system or system in _CVX):
        vaccines.append((1, code))
    if alternate and alternate_system in _CVX:
        vaccines.append((ALTERNATE, alternate))
    return Said(
        kind=kind,
        status=status,
        code=code,
        system=system,
        alternate=alternate,
        alternate_system=alternate_system,
        manufacturer=code_in(rxa, 17),
        vaccines=tuple(vaccines),
    )


def _kind(rxa: Segment, status: str, code: str) -> Kind:
    if rxa.raw(21) == "D":
        return "deleted"
    if status in ("RE", "NA") or code == NO_VACCINE:
        return "not given"
    if status not in ("CP", "PA", "", NULL):
        return "other"
    source = code_in(rxa, 9)
    if source == "00":
        return "new"
    return "historical" if source else "given"


def repetitions(segment: Segment, number: int) -> Sequence[Repetition]:
    """Every repetition of a field that is not empty, split into components."""
    text = segment.raw(number)
    if "~" not in text:
        return (_repetition(segment, number, None, text),) if text and text != NULL else ()
    texts = enumerate(text.split("~", MOST)[:MOST], 1)
    return [_repetition(segment, number, n if n > 1 else None, one) for n, one in texts if one and one != NULL]


def _repetition(segment: Segment, field_number: int, number: int | None, text: str) -> Repetition:
    """What is not sent is filled up, so that every component that rules look at is there."""
    return Repetition(segment, field_number, number, f"^{text}{_FILLED_UP}".split("^", _COMPONENTS + 1))


_COMPONENTS = 10
"""Components that rules about repetitions look at."""
_FILLED_UP = "^" * _COMPONENTS


def _now(received: datetime, sent_text: str) -> HL7Time:
    """Now by the sender's clock: in its zone when MSH-7 tells it, and as late as MSH-7 when that is a little fast.

    So a dose of today is not in the future for a registry whose own day begins later.
    """
    sent = parse(sent_text)
    zone = sent.zone if sent is not None else None
    here = clock(received, zone)
    if sent is None or RANK[sent.precision] <= RANK["day"]:
        return here
    is_fast = before(here, sent) and not before(clock(received + timedelta(days=1), zone), sent)
    return sent if is_fast else here
