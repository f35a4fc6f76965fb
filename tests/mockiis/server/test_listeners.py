"""The sockets of a mock: who is told what when they cannot open, and that closing them ends every conversation."""

from __future__ import annotations

import errno
from collections.abc import Callable
from socket import gaierror
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import endpoints, error
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from mockiis.errors import MockIISError
from mockiis.server.listeners import Listeners, Settings
from mockiis.server.service import Service

HOST_ADVICE = "give --host an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all"


class Refusing:
    """A reactor whose machine lets nobody listen."""

    def __init__(self, problem: OSError) -> None:
        self.problem = problem

    def listenTCP(self, port: int, factory: object, interface: str) -> Any:
        raise error.CannotListenError(interface, port, self.problem)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            OSError(errno.EADDRINUSE, "in use"),
            "in use; free the port or choose another with --soap-port (0 takes a free",
        ),
        (OSError(errno.EADDRNOTAVAIL, "not here"), f"not here; {HOST_ADVICE}"),
        (gaierror(-2, "not known"), f"not known; {HOST_ADVICE}"),
        (PermissionError(errno.EACCES, "denied"), "denied; choose a port above 1023 with --soap-port (0 takes a free"),
    ],
)
def test_each_reason_has_its_advice(problem: OSError, said: str) -> None:
    """Freeing the port helps only where the port is taken."""
    with pytest.raises(MockIISError) as refused:
        Listeners(Service(scenarios=()), Settings(soap_port=80), Refusing(problem))

    assert str(refused.value).startswith(f"cannot listen on 127.0.0.1:80 for SOAP: {said}")


@pytest.mark.parametrize("host", ["a..b", "x" * 300])
def test_what_cannot_be_a_host_is_told_so(host: str) -> None:
    """It is no traceback of the codec for host names."""
    with pytest.raises(MockIISError) as refused:
        Listeners(Service(scenarios=()), Settings(host=host), Refusing(OSError()))

    assert f"cannot listen on '{host}': {HOST_ADVICE}" == str(refused.value)


class KeptAlive(Protocol):
    """A connection that asks once and then waits."""

    def __init__(self) -> None:
        self.answered: Deferred[bytes] = Deferred()
        self.ended: Deferred[type[Exception]] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        if not self.answered.called:
            self.answered.callback(data)

    def connectionLost(self, reason: Failure) -> None:
        self.ended.callback(reason.type)


@pytest.mark.parametrize(
    ("name", "question"),
    [("soap", b"GET /soap?wsdl HTTP/1.1\r\nHost: a\r\n\r\n"), ("mllp", b"\x0bhello\x1c\r")],
)
@pytest_twisted.ensureDeferred
async def test_a_mock_that_is_stopped_ends_the_connections_it_has(name: str, question: bytes) -> None:
    """One that is kept open between requests is cut off: nothing is answered after the stop."""
    from twisted.internet import reactor

    listeners = Listeners(Service(scenarios=()), Settings(), reactor)
    port = listeners.addresses[name].rsplit(":", 1)[1].removesuffix("/soap")
    address = endpoints.clientFromString(reactor, f"tcp:127.0.0.1:{port}")
    connection = await endpoints.connectProtocol(address, KeptAlive())
    try:
        connection.transport.write(question)
        await connection.answered
    finally:
        await listeners.stop()

    assert await connection.ended in (error.ConnectionLost, error.ConnectionDone)
