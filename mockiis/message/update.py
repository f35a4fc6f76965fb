"""Updates: VXU^V04 (profile Z22) that tell what is known of a person. Counterpart: the registry's ``reading``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockiis.er7.compose import components, message, segment
from mockiis.message.person import Person
from mockiis.message.query_response import told_in_full

UNKNOWN = "^unknown^CDCREC"
"""PID-22 of somebody whose ethnic group is not known, since NDIIS takes no update without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who tells, in which message, and when (as MSH-7 has it)."""

    facility: str
    control_id: str
    sent: str
    receiver: str = "NDIIS"


def update(person: Person, sender: Sender, actions: Sequence[str] = ()) -> str:
    """The message; ``actions`` are RXA-21 of the doses, A where nothing is said."""
    header = segment(
        "MSH",
        {
            1: "^~\\&",
            2: "MOCKIIS",
            3: components(sender.facility),
            4: sender.receiver,
            6: sender.sent,
            8: "VXU^V04^VXU_V04",
            9: components(sender.control_id),
            10: "P",
            11: "2.5.1",
            14: "ER",
            15: "AL",
            20: "Z22^CDCPHINVS",
        },
    )
    lines = [header]
    dose = 0
    for line in told_in_full(person):
        if line.startswith("PID|"):
            line = _with(line, 22, UNKNOWN)  # noqa: PLW2901
        elif line.startswith("RXA|"):
            line = _with(line, 21, actions[dose] if actions else "A")  # noqa: PLW2901
            dose += 1
        lines.append(line)
    return message(lines)


def _with(line: str, field: int, value: str) -> str:
    """The segment with a value where the field has none."""
    fields = line.split("|")
    fields += [""] * (field + 1 - len(fields))
    fields[field] = fields[field] or value
    return "|".join(fields)
