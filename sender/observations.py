"""The observations that go with a dose, in the order of the NDIIS examples: eligibility, funding, statements, others.

CDC guide 1.5 section 5 (OBX) and its table NIP003. Observations that belong together share OBX-4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockiis.er7.compose import components
from sender import codes
from sender.datatypes import ce
from sender.form import Form
from sender.vaccination import VIS, Observed, Vaccination
from sender.values import Coded


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One OBX without its number: ``identifier``, ``value``, ``units`` and ``method`` are ER7 text."""

    value_type: str
    identifier: str
    value: str
    units: str = ""
    method: str = ""


def observation_sets(dose: Vaccination, form: Form) -> list[list[Observation]]:
    """The observations of a dose, those that share an OBX-4 together."""
    return [
        *_eligibility(dose),
        *_funding(dose, form),
        *([*_statement(vis, form)] for vis in dose.vis),
        *([_coded("31044-1", reaction, _reaction_system(reaction), codes.REACTION)] for reaction in dose.reactions),
        *([_other(observed)] for observed in dose.observations),
    ]


def _eligibility(dose: Vaccination) -> Iterator[list[Observation]]:
    if dose.eligibility:
        method = ce(dose.eligibility_method, "CDCPHINVS", codes.ELIGIBILITY_METHOD)
        yield [_coded("64994-7", dose.eligibility, "HL70064", codes.ELIGIBILITY, method)]


def _funding(dose: Vaccination, form: Form) -> Iterator[list[Observation]]:
    if dose.funding:
        yield [_coded("30963-3", dose.funding, form.funding_system, codes.FUNDING)]


def _statement(vis: VIS, form: Form) -> Iterator[Observation]:
    if vis.document:
        yield _coded("69764-9", vis.document, "cdcgs1vis")
    if vis.vaccine:
        yield _coded("30956-7", vis.vaccine, "CVX")
    for code, date in (("29769-7", vis.presented), ("29768-9", vis.published)):
        if date:
            yield Observation(value_type=form.date_value_type, identifier=_identifier(Coded(code=code)), value=date)


def _other(observed: Observed) -> Observation:
    value = ce(observed.value, "") if observed.type == "CE" else components(observed.value.code or observed.value.text)
    return Observation(
        value_type=observed.type,
        identifier=_identifier(observed.code),
        value=value,
        units=ce(observed.units, "UCUM"),
    )


def _coded(code: str, value: Coded, system: str, texts: dict[str, str] | None = None, method: str = "") -> Observation:
    return Observation(
        value_type="CE", identifier=_identifier(Coded(code=code)), value=ce(value, system, texts), method=method
    )


def _identifier(code: Coded) -> str:
    return ce(code, "LN", codes.OBSERVATION)


def _reaction_system(reaction: Coded) -> str:
    return "CDCPHINVS" if reaction.code.startswith("VXC") else "SCT"
