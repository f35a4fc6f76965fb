"""Who is meant: the one record that is the same person, or those that may be. All that the records are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mockiis.message.person import Identifier, Person
from mockiis.registry.keys import broad_keys, exact_keys
from mockiis.registry.matching import Comparison, compare
from mockiis.registry.records import Record, Records

OWN_TYPE = "SR"
"""The type of the registry's own identifiers (HL70203, state registry)."""
_MOST_EXACT, _MOST_BROAD = 100, 500
"""Records that are compared: those with the same names and birth date, and those with the one or the other."""

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
    asked: Person, records: Records, authority: str, visible: Callable[[Record], bool] = lambda _record: True
) -> Found:
    """Look for a person among the records that are ``visible``. ``authority`` is this registry's."""
    known = [record for record in _gathered(asked, records, authority) if visible(record)]
    compared = [(record, compare(asked, record.person, own_identifiers(record, authority))) for record in known]
    certain = [pair for pair in compared if pair[1].grade == "same"]
    by_identifier = [pair for pair in certain if pair[1].rule == "identifier"]
    one = _settled(by_identifier) or (None if by_identifier else _settled(certain))
    alike = [pair for pair in compared if pair[1].grade != "different"]
    alike.sort(key=lambda pair: (pair[1].grade != "same", -len(pair[1].support), pair[0].number))
    return Found(
        one=one,
        candidates=() if one else tuple(record for record, _ in alike),
        compared=tuple(compared),
        disputed=tuple(record for record, why in compared if why.grade != "same" and _is_named(asked, record)),
    )


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


def _gathered(asked: Person, records: Records, authority: str) -> Iterable[Record]:
    """Everybody who could be the one, each once, by number."""
    found: dict[int, Record] = {}
    for identifier in asked.identifiers:
        if identifier.authority == authority and identifier.type == OWN_TYPE:
            _add(found, [_numbered(identifier.id, records)])
        if identifier.authority and identifier.type:
            _add(found, records.identified(identifier))
    exact, broad = exact_keys(asked), broad_keys(asked)
    if exact:
        _add(found, records.alike(exact, _MOST_EXACT))
    if broad:
        _add(found, records.alike(broad, _MOST_BROAD))
    return [found[number] for number in sorted(found)]


def _numbered(text: str, records: Records) -> Record | None:
    return records.numbered(int(text)) if re.fullmatch("[1-9][0-9]{0,17}", text) else None


def _add(found: dict[int, Record], records: Iterable[Record | None]) -> None:
    found.update({record.number: record for record in records if record is not None})


def explained(asked: Person, record: Record, authority: str) -> str:
    """Why a person and a record are the same or not, in words."""
    return str(compare(asked, record.person, own_identifiers(record, authority)))
