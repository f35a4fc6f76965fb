"""What the registry knows: records by number, identifier, name or birth date; borrowed doses; and its beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, TypeVar

from pydantic import PlainValidator

from mockiis.entry_types import Text
from mockiis.message.person import Identifier, Name, Person
from mockiis.registry.keys import keys
from mockiis.registry.records import Record, Records
from mockiis.scenario.values import Part
from mockiis.server.admin.asked import Answer, Asked, RefusedError, checked
from mockiis.server.admin.bodies import read_limit, read_number
from mockiis.server.admin.controls import Controls
from mockiis.store.record_data import as_data, event_as_data

T = TypeVar("T")
_PAGE = 100
_MOST = 10_000


class RecordsQuery(Part):
    """Which records: those with an identifier, or those alike; all if nothing is said."""

    id: Text = ""
    authority: Text = ""
    type: Text = ""
    family: Text = ""
    given: Text = ""
    born: Text = ""
    after: Annotated[int, PlainValidator(read_number)] = 0
    limit: Annotated[int, PlainValidator(read_limit)] = _PAGE


def listed(controls: Controls, asked: Asked) -> Answer:
    """``GET /registry/records?id=1001&authority=CLINIC&type=MR`` or ``?family=Larsen&given=Nora&born=20240105``."""
    query = _query(asked)
    found = _read(controls, lambda records: list(islice(_wanted(query, records), query.limit + 1)))
    page = found[: query.limit]
    following = page[-1].number if len(found) > len(page) else None
    return Answer(data={"records": list(map(as_data, page)), "next": following})


def one(controls: Controls, asked: Asked) -> Answer:
    """``GET /registry/records/{number}``."""
    number = read_number(asked.names["number"]) if asked.names["number"].isdigit() else 0
    record = _read(controls, lambda records: records.numbered(number))
    if record is None:
        raise RefusedError(404, f"there is no record {asked.names['number'][:20]!r}")
    return Answer(data=as_data(record))


def borrowed(controls: Controls, _asked: Asked) -> Answer:
    """``GET /registry/borrowed``: doses of one stock given to persons of the other."""
    events = islice(controls.service.registry.records.borrow_events(), _MOST)
    return Answer(data={"borrowed": [event_as_data(number, event) for number, event in events]})


def begin_again(controls: Controls, _asked: Asked) -> Answer:
    """``DELETE /registry/records``: forget everybody who was not known from the beginning."""
    controls.scripts.known.begin_again()
    return Answer(data={"records": sum(1 for _ in controls.service.registry.records.every())})


def _read(controls: Controls, ask: Callable[[Records], T]) -> T:
    """What the records say. Asking opens a transaction of the store, which is ended at once."""
    found: list[T] = []
    controls.service.ledger.change(lambda: found.append(ask(controls.service.registry.records)))
    return found[0]


def _query(asked: Asked) -> RecordsQuery:
    data = dict(asked.query)
    return checked(data, {(): (1, 1), **{(name,): (1, 1) for name in data}}, RecordsQuery)


def _wanted(query: RecordsQuery, records: Records) -> Iterator[Record]:
    if query.id and query.authority and query.type:
        found = records.identified(Identifier(query.id, query.authority, query.type))
        return (record for record in found if record.number > query.after)
    wanted = keys(_person(query))
    if query.id or not wanted:
        return (record for record in records.every(query.after) if _has(record, query))
    return (record for record in records.alike(wanted, _MOST) if record.number > query.after)


def _person(query: RecordsQuery) -> Person:
    name = Name(family=query.family, given=query.given)
    return Person(identifiers=(), name=name, birth_date=query.born.replace("-", ""), sex="")


def _has(record: Record, query: RecordsQuery) -> bool:
    """An identifier by what is said of it; where nothing is, everybody."""
    return not query.id or any(
        one.id == query.id and query.authority in ("", one.authority) and query.type in ("", one.type)
        for one in record.person.identifiers
    )
