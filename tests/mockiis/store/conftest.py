"""What the store's tests share: requests and replies, and a database of each kind that is at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockiis.er7 import read
from mockiis.message import MessageReply, Reply, Request
from mockiis.store.database import Database

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{}|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\rPID|1||7\r"
ACK = "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403||ACK^V04^ACK|1|P|2.5.1\rMSA|AE|{}\rERR||PID^1^7|101|E\r"

Exchanged = tuple[Request, Reply, str]


@pytest.fixture
def exchanged() -> Callable[..., Exchanged]:
    """A request with its reply and peer, as ``note`` takes them."""

    def make(control_id: str = "M1", **other: object) -> Exchanged:
        text = VXU.format(control_id)
        moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
        request = Request(transport="mllp", received=moment, control_id="R1", message=read(text), text=text)
        return request, MessageReply(text=ACK.format(control_id), rule="first", **other), "127.0.0.1:9"  # type: ignore[arg-type]

    return make


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite file."""
    made = Database(str(tmp_path / "journal.db"))
    yield made
    made.close()
