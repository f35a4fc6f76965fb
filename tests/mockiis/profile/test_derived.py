"""Every row of the profile data is broken in a message made for it, and the judge finds exactly that.

Grammar, fields and data types are here, statements and observations in ``test_derived_statements``, rules and
tolerances in ``test_derived_rules``. A row that cannot be broken is in ``NOT_DERIVED`` with the reason; a new one that
is neither makes a test fail.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockiis.profile.specification import ComponentSpec, FieldSpec, Format, GroupItem, SegmentItem
from mockiis.profile.standard import shipped

from .derivation import Broken, Draft, base, carriers, filled, make, sample, specs, used, where
from .judge_messages import judged

CDC = shipped("cdc")
PROFILES = tuple(CDC.profiles)
MISSING, UNEXPECTED, TYPE, LONG = "is required and", "must not be sent", "is expected", "is longer than"
REPEATS, TABLE, SYSTEM = "repetition(s) only", "not in table", "coding system must be"

_BEGINS = "a second one begins the next group"
NOT_DERIVED = {
    "MSH-1 R": "without a field separator there is no message",
    "MSH-2 R": "without encoding characters the standard ones are read; the reader notes it",
    "MSH-1 once": "the field separator is one character",
    "MSH-2 once": "the encoding characters are no repetitions",
    "MSH-9 once": "the message type is read as a whole before anything else",
    "Z31 PID once": _BEGINS,
    "OBX once": _BEGINS,
    "TQ1 once": _BEGINS,
    "MSH R": "without MSH there is no message",
    "MSH once": "a second MSH is a second message; the reader says so",
    "Z42 OBX R": "a group of observations has nothing but OBX, and is missing without it",
}


def broken(row: str, draft: Draft, place: str, code: str, says: str) -> Broken:
    """What the guide says of a message with this row broken."""
    return Broken(row=row, text=draft.text, place=place, code=code, says=says)


# Fields


def fields(profile: str) -> Iterator[tuple[str, Broken | None]]:
    """Each demand on a field of the profile, with what breaks it."""
    for spec in specs(CDC, CDC.profiles[profile]):
        yield from _usage(profile, spec)
        yield from _values(profile, spec)


def _usage(profile: str, spec: FieldSpec) -> Iterator[tuple[str, Broken | None]]:
    name, usage, place = f"{spec.segment}-{spec.number}", spec.usage(profile), where(spec.segment, str(spec.number))
    if "R" in (usage.when_true, usage.when_false):
        draft = used(base(profile), usage, "R")
        assert draft
        code = ("200", "") if name == "MSH-9" else ("101", MISSING)
        one = broken(f"{profile} {name} R", draft.put(name, ""), place, *code)
        yield f"{name} R", None if name in ("MSH-1", "MSH-2") else one
    if "X" in (usage.when_true, usage.when_false):
        draft = used(base(profile), usage, "X")
        assert draft
        yield f"{name} X", broken(f"{profile} {name} X", draft.put(name, sample(spec)), place, "999", UNEXPECTED)
    if usage.maximum == 1 and usage.when_true != "X":
        draft = used(base(profile), usage, "R", "RE", "O")
        assert draft
        value = draft.get(name) or sample(spec)
        twice = broken(f"{profile} {name} once", draft.put(name, f"{value}~{value}"), place, "999", REPEATS)
        yield f"{name} once", twice if name not in ("MSH-1", "MSH-2", "MSH-9") else None


def _values(profile: str, spec: FieldSpec) -> Iterator[tuple[str, Broken | None]]:
    name, place = f"{spec.segment}-{spec.number}", where(spec.segment, str(spec.number))
    draft = used(base(profile), spec.usage(profile), "R", "RE", "O")
    if draft is None:
        return
    coded = spec.type in ("CE", "CWE")
    tables = spec.tables_in(profile)
    if tables:
        unknown = draft.copy().put(name, sample(spec)).put(f"{name}.1" if coded else name, "NOSUCH")
        one = broken(f"{profile} {name} table", unknown, f"{place}.1" if coded else place, "103", TABLE)
        yield f"{name} table", None if all(_is_open(table) for table in tables) else one
    if spec.systems:
        wrong = draft.copy().put(name, sample(spec)).put(f"{name}.3", "99WRONG")
        yield f"{name} system", broken(f"{profile} {name} system", wrong, f"{place}.3", "103", SYSTEM)
    if spec.length:
        long = draft.copy().put(name, "1" * (spec.length + 1))
        yield f"{name} length", broken(f"{profile} {name} length", long, place, "102", LONG)
    if spec.type in ("TS", "DT", "NM", "SI") or spec.type in CDC.formats:
        wrong = "one" if spec.type in ("NM", "SI") else "20269999"
        yield f"{name} type", broken(f"{profile} {name} type", draft.copy().put(name, wrong), place, "102", TYPE)
    if spec.type in ("ID", "IS", "ST") and name not in ("MSH-1", "MSH-2"):
        divided = draft.copy().put(name, "A^B")
        yield f"{name} undivided", broken(f"{profile} {name} undivided", divided, place, "102", "components")


def _is_open(table: str) -> bool:
    return table in CDC.tables and CDC.tables[table].open


# Components of data types


def components() -> Iterator[tuple[str, Broken | None]]:
    """Each demand on a component of a data type, broken at the first place that has the type."""
    for kind, parts in CDC.types.items():
        carrier = next(iter(carriers(CDC, kind)), None)
        for part in parts.values():
            yield from _component(kind, part, carrier)


def _component(
    kind: str, part: ComponentSpec, carrier: tuple[str, str, str] | None
) -> Iterator[tuple[str, Broken | None]]:
    usage, name = part.usage, f"{kind}.{part.number}"
    for wanted in ("R", "X"):
        if wanted in (usage.when_true, usage.when_false):
            yield f"{name} {wanted}", carrier and _component_used(f"{name} {wanted}", part, kind, carrier, wanted)
    if part.table:
        yield f"{name} table", None if carrier is None or _is_open(part.table) else _unknown(name, part, kind, carrier)
    if part.length and carrier:
        draft, whole, place = _carried(kind, part, carrier, "R", "RE", "O")
        long = draft.put(f"{whole}.{part.number}", "5" * (part.length + 1))
        yield f"{name} length", broken(f"{name} length", long, place, "102", LONG)


def _carried(kind: str, part: ComponentSpec, carrier: tuple[str, str, str], *usage: str) -> tuple[Draft, str, str]:
    """A message with a full value of the type in which the component has the usage; its place, bare and as found."""
    profile, segment, place = carrier
    whole = f"{segment}-{place}"
    spec = CDC.segments[segment][int(place.partition(".")[0].partition("[")[0])]
    draft = used(base(profile), spec.usage(profile), "R", "RE", "O")
    assert draft
    draft = filled(draft, segment, place, kind)
    if part.usage.when_false is not None:
        true = part.usage.when_true in usage
        draft = make(draft, part.usage.condition, true=true, owner=whole)
    return draft, whole, f"{where(segment, place)}.{part.number}"


def _component_used(row: str, part: ComponentSpec, kind: str, carrier: tuple[str, str, str], wanted: str) -> Broken:
    draft, whole, place = _carried(kind, part, carrier, wanted)
    if wanted == "X":
        return broken(row, draft.put(f"{whole}.{part.number}", "X"), place, "999", UNEXPECTED)
    draft.put(f"{whole}.{part.number}", "")
    if not draft.get(whole).strip("^") or kind == "CE_TX":  # what has no component at all is another row
        draft.put(f"{whole}.{2 if kind != 'CE_TX' else 1}", "S")
    return broken(row, draft, place, "101", MISSING)


def _unknown(name: str, part: ComponentSpec, kind: str, carrier: tuple[str, str, str]) -> Broken:
    draft, whole, place = _carried(kind, part, carrier, "R", "RE", "O")
    draft.put(f"{whole}.{part.number}", "NOSUCH")
    says = "coding system" if name in ("CE.3", "CWE.3") else TABLE  # said once where the field names its system
    told = ("MSH-11", "202", "processing id") if name == "PT.1" else (place, "103", says)
    return broken(f"{name} table", draft, *told)


# Flavors of dates and times


def formats() -> Iterator[tuple[str, Broken | None]]:
    """Each flavor with a date that does not exist, one too coarse or too fine, and with the wrong zone."""
    for kind, form in CDC.formats.items():
        profile, segment, place = next(iter(carriers(CDC, kind)))
        spec = CDC.segments[segment][int(place)]
        for what, value in _dates(form).items():
            draft = used(base(profile), spec.usage(profile), "R", "RE", "O")
            assert draft
            draft.put(f"{segment}-{place}", value)
            yield f"{kind} {what}", broken(f"{kind} {what}", draft, where(segment, place), "102", form.statement)


def _dates(form: Format) -> dict[str, str]:
    zone = "-0500" if form.zone == "required" else ""
    coarse = {"second": "202609301015", "day": "202609", "month": "2026"}[form.least]
    found = {"that is none": f"20260230101500{zone}"[: None if zone else 8], "too coarse": coarse + zone}
    if form.most == "day":
        found["too fine"] = "2026093010"
    if form.zone != "optional":
        found["zone"] = "20260930101500" if zone else "202609301015-0500"
    return found


# Grammar


def grammar(profile: str) -> Iterator[tuple[str, Broken | None]]:
    """Each demand of the grammar: what must be there, what may be there once, what must not."""
    yield from _items(profile, CDC.profiles[profile].grammar, None)


def _items(
    profile: str, items: tuple[SegmentItem | GroupItem, ...], group: GroupItem | None
) -> Iterator[tuple[str, Broken | None]]:
    for number, item in enumerate(items):
        if isinstance(item, GroupItem):
            yield from _items(profile, item.items, item)
            name = _first(item)
        else:
            name = item.segment
            yield from _once(profile, item, group if number == 0 else None)
        if item.minimum:
            begins = number == 0 and group is not None
            row = f"{profile} {name} R" if profile == "Z42" and name == "OBX" and begins else f"{name} R"
            yield row, _without(profile, item, items, begins=begins) if group or name != "MSH" else None


def _first(group: GroupItem) -> str:
    item = group.items[0]
    return _first(item) if isinstance(item, GroupItem) else item.segment


def _without(
    profile: str, item: SegmentItem | GroupItem, items: tuple[SegmentItem | GroupItem, ...], *, begins: bool
) -> Broken | None:
    """The message without a segment or group; missing at the segment that its group begins with, else at itself."""
    draft, name = base(profile), item.segment if isinstance(item, SegmentItem) else _first(item)
    gone = (name,) if isinstance(item, SegmentItem) else ("ORC", "RXA", "RXR", "OBX", "PID", "PD1", "NK1")
    gone = ("OBX",) if name == "OBX" else gone
    draft.lines = [line for line in draft.lines if not line.startswith(gone)]
    if begins:
        rest = [one for one in items[1:] if isinstance(one, SegmentItem)]
        if not rest:
            return None
        following, says = next(((one, "missing") for one in rest if one.minimum), (rest[0], "out of order"))
        return broken(f"{profile} {name} R", draft, where(following.segment), "100", says)
    inside = items is not CDC.profiles[profile].grammar
    first = items[0].segment if inside and isinstance(items[0], SegmentItem) else name
    return broken(f"{profile} {name} R", draft, where(first) if inside else name, "100", "missing")


def _once(profile: str, item: SegmentItem, begins: GroupItem | None) -> Iterator[tuple[str, Broken | None]]:
    """A segment that may stand once, twice; one that must not be sent, sent."""
    name = item.segment
    if item.usage == "X":
        draft = base(profile)
        draft.lines.append(f"{name}|")
        yield f"{name} X", broken(f"{profile} {name} X", draft, name, "100", UNEXPECTED)
    elif item.maximum == 1:
        again = begins is not None and begins.maximum is None
        place = "ORC[1]" if name == "ORC" else f"{name}[2]"
        open_ended = name == "MSH" or (again and name != "ORC")
        row = f"{profile} {name} once" if (profile, name) == ("Z31", "PID") else f"{name} once"
        yield row, None if open_ended else broken(f"{profile} {name} once", base(profile).again(name), place, "100", "")


# The tests

ROWS = {
    **{f"fields of {name}": fields for name in PROFILES},
    **{f"grammar of {name}": grammar for name in PROFILES},
    "components": components,
    "formats": formats,
}


def rows(name: str) -> list[tuple[str, Broken | None]]:
    """The rows of one part of the data, by name, with what breaks each."""
    profile = name.rpartition(" ")[2]
    return list(ROWS[name](profile) if profile in PROFILES else ROWS[name]())  # type: ignore[operator]


@pytest.mark.parametrize("standard", ["cdc", "ndiis"])
@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_is_found_in_what_is_broken_here(profile: str, standard: str) -> None:
    """The message that rows are broken in is right before."""
    assert () == judged(base(profile).text, standard).findings


@pytest.mark.parametrize("name", ROWS)
def test_each_row_broken_is_found(name: str) -> None:
    """The message derived from a row has the finding about that row, at its place and with its code."""
    missed = [one.missed() for _, one in rows(name) if one is not None]
    assert [] == [text for text in missed if text]


def test_rows_that_cannot_be_broken_are_known() -> None:
    """Those without a derivation are the ones listed with a reason; tables that take any code are open."""
    everything = {(row, one is None) for name in ROWS for row, one in rows(name)}
    without = {row for row, none in everything if none and not row.endswith(" table")}
    assert set(NOT_DERIVED) == without
    every = len(everything)
    assert sum(not none for _, none in everything) >= 0.95 * every
