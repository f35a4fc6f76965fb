"""The sender and the mock IIS of this project, end to end over loopback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import pytest_twisted

import scenarios
from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.testing import MockIIS
from sender.destination import parse_address
from sender.messages import message
from sender.record import Record
from sender.send import Session, connectivity_test, send

RECORDS = ("ndiis-vxu-1-private", "ndiis-vxu-3-two-vaccinations", "ndiis-vxu-4-historical", "ndiis-query")
CLINIC = Account(username="clinic", password="Sömmer&1", facilities=("04999",))


def shipped(name: str) -> Any:
    path = scenarios.path(name)
    return load(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("transport", ["soap", "mllp"])
@pytest_twisted.ensureDeferred
async def test_the_mock_accepts_what_the_sender_makes(
    shipped_record: Callable[..., Record], now: datetime, transport: str
) -> None:
    """Every shipped record, in both releases, is accepted over both transports."""
    from twisted.internet import reactor

    iis = MockIIS(shipped("ndiis-examples"))
    address = iis.soap_url if transport == "soap" else iis.mllp_url
    made = [message(shipped_record(name, release), "x", now) for name in RECORDS for release in ("1.5", "1.4")]
    async with Session(parse_address(address), reactor) as session:
        found = [await session.send(text) for text in made]
        reached = await session.connectivity_test()
    await iis.stop()
    assert [outcome.name for outcome in found] == ["accepted"] * len(made)
    assert reached.name == "reached"


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ({"username": "clinic", "password": "Sömmer&1", "facility": "04999"}, "accepted"),
        ({"username": "clinic", "password": "wrong", "facility": "04999"}, "SecurityFault"),
        ({"username": "clinic", "password": "Sömmer&1", "facility": "1"}, "SecurityFault"),
        ({}, "SecurityFault"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_credentials_reach_the_mock(
    shipped_record: Callable[..., Record], now: datetime, credentials: dict[str, str], expected: str
) -> None:
    """The right ones are let in, others get a SecurityFault; a connectivity test needs none."""
    from twisted.internet import reactor

    iis = MockIIS(shipped("accept-all"), accounts=[CLINIC])
    to = replace(parse_address(iis.soap_url), **credentials)
    outcome = await send(message(shipped_record("ndiis-vxu-1-private"), "x", now), to, reactor)
    reached = await connectivity_test(to, reactor)
    await iis.stop()
    assert outcome.sentence.startswith(expected)
    assert reached.name == "reached"
