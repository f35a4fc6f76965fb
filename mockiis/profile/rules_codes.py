"""Rules about codes of vaccines, manufacturers and packages: known, in use, specific, and of the same product.

Whether RXA-5 and RXA-17 hold a code of their tables at all is the business of the fields; here is what those tables
cannot see: the other triplet, the kind of dose, and two codes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockiis.er7 import Segment
from mockiis.profile.codes import CodeSets, Vaccine
from mockiis.profile.rule import (
    Entry,
    Hit,
    doses,
    hit,
    is_deleted,
    is_given,
    is_historical,
    is_new,
    told,
    value,
)
from mockiis.profile.scene import Scene

Coded = tuple[int, str]
"""A code of RXA-5 with the component it stands in: 1, or 4 in the alternate triplet."""


def package_as_vaccine(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The first triplet of RXA-5 says CVX and holds an NDC, which its table takes."""
    for rxa in doses(scene, lambda rxa: rxa.get(5, 3) in _SYSTEMS and not is_deleted(rxa)):
        code = rxa.get(5, 1)
        if codes.cvx(code) is None and codes.ndc(code) is not None:
            yield hit(rxa, 5, "a CVX code", code, 1)


def alternate_unknown(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The alternate triplet of RXA-5 says CVX and holds no CVX code."""
    for rxa in doses(scene, lambda rxa: rxa.get(5, 6) in _SYSTEMS and not is_deleted(rxa)):
        code = rxa.get(5, _ALTERNATE)
        if code and codes.cvx(code) is None:
            yield hit(rxa, 5, "a CVX code", code, _ALTERNATE)


def cvx_not_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """A new dose has a code that is not given out any more, or never was. Unspecified ones are told apart."""
    yield from _vaccines(
        scene, codes, is_new, "an active CVX code", lambda one: not one.is_for_new_doses and not one.is_unspecified
    )


def cvx_never_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """A historical dose has a code that no dose was ever given under."""
    yield from _vaccines(scene, codes, is_historical, "a CVX code that was in use", lambda one: not one.is_for_history)


def cvx_unspecified(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """A new dose has a code that does not say which product it was."""
    yield from _vaccines(
        scene, codes, is_new, "the CVX code of the product that was given", lambda one: one.is_unspecified
    )


def mvx_not_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """A new dose is of a manufacturer that is no more."""
    for rxa in doses(scene, is_new):
        manufacturer = codes.mvx(rxa.get(17, 1))
        if manufacturer is not None and not manufacturer.is_active:
            yield hit(rxa, 17, "an active MVX code", manufacturer.code, 1)


def mvx_unknown(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose is of one of the manufacturers ``manufacturers``, which name none."""
    for rxa in doses(scene, is_new):
        if rxa.get(17, 1) in entry["with"]["manufacturers"]:
            yield hit(rxa, 17, "the MVX code of the manufacturer", rxa.get(17, 1), 1)


def lot_unknown(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose has one of the lot numbers ``lots``, which are none."""
    for rxa in doses(scene, is_new):
        if rxa.get(15).strip(" .").upper() in entry["with"]["lots"]:
            yield hit(rxa, 15, "the lot number on the package", rxa.get(15))


def cvx_against_mvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The manufacturer does not make the vaccine."""
    for rxa in doses(scene, is_given):
        mvx = value(rxa, 17, 1)
        vaccine = _vaccine(rxa, codes) if mvx else None
        if vaccine is not None and codes.cvx_matches_mvx(vaccine.code, mvx) is False:
            makers = " or ".join(codes.makers(vaccine.code)[:_SHOWN])
            yield hit(rxa, 17, f"{makers}, for CVX {vaccine.code}", mvx, 1)


def ndc_against_cvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The two triplets of RXA-5 are an NDC and a CVX code of different vaccines."""
    for rxa in doses(scene, is_given):
        package = _ndc(rxa, codes)
        vaccine = _vaccine(rxa, codes) if package is not None else None
        if package is not None and vaccine is not None and codes.ndc_matches_cvx(package[1], vaccine.code) is False:
            yield hit(rxa, 5, f"an NDC of CVX {vaccine.code}", package[1], package[0])


def ndc_against_mvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The NDC in RXA-5 is of another manufacturer than RXA-17."""
    for rxa in doses(scene, is_given):
        package = _ndc(rxa, codes)
        mvx = value(rxa, 17, 1) if package is not None else ""
        if package is not None and codes.mvx(mvx) and codes.ndc_matches_mvx(package[1], mvx) is False:
            yield hit(rxa, 17, f"the manufacturer of NDC {package[1]}", mvx, 1)


RULES = {
    check.__name__: told(check)
    for check in (
        alternate_unknown,
        cvx_against_mvx,
        cvx_never_in_use,
        cvx_not_in_use,
        cvx_unspecified,
        lot_unknown,
        mvx_not_in_use,
        mvx_unknown,
        ndc_against_cvx,
        ndc_against_mvx,
        package_as_vaccine,
    )
}


def vaccine_of(rxa: Segment, codes: CodeSets) -> str:
    """What tells vaccines apart: the CVX code, that of the NDC, or whatever stands in RXA-5."""
    vaccine = _vaccine(rxa, codes)
    if vaccine is not None:
        return vaccine.code
    product = codes.ndc(value(rxa, 5, 1))
    return product.cvx[0] if product is not None and product.cvx else value(rxa, 5, 1)


_ALTERNATE = 4
_SHOWN = 4
"""Manufacturers of a vaccine that a finding names."""
_SYSTEMS = ("CVX", "HL70292")
"""What CVX is called; the second is its table in the base standard."""


def _cvx(rxa: Segment, codes: CodeSets) -> Iterator[Coded]:
    """The codes of RXA-5 that are said to be CVX. A first triplet without a system is taken for it if it fits."""
    code, system = rxa.get(5, 1), rxa.get(5, 3)
    if code and (system in _SYSTEMS or (not system and codes.cvx(code) is not None)):
        yield 1, code
    code = rxa.get(5, _ALTERNATE)
    if code and rxa.get(5, 6) in _SYSTEMS:
        yield _ALTERNATE, code


def _vaccine(rxa: Segment, codes: CodeSets) -> Vaccine | None:
    """The first CVX code of RXA-5 that is one."""
    return next((found for _component, code in _cvx(rxa, codes) if (found := codes.cvx(code))), None)


def _ndc(rxa: Segment, codes: CodeSets) -> Coded | None:
    """The NDC of RXA-5, if it is known."""
    for component in (1, _ALTERNATE):
        code = rxa.get(5, component)
        if len(code) >= _NDC_DIGITS and codes.ndc(code) is not None:
            return component, code
    return None


_NDC_DIGITS = 10


def _vaccines(
    scene: Scene, codes: CodeSets, which: Callable[[Segment], bool], expected: str, is_wrong: Callable[[Vaccine], bool]
) -> Iterator[Hit]:
    """The CVX codes of such doses that are wrong for them."""
    for rxa in doses(scene, which):
        for component, code in _cvx(rxa, codes):
            vaccine = codes.cvx(code)
            if vaccine is not None and is_wrong(vaccine):
                yield hit(rxa, 5, expected, code, component)
