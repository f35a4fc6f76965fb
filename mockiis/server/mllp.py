"""The MLLP listener: each frame is given to the service and its reply carried out in order of arrival.

A frame that is broken, too large, or fails inside the service costs neither its connection nor any other.
``wire.mllp`` is the pure half, ``reply_queue`` keeps the order, ``frame_service`` says what the service must offer.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable
from enum import Enum, auto

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IPushProducer,
    IReactorTime,
    ITCPTransport,
)
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from mockiis.er7 import Note
from mockiis.server.frame_service import CLOSE, FrameAnswer, FrameService, PeerService
from mockiis.server.held import Held
from mockiis.server.reply_queue import ReplyQueue
from mockiis.server.sending import FLUSH
from mockiis.wire.delivery import Ending
from mockiis.wire.mllp import DEFAULT_MAX_SIZE, Broken, Event, Frame, FrameReader

__all__ = ["DEFAULT_IDLE_LIMIT", "FrameAnswer", "FrameService", "MLLPFactory", "MLLPServer"]

DEFAULT_IDLE_LIMIT = 300.0
"""Seconds without a byte received and without a reply owed, after which a connection is closed."""

_MOST_OWED = 100
"""Replies owed on one connection above which no more is read from it."""
_DISCARD = 10.0
"""Seconds for the rest of a frame that is too large. Closing with bytes unread would reset the connection, and the
sender would lose the reply that says why."""


class _Transport(typing.Protocol):
    """What a connection asks of its transport, plain or TLS."""

    def getPeer(self) -> IAddress: ...
    def writeSequence(self, data: Iterable[bytes]) -> None: ...
    def loseConnection(self) -> None: ...
    def abortConnection(self) -> None: ...
    def registerProducer(self, producer: object, streaming: bool) -> None: ...
    def unregisterProducer(self) -> None: ...
    def pauseProducing(self) -> None: ...
    def resumeProducing(self) -> None: ...


class _Phase(Enum):
    ANSWERING = auto()
    DISCARDING = auto()
    """A frame was too large and has been refused. Its end is awaited, and closes the connection."""
    ENDING = auto()
    """The last thing to do is in the queue, or done. What still arrives reaches nobody."""


@implementer(IHalfCloseableProtocol, IPushProducer)
class MLLPServer(Protocol):
    """One connection. As the producer of its transport's write side it learns when its replies are not read."""

    def __init__(self, factory: MLLPFactory) -> None:
        self.factory = factory
        self._clock = factory.clock
        self._reader = FrameReader(factory.max_size)
        self._replies = ReplyQueue(factory.delays, self._write, self._end)
        self._calls: dict[str, IDelayedCall] = {}
        self._phase = _Phase.ANSWERING
        self._input_over = self._hung = self._closing = False
        self._reading = self._draining = True
        self._active_at = 0.0

    # What Twisted tells us.

    def connectionMade(self) -> None:
        """Begin to watch both directions."""
        self._wire = typing.cast(_Transport, self.transport)
        self._service = PeerService(self.factory.service, _name(self._wire.getPeer()))
        self.factory.connections.add(self)
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
            self.transport.setTcpKeepAlive(True)  # a connection that hangs would outlive a sender that vanished
        self._wire.registerProducer(self, True)
        self._active()
        self._watch(self.factory.idle_limit)

    def dataReceived(self, data: bytes) -> None:
        """Answer every frame these bytes complete; what is due at once leaves in one write."""
        self._active()
        self._take_all(self._reader.feed(data))
        self._settle()

    def readConnectionLost(self) -> None:
        """The sender has nothing more to send and may still read: it gets every reply it is owed."""
        self._input_over = True
        if self._hung:
            self._close()
        elif self._phase is not _Phase.ENDING:
            self._take_all(self._reader.finish())
            self._owe(CLOSE)
            self._settle()

    def writeConnectionLost(self) -> None:
        """Never happens: we do not close one half."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: ARG002
        """Stop every clock, and say what was lost: half a frame, replies never sent."""
        self._closing = True
        self.factory.connections.discard(self)
        for call in self._calls.values():
            call.cancel()
        self._calls.clear()
        self._take_all(self._reader.finish())
        unsent = self._replies.cancel()
        if unsent:
            self._service.report(f"the connection was lost before {unsent} of its replies could be sent")

    def pauseProducing(self) -> None:
        """The sender does not read its replies as fast as they are written."""
        self._draining = False
        self._regulate()

    def resumeProducing(self) -> None:
        """The replies written so far have left."""
        self._draining = True
        self._active()
        self._regulate()

    def stopProducing(self) -> None:
        """The connection is going; ``connectionLost`` follows."""

    @property
    def owes(self) -> bool:
        """Whether a reply is still to be sent, or never will be."""
        return bool(self._replies) or self._hung

    def abort(self) -> None:
        """Cut the connection off. What is owed is not sent."""
        self._wire.abortConnection()

    # Frames in.

    def _take_all(self, events: Iterable[Event]) -> None:
        for event in events:
            if self._phase is _Phase.ENDING:
                break
            self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Frame):
            self._owe(self._service.answer(event.data))
        elif isinstance(event, Note):
            self._service.note(event)
        elif isinstance(event, Broken):
            self._service.report(f"{event.code}: {event.reason} ({event.size:,} bytes)")
            if self._phase is _Phase.DISCARDING:
                self._owe(CLOSE)
        else:
            self._refuse_too_large(event.limit)

    def _refuse_too_large(self, limit: int) -> None:
        self._phase = _Phase.DISCARDING
        self._later("discard", _DISCARD, self._give_up)
        self._owe(self._service.refuse(f"the frame is larger than {limit:,} bytes"))

    def _give_up(self) -> None:
        if self._phase is _Phase.DISCARDING:
            self._owe(CLOSE)
            self._settle()

    # Replies out.

    def _owe(self, answer: FrameAnswer | Held[FrameAnswer]) -> None:
        if self._replies.add(answer):
            self._phase = _Phase.ENDING

    def _settle(self) -> None:
        self._replies.settle()
        self._regulate()

    def _write(self, blocks: list[bytes]) -> None:
        self._active()
        self._wire.writeSequence(blocks)
        self._regulate()

    def _end(self, ending: Ending) -> None:
        if ending == "reset":
            self._later("reset", FLUSH, self._wire.abortConnection)
        elif ending == "close" or self._input_over:
            self._close()
        else:
            self._hung = True

    def _close(self) -> None:
        """Close once everything is written. A sender that does not read it is cut off after the idle limit."""
        if not self._closing:
            self._closing = True
            self._wire.unregisterProducer()
            self._wire.loseConnection()

    def _regulate(self) -> None:
        """Read only while replies can be kept and leave."""
        if self._input_over:
            return
        wanted = self._draining and len(self._replies) <= _MOST_OWED
        if wanted != self._reading:
            self._reading = wanted
            (self._wire.resumeProducing if wanted else self._wire.pauseProducing)()

    # Time.

    def _active(self) -> None:
        self._active_at = self._clock.seconds()

    def _watch(self, seconds: float | None) -> None:
        if seconds is not None:
            self._later("idle", seconds, self._look)

    def _look(self) -> None:
        """One call for each idle limit, not one for each message."""
        limit = self.factory.idle_limit or 0.0
        quiet = self._clock.seconds() - self._active_at
        self._watch(limit - quiet if quiet < limit else limit)
        if quiet >= limit:
            self._idle(limit)

    def _idle(self, limit: float) -> None:
        if self._closing or not self._draining:
            self._service.report(f"replies not read for {limit:g} seconds: connection reset")
            self._wire.abortConnection()
        elif not self._replies and not self._hung:
            self._service.report(f"nothing received for {limit:g} seconds: connection closed")
            self._take_all(self._reader.finish())
            self._phase = _Phase.ENDING
            self._close()

    def _later(self, name: str, seconds: float, call: Callable[[], object]) -> None:
        def run() -> None:
            del self._calls[name]
            call()

        self._calls[name] = self._clock.callLater(seconds, run)


class MLLPFactory(ServerFactory):
    """Makes the connections of one listener and knows which are open. No idle limit: None.

    ``clock`` is the time of sockets, ``delays`` that of replies, which tests may move; without one it is the same.
    """

    noisy = False

    def __init__(
        self,
        service: FrameService,
        clock: IReactorTime,
        *,
        delays: IReactorTime | None = None,
        max_size: int = DEFAULT_MAX_SIZE,
        idle_limit: float | None = DEFAULT_IDLE_LIMIT,
    ) -> None:
        self.service = service
        self.clock = clock
        self.delays = delays or clock
        self.max_size = max_size
        self.idle_limit = idle_limit
        self.connections: set[MLLPServer] = set()

    def buildProtocol(self, addr: IAddress | None) -> MLLPServer:  # noqa: ARG002
        """One connection."""
        return MLLPServer(self)

    def abort_connections(self, *, owed: bool = False) -> None:
        """Cut off every open connection, or those that are ``owed`` a reply: stopping a listening port leaves them."""
        for server in tuple(self.connections):
            if server.owes or not owed:
                server.abort()


def _name(peer: IAddress) -> str:
    return f"{peer.host}:{peer.port}" if isinstance(peer, IPv4Address | IPv6Address) else str(peer)
