"""The code sets of vaccination: CVX, MVX, NDC, vaccine groups, trade names, VIS documents.

``CodeSets`` looks codes up and says which belong together. Each table is read when it is first asked for. A user's
own folder, given by the caller, overrides the shipped tables code by code; see ``code_tables``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources.abc import Traversable

from mockiis.profile import ndc
from mockiis.profile.code_tables import LIST, TABLES, Row, rows

NO_VACCINE = "998"
"""No vaccine administered: for refusals, forecasts and evidence of immunity."""
UNKNOWN_VACCINE = "999"
_ALWAYS_LEGAL = {NO_VACCINE, UNKNOWN_VACCINE}  # Inactive in CDC's table, and legal on the wire all the same
_RESERVED = "99"
_NEVER_GIVEN = {"Never Active", "Pending"}
_OPEN = {"OTH", "UNK"}  # other and unknown manufacturer go with any vaccine
_VAGUE = re.compile(r"\bunspecified\b|\bunknown\b|all formulations", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A vaccine group, and the CVX code that stands for it in forecasts."""

    name: str
    cvx: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccine:
    """A CVX code. ``status`` is CDC's: Active, Inactive, Non-US, Never Active or Pending."""

    code: str
    name: str
    full_name: str
    status: str
    last_updated: str
    notes: str
    groups: tuple[Group, ...] = ()

    @property
    def is_active(self) -> bool:
        """CDC lists it as Active."""
        return self.status == "Active"

    @property
    def is_unspecified(self) -> bool:
        """It does not say which product was given ("unspecified formulation"); 999 is such a code too."""
        return not self.is_active and bool(_VAGUE.search(f"{self.name} {self.full_name}"))

    @property
    def is_for_new_doses(self) -> bool:
        """A dose given today may carry it. 998 and 999 are legal always."""
        return self.is_active or self.code in _ALWAYS_LEGAL

    @property
    def is_for_history(self) -> bool:
        """A historical dose may carry it: every code that was ever in use, here or abroad."""
        return self.status not in _NEVER_GIVEN and self.code != _RESERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Manufacturer:
    """An MVX code."""

    code: str
    name: str
    status: str
    last_updated: str
    notes: str

    @property
    def is_active(self) -> bool:
        """CDC lists it as Active."""
        return self.status == "Active"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeName:
    """A trade name with one CVX and one MVX; ``mvx`` is empty where CDC names no manufacturer."""

    name: str
    cvx: str
    mvx: str
    status: str
    last_updated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An NDC: ``ndc`` in 11 digits with dashes, ``printed`` the 10 digits of the package.

    ``units`` says whether it is a unit of use, a unit of sale, or both; ``contains`` lists the units of use in a unit
    of sale. Some NDCs have two CVX codes (a hepatitis B vaccine that is also given in dialysis) or two MVX codes (a
    manufacturer that was sold). Dates are YYYY-MM-DD; ``end`` is empty while it is sold.
    """

    ndc: str
    printed: str
    name: str
    description: str
    labeler: str
    cvx: tuple[str, ...]
    mvx: tuple[str, ...]
    units: tuple[str, ...]
    start: str
    end: str
    package: str
    gtin: str
    last_updated: str
    route: str = ""
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VISDocument:
    """An edition of a vaccine information statement, by the string its barcode encodes; ``document`` is its GDTI."""

    barcode: str
    name: str
    edition: str
    status: str
    document: str
    last_updated: str
    cvx: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CodeSets:
    """All code sets. ``own`` is the user's folder, such as a ``pathlib.Path``; what was read of it stays as it is.

    A file of that folder that cannot be read raises MockIISError when its table is first asked for.
    """

    own: Traversable | None = None

    def cvx(self, code: str) -> Vaccine | None:
        """What a CVX code is; exactly as written, so ``3`` is none. See ``near_cvx``."""
        return self.vaccines.get(code)

    def mvx(self, code: str) -> Manufacturer | None:
        """What an MVX code is."""
        return self.manufacturers.get(code)

    def ndc(self, code: str) -> Product | None:
        """What an NDC is, in 10 or 11 digits, with dashes or without."""
        found = [self.products[form] for form in ndc.forms(code) if form in self.products]
        return found[0] if len(found) == 1 else None

    def vis(self, barcode: str) -> VISDocument | None:
        """Which VIS document a barcode is of."""
        return self.vis_documents.get(barcode)

    def cvx_matches_mvx(self, cvx: str, mvx: str) -> bool | None:
        """Whether this manufacturer makes this vaccine; None when the tables do not tell.

        They do not tell of codes they do not know, of OTH and UNK, of vaccines without a product (such as unspecified
        formulations), and of manufacturers of the past, whose products they list with gaps.
        """
        manufacturer = self.mvx(mvx)
        named = self._makers_by_name.get(cvx, frozenset())
        if manufacturer is None or mvx in _OPEN or cvx not in self.vaccines:
            return None
        if mvx in named:
            return True
        makers = self.makers(cvx)  # reads the NDC tables: only where the trade names do not settle it
        if mvx in makers:
            return True
        return False if makers and "" not in named and manufacturer.is_active else None

    def ndc_matches_cvx(self, code: str, cvx: str) -> bool | None:
        """Whether this NDC is of this vaccine; None when the NDC is not in the tables."""
        product = self.ndc(code)
        return cvx in product.cvx if product else None

    def ndc_matches_mvx(self, code: str, mvx: str) -> bool | None:
        """Whether this NDC is of this manufacturer; None when the tables do not tell."""
        product = self.ndc(code)
        return mvx in product.mvx if product and product.mvx and mvx not in _OPEN else None

    def makers(self, cvx: str) -> tuple[str, ...]:
        """The MVX codes of the manufacturers that make a vaccine, or did."""
        named, sold = self._makers_by_name.get(cvx, frozenset()), self._makers_by_ndc.get(cvx, frozenset())
        return tuple(sorted((named | sold) - {""}))

    def alternatives(self, vaccine: Vaccine) -> tuple[Vaccine, ...]:
        """The active vaccines of exactly the same groups: what a new dose is coded with instead."""
        if not vaccine.groups:
            return ()
        groups = set(vaccine.groups)
        return tuple(
            other
            for other in self.vaccines.values()
            if other.is_active and set(other.groups) == groups and other.code != vaccine.code
        )

    def near_cvx(self, text: str) -> Vaccine | None:
        """The code that a number means which a spreadsheet or a person changed: 3, 003 and 3.0 mean 03."""
        number = re.fullmatch(r"0*(\d{1,3})(\.0)?", text.strip(), re.ASCII)
        return self.cvx(number[1].zfill(2)) if number else None

    def near_mvx(self, text: str) -> Manufacturer | None:
        """The manufacturer that a text means: msd, Merck and GSK mean MSD and SKB. Active ones come first."""
        words = text.strip().upper()
        if words in self.manufacturers or not words:
            return self.mvx(words)
        named = [one for one in self.manufacturers.values() if words in _called(one.name)]
        order = {one.code: (not one.is_active, not one.name.upper().startswith(words), one.code) for one in named}
        return min(named, key=lambda one: order[one.code], default=None)

    @cached_property
    def vaccines(self) -> Mapping[str, Vaccine]:
        """Every CVX code."""
        groups: dict[str, list[Group]] = {}
        for row in rows(TABLES["vaccine_group"], self.own):
            groups.setdefault(row["cvx"], []).append(Group(name=row["group"], cvx=row["group_cvx"]))
        found = rows(TABLES["cvx"], self.own)
        return {row["code"]: Vaccine(**row, groups=tuple(groups.get(row["code"], ()))) for row in found}

    @cached_property
    def manufacturers(self) -> Mapping[str, Manufacturer]:
        """Every MVX code."""
        return {row["code"]: Manufacturer(**row) for row in rows(TABLES["mvx"], self.own)}

    @cached_property
    def trade_names(self) -> tuple[TradeName, ...]:
        """Every trade name; a name stands once for each CVX and MVX it goes with."""
        return tuple(TradeName(**row) for row in rows(TABLES["trade_name"], self.own))

    @cached_property
    def products(self) -> Mapping[str, Product]:
        """Every NDC by its 11 digits with dashes."""
        listed: dict[str, list[tuple[str, Row]]] = {}
        for unit in ("use", "sale"):
            for row in rows(TABLES[f"ndc_{unit}"], self.own):
                listed.setdefault(row["ndc"], []).append((unit, row))
        return {code: _product(entries) for code, entries in listed.items()}

    @cached_property
    def vis_documents(self) -> Mapping[str, VISDocument]:
        """Every edition of every VIS document by its barcode."""
        found = rows(TABLES["vis"], self.own)
        return {row["barcode"]: VISDocument(**{**row, "cvx": _codes([row["cvx"]])}) for row in found}  # type: ignore[arg-type]

    @cached_property
    def _makers_by_name(self) -> Mapping[str, frozenset[str]]:
        return _collected((one.cvx, one.mvx) for one in self.trade_names)

    @cached_property
    def _makers_by_ndc(self) -> Mapping[str, frozenset[str]]:
        return _collected((cvx, mvx) for one in self.products.values() for cvx in one.cvx for mvx in one.mvx)


@cache
def shipped() -> CodeSets:
    """The code sets of the package alone, for those who have no folder of their own."""
    return CodeSets()


def _product(entries: list[tuple[str, Row]]) -> Product:
    """One product of all rows about its NDC; the first row, of the unit of use where there is one, says the most."""
    lists = {key: _codes(row.get(key, "") for _, row in entries) for key in ("cvx", "mvx", "contains")}
    units = tuple(dict.fromkeys(unit for unit, _ in entries))
    return Product(**{**entries[0][1], **lists, "units": units})  # type: ignore[arg-type]


def _codes(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for cell in cells for code in cell.split(LIST) if code))


def _collected(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for cvx, mvx in pairs:
        found.setdefault(cvx, set()).add(mvx)
    return {cvx: frozenset(makers) for cvx, makers in found.items()}


def _called(name: str) -> set[str]:
    """The words of a manufacturer's name, its beginnings and its capitals, all in capitals."""
    words = re.findall(r"[^\W_]+", name)
    beginnings = {" ".join(words[:count]) for count in range(1, len(words) + 1)}
    return {one.upper() for one in (*words, *beginnings, "".join(re.findall("[A-Z]", name)), name)}
