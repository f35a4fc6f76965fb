"""Who is meant: the one record that is the same person, or those that may be. All that the records are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mockiis.message.person import Identifier, Person
from mockiis.registry.alike import day_likeness
from mockiis.registry.keys import EXACT, birth_day, birth_key, exact_keys, identifier_key, name_keys
from mockiis.registry.matching import Comparison, compare, may_match
from mockiis.registry.records import Record, Records

OWN_TYPE = "SR"
"""The type of the registry's own identifiers (HL70203, state registry)."""
_MOST_LISTED, _MOST_COMPARED = 5000, 500
"""Entries of the index that are looked at, and records that are read and compared."""

Judged = tuple[Record, Comparison]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``one`` is the person, if it is certain who that is; otherwise ``candidates`` are those who may be, likely ones
    first. ``compared`` is everybody that was looked at, with the reason; ``disputed`` are those whose identifier was
    named and who are somebody else.
    """

    one: Record | None = None
    candidates: tuple[Record, ...] = ()
    compared: tuple[Judged, ...] = ()
    disputed: tuple[Record, ...] = ()


def find(
    asked: Person,
    records: Records,
    authority: str,
    visible: Callable[[Record], bool] = lambda _record: True,
    *,
    candidates: bool = True,
) -> Found:
    """Look for a person among the records that are ``visible``. ``authority`` is this registry's.

    Whoever is certain is looked for no further. Without ``candidates`` those are left out who can be no more.
    """
    compared: dict[int, Judged] = {}
    one = None
    for group in _gathered(asked, records, authority, candidates=candidates):
        for record in group:
            if record.number not in compared and visible(record):
                compared[record.number] = record, compare(asked, record.person, own_identifiers(record, authority))
        one = _certain(compared.values())
        if one is not None:
            break
    alike = [pair for pair in compared.values() if pair[1].grade != "different"]
    alike.sort(key=lambda pair: (pair[1].grade != "same", -len(pair[1].support), pair[0].number))
    return Found(
        one=one,
        candidates=() if one else tuple(record for record, _ in alike),
        compared=tuple(compared[number] for number in sorted(compared)),
        disputed=tuple(record for record, why in compared.values() if why.grade != "same" and _is_named(asked, record)),
    )


def _certain(compared: Iterable[Judged]) -> Record | None:
    certain = [pair for pair in compared if pair[1].grade == "same"]
    by_identifier = [pair for pair in certain if pair[1].rule == "identifier"]
    return _settled(by_identifier) or (None if by_identifier else _settled(certain))


def _is_named(asked: Person, record: Record) -> bool:
    return bool(set(asked.identifiers) & set(record.person.identifiers))


def _settled(pairs: Sequence[Judged]) -> Record | None:
    """The only one, or the one that more speaks for than for any other."""
    ordered = sorted(pairs, key=lambda pair: -len(pair[1].support))
    if not ordered:
        return None
    if len(ordered) > 1 and len(ordered[0][1].support) == len(ordered[1][1].support):
        return None
    return ordered[0][0]


def own_identifiers(record: Record, authority: str) -> tuple[Identifier, ...]:
    """The registry's own number as an identifier, unless the record has one of it already; none before it is stored."""
    has_one = any(one.authority == authority and one.type == OWN_TYPE for one in record.person.identifiers)
    return () if has_one or not record.number else (Identifier(str(record.number), authority, OWN_TYPE),)


def _gathered(asked: Person, records: Records, authority: str, *, candidates: bool) -> Iterator[Iterator[Record]]:
    """Those who could be the one: whom an identifier names, then whoever names and birth date speak for, and last
    those with the same names and quite another birth date.
    """
    yield _identified(asked, records, authority)
    key, day = birth_key(asked), birth_day(asked)
    keys = (*exact_keys(asked), *name_keys(asked), *filter(None, [key]))
    may_be = may_match(asked)
    near: list[int] = []
    namesakes: list[int] = []
    for where, number, detail in sorted(records.listed(keys, _MOST_LISTED)) if keys else ():
        if where == key:
            if may_be(detail):
                near.append(number)
        elif where.startswith(EXACT):
            near.insert(0, number)
        else:
            (near if day_likeness(day, detail) == "near" else namesakes).append(number)
    yield _read(near, records)
    if candidates:
        yield _read(namesakes, records)


def _identified(asked: Person, records: Records, authority: str) -> Iterator[Record]:
    """Those that an identifier names."""
    named = [one for one in asked.identifiers if one.authority and one.type]
    own = [one.id for one in named if (one.authority, one.type) == (authority, OWN_TYPE)]
    numbers = [int(text) for text in own if re.fullmatch("[1-9][0-9]{0,17}", text)]
    entries = records.listed(tuple(map(identifier_key, named)), _MOST_COMPARED) if named else ()
    return _read([*numbers, *sorted(number for _, number, _ in entries)], records)


def _read(numbers: Iterable[int], records: Records) -> Iterator[Record]:
    """The records, each once; no more than can be compared."""
    for number in islice(dict.fromkeys(numbers), _MOST_COMPARED):
        record = records.numbered(number)
        if record is not None:
            yield record


def explained(asked: Person, record: Record, authority: str) -> str:
    """Why a person and a record are the same or not, in words."""
    return str(compare(asked, record.person, own_identifiers(record, authority)))
