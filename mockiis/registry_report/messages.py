"""A record as VXU messages that tell all of it again: one for each facility that has reported a dose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockiis.message.person import Dose
from mockiis.message.update import Sender, update
from mockiis.registry.records import KeptDose, Record
from mockiis.registry.search import own_identifiers

_NOBODY = "NDIIS"
"""Who tells what no message brought."""
_EARLIEST = "19000101000000+0000"


def messages(record: Record, authority: str) -> Iterator[tuple[str, str]]:
    """The messages, the person's own facility first, each with a name for its file.

    A dose that was deleted is not told. Whoever protected the record tells so; the others leave it out.
    """
    for number, facility in enumerate(_facilities(record), 1):
        doses = [kept for kept in record.doses if _whose(kept.origin.facility) == facility and not kept.deleted]
        name = f"{record.number:08}-{number}"
        yield name, told(record, facility, doses, name, authority)


def told(record: Record, facility: str, doses: list[KeptDose], control_id: str, authority: str) -> str:
    """What one facility says of the person."""
    known = record.person
    person = replace(
        known,
        identifiers=known.identifiers or own_identifiers(record, authority),
        doses=tuple(map(_dose, doses)),
        protection=known.protection if known.protection != "Y" or _whose(record.owner) == facility else "",
    )
    latest = max([kept.origin.sent for kept in doses] + [_sent(record)])
    return update(person, Sender(facility=facility, control_id=control_id, sent=latest or _EARLIEST))


def _dose(kept: KeptDose) -> Dose:
    number = kept.order.id or "9999"
    return replace(kept.dose, order_number=number, order_authority=kept.order.authority)


def _facilities(record: Record) -> list[str]:
    name = record.origin("PID-5")
    first = _whose(record.owner or (name.facility if name else ""))
    return list(dict.fromkeys([first, *(_whose(kept.origin.facility) for kept in record.doses if not kept.deleted)]))


def _whose(facility: str) -> str:
    return facility or _NOBODY


def _sent(record: Record) -> str:
    return max((origin.sent for _, origin in record.origins), default="")
