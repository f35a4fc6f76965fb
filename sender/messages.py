"""Records -> messages: stitches the segments of a VXU (profile Z22) or a QBP (Z34, Z44). CDC guide 1.5 chapter 3.

Pure: the control id and the time of a message are passed in, and used where the record has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from mockiis.er7 import compose
from sender.observations import observation_sets
from sender.record import MessageRecord, QueryRecord, Record, VaccinationRecord
from sender.segments.msh import msh
from sender.segments.nk1 import nk1
from sender.segments.obx import obx
from sender.segments.orc import orc
from sender.segments.pd1 import pd1
from sender.segments.pid import pid
from sender.segments.qpd import qpd
from sender.segments.rcp import rcp
from sender.segments.rxa import rxa
from sender.segments.rxr import rxr
from sender.vaccination import Vaccination

R = TypeVar("R", bound=MessageRecord)


def message(record: Record, control_id: str, time: datetime) -> str:
    """The message of a record; ``time`` must have a zone."""
    if isinstance(record, QueryRecord):
        return qbp(record, control_id, time)
    return vxu(record, control_id, time)


def vxu(record: VaccinationRecord, control_id: str, time: datetime) -> str:
    """An unsolicited vaccination update: the patient, relatives, and every vaccination."""
    record = stamped(record, control_id, time)
    body = [pid(record), pd1(record)]
    body += [nk1(number, relative, record.form) for number, relative in enumerate(record.next_of_kin, 1)]
    for dose in record.vaccinations:
        body += _order_group(record, dose)
    return _stitched(record, "VXU^V04^VXU_V04", "Z22", body)


def qbp(record: QueryRecord, control_id: str, time: datetime) -> str:
    """A query for a patient's history."""
    record = stamped(record, control_id, time)
    return _stitched(record, "QBP^Q11^QBP_Q11", record.query, [qpd(record), rcp(record)])


def stamped(record: R, control_id: str, time: datetime) -> R:
    """The record with a control id and a time: its own where it has them."""
    written = time.strftime("%Y%m%d%H%M%S%z")
    return record.model_copy(update={"control_id": record.control_id or control_id, "time": record.time or written})


def _order_group(record: VaccinationRecord, dose: Vaccination) -> Iterator[str]:
    yield orc(record, dose)
    yield rxa(dose, record.form)
    yield rxr(dose, record.form)
    number = 0
    for sub_id, together in enumerate(observation_sets(dose, record.form), 1):
        for observation in together:
            number += 1
            yield obx(number, sub_id, observation, dose.observed or dose.day)


def _stitched(record: MessageRecord, message_type: str, profile: str, body: list[str]) -> str:
    """The message; MSH-18 is sent when it needs more than ASCII, which is what no MSH-18 means."""
    text = compose.message([msh(record, message_type, profile), *filter(None, body)])
    if text.isascii():
        return text
    return compose.message([msh(record, message_type, profile, "UNICODE UTF-8"), *filter(None, body)])
