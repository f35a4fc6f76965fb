"""Judges a vendor's code mapping: which CVX, MVX and NDC it sends for each of its own vaccine codes.

NDIIS asks every vendor for this exercise before onboarding. A row has an error when a registry would refuse or
misread what is sent by it, and a warning when it is right for historical doses only or cannot be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mockiis.profile.code_search import brands, closest
from mockiis.profile.codes import NO_VACCINE, CodeSets, Manufacturer, Product, Vaccine
from mockiis.profile.ndc import forms

Kind = Literal["missing", "unknown", "inactive", "non-specific", "mismatched", "ambiguous"]
MOST = 4
"""Codes to suggest at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a mapping; ``line`` is where it begins in its file."""

    line: int
    local: str = ""
    description: str = ""
    cvx: str = ""
    mvx: str = ""
    ndc: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is wrong with one row, and what was expected in its place."""

    line: int
    local: str
    severity: Literal["error", "warning"]
    kind: Kind
    found: str
    text: str
    expected: str


def judge(entries: Sequence[Entry], codes: CodeSets) -> list[Remark]:
    """Every remark on a mapping, in the order of its rows."""
    found = [remark for entry in entries for remark in _Row(entry, codes).remarks()]
    return sorted([*found, *_ambiguous(entries)], key=lambda remark: remark.line)


