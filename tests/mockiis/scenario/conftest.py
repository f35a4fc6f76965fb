"""What the scenario tests share: a request from a few fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from mockiis.er7 import read
from mockiis.message import Request

VXU = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|77|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||A100^^^CLINIC1^MR~77001^^^NDIIS^SR||Doe^Kim^J^^^^L||20240402|F|||^^Fargo|||||||||||^^\r"
    'NK1|1|Doe^Mary|MTH|""\r'
    "RXA|0|1|20240403||08^Hep B^CVX|0.5|mL||00||||||LOT1|||||CP|A\r"
    "OBX|1|CE|64994-7^Eligibility^LN|1|V02\r"
    "RXA|0|1|20240403||10^IPV^CVX|0.5|mL||01\r"
)


@pytest.fixture
def ask() -> Callable[..., Request]:
    """Build a request from message text (an update if none is given) and what else came with it."""

    def build(text: str | None = VXU, /, **other: Any) -> Request:
        moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
        message = None if text is None else read(text)
        return Request(**{"transport": "mllp", "received": moment, "control_id": "R1", "message": message, **other})

    return build
