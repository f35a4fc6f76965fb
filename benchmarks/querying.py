"""Queries against registries of several sizes, in SQLite files: what one costs, and the memory of the process.

A process of its own (``python querying.py ROUNDS QUERIES SIZE...``; prints JSON). The patients are invented ones, with
families, twins and histories. The registries take turns within each round, and every query is about somebody else.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from usage import usage

from mockiis.er7 import read
from mockiis.invented import people, query
from mockiis.message import MessageReply, Request
from mockiis.message.person import Person
from mockiis.registry.preloading import preloaded
from mockiis.registry.records import Origin
from mockiis.registry.registry import Registry
from mockiis.store.database import Database
from mockiis.store.sql_records import SQLRecords

RECEIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = ("by identifier", "by name and birth date", "nobody")
_GROUP = 1000


def filled(path: Path, size: int) -> Database:
    """A registry of so many patients."""
    database = Database(str(path))
    records, origin = SQLRecords(database), Origin(facility="CLINIC1", control_id="", received=RECEIVED.isoformat())
    for number, person in enumerate(people(size), 1):
        records.keep(preloaded(replace(person, protection="N"), origin))
        if number % _GROUP == 0:
            database.commit()
    database.commit()
    return database


def asked(kind: str, size: int, skip: int) -> Iterator[str]:
    """Queries about patients from all of the registry, or about nobody in it."""
    step = max(size // 2000, 1)
    for number, person in enumerate(islice(people(size), skip, None, step)):
        yield query(_described(person, kind), f"Q{number}")


def _described(person: Person, kind: str) -> Person:
    if kind == "by identifier":
        return person
    if kind == "nobody":
        name = replace(person.name, family=person.name.family[::-1] + "x", given=person.name.given[::-1] + "q")
        return replace(person, identifiers=(replace(person.identifiers[0], id="0"),), name=name)
    return replace(person, identifiers=(replace(person.identifiers[0], id="0"),))


def timed(database: Database, texts: list[str]) -> tuple[float, int]:
    """CPU microseconds for a query, and how many found somebody."""
    registry, found = Registry(records=SQLRecords(database)), 0
    started = time.process_time()
    for text in texts:
        request = Request(transport="mllp", received=RECEIVED, control_id="R1", message=read(text), text=text)
        reply = registry.answer(request)
        database.commit()
        found += isinstance(reply, MessageReply) and "|OK|" in reply.text
    return 1e6 * (time.process_time() - started) / len(texts), found


def main(rounds: int, queries: int, sizes: list[int]) -> dict[str, object]:
    """By kind of query and size: the microseconds of each round, and the part that found somebody."""
    with tempfile.TemporaryDirectory() as folder:
        made = {size: filled(Path(folder) / f"{size}.db", size) for size in sizes}
        taken: dict[str, dict[int, list[float]]] = {kind: {size: [] for size in sizes} for kind in KINDS}
        finds: dict[str, dict[int, int]] = {kind: dict.fromkeys(sizes, 0) for kind in KINDS}
        texts = {(kind, size): list(islice(asked(kind, size, 7), 2000)) for kind in KINDS for size in sizes}
        for turn in range(rounds + 1):
            for (kind, size), every in texts.items():
                chosen = [every[(turn * queries + place) % len(every)] for place in range(queries)]
                cost, found = timed(made[size], chosen)
                if turn:  # the first is to warm up
                    taken[kind][size].append(cost)
                    finds[kind][size] += found
        used = usage(os.getpid())
        for database in made.values():
            database.close()
    return {"taken": taken, "found": finds, "memory": used.memory if used else 0, "queries": rounds * queries}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), [int(size) for size in sys.argv[3:]])))