@dataclass(frozen=True)
class _Row:
    entry: Entry
    codes: CodeSets

    def remarks(self) -> Iterator[Remark]:
        vaccine = self.codes.cvx(self.entry.cvx)
        manufacturer = self.codes.mvx(self.entry.mvx)
        product = self.codes.ndc(self.entry.ndc)
        yield from self._of_vaccine(vaccine) if vaccine else self._no_vaccine(product)
        if self.entry.mvx:
            yield from self._of_manufacturer(manufacturer, vaccine)
        if self.entry.ndc:
            yield from self._of_product(product, vaccine, manufacturer)
        if vaccine and not vaccine.is_unspecified:
            yield from self._of_trade_name(vaccine)

    def _say(self, kind: Kind, found: str, text: str, expected: str, *, warning: bool = False) -> Remark:
        return Remark(
            line=self.entry.line,
            local=self.entry.local,
            severity="warning" if warning else "error",
            kind=kind,
            found=found,
            text=text,
            expected=expected,
        )

    def _no_vaccine(self, product: Product | None) -> Iterator[Remark]:
        code = self.entry.cvx
        near = self.codes.near_cvx(code)
        if near:
            advice = f"write {_named(near)}; spreadsheets drop the zero in front"
        else:
            suggested = self._suggested(product)
            advice = f"did you mean {_any_of(suggested)}?" if suggested else "see 'mockiis codes list cvx'"
        if code:
            yield self._say("unknown", code, f"CVX {code[:40]} is not a code", advice)
        else:
            yield self._say("missing", "", "there is no CVX code, which every dose must carry", advice)

    def _suggested(self, product: Product | None) -> Sequence[Vaccine]:
        if product:
            return _known(self.codes, product.cvx)
        return closest(self.codes, self.entry.description)

    def _of_vaccine(self, vaccine: Vaccine) -> Iterator[Remark]:
        code = vaccine.code
        if not vaccine.is_for_history:
            text = f"CVX {_named(vaccine)} is {vaccine.status}: no dose can carry it"
            yield self._say("inactive", code, text, self._for_new_doses(vaccine))
        elif code == NO_VACCINE:
            text = "CVX 998 says that no vaccine was administered"
            expected = "only for refusals, forecasts and evidence of immunity"
            yield self._say("non-specific", code, text, expected, warning=True)
        elif vaccine.is_unspecified:
            text = f"CVX {_named(vaccine)} does not say which product it was: for historical doses only"
            yield self._say("non-specific", code, text, self._for_new_doses(vaccine), warning=True)
        elif not vaccine.is_active:
            text = f"CVX {_named(vaccine)} is {vaccine.status}: for historical doses only"
            yield self._say("inactive", code, text, self._for_new_doses(vaccine), warning=True)

    def _for_new_doses(self, vaccine: Vaccine) -> str:
        others = self.codes.alternatives(vaccine)
        if not others:
            return "for new doses: the code of the product"
        return f"for new doses: {_any_of(self._nearest_first(others, vaccine.name))}"

    def _nearest_first(self, vaccines: Sequence[Vaccine], name: str = "") -> list[Vaccine]:
        """Those most like the description first, then those most like a name."""
        every = len(self.codes.vaccines)
        like = (*closest(self.codes, self.entry.description, every), *closest(self.codes, name, every))
        order = {one.code: -place for place, one in enumerate(reversed(like))}
        return sorted(vaccines, key=lambda one: order.get(one.code, 1))

    def _of_manufacturer(self, manufacturer: Manufacturer | None, vaccine: Vaccine | None) -> Iterator[Remark]:
        code = self.entry.mvx
        if manufacturer is None:
            near = self.codes.near_mvx(code)
            advice = f"did you mean {near.code} ({near.name})?" if near else self._makers(vaccine)
            advice = advice or "see 'mockiis codes list mvx'"
            yield self._say("unknown", code, f"MVX {code[:40]} is not a code", advice)
        elif not manufacturer.is_active:
            text = f"MVX {code} ({manufacturer.name}) is {manufacturer.status}: for historical doses only"
            expected = self._makers(vaccine) or "for new doses: the manufacturer of today"
            yield self._say("inactive", code, text, expected, warning=True)
        elif vaccine and self.codes.cvx_matches_mvx(vaccine.code, code) is False:
            text = f"MVX {code} ({manufacturer.name}) does not make CVX {_named(vaccine)}"
            yield self._say("mismatched", code, text, self._makers(vaccine), warning=not vaccine.is_active)

    def _makers(self, vaccine: Vaccine | None) -> str:
        found = self.codes.makers(vaccine.code) if vaccine else ()
        makers = [maker for maker in map(self.codes.mvx, found) if maker and maker.is_active]
        return f"MVX {_or([maker.code for maker in makers])}" if makers else ""

    def _of_product(
        self, product: Product | None, vaccine: Vaccine | None, manufacturer: Manufacturer | None
    ) -> Iterator[Remark]:
        code = self.entry.ndc
        if product is None:
            yield self._no_product(code)
            return
        named = f"NDC {product.ndc} ({product.name})"
        if vaccine and vaccine.code not in product.cvx:
            expected = f"CVX {_any_of(_known(self.codes, product.cvx))}"
            yield self._say("mismatched", code, f"{named} is not CVX {_named(vaccine)}", expected)
        if manufacturer and self.codes.ndc_matches_mvx(code, manufacturer.code) is False:
            text = f"{named} is not of MVX {manufacturer.code} ({manufacturer.name})"
            expected = f"MVX {_or(product.mvx)}"
            yield self._say("mismatched", code, text, expected, warning=not manufacturer.is_active)

    def _no_product(self, code: str) -> Remark:
        if forms(code):
            text = f"NDC {code} is not in CDC's tables of vaccines"
            return self._say("unknown", code, text, "check it; 'mockiis codes update' brings new ones", warning=True)
        meant = self.codes.ndc(code.zfill(11)) if code.isdecimal() else None
        expected = f"did you mean {meant.ndc}? " if meant else "11 digits with dashes, such as 49281-0400-10; "
        return self._say(
            "unknown", code, f"NDC {code[:40]} is not an NDC", f"{expected}spreadsheets drop zeros in front"
        )

    def _of_trade_name(self, vaccine: Vaccine) -> Iterator[Remark]:
        named = brands(self.codes, self.entry.description)
        if named and not any(vaccine.code in codes for codes in named.values()):
            others = _known(self.codes, sorted(set().union(*named.values())))
            others = self._nearest_first(others)
            text = f"the description names {_or([name.capitalize() for name in named])}, not CVX {_named(vaccine)}"
            yield self._say("mismatched", vaccine.code, text, f"CVX {_any_of(others)}", warning=True)


def _ambiguous(entries: Iterable[Entry]) -> Iterator[Remark]:
    """A local code that stands for two vaccines, with nothing that tells them apart."""
    first: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        before = first.setdefault((entry.local, entry.mvx, entry.ndc), entry)
        if entry.local and before.cvx != entry.cvx:
            yield Remark(
                line=entry.line,
                local=entry.local,
                severity="error",
                kind="ambiguous",
                found=entry.cvx,
                text=f"local code {entry.local[:40]} is CVX {before.cvx} in line {before.line} and {entry.cvx} here",
                expected="one CVX for each local code, or an MVX or NDC that tells the rows apart",
            )


def _named(vaccine: Vaccine) -> str:
    return f"{vaccine.code} ({vaccine.name})"


def _known(codes: CodeSets, cvx: Iterable[str]) -> list[Vaccine]:
    return [vaccine for vaccine in map(codes.cvx, cvx) if vaccine]


def _any_of(vaccines: Sequence[Vaccine]) -> str:
    shown = [_named(vaccine) for vaccine in vaccines[:MOST]]
    return _or(shown) if len(vaccines) <= MOST else f"{', '.join(shown)} and {len(vaccines) - MOST} more"


def _or(texts: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))
