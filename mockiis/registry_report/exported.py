"""Records for other programs: lines of JSON, the table that ``serve --preload`` reads, a file for each message."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from mockiis.journal_report.exported import harmless
from mockiis.message.person import Coded, Dose, Name, Person
from mockiis.registry.records import KeptDose, Record
from mockiis.registry_report.columns import COLUMNS
from mockiis.store.record_data import as_data

_OBSERVED = {"eligibility": "64994-7", "funding": "30963-3"}


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """An object for each, as the admin API tells them."""
    for record in records:
        yield json.dumps(as_data(record)) + "\n"


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """A heading, and a row for each dose that was not deleted; one for a person without any.

    A table has one identifier of each person, the first, and no names beside the legal one.
    """
    yield _row(COLUMNS)
    for record in records:
        person = _person(record.person, record.number)
        doses = [kept for kept in record.doses if not kept.deleted]
        for dose in [_dose(kept) for kept in doses] or [{}]:
            values = {**person, **dose}
            yield _row([harmless(values.get(column, "")) for column in COLUMNS])


def _person(person: Person, number: int) -> Mapping[str, str]:
    first = person.identifiers[0] if person.identifiers else None
    address, phone = person.address, person.phone
    mother = person.mother or Name(family="")
    return {
        "id": first.id if first else str(number),
        "authority": first.authority if first else "",
        "type": first.type if first else "",
        **{name: getattr(person.name, name) for name in ("family", "given", "middle", "suffix")},
        "born": person.birth_date[:8],
        "sex": person.sex,
        "mother_family": mother.family,
        "mother_given": mother.given,
        "race": _code(person.races[0] if person.races else None),
        "ethnicity": _code(person.ethnicity),
        **({name: getattr(address, name) for name in ("street", "city", "state", "zip", "country")} if address else {}),
        "street_2": address.other if address else "",
        "phone": f"{phone.area}{phone.number}" if phone else "",
        "email": next((other.email for other in person.other_phones if other.email), ""),
        "multiple_birth": person.multiple_birth,
        "birth_order": person.birth_order,
        "died": person.death_date[:8],
        "protection": person.protection,
    }


def _dose(kept: KeptDose) -> Mapping[str, str]:
    dose: Dose = kept.dose
    observed = {seen.code.code: seen.value.code for seen in dose.observations}
    return {
        "date": dose.given[:8],
        "cvx": _code(dose.vaccine),
        "status": "" if dose.refusal else dose.completion,
        "source": _code(dose.source),
        "order": kept.order.id,
        **{name: getattr(dose, name) for name in ("lot", "amount", "units", "facility")},
        "expires": dose.expires[:8],
        "mvx": _code(dose.manufacturer),
        "route": _code(dose.route),
        "site": _code(dose.site),
        "refusal": _code(dose.refusal),
        **{column: observed.get(code, "") for column, code in _OBSERVED.items()},
    }


def _code(value: Coded | None) -> str:
    return value.code if value else ""


def _row(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
