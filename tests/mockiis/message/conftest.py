"""Requests to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from mockiis.er7 import read
from mockiis.message import Request

VXU = "MSH|^~\\&|EHR|CLINIC|IIS|ND0000|20240102030405-0600||VXU^V04^VXU_V04|M1|T|2.5.1\rPID|1||1^^^A^MR\r"


@pytest.fixture
def request_for() -> Callable[..., Request]:
    """A request with the given text, received at a fixed time."""

    def make(text: str = VXU) -> Request:
        return Request(
            transport="mllp",
            received=datetime(2024, 5, 6, 17, 8, 9, tzinfo=timezone(-timedelta(hours=6))),
            control_id="A-1",
            message=read(text),
        )

    return make
