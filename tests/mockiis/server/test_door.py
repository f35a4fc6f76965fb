"""What happens to who connects, before there is a message: on real sockets, over both transports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer, endpoints, error, ssl
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure

from mockiis.errors import MockIISError
from mockiis.scenario import load
from mockiis.testing import MockIIS, Settings

QUESTIONS = {
    "soap": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "mllp": b"\x0bMSH|^~\\&|A|B|C|D|20240403||VXU^V04^VXU_V04|M1|P|2.5.1\r\x1c\r",
}


class Knocking(Protocol):
    """A connection that asks."""

    def __init__(self) -> None:
        self.answered: defer.Deferred[bytes] = defer.Deferred()
        self.ended: defer.Deferred[Any] = defer.Deferred()

    def ask(self, question: bytes) -> defer.Deferred[bytes]:
        self.answered = defer.Deferred()
        self.transport.write(question)
        return self.answered.addTimeout(10, _reactor())

    def dataReceived(self, data: bytes) -> None:
        if not self.answered.called:
            self.answered.callback(data)

    def connectionLost(self, reason: Failure) -> None:
        self.ended.callback(reason.value)


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


class House:
    """A mock, and a way to one of its listeners."""

    def __init__(self, name: Any, issued: Any = None) -> None:
        rules = load("version: 1\nrules:\n  - {name: all, reply: {ack: AA}}\n", "all.yaml")
        self.name = name
        self.issued = issued
        self.iis = MockIIS(rules, settings=Settings(tls=issued and issued.options))
        self.listeners = self.iis.listeners

    async def knock(self) -> Knocking:
        url = self.iis.soap_url.removesuffix("/soap") if self.name == "soap" else self.iis.mllp_url
        way: Any = endpoints.HostnameEndpoint(_reactor(), "127.0.0.1", int(url.rpartition(":")[2]))
        if self.issued:
            trusted = ssl.trustRootFromCertificates([ssl.Certificate.loadPEM(self.issued.authority)])
            way = endpoints.wrapClientTLS(ssl.optionsForClientTLS("localhost", trustRoot=trusted), way)
        return await endpoints.connectProtocol(way, Knocking())

    async def asks(self, connection: Knocking) -> bytes:
        return await connection.ask(QUESTIONS[self.name])

    async def refused(self) -> bool:
        try:
            await self.knock()
        except error.ConnectError:
            return True
        return False


@pytest_twisted.async_yield_fixture(params=["soap", "mllp"])
async def house(request: Any) -> AsyncIterator[House]:
    made = House(request.param)
    yield made
    await made.iis.stop()


@pytest_twisted.ensureDeferred
async def test_refusing(house: House) -> None:
    """The port is closed, who is connected goes on, and the same port opens again; once more changes nothing."""
    before, address = await house.knock(), house.listeners.addresses
    await house.listeners.refuse(house.name)
    await house.listeners.refuse(house.name)
    assert await house.refused()
    assert await house.asks(before)
    assert address == house.listeners.addresses

    await house.listeners.come_back(house.name)
    await house.listeners.come_back(house.name)
    assert await house.asks(await house.knock())


@pytest_twisted.ensureDeferred
async def test_coming_back_at_once(house: House) -> None:
    """Nobody has to wait for the port to be closed."""
    house.listeners.refuse(house.name)
    await house.listeners.come_back(house.name)

    assert await house.asks(await house.knock())


@pytest_twisted.ensureDeferred
async def test_ignoring(house: House) -> None:
    """Whoever connects gets no word, until the listener comes back and cuts them off."""
    house.listeners.ignore(house.name)
    ignored = await house.knock()
    ignored.transport.write(QUESTIONS[house.name])
    again = await house.knock()
    assert not ignored.answered.called
    assert [] == house.iis.exchanges

    await house.listeners.come_back(house.name)
    assert isinstance(await ignored.ended, error.ConnectionLost)
    await again.ended
    assert await house.asks(await house.knock())


@pytest_twisted.ensureDeferred
async def test_going_down(house: House) -> None:
    """Everybody is cut off, and the port is closed until it comes back."""
    connection = await house.knock()
    await house.asks(connection)
    await house.listeners.go_down(house.name)
    assert isinstance(await connection.ended, error.ConnectionLost)
    assert await house.refused()

    await house.listeners.come_back(house.name)
    assert await house.asks(await house.knock())


@pytest.mark.parametrize("name", ["soap", "mllp"])
@pytest_twisted.ensureDeferred
async def test_aborting_tls(issue: Any, name: str) -> None:
    """The handshake ends with an alert; then all is well again."""
    house = House(name, issue("localhost"))
    try:
        house.listeners.abort_tls(house.name)
        connection = await house.knock()
        connection.transport.write(QUESTIONS[name])
        assert "handshake failure" in str(await connection.ended)

        await house.listeners.come_back(house.name)
        connection = await house.knock()
        assert await house.asks(connection)
    finally:
        await house.iis.stop()


@pytest_twisted.ensureDeferred
async def test_what_cannot_be_done(house: House) -> None:
    """A listener without TLS, one that is not there, and all of them once stopped."""
    with pytest.raises(MockIISError, match="listener has no TLS that could be aborted; give it a certificate"):
        house.listeners.abort_tls(house.name)
    with pytest.raises(MockIISError, match="there is no listener 'http'; there are: soap, mllp"):
        house.listeners.ignore("http")  # type: ignore[arg-type]
    await house.iis.stop()
    with pytest.raises(MockIISError, match="there are: none"):
        house.listeners.ignore(house.name)


@pytest_twisted.ensureDeferred
async def test_a_port_that_is_taken_meanwhile(house: House) -> None:
    """Coming back fails with the words of a start."""
    await house.listeners.refuse(house.name)
    port = int(house.listeners.addresses[house.name].removesuffix("/soap").rpartition(":")[2])
    taken = _reactor().listenTCP(port, Factory.forProtocol(Knocking), interface="127.0.0.1")
    try:
        with pytest.raises(MockIISError, match=f"cannot listen on 127.0.0.1:{port} for {house.name.upper()}"):
            await house.listeners.come_back(house.name)
    finally:
        await taken.stopListening()
