"""What the rules across fields ask of a message again and again, worked out once: now, birth, death, and its doses.

Some forty rules look at the same few fields of each dose. They would cost more than all else without this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple

from mockiis.er7 import NULL, Segment
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
_GIVEN = frozenset({"new", "historical", "given"})
_CVX = ("CVX", "HL70292")
"""What CVX is called; the second is its table in the base standard."""


@dataclass(slots=True, kw_only=True)
class Dose:
    """One RXA with its group. ``code`` and ``system`` are the first triplet of RXA-5, the others the alternate one."""

    order: Order
    rxa: Segment
    kind: Kind
    status: str
    code: str
    system: str
    alternate: str
    alternate_system: str
    manufacturer: str
    date: HL7Time | None
    observed: dict[str, list[Segment]]

    def vaccines(self) -> Iterator[tuple[int, str]]:
        """The codes that are, or may be, CVX, each with the component it stands in."""
        if self.code and (not self.system or self.system in _CVX):
            yield 1, self.code
        if self.alternate and self.alternate_system in _CVX:
            yield ALTERNATE, self.alternate


class Repetition(NamedTuple):
    """One repetition of a field; ``parts[1]`` is its first component as received, and those not sent are empty."""

    segment: Segment
    field: int
    number: int | None
    parts: list[str]


@dataclass(slots=True, kw_only=True)
class Facts:
    """The facts of one message. ``now`` is now where the sender is."""

    now: HL7Time
    birth: HL7Time | None
    death: HL7Time | None
    doses: list[Dose]
    given: list[Dose]
    new: list[Dose]
    _repetitions: dict[tuple[Field, ...], list[Repetition]] = field(default_factory=dict)

    def repetitions(self, scene: Scene, fields: tuple[Field, ...]) -> list[Repetition]:
        """Every repetition of these fields that is not empty, split into components."""
        known = self._repetitions.get(fields)
        if known is None:
            known = self._repetitions[fields] = list(_split(scene, fields))
        return known


def facts(scene: Scene) -> Facts:
    """The facts of this scene, worked out when the first rule asks and kept with it."""
    if scene.facts is None:
        scene.facts = _facts(scene)
    found: Facts = scene.facts
    return found


def code_in(segment: Segment, number: int) -> str:
    """The first component of a field that holds a code, which has nothing to unescape; empty for HL7 null."""
    text = segment.raw(number)
    marks = segment.delimiters
    if marks.repetition in text or not marks.component:
        return segment.get(number, 1)
    code = text.partition(marks.component)[0]
    return "" if code == NULL else code


def date_in(segment: Segment | None, number: int) -> HL7Time | None:
    """The date or time in a field; None without one, or when it is not one."""
    return parse(code_in(segment, number)) if segment is not None else None


def clock(when: datetime, zone: int | None) -> HL7Time:
    """That moment on the clocks of a zone; None leaves it as it is."""
    if zone is not None and when.tzinfo is not None:
        when = when.astimezone(timezone(timedelta(minutes=zone)))
    return moment(when)


def _facts(scene: Scene) -> Facts:
    doses = [_dose(order, order.rxa) for order in scene.orders if order.rxa is not None]
    header = scene.by_id.get("MSH")
    return Facts(
        now=_now(scene.received, header[0].get(7, 1) if header else ""),
        birth=date_in(scene.pid, 7),
        death=date_in(scene.pid, 29),
        doses=doses,
        given=[dose for dose in doses if dose.kind in _GIVEN],
        new=[dose for dose in doses if dose.kind == "new"],
    )


def _dose(order: Order, rxa: Segment) -> Dose:
    mark = rxa.delimiters.component
    text = rxa.repetitions(5)[0]
    vaccine = [*(text.split(mark, 6) if mark else [text]), "", "", "", "", ""]
    observed: dict[str, list[Segment]] = {}
    for segment in order.observations:
        observed.setdefault(code_in(segment, 3), []).append(segment)
    status = rxa.raw(20)
    return Dose(
        order=order,
        rxa=rxa,
        kind=_kind(rxa, status, vaccine[0]),
        status=status,
        code=vaccine[0] if vaccine[0] != NULL else "",
        system=vaccine[2],
        alternate=vaccine[3],
        alternate_system=vaccine[5],
        manufacturer=code_in(rxa, 17),
        date=date_in(rxa, 3),
        observed=observed,
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


def _split(scene: Scene, fields: tuple[Field, ...]) -> Iterator[Repetition]:
    """The first repetition has no number, as a location does without one."""
    for owner, number in fields:
        for segment in scene.by_id.get(owner, ()):
            if segment.raw(number):
                mark = segment.delimiters.component
                for count, text in enumerate(segment.repetitions(number)[:MOST], 1):
                    if text and text != NULL:
                        parts = text.split(mark, _COMPONENTS) if mark else [text]
                        missing = _EMPTY[len(parts) :]
                        yield Repetition(segment, number, count if count > 1 else None, ["", *parts, *missing])


_COMPONENTS = 10
_EMPTY = ("",) * _COMPONENTS
"""Components that rules about repetitions look at."""


@lru_cache(maxsize=16)
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
