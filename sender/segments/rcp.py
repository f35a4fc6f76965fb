"""RCP, how a query wants its answer. CDC guide 1.5 chapter 7, table RCP; statements IZ-1, IZ-2 and IZ-27."""

from __future__ import annotations

from mockiis.er7.compose import segment
from sender.record import QueryRecord


def rcp(record: QueryRecord) -> str:
    """Priority, at most how many patients, and the response modality, which a Z44 does not have."""
    return segment(
        "RCP",
        {
            1: record.priority or record.form.query_priority,
            2: record.limit + record.form.limit_units,
            3: "R^real-time^HL70394" if record.query == "Z34" else "",
        },
    )
