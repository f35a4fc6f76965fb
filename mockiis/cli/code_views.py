"""How the code sets are shown: as tables of one set, and as all there is about one code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mockiis.cli.value_sets import ValueSet, value_sets
from mockiis.profile.code_search import closest
from mockiis.profile.code_tables import TABLES, own_rows, rows
from mockiis.profile.codes import CodeSets, Manufacturer, Product, TradeName, Vaccine, VISDocument

MOST = 12
"""Products to name before the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A set as a table: its values, whether one is active, and the cells of its row."""

    title: str
    columns: tuple[str, ...]
    values: Callable[[CodeSets], Iterable[Any]]
    is_active: Callable[[Any], bool]
    cells: Callable[[Any], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A vaccine group with its vaccines."""

    name: str
    cvx: str
    vaccines: tuple[str, ...]


def families(codes: CodeSets) -> list[Family]:
    """Every vaccine group."""
    found: dict[tuple[str, str], list[str]] = {}
    for vaccine in codes.vaccines.values():
        for group in vaccine.groups:
            found.setdefault((group.name, group.cvx), []).append(vaccine.code)
    ordered = sorted(found.items(), key=lambda item: item[0][0].lower())
    return [Family(name=name, cvx=cvx, vaccines=tuple(members)) for (name, cvx), members in ordered]


LISTINGS = {
    "cvx": Listing(
        title="Vaccines administered (CVX)",
        columns=("CVX", "name", "status", "vaccine group"),
        values=lambda codes: codes.vaccines.values(),
        is_active=lambda one: one.is_active,
        cells=lambda one: (one.code, one.name, one.status, ", ".join(group.name for group in one.groups)),
    ),
    "mvx": Listing(
        title="Manufacturers of vaccines (MVX)",
        columns=("MVX", "name", "status"),
        values=lambda codes: codes.manufacturers.values(),
        is_active=lambda one: one.is_active,
        cells=lambda one: (one.code, one.name, one.status),
    ),
    "ndc": Listing(
        title="National Drug Codes of vaccines (NDC)",
        columns=("NDC", "on the package", "name", "CVX", "MVX", "unit of", "sold from", "to"),
        values=lambda codes: codes.products.values(),
        is_active=lambda one: not one.end,
        cells=lambda one: (
            *(one.ndc, one.printed, one.name, " ".join(one.cvx), " ".join(one.mvx)),
            *(" and ".join(one.units), one.start, one.end),
        ),
    ),
    "groups": Listing(
        title="Vaccine groups",
        columns=("group", "its CVX", "vaccines"),
        values=families,
        is_active=lambda _one: True,
        cells=lambda one: (one.name, one.cvx, " ".join(one.vaccines)),
    ),
    "trade-names": Listing(
        title="Trade names",
        columns=("trade name", "CVX", "MVX", "status"),
        values=lambda codes: codes.trade_names,
        is_active=lambda one: one.status == "Active",
        cells=lambda one: (one.name, one.cvx, one.mvx, one.status),
    ),
    "vis": Listing(
        title="Vaccine information statements (VIS)",
        columns=("barcode", "document", "edition", "status", "CVX"),
        values=lambda codes: codes.vis_documents.values(),
        is_active=lambda one: one.status == "Current",
        cells=lambda one: (one.barcode, one.name, one.edition, one.status, " ".join(one.cvx)),
    ),
    "tables": Listing(
        title="Tables that fields are bound to (HL7, NIP, PHVS)",
        columns=("table", "title", "codes"),
        values=lambda _codes: value_sets().values(),
        is_active=lambda _one: True,
        cells=lambda one: (one.name, one.title, f"{len(one.codes)}{' and local ones' if one.is_open else ''}"),
    ),
}


def listing_of(name: str) -> Listing | None:
    """The set or table of this name, in any case."""
    table = {one.name.lower(): one for one in value_sets().values()}.get(name.lower()) if name not in LISTINGS else None
    return _listing_of_table(table) if table else LISTINGS.get(name)


