"""What lint says about patients: never used, told of twice, vaccines and manufacturers that no table has."""

from __future__ import annotations

from mockiis.profile.codes import CodeSets
from mockiis.scenario.loader import ScenarioEntry
from mockiis.scenario.patients import PatientEntry
from mockiis.scenario.remark import Found, Place, Remarks


def about_patients(entry: ScenarioEntry, codes: CodeSets) -> Remarks:
    """Everything that patients are told of."""
    used = _used(entry)
    known: dict[tuple[str, str, str], str] = {}
    for name, patient in entry.patients.items():
        place = ("patients", name)
        if name not in used:
            text = f"no reply tells of '{name}'; name it in the patients of an rsp, or leave it out"
            yield Found(place, "unused-patient", text)
        for identifier in patient.person().identifiers:
            key = (identifier.type, identifier.authority, identifier.id)
            other = known.setdefault(key, name)
            if other != name and not _same_person(patient, entry.patients[other]):
                text = f"'{other}' has this identifier too; a registry gives each person its own"
                yield Found((*place, "ids", identifier.type), "duplicate", text)
        yield from _doses(place, patient, codes)


def _same_person(one: PatientEntry, other: PatientEntry) -> bool:
    """Whether the two may be one person told of in two ways, as where chance decides what is told."""
    return (one.born, one.sex) == (other.born, other.sex)


def _used(entry: ScenarioEntry) -> set[str]:
    if entry.preload:
        return set(entry.patients)
    replies = [reply for rule in entry.rules for _, reply in rule.each_reply()]
    if entry.otherwise:
        replies += [reply for _, reply in entry.otherwise.each()]
    return {name for reply in replies if reply.rsp for name in reply.rsp.patients}


def _doses(place: Place, patient: PatientEntry, codes: CodeSets) -> Remarks:
    seen: set[object] = set()
    for index, dose in enumerate(patient.doses):
        at = (*place, "doses", index)
        yield from _vaccine((*at, "cvx"), dose.cvx.code, codes)
        if dose.mvx and codes.mvx(dose.mvx.code) is None:
            text = f"'{dose.mvx.code}' is not a manufacturer (table MVX); look it up with: mockiis codes list mvx"
            yield Found((*at, "mvx"), "unknown-code", text)
        if dose in seen:
            yield Found(at, "duplicate", "this dose stands above already; keep one")
        seen.add(dose)
    for index, forecast in enumerate(patient.forecast):
        yield from _vaccine((*place, "forecast", index, "cvx"), forecast.cvx.code, codes)


def _vaccine(place: Place, code: str, codes: CodeSets) -> Remarks:
    if codes.cvx(code) is None:
        near = codes.near_cvx(code)
        advice = f"did you mean '{near.code}'?" if near else "look it up with: mockiis codes list cvx"
        yield Found(place, "unknown-code", f"'{code}' is not a vaccine (table CVX); {advice}")
