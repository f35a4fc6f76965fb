"""Borrowed vaccine: doses of one stock given to persons of the other (NDIIS, vaccine borrow and return)."""

from __future__ import annotations

from collections.abc import Iterable

from mockiis.message.person import Dose
from mockiis.registry.doses import is_administered
from mockiis.registry.records import BorrowEvent, KeptDose

_ELIGIBILITY, _FUNDING = "64994-7", "30963-3"
_PRIVATE, _PUBLIC = frozenset({"PHC70"}), frozenset({"VXC1", "VXC2", "VXC50", "VXC51", "VXC52"})
_ELIGIBLE, _NOT_ELIGIBLE = frozenset({"V02", "V03", "V04", "V05"}), frozenset({"V01"})
"""V07 is neither: it may be given from either stock."""


def borrowed(doses: Iterable[KeptDose]) -> tuple[BorrowEvent, ...]:
    """The borrow events of a record: one for each dose that its facility administered so."""
    return tuple(event for kept in doses if not kept.deleted and (event := _event(kept)))


def _event(kept: KeptDose) -> BorrowEvent | None:
    dose = kept.dose
    eligibility, funding = _observed(dose, _ELIGIBILITY), _observed(dose, _FUNDING)
    private = eligibility in _ELIGIBLE and funding in _PRIVATE
    public = eligibility in _NOT_ELIGIBLE and funding in _PUBLIC
    if not is_administered(dose) or not (private or public):
        return None
    return BorrowEvent(
        facility=kept.origin.facility,
        vaccine=dose.vaccine.code,
        lot=dose.lot,
        given=dose.given,
        eligibility=eligibility,
        funding=funding,
        order=kept.order,
    )


def _observed(dose: Dose, code: str) -> str:
    return next((seen.value.code for seen in dose.observations if seen.code.code == code), "")
