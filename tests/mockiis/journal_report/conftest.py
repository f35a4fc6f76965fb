"""Exchanges as the journal has them, for those who show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mockiis.store.entry import JournalEntry

VXU = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403101530||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||A100^^^CLINIC1^MR||Doe^Kim^^^^^L|Roe^Ann|20240105|F|||1 Main St^^Fargo^ND^58102^^H\r"
    "ORC|RE||F77^CLINIC1\r"
    "RXA|0|1|20240305||08^Hep B^CVX|0.5|mL^^UCUM||00^new^NIP001|^Nurse^Jo|||||HB1234|20251231|MSD^Merck^MVX|||CP\r"
    "OBX|1|CE|64994-7^eligibility^LN|1|V01^not eligible^HL70064||||||F\r"
    "NTE|1||Kim cried\r"
)
ACK = (
    "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403101531||ACK^V04^ACK|7|P|2.5.1\rMSA|AE|M1\r"
    "ERR||PID^1^22|101^Required field missing^HL70357|E||||Ethnic group of Kim Doe is required\r"
)
OF_PATIENT = ("A100", "Doe", "Kim", "Roe", "Ann", "20240105", "Main", "Fargo", "58102", "Nurse", "cried", "F77")
"""What may not be seen when the exchange is masked."""


@pytest.fixture
def of_patient() -> tuple[str, ...]:
    """Values of the request that may not be seen."""
    return OF_PATIENT


@pytest.fixture
def entry() -> Callable[..., JournalEntry]:
    """One exchange; its columns can be given."""

    def make(**columns: Any) -> JournalEntry:
        found: dict[str, Any] = {
            "number": 2,
            "received": datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC),
            "transport": "mllp",
            "peer": "127.0.0.1:9",
            "control_id": "M1",
            "message_type": "VXU^V04^VXU_V04",
            "profile": "Z22",
            "request": VXU,
            "answer": ACK,
            "acknowledgment": "AE",
            "rule": "no ethnic group",
            "findings": (ACK.split("\r")[2],),
            "seconds": 0.0123,
        }
        return JournalEntry(**(found | columns))

    return make
