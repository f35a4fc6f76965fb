"""The mock inside somebody's own tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest_twisted
from twisted.internet import endpoints
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol

from mockiis.scenario import Scenario, load
from mockiis.testing import MockIIS, Settings

VXU = b"MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane"


def acknowledging(code: str) -> Scenario:
    """A scenario whose one rule answers everything with that code."""
    return load(f"version: 1\nrules:\n  - {{name: always, reply: {{ack: {code}}}}}\n", f"{code}.yaml")


class Asking(Protocol):
    """Sends one message and takes what comes back first."""

    def __init__(self) -> None:
        self.answer: Deferred[bytes] = Deferred()

    def connectionMade(self) -> None:
        self.transport.write(b"\x0b" + VXU + b"\x1c\r")

    def dataReceived(self, data: bytes) -> None:
        self.answer.callback(data)
        self.transport.loseConnection()


async def asked(iis: MockIIS) -> bytes:
    """The answer to the message over MLLP."""
    from twisted.internet import reactor

    port = iis.mllp_url.rsplit(":", 1)[1]
    address = endpoints.clientFromString(reactor, f"tcp:127.0.0.1:{port}")
    return await (await endpoints.connectProtocol(address, Asking())).answer


@pytest_twisted.ensureDeferred
async def test_it_listens_answers_and_remembers() -> None:
    """From the moment it is made; scenarios may be replaced; exchanges and remarks can be asserted on."""
    iis = MockIIS(acknowledging("AA"))
    try:
        first = await asked(iis)
        iis.load(acknowledging("AE"))
        second = await asked(iis)
    finally:
        await iis.stop()

    assert (True, True) == (b"MSA|AA|M1" in first, b"MSA|AE|M1" in second)
    assert ["M1", "M1"] == [exchange.control_id for exchange in iis.exchanges]
    assert {"last-terminator-missing"} == {remark.split(": ")[1] for remark in iis.remarks}
    assert iis.soap_url.startswith("http://127.0.0.1:")
    assert iis.soap_url.endswith("/soap")


@pytest_twisted.ensureDeferred
async def test_what_does_not_listen_has_no_address() -> None:
    """A port of None opens none."""
    iis = MockIIS(settings=Settings(soap_port=None))
    await iis.stop()

    assert "" == iis.soap_url
    assert iis.mllp_url.startswith("mllp://127.0.0.1:")


@pytest_twisted.ensureDeferred
async def test_the_clock_is_moved_and_nobody_waits() -> None:
    """An answer that is due in an hour comes when the test says so."""
    slow = "version: 1\nrules:\n  - {name: slow, reply: {ack: AA, delay: 60m}}\n"
    iis = MockIIS(load(slow, "slow.yaml"))
    try:
        answer = Deferred.fromCoroutine(asked(iis))
        await iis.received()
        iis.clock.advance(3599)
        assert not answer.called
        iis.clock.advance(1)
        assert b"MSA|AA|M1" in await answer
        await iis.received(1)
    finally:
        await iis.stop()


@pytest_twisted.ensureDeferred
async def test_the_time_of_answers_is_the_clock_s() -> None:
    """Frozen at a moment, the mock writes that moment into MSH-7."""
    iis = MockIIS(acknowledging("AA"))
    try:
        iis.clock.freeze(at=datetime(2024, 4, 3, 12, tzinfo=UTC))
        assert b"|20240403120000" in await asked(iis)
    finally:
        await iis.stop()
