"""Rules about codes of vaccines, manufacturers and packages: known, in use, specific, and of the same product.

Whether RXA-5 and RXA-17 hold a code of their tables at all is the business of the fields; here is what those tables
cannot see: the other triplet, the kind of dose, and two codes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mockiis.profile.codes import CodeSets, Vaccine
from mockiis.profile.facts import ALTERNATE, Dose, Facts
from mockiis.profile.rule import GIVEN, HISTORICAL, NEW, NOT_DELETED, Entry, Hit, hit, of_codes, of_doses


def package_as_vaccine(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The first triplet of RXA-5 says CVX and holds an NDC, which its table takes."""
    code = dict(dose.said.vaccines).get(1, "") if dose.said.system else ""
    if code and facts.codes.cvx(code) is None and facts.codes.ndc(code) is not None:
        yield hit(dose.rxa, 5, "a CVX code", code, 1)


def alternate_unknown(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The alternate triplet of RXA-5 says CVX and holds no CVX code."""
    code = dict(dose.said.vaccines).get(ALTERNATE, "")
    if code and facts.codes.cvx(code) is None:
        yield hit(dose.rxa, 5, "a CVX code", code, ALTERNATE)


def cvx_not_in_use(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """A new dose has a code that is not given out any more, or never was. Unspecified ones are told apart."""
    return _vaccines(dose, facts, "an active CVX code", _not_in_use)


def cvx_never_in_use(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """A historical dose has a code that no dose was ever given under."""
    return _vaccines(dose, facts, "a CVX code that was in use", lambda vaccine: not vaccine.is_for_history)


def cvx_unspecified(dose: Dose, _entry: Entry, facts: Facts) -> Iterable[Hit]:
    """A new dose has a code that does not say which product it was."""
    expected = "the CVX code of the product that was given"
    return _vaccines(dose, facts, expected, lambda vaccine: vaccine.is_unspecified)


def mvx_not_in_use(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """A new dose is of a manufacturer that is no more."""
    manufacturer = facts.codes.mvx(dose.said.manufacturer)
    if manufacturer is not None and not manufacturer.is_active:
        yield hit(dose.rxa, 17, "an active MVX code", manufacturer.code, 1)


def mvx_unknown(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A new dose is of one of the manufacturers ``manufacturers``, which name none."""
    if dose.said.manufacturer in entry["with"]["manufacturers"]:
        yield hit(dose.rxa, 17, "the MVX code of the manufacturer", dose.said.manufacturer, 1)


def lot_unknown(dose: Dose, entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A new dose has one of the lot numbers ``lots``, which are none."""
    if dose.rxa.raw(15).strip(" .").upper() in entry["with"]["lots"]:
        return [hit(dose.rxa, 15, "the lot number on the package", dose.rxa.raw(15))]
    return ()


def cvx_against_mvx(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The manufacturer does not make the vaccine."""
    codes, manufacturer = facts.codes, dose.said.manufacturer
    vaccine = _vaccine(dose, codes) if manufacturer else None
    if vaccine is not None and codes.cvx_matches_mvx(vaccine.code, manufacturer) is False:
        makers = " or ".join(codes.makers(vaccine.code)[:_SHOWN])
        yield hit(dose.rxa, 17, f"{makers}, for CVX {vaccine.code}", manufacturer, 1)


def ndc_against_cvx(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The two triplets of RXA-5 are an NDC and a CVX code of different vaccines."""
    component, code = _package(dose, facts.codes)
    vaccine = _vaccine(dose, facts.codes) if code else None
    if vaccine is not None and facts.codes.ndc_matches_cvx(code, vaccine.code) is False:
        yield hit(dose.rxa, 5, f"an NDC of CVX {vaccine.code}", code, component)


def ndc_against_mvx(dose: Dose, _entry: Entry, facts: Facts) -> Iterator[Hit]:
    """The NDC in RXA-5 is of another manufacturer than RXA-17."""
    _component, code = _package(dose, facts.codes)
    manufacturer = facts.codes.mvx(dose.said.manufacturer) if code else None
    if manufacturer is not None and facts.codes.ndc_matches_mvx(code, manufacturer.code) is False:
        yield hit(dose.rxa, 17, f"the manufacturer of NDC {code}", manufacturer.code, 1)


CHECKS = {
    **of_codes(NOT_DELETED, package_as_vaccine, alternate_unknown),
    **of_codes(GIVEN, cvx_against_mvx, ndc_against_cvx, ndc_against_mvx),
    **of_codes(NEW, cvx_not_in_use, cvx_unspecified, mvx_not_in_use, mvx_unknown),
    **of_codes(HISTORICAL, cvx_never_in_use),
    **of_doses(NEW, lot_unknown),
}


def vaccine_of(dose: Dose, codes: CodeSets) -> str:
    """What tells vaccines apart: the CVX code, that of the NDC, or whatever stands in RXA-5."""
    vaccine = _vaccine(dose, codes)
    if vaccine is not None:
        return vaccine.code
    product = codes.ndc(_package(dose, codes)[1])
    return product.cvx[0] if product is not None and product.cvx else dose.said.code


_SHOWN = 4
"""Manufacturers of a vaccine that a finding names."""
_NDC_DIGITS = 10


def _vaccine(dose: Dose, codes: CodeSets) -> Vaccine | None:
    """The first CVX code of RXA-5 that is one."""
    return next((found for _component, code in dose.said.vaccines if (found := codes.cvx(code))), None)


def _package(dose: Dose, codes: CodeSets) -> tuple[int, str]:
    """The component of RXA-5 that holds a known NDC, and the NDC; it is empty where there is none."""
    for component, code in ((1, dose.said.code), (ALTERNATE, dose.said.alternate)):
        if len(code) >= _NDC_DIGITS and codes.ndc(code) is not None:
            return component, code
    return 0, ""


def _not_in_use(vaccine: Vaccine) -> bool:
    return not vaccine.is_for_new_doses and not vaccine.is_unspecified


def _vaccines(dose: Dose, facts: Facts, expected: str, is_wrong: Callable[[Vaccine], bool]) -> Iterator[Hit]:
    """The CVX codes of this dose that are wrong for it."""
    for component, code in dose.said.vaccines:
        vaccine = facts.codes.cvx(code)
        if vaccine is not None and is_wrong(vaccine):
            yield hit(dose.rxa, 5, expected, code, component)
