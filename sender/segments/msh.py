"""MSH, the message header. CDC guide 1.5 chapter 5, table MSH; statements IZ-12, 13, 15, 17, 41 to 43, 55 to 58, 64."""

from __future__ import annotations

from mockiis.er7.compose import components, segment
from sender.datatypes import hd
from sender.record import MessageRecord, VaccinationRecord


def msh(record: MessageRecord, message_type: str, profile: str, character_set: str = "") -> str:
    """The header of ``record``, whose control id and time are known by now; ``character_set`` becomes MSH-18."""
    form = record.form
    vxu = isinstance(record, VaccinationRecord)
    accept, application = form.vxu_acknowledgments if vxu else form.qbp_acknowledgments
    fields = {
        2: "^~\\&",
        3: hd(record.sending_application),
        4: hd(record.sending_facility),
        5: hd(record.receiving_application),
        6: hd(record.receiving_facility),
        7: record.time[: form.time_length],
        9: message_type,
        10: components(record.control_id),
        11: record.processing_id,
        12: "2.5.1",
        15: record.accept_acknowledgment or accept,
        16: record.application_acknowledgment or application,
        18: character_set,
        21: f"{profile}^CDCPHINVS" if form.profile_identifier else "",
    }
    # MSH-1 is the field separator itself, so each field is written one place before its number.
    return segment("MSH", {number - 1: text for number, text in fields.items()})
