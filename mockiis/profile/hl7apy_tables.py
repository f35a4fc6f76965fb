"""The only module that imports hl7apy: its definitions of HL7 v2.5.1 as our base tables, and its second opinion.

``data/base.yaml`` is what ``base_tables`` gave; a test makes it again and compares. hl7apy is never on the way of a
message: who wants one of these functions imports this module when it is asked for.

The second opinion works around what version 1.3.5 does in silence: it takes only CR as the end of a segment, drops
segments that its structure does not list, knows three fields of QPD and no patient in RSP^K11, crashes on an MSH-9 of
one component, and gives all that it found to a file only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hl7apy import load_reference
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.exceptions import HL7apyException
from hl7apy.parser import get_message_info, parse_message
from hl7apy.validation import Validator

from mockiis.er7 import Message
from mockiis.profile.opinion import Opinion

VERSION = "2.5.1"

SEGMENTS = (
    *("MSH", "SFT", "MSA", "ERR", "QAK", "QPD", "RCP", "DSC", "FHS", "BHS", "BTS", "FTS"),
    *("PID", "PD1", "NK1", "PV1", "PV2", "GT1", "IN1", "IN2", "IN3"),
    *("ORC", "TQ1", "TQ2", "RXA", "RXR", "OBX", "NTE"),
)
"""The segments that the guide's messages and batches are made of."""


def base_tables() -> dict[str, Any]:
    """Fields of every segment and components of every data type they use: number -> "type min..max"."""
    segments: dict[str, dict[str, str]] = {}
    types: dict[str, dict[str, str]] = {}
    for name in SEGMENTS:
        _, fields = load_reference(name, "Segment", VERSION)
        segments[name] = {}
        for field in fields:
            number, data_type = field[0].rpartition("_")[2], _data_type(field[1])
            segments[name][number] = f"{data_type} {_cardinality(field[2])}"
            types.update(_components(field[1], data_type))
    return {"segments": segments, "types": dict(sorted(types.items()))}


def _components(definition: Any, data_type: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The data type with its components, and those of its components."""
    if definition[0] != "sequence":
        return
    yield data_type, {entry[0].rpartition("_")[2]: _data_type(entry[1]) for entry in definition[1]}
    for entry in definition[1]:
        yield from _components(entry[1], _data_type(entry[1]))


def _data_type(definition: Any) -> str:
    return str(definition[2]) if definition[2] else "varies"


def _cardinality(limits: tuple[int, int]) -> str:
    least, most = limits
    return f"{least}..{'*' if most == -1 else most}"


LARGEST = 50_000
"""Characters of a message that hl7apy is asked about: 31 doses have fewer, and it takes seconds for more."""
_NOISE = "not in table HL70396"
"""Its table of coding systems has none of those that HL7 added later, so that each CE would get a warning."""


def second_opinion(message: Message) -> tuple[Opinion, ...]:
    """What hl7apy says about a message; nothing when it has no objection. Never raises because of a message."""
    if sum(map(len, message.lines)) > LARGEST:
        return (Opinion("note", f"not asked, since the message has more than {LARGEST:,} characters"),)
    if not message.header.get(9, 2):
        return (Opinion("note", "not asked, since it cannot read a message with one component in MSH-9"),)
    lines = [line for line in message.lines if line]
    # Its report is in the character set of the system, which need not have what the message has
    text = "".join(f"{line}\r" for line in lines).encode("ascii", "replace").decode("ascii")
    try:
        kept, said = _asked(text)
    except Exception as error:  # noqa: BLE001 (it raises whatever comes up: AttributeError, ValueError, its own)
        return (Opinion("error", f"it could not read the message: {type(error).__name__}: {error}"),)
    return (*_lost([line[:3].upper() for line in lines], kept), *_opinions(said))


def _asked(text: str) -> tuple[list[str], list[str]]:
    """The ids of the segments that hl7apy kept, and the lines of its report."""
    _, structure, version = get_message_info(text)
    ours = _message_profiles() if version == VERSION and structure in _message_profiles() else None
    parsed = parse_message(text, VALIDATION_LEVEL.TOLERANT, message_profile=ours)
    with TemporaryDirectory() as folder:
        report = Path(folder, "report")
        try:
            Validator.validate(parsed, ours and ours[structure], report_file=str(report))
        except HL7apyException:
            if not report.exists():  # otherwise it is the first line of the report
                raise
        return list(_segment_ids(parsed)), report.read_text(encoding=None).split("\n")


def _segment_ids(element: Any) -> Iterator[str]:
    if element.classname == "Segment":
        yield str(element.name)
        return
    for child in element.children:
        yield from _segment_ids(child)


def _lost(given: Sequence[str], kept: Sequence[str]) -> Iterator[Opinion]:
    """What became of the segments, which hl7apy itself does not say."""
    lost = Counter(given) - Counter(kept)
    if lost:
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in lost.items())
        yield Opinion("note", f"it left out segments without a word, so it did not judge them: {names}")
    elif list(given) != list(kept):
        yield Opinion("note", "it read the segments in another order than they stand in")


def _opinions(report: Sequence[str]) -> Iterator[Opinion]:
    for line, count in Counter(report).items():
        kind, _, text = line.partition(": ")
        if not text or _NOISE in text:
            continue
        text = re.sub(r"\[(.*)\]", lambda match: ", ".join(sorted(match[1].replace("'", "").split(", "))), text)
        times = f" ({count} times)" if count > 1 else ""
        yield Opinion("error" if kind == "Error" else "warning", text + times)


@cache
def _message_profiles() -> dict[str, Any]:
    """The structures that the guide has otherwise than the base standard: QPD with 13 fields, RSP^K11 with patients."""
    query = _segment("QPD", 1, 1, _query_fields())
    patient = [
        _segment("PID", 1, 1),
        _segment("PD1", 0, 1),
        _segment("NK1", 0, -1),
        _segment("PV1", 0, 1),
        _segment("IN1", 0, 1),
        ("VXU_V04_ORDER", _reference("VXU_V04_ORDER", "Group"), (0, -1), "GRP"),
    ]
    ends = _segment("MSH", 1, 1), _segment("SFT", 0, -1), _segment("DSC", 0, 1)
    answer = [_segment("MSA", 1, 1), _segment("ERR", 0, 1), _segment("QAK", 1, 1), query]
    patients = ("RSP_K11_PATIENT", ("sequence", tuple(patient)), (0, -1), "GRP")
    return {
        "QBP_Q11": ("sequence", (*ends[:2], query, _segment("RCP", 1, 1), ends[2])),
        "RSP_K11": ("sequence", (*ends[:2], *answer, patients, ends[2])),
    }


def _reference(name: str, kind: str) -> Any:
    return load_reference(name, kind, VERSION)


def _segment(name: str, least: int, most: int, definition: Any = None) -> tuple[Any, ...]:
    return (name, definition or _reference(name, "Segment"), (least, most), "SEG")


def _query_fields() -> tuple[Any, ...]:
    """QPD as Z34 and Z44 have it; each field by the definition of the PID field that it asks for."""
    asks_for = {3: 3, 4: 5, 5: 6, 6: 7, 7: 8, 8: 11, 9: 13, 10: 24, 11: 25, 12: 33, 13: 34}
    fields = list(_reference("QPD", "Segment")[1][:2])
    for number, field in asks_for.items():
        most = -1 if number == 3 else 1
        fields.append((f"QPD_{number}", _reference(f"PID_{field}", "Field"), (0, most), "FIE"))
    return ("sequence", tuple(fields))
