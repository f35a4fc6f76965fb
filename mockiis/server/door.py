"""A listening port and what it does to who knocks: lets them in, refuses, ignores them, or breaks off TLS.

What a rule cannot say, since it happens before there is any message. ``listeners`` offers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from twisted.internet import defer, ssl
from twisted.internet.interfaces import IAddress, IListeningPort
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

_ALERT = bytes.fromhex("15 0303 0002 02 28")
"""TLS: a record of an alert, fatal, handshake_failure."""


class Greeting(Enum):
    """What happens to a connection that has been made."""

    WELCOME = "open"
    SILENCE = "silent"
    NO_TLS = "abort tls"


class Door(ServerFactory):
    """One port. It keeps its number: what was closed opens there again."""

    noisy = False

    def __init__(
        self,
        reactor: Any,
        host: str,
        number: int,
        behind: ServerFactory,
        tls: Any = None,
        *,
        speaks: str = "",
        report: Callable[[str, str], object] = lambda _peer, _text: None,
    ) -> None:
        """``behind`` makes the connections of those let in. ``speaks`` is what they are to speak, HTTP or MLLP, where
        others are to be told by ``report``; with ``tls`` it is TLS.
        """
        self.speaks = "TLS" if tls and speaks else speaks
        self.report = report
        self.greeting = Greeting.WELCOME
        self.tls: ssl.CertificateOptions | None = tls
        self.host = host
        self.number = number
        self._reactor = reactor
        self._behind: Any = TLSMemoryBIOFactory(tls, False, behind) if tls else behind
        self._port: IListeningPort | None = None
        self._closing: defer.Deferred[Any] = defer.succeed(None)
        self.held: set[Protocol] = set()

    @property
    def doing(self) -> str:
        """What it does to who knocks: ``open``, ``refuse``, ``silent`` or ``abort tls``."""
        return self.greeting.value if self._port else "refuse"

    def open(self) -> None:
        """Listen, unless it does. Raises CannotListenError."""
        if self._port is None:
            port = self._reactor.listenTCP(self.number, self, interface=self.host)
            self._port, self.number = port, port.getHost().port

    def close(self) -> defer.Deferred[None]:
        """Refuse new connections; fires when they are. Those that stand are left alone."""
        if self._port is not None:
            port, self._port = self._port, None
            self._closing = defer.maybeDeferred(port.stopListening)
        return self.closed()

    def closed(self) -> defer.Deferred[None]:
        """Fires when no closing is under way."""
        waiting = defer.Deferred[None]()

        def tell(result: object) -> object:
            waiting.callback(None)
            return result

        self._closing.addBoth(tell)
        return waiting

    def let_go(self) -> None:
        """Cut off those that are kept waiting for nothing."""
        for protocol in tuple(self.held):
            transport: Any = protocol.transport
            transport.abortConnection()

    # What Twisted asks of a factory.

    def startFactory(self) -> None:
        """The port is open."""
        self._behind.doStart()

    def stopFactory(self) -> None:
        """The port is closed."""
        self._behind.doStop()

    def buildProtocol(self, addr: IAddress | None) -> Any:
        """Somebody has connected."""
        if self.greeting is Greeting.WELCOME:
            made = self._behind.buildProtocol(addr)
            if self.speaks:
                made.dataReceived = partial(self._hear, made)
            return made
        return _Unwelcome(self, alert=self.greeting is Greeting.NO_TLS)

    def _hear(self, made: Any, data: bytes) -> None:
        """The first bytes of a connection. One that speaks something else is told so at once by its end, since a
        sender would wait for an answer that this side takes for the middle of a message.
        """
        del made.dataReceived
        spoken = spoken_by(data)
        if not spoken or spoken == self.speaks:
            made.dataReceived(data)
            return
        peer = made.transport.getPeer()
        self.report(
            f"{peer.host}:{peer.port}",
            f"{spoken} on the port of {self.speaks}; the connection is closed: check the scheme and the port",
        )
        made.transport.abortConnection()


_BEGINNINGS = {
    "TLS": re.compile(rb"\x16\x03[\x00-\x04]"),
    "HTTP": re.compile(rb"(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|PATCH|TRACE) "),
    "MLLP": re.compile(rb"\x0b"),
}


def spoken_by(data: bytes) -> str:
    """The protocol whose beginning these bytes surely are: TLS, HTTP or MLLP; empty when that is not known."""
    return next((name for name, beginning in _BEGINNINGS.items() if beginning.match(data)), "")


class _Unwelcome(Protocol):
    """Takes what comes and says nothing, or breaks TLS off when it is asked for."""

    def __init__(self, door: Door, *, alert: bool) -> None:
        self._door = door
        self._alert = alert

    def connectionMade(self) -> None:
        """It can be cut off from now on."""
        self._door.held.add(self)

    def dataReceived(self, data: bytes) -> None:  # noqa: ARG002
        """The first bytes of a handshake, or of anything."""
        if self._alert and self.transport is not None:
            self._alert = False
            self.transport.write(_ALERT)
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: ARG002
        """It has had enough."""
        self._door.held.discard(self)
