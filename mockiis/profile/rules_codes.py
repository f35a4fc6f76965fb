"""Rules about codes of vaccines, manufacturers and packages: known, in use, specific, and of the same product.

Whether RXA-5 and RXA-17 hold a code of their tables at all is the business of the fields; here is what those tables
cannot see: the other triplet, the kind of dose, and two codes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mockiis.profile.codes import CodeSets, Vaccine
from mockiis.profile.facts import ALTERNATE, Dose, facts
from mockiis.profile.rule import Entry, Hit, hit, told
from mockiis.profile.scene import Scene


def package_as_vaccine(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The first triplet of RXA-5 says CVX and holds an NDC, which its table takes."""
    for dose in facts(scene).doses:
        if dose.system and dose.kind != "deleted":
            code = dict(dose.vaccines()).get(1, "")
            if codes.cvx(code) is None and codes.ndc(code) is not None:
                yield hit(dose.rxa, 5, "a CVX code", code, 1)


def alternate_unknown(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The alternate triplet of RXA-5 says CVX and holds no CVX code."""
    for dose in facts(scene).doses:
        if dose.alternate and dose.kind != "deleted":
            code = dict(dose.vaccines()).get(ALTERNATE, "")
            if code and codes.cvx(code) is None:
                yield hit(dose.rxa, 5, "a CVX code", code, ALTERNATE)


def cvx_not_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterable[Hit]:
    """A new dose has a code that is not given out any more, or never was. Unspecified ones are told apart."""
    wrong = _not_in_use
    return _vaccines(facts(scene).new, codes, "an active CVX code", wrong)


def cvx_never_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterable[Hit]:
    """A historical dose has a code that no dose was ever given under."""
    historical = (dose for dose in facts(scene).given if dose.kind == "historical")
    return _vaccines(historical, codes, "a CVX code that was in use", lambda vaccine: not vaccine.is_for_history)


def cvx_unspecified(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterable[Hit]:
    """A new dose has a code that does not say which product it was."""
    expected = "the CVX code of the product that was given"
    return _vaccines(facts(scene).new, codes, expected, lambda vaccine: vaccine.is_unspecified)


def mvx_not_in_use(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """A new dose is of a manufacturer that is no more."""
    for dose in facts(scene).new:
        manufacturer = codes.mvx(dose.manufacturer)
        if manufacturer is not None and not manufacturer.is_active:
            yield hit(dose.rxa, 17, "an active MVX code", dose.manufacturer, 1)


def mvx_unknown(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose is of one of the manufacturers ``manufacturers``, which name none."""
    for dose in facts(scene).new:
        if dose.manufacturer in entry["with"]["manufacturers"]:
            yield hit(dose.rxa, 17, "the MVX code of the manufacturer", dose.manufacturer, 1)


def lot_unknown(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose has one of the lot numbers ``lots``, which are none."""
    for dose in facts(scene).new:
        if dose.rxa.raw(15).strip(" .").upper() in entry["with"]["lots"]:
            yield hit(dose.rxa, 15, "the lot number on the package", dose.rxa.raw(15))


def cvx_against_mvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The manufacturer does not make the vaccine."""
    for dose in facts(scene).given:
        vaccine = _vaccine(dose, codes) if dose.manufacturer else None
        if vaccine is not None and codes.cvx_matches_mvx(vaccine.code, dose.manufacturer) is False:
            makers = " or ".join(codes.makers(vaccine.code)[:_SHOWN])
            yield hit(dose.rxa, 17, f"{makers}, for CVX {vaccine.code}", dose.manufacturer, 1)


def ndc_against_cvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The two triplets of RXA-5 are an NDC and a CVX code of different vaccines."""
    for dose, component, code in _packages(facts(scene).given, codes):
        vaccine = _vaccine(dose, codes)
        if vaccine is not None and codes.ndc_matches_cvx(code, vaccine.code) is False:
            yield hit(dose.rxa, 5, f"an NDC of CVX {vaccine.code}", code, component)


def ndc_against_mvx(scene: Scene, _entry: Entry, codes: CodeSets) -> Iterator[Hit]:
    """The NDC in RXA-5 is of another manufacturer than RXA-17."""
    for dose, _component, code in _packages(facts(scene).given, codes):
        if codes.mvx(dose.manufacturer) and codes.ndc_matches_mvx(code, dose.manufacturer) is False:
            yield hit(dose.rxa, 17, f"the manufacturer of NDC {code}", dose.manufacturer, 1)


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


def vaccine_of(dose: Dose, codes: CodeSets) -> str:
    """What tells vaccines apart: the CVX code, that of the NDC, or whatever stands in RXA-5."""
    vaccine = _vaccine(dose, codes)
    if vaccine is not None:
        return vaccine.code
    package = next(_packages([dose], codes), None)
    product = codes.ndc(package[2]) if package is not None else None
    return product.cvx[0] if product is not None and product.cvx else dose.code


_SHOWN = 4
"""Manufacturers of a vaccine that a finding names."""
_NDC_DIGITS = 10


def _vaccine(dose: Dose, codes: CodeSets) -> Vaccine | None:
    """The first CVX code of RXA-5 that is one."""
    return next((found for _component, code in dose.vaccines() if (found := codes.cvx(code))), None)


def _packages(doses: Iterable[Dose], codes: CodeSets) -> Iterator[tuple[Dose, int, str]]:
    """The NDC in RXA-5 of each dose that has a known one, and its component."""
    for dose in doses:
        for component, code in ((1, dose.code), (ALTERNATE, dose.alternate)):
            if len(code) >= _NDC_DIGITS and codes.ndc(code) is not None:
                yield dose, component, code
                break


def _not_in_use(vaccine: Vaccine) -> bool:
    return not vaccine.is_for_new_doses and not vaccine.is_unspecified


def _vaccines(
    doses: Iterable[Dose], codes: CodeSets, expected: str, is_wrong: Callable[[Vaccine], bool]
) -> Iterator[Hit]:
    """The CVX codes of these doses that are wrong for them."""
    for dose in doses:
        for component, code in dose.vaccines():
            vaccine = codes.cvx(code)
            if vaccine is not None and is_wrong(vaccine):
                yield hit(dose.rxa, 5, expected, code, component)
