"""The tables of HL7, NIP and PHVS that fields are bound to, for looking codes up: of the CDC guide and of NDIIS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mockiis.profile.specification import Table
from mockiis.profile.standard import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code of a table; ``where`` says so when only the guide or only NDIIS has it."""

    code: str
    text: str
    system: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """One table. An open one also takes codes that registries give."""

    name: str
    title: str
    source: str
    is_open: bool
    codes: dict[str, Coded]


@cache
def value_sets() -> dict[str, ValueSet]:
    """Every table by its name."""
    cdc, ndiis = shipped("cdc").tables, shipped("ndiis").tables
    return {name: _value_set(cdc.get(name, table), table) for name, table in ndiis.items()}


def _value_set(guide: Table, local: Table) -> ValueSet:
    codes = {
        code: Coded(code=code, text=one.text, system=one.system, where=_where(code, guide, local))
        for code, one in {**guide.codes, **local.codes}.items()
    }
    return ValueSet(name=guide.name, title=guide.title, source=guide.source, is_open=guide.open, codes=codes)


def _where(code: str, guide: Table, local: Table) -> str:
    if code not in local.codes:
        return "not accepted by NDIIS"
    return "" if code in guide.codes else "of NDIIS only"
