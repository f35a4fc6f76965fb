"""One order group of a VXU -> the dose that it reports, and the sender's number for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mockiis.er7 import Segment
from mockiis.message.person import Coded, Dose, Identifier, Observation
from mockiis.message.values import authority, coded, observation
from mockiis.profile.codes import NO_VACCINE, CodeSets

NO_ORDER = "9999"
"""The order number of what was not given."""
_CVX = ("CVX", "HL70292")
_UNKNOWN_SOURCE = Coded("01", "Historical information - source unspecified", "NIP001")
_OWN = frozenset({"59779-9", "59780-7", "59781-5", "59782-3", "59783-1", "30973-2", "30979-9", "30980-7", "30981-5"})
"""Observations that evaluate or forecast: the registry works these out itself, and takes no sender's word for them."""
_FUNDING = "30963-3"


def order_of(orc: Segment | None, facility: str) -> Identifier:
    """ORC-3; its authority is the sending facility where none is said. Empty for 9999, which numbers nothing."""
    if orc is None:
        return Identifier("", "", "")
    number = orc.get(3, 1)
    whose = authority_of(orc) or facility
    return Identifier("", "", "") if number in ("", NO_ORDER) else Identifier(number, whose, "")


def authority_of(orc: Segment) -> str:
    """The namespace of ORC-3, or else its universal id."""
    return orc.get(3, 2) or orc.get(3, 3)


def dose_of(rxa: Segment, rxr: Segment | None, observations: Sequence[Segment], codes: CodeSets) -> Dose:
    """The dose, with the coding systems that go without saying."""
    vaccine = vaccine_of(rxa, codes)
    amount = rxa.get(6) or "999"
    facility = authority(rxa, rxa.repetitions(11)[0], 4) or rxa.get(11, 1)
    return Dose(
        given=rxa.get(3, 1),
        vaccine=vaccine,
        amount=amount,
        units="" if amount == "999" else rxa.get(7, 1),
        source=_in_system(coded(rxa, 9), "NIP001") or _UNKNOWN_SOURCE,
        facility=facility,
        lot=rxa.get(15),
        expires=rxa.get(16, 1)[:8],
        manufacturer=_in_system(coded(rxa, 17), "MVX"),
        refusal=_in_system(coded(rxa, 18), "NIP002"),
        completion=_completion(rxa, vaccine.code),
        route=_route(rxr) if rxr else None,
        site=_in_system(coded(rxr, 2), "HL70163") if rxr and rxr.raw(1) else None,
        observations=in_sets(tuple(_observations(observations))),
    )


def vaccine_of(rxa: Segment, codes: CodeSets) -> Coded:
    """The CVX code in either triplet of RXA-5; of an NDC alone, the one that it is a package of."""
    text = rxa.repetitions(5)[0]
    first, second = (Coded(*(rxa.part(text, number + n) for n in range(3))) for number in (1, 4))
    for triplet in (first, second):
        known = codes.cvx(triplet.code)
        if known and triplet.system in (*_CVX, ""):
            return Coded(triplet.code, triplet.text or known.name, "CVX")
    for triplet in (first, second):
        product = codes.ndc(triplet.code) if triplet.code else None
        vaccine = codes.cvx(product.cvx[0]) if product and product.cvx else None
        if vaccine:
            return Coded(vaccine.code, vaccine.name, "CVX")
    return first


def _completion(rxa: Segment, cvx: str) -> str:
    said = rxa.get(20, 1).upper()
    if said:
        return said
    return "NA" if cvx == NO_VACCINE else "RE" if rxa.raw(18) else "CP"


def _in_system(value: Coded | None, system: str) -> Coded | None:
    """The code with its coding system; None without a code."""
    if value is None or not value.code:
        return None
    return value if value.system == system else replace(value, system=system)


def _route(rxr: Segment) -> Coded | None:
    """The route in NCIT, which the codes of HL70162 have their equal in."""
    route = coded(rxr, 1)
    if route is None or not route.code:
        return None
    former = _ROUTES.get(route.code.upper())
    return Coded(former[0], former[1], "NCIT") if former else replace(route, system=route.system or "NCIT")


_ROUTES = {
    "ID": ("C38238", "Intradermal"),
    "IM": ("C28161", "Intramuscular"),
    "IN": ("C38284", "Nasal"),
    "IV": ("C38276", "Intravenous"),
    "MP": ("C38676", "Percutaneous"),
    "NS": ("C38284", "Nasal"),
    "PO": ("C38288", "Oral"),
    "SC": ("C38299", "Subcutaneous"),
    "TD": ("C38305", "Transdermal"),
}


def _observations(segments: Sequence[Segment]) -> Iterator[Observation]:
    """What was observed; one without a sub-id (OBX-4) stands for itself."""
    for number, segment in enumerate(segments, 1):
        seen = observation(segment)
        if seen.code.code and seen.code.code not in _OWN:
            yield _as_the_guide_has_it(seen if seen.group else replace(seen, group=f"without {number}"))


def in_sets(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """The observations with their sets (OBX-4) numbered from 1, in the order in which they begin."""
    numbers = {group: str(number) for number, group in enumerate(dict.fromkeys(o.group for o in observations), 1)}
    if all(group == number for group, number in numbers.items()):
        return tuple(observations)
    return tuple(replace(seen, group=numbers[seen.group]) for seen in observations)


def _as_the_guide_has_it(seen: Observation) -> Observation:
    """A date is a DT, funding is coded in CDCPHINVS, the day of the observation is enough."""
    changed: dict[str, Any] = {}
    if seen.type == "TS":
        changed |= {"type": "DT", "value": Coded(seen.value.code[:8])}
    if seen.code.code == _FUNDING and seen.value.system != "CDCPHINVS":
        changed["value"] = replace(seen.value, system="CDCPHINVS")
    if len(seen.date) > 8:
        changed["date"] = seen.date[:8]
    if not seen.code.system:
        changed["code"] = replace(seen.code, system="LN")
    return replace(seen, **changed) if changed else seen