def _listing_of_table(table: ValueSet) -> Listing:
    return Listing(
        title=f"{table.name}: {table.title}",
        columns=("code", "text", "coding system", "where"),
        values=lambda _codes: table.codes.values(),
        is_active=lambda one: "not accepted" not in one.where,
        cells=lambda one: (one.code, one.text, one.system, one.where),
    )


def chosen(listing: Listing, codes: CodeSets, words: Sequence[str], *, active: bool) -> list[Any]:
    """The values of a set in which every word begins some word; only the active ones when asked."""
    patterns = [re.compile(rf"(?<![^\W_]){re.escape(word)}", re.IGNORECASE) for word in words]
    values = (one for one in listing.values(codes) if not active or listing.is_active(one))
    return [one for one in values if all(pattern.search(_text(one)) for pattern in patterns)]


def _text(value: Any) -> str:
    return " ".join(map(str, asdict(value).values()))


def overview(codes: CodeSets) -> list[tuple[str, ...]]:
    """Per file: how a command calls it, its title, rows, newest change, and rows of the user's own."""
    shown: list[tuple[str, ...]] = []
    for table in TABLES.values():
        found = rows(table, codes.own)
        newest = max((row.get("last_updated", "") for row in found), default="")
        name = "ndc" if table.name.startswith("ndc") else table.short
        shown.append((name, table.title, str(len(found)), newest, str(len(own_rows(table, codes.own)) or "")))
    return [*shown, ("tables", LISTINGS["tables"].title, str(len(value_sets())), "", "")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A code in one set: a heading, what there is to say in lines of label and text, and the value for scripts."""

    set: str
    heading: str
    lines: list[tuple[str, str]]
    value: Any


def everywhere(code: str, codes: CodeSets) -> list[Found]:
    """What a code is in every set it occurs in; names of groups and trade names in any case."""
    found = []
    if vaccine := codes.cvx(code):
        found.append(_vaccine(vaccine, codes))
    if manufacturer := codes.mvx(code):
        found.append(_manufacturer(manufacturer, codes))
    product = codes.ndc(code) or next((one for one in codes.products.values() if code and one.gtin == code), None)
    if product:
        found.append(_product(product, codes))
    found += [_family(one, codes) for one in families(codes) if one.name.lower() == code.lower()]
    found += [_trade_name(one, codes) for one in codes.trade_names if one.name.lower() == code.lower()]
    if document := codes.vis(code):
        found.append(_document(document, codes))
    return [*found, *(_of_table(code, table) for table in value_sets().values() if code in table.codes)]


def hint(code: str, codes: CodeSets) -> str:
    """The CVX or MVX code that was perhaps meant, as a question; empty when nothing is near."""
    near = codes.near_cvx(code)
    if near is not None:
        return f"did you mean CVX {near.code} ({near.name})?" if near.code != code else ""
    if manufacturer := codes.near_mvx(code):
        return f"did you mean MVX {manufacturer.code} ({manufacturer.name})?"
    like = closest(codes, code)
    return f"did you mean CVX {', '.join(f'{one.code} ({one.name})' for one in like)}?" if like else ""


def _vaccine(one: Vaccine, codes: CodeSets) -> Found:
    sold = [product for product in codes.products.values() if one.code in product.cvx]
    editions = [document for document in codes.vis_documents.values() if one.code in document.cvx]
    lines = [
        ("full name", one.full_name),
        ("status", f"{one.status}: {_use(one)}"),
        *(("vaccine group", f"{group.name} (CVX {group.cvx})") for group in one.groups),
        *(("trade name", f"{name.name} ({_made_by(name)})") for name in codes.trade_names if name.cvx == one.code),
        *(("NDC", text) for text in _on_sale(sold)),
        *(("VIS", f"{each.name}, {each.edition} ({each.barcode})") for each in editions if each.status == "Current"),
        *_last(one),
    ]
    related = {"products": [asdict(each) for each in sold], "vis": [asdict(each) for each in editions]}
    names = [asdict(each) for each in codes.trade_names if each.cvx == one.code]
    value = {**asdict(one), "use": _use(one), "trade_names": names, **related}
    return Found(set="cvx", heading=f"CVX {one.code}: {one.name}", lines=lines, value=value)


def _use(one: Vaccine) -> str:
    if one.code in {"998", "999"}:
        return "legal on the wire all the same"
    if not one.is_for_history:
        return "for no dose"
    if one.is_unspecified:
        return "does not say which product; for historical doses only"
    return "for new and historical doses" if one.is_active else "for historical doses only"


def _made_by(name: TradeName) -> str:
    return f"{name.mvx or 'no manufacturer'}, {name.status}"


def _on_sale(products: Sequence[Product]) -> list[str]:
    """The products still sold, one by one; the others as a number."""
    now = [one for one in products if not one.end]
    shown = [f"{one.ndc}, unit of {' and '.join(one.units)}: {one.name}, {one.package.lower()}" for one in now[:MOST]]
    rest = [f"{len(now) - MOST} more"] if len(now) > MOST else []
    return [*shown, *rest, *([f"{len(products) - len(now)} no longer sold"] if len(products) > len(now) else [])]


def _last(one: Vaccine | Manufacturer) -> list[tuple[str, str]]:
    return [*([("CDC's notes", one.notes)] if one.notes else []), ("last change", one.last_updated)]


def _manufacturer(one: Manufacturer, codes: CodeSets) -> Found:
    names = [name for name in codes.trade_names if name.mvx == one.code]
    use = "for new and historical doses" if one.is_active else "for historical doses only"
    made = [("makes", f"{name.name} (CVX {name.cvx}, {name.status})") for name in names]
    lines = [("status", f"{one.status}: {use}"), *made, *_last(one)]
    value = {**asdict(one), "trade_names": [asdict(name) for name in names]}
    return Found(set="mvx", heading=f"MVX {one.code}: {one.name}", lines=lines, value=value)


def _product(one: Product, codes: CodeSets) -> Found:
    lines = [
        ("on the package", one.printed),
        ("unit of", " and ".join(one.units)),
        *_of_vaccines(one.cvx, codes),
        *(("manufacturer", f"MVX {mvx} ({maker.name})") for mvx in one.mvx if (maker := codes.mvx(mvx))),
        ("labeler", one.labeler),
        ("package", one.package),
        ("sold", f"from {one.start or 'an unknown date'} {f'to {one.end}' if one.end else 'on'}"),
        *([("contains", ", ".join(one.contains))] if one.contains else []),
        ("last change", one.last_updated),
    ]
    return Found(set="ndc", heading=f"NDC {one.ndc}: {one.name}", lines=lines, value=asdict(one))


def _of_vaccines(cvx: Iterable[str], codes: CodeSets) -> list[tuple[str, str]]:
    known = [vaccine for vaccine in map(codes.cvx, cvx) if vaccine]
    return [("vaccine", f"CVX {one.code} ({one.name}), {one.status}") for one in known]


def _family(one: Family, codes: CodeSets) -> Found:
    lines = [("stands for it", f"CVX {one.cvx}"), *_of_vaccines(one.vaccines, codes)]
    return Found(set="groups", heading=f"Vaccine group {one.name}", lines=lines, value=asdict(one))


def _trade_name(one: TradeName, codes: CodeSets) -> Found:
    maker = codes.mvx(one.mvx)
    named = [("manufacturer", f"MVX {maker.code} ({maker.name})")] if maker else []
    lines = [*_of_vaccines([one.cvx], codes), *named, ("status", one.status), ("last change", one.last_updated)]
    return Found(set="trade-names", heading=f"Trade name {one.name}", lines=lines, value=asdict(one))


def _of_table(code: str, table: ValueSet) -> Found:
    one = table.codes[code]
    said = [("means", one.text), ("table", table.title), ("coding system", one.system), ("where", one.where)]
    lines = [(label, text) for label, text in (*said, ("source", table.source)) if text]
    value = {**asdict(one), "title": table.title, "source": table.source}
    return Found(set=table.name, heading=f"{table.name} {code}: {one.text}", lines=lines, value=value)


def _document(one: VISDocument, codes: CodeSets) -> Found:
    lines = [("edition", one.edition), ("status", one.status), ("GDTI", one.document), *_of_vaccines(one.cvx, codes)]
    return Found(set="vis", heading=f"VIS {one.name}", lines=lines, value=asdict(one))
