"""The MLLP transport: one connection, one message at a time, the answer before the next message.

``mockiis.wire.mllp`` frames and reads; here are the socket, the time limit, and what their failures mean.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, cast

from twisted.internet import defer
from twisted.internet.interfaces import IHandshakeListener, ITCPTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from mockiis.er7 import Note, decode
from mockiis.wire.mllp import Broken, Event, Frame, FrameReader, TooLarge, frame
from sender.charset import encode
from sender.destination import Destination
from sender.endpoint import endpoint, failed
from sender.limit import limited
from sender.outcome import NotAcknowledgment, Outcome, Reached, Received, TimedOut

GRACE = 2.0
"""Seconds in which the other side may take part in closing."""


class MLLPTransport:
    """Sends over one connection, opened for the first message and again when it was lost or is out of step."""

    def __init__(self, destination: Destination, reactor: Any) -> None:
        """Raises MockIISError when the certificates to trust cannot be read."""
        self.destination = destination
        self._reactor = reactor
        self._endpoint = endpoint(destination, reactor)
        self._line: _Line | None = None

    async def submit(self, message: str) -> Received | Outcome:
        """What came back, or why nothing did. Never raises for what the network does."""
        return await self._limited(self._exchange(message))

    async def connectivity_test(self, text: str) -> Outcome:  # noqa: ARG002 - MLLP has nothing to carry it in
        """Whether a connection can be made; MLLP has no message for more."""
        outcome = await self._limited(self._reach())
        return Reached(echoed=False) if isinstance(outcome, Received) else outcome

    async def close(self) -> None:
        """Close the connection, if there is one."""
        line, self._line = self._line, None
        if line is None:
            return
        patience = self._reactor.callLater(GRACE, line.abort)
        await line.close()
        if patience.active():
            patience.cancel()

    def out_of_step(self) -> None:
        """What came back belonged to another message: begin the next one on a new connection."""
        if self._line is not None:
            self._line.abort()

    async def _limited(self, work: Coroutine[Any, Any, Received | Outcome]) -> Received | Outcome:
        outcome = await limited(work, self.destination, self._reactor, self._connected_now)
        if isinstance(outcome, TimedOut):
            if self._line is not None:
                outcome = replace(outcome, meanwhile=self._line.left_over())
            self.out_of_step()
        return outcome

    def _connected_now(self) -> bool:
        return self._line is not None and self._line.ready

    async def _exchange(self, message: str) -> Received | Outcome:
        try:
            line = await self._connected()
            return await line.exchange(frame(encode(message)))
        except _NoFrameError as error:
            return NotAcknowledgment(reason=str(error))
        except defer.CancelledError:  # the time limit
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network does is an outcome
            return self._failed(error)

    async def _reach(self) -> Received | Outcome:
        try:
            await self._connected()
        except defer.CancelledError:  # the time limit
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network does is an outcome
            return self._failed(error)
        return Received(text="")

    async def _connected(self) -> _Line:
        if self._line is None or not self._line.usable:
            self.out_of_step()
            self._line = None
            made = await self._endpoint.connect(Factory.forProtocol(lambda: _Line(self.destination)))
            self._line = cast("_Line", made)
        if not self._line.ready:
            await self._line.standing
        return self._line

    def _failed(self, error: BaseException) -> Outcome:
        return failed(error, self.destination, connected=self._connected_now())


_LEFT_OVER = {
    "mllp-frame-unfinished": "a frame began and did not end: FS (0x1C) did not come",
    "mllp-bytes-between": "bytes came that are no MLLP frame: it begins with VT (0x0B)",
}
"""What the reader's ends of a connection mean when it was not the connection that ended."""


class _NoFrameError(Exception):
    """Something came back that is no MLLP frame; the text says what."""


@implementer(IHandshakeListener)
class _Line(Protocol):
    """One connection. A frame that nobody asked for puts it out of step, and it is used no more.

    What is odd and shows only after the answer, such as a CR that never comes, is told with the next answer.
    """

    def __init__(self, destination: Destination) -> None:
        self._reader = FrameReader(destination.max_answer)
        self._tls = destination.tls
        self.standing: defer.Deferred[None] = defer.Deferred()
        """Fires when the connection stands, TLS included."""
        self._waiting: defer.Deferred[Received] | None = None
        self._result: str | Failure | _NoFrameError | None = None
        self._closed: defer.Deferred[None] = defer.Deferred()
        self._broken = ""
        self._remarks: list[str] = []
        self.ready = self.lost = self._astray = False

    @property
    def usable(self) -> bool:
        """Whether the next message may go out here."""
        return not (self.lost or self._astray)

    def exchange(self, block: bytes) -> defer.Deferred[Received]:
        """Send one block; fires with what the frame that answers holds."""
        self._broken, self._result = "", None
        assert self.transport is not None
        self._waiting = waiting = defer.Deferred[Received]()
        self.transport.write(block)
        return waiting

    def left_over(self) -> str:
        """What has come and is no answer, in words; empty when nothing has. The reader is then as new."""
        events = self._reader.finish()
        return next((_LEFT_OVER.get(event.code, "") for event in events if isinstance(event, Broken)), "")

    def close(self) -> defer.Deferred[None]:
        """Close in order; fires when it is closed."""
        if not self.lost and self.transport is not None:
            self.transport.loseConnection()
        return self._closed

    def abort(self) -> None:
        """Close at once: what still arrives is not wanted."""
        self._astray = True
        if not self.lost and self.transport is not None:
            cast("Any", self.transport).abortConnection()

    # What Twisted tells us.

    def connectionMade(self) -> None:
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
        if not self._tls:
            self._stands()

    def handshakeCompleted(self) -> None:
        self._stands()

    def dataReceived(self, data: bytes) -> None:
        for event in self._reader.feed(data):
            self._take(event)
        self._deliver()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = True
        for event in self._reader.finish():
            self._take(event)
        if self._result is None:
            self._result = _NoFrameError(self._broken) if self._broken else reason
        if not self.ready:
            self.standing.errback(reason)
        self._deliver()
        self._closed.callback(None)

    def _stands(self) -> None:
        self.ready = True
        self.standing.callback(None)

    def _take(self, event: Event) -> None:
        match event:
            case Frame(data=data) if self._waiting is not None and self._result is None:
                decoded = decode(data)
                self._result = decoded.text
                self._remarks += [note.text for note in decoded.notes]
            case Frame():
                self._astray = True
                self._remarks.append("more than one answer came; the first one counts")
            case TooLarge(limit=limit):
                self._result = _NoFrameError(f"the answer is larger than {limit} bytes; it was not read")
            case Broken(code="mllp-vt-missing", reason=reason):
                self._result = _NoFrameError(f"what came back is no MLLP frame: {reason}")
            case Broken(reason=reason):  # a frame may still follow
                self._broken = f"what came back is no MLLP frame: {reason}"
                self._remarks.append(reason)
            case Note(code="mllp-commit-nak", text=text) if self._waiting is not None and self._result is None:
                self._result = _NoFrameError(f"what came back is no acknowledgment but {text}")
            case Note(text=text):
                self._remarks.append(text)

    def _deliver(self) -> None:
        """Give the result to whoever waits, when all that came with it has been looked at."""
        result, waiting = self._result, self._waiting
        if result is None or waiting is None:
            return
        self._waiting = self._result = None
        if isinstance(result, str):
            remarks, self._remarks = tuple(dict.fromkeys(self._remarks)), []
            waiting.callback(Received(text=result, remarks=remarks))
        else:
            self.abort()
            waiting.errback(result)
