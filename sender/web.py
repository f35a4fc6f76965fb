"""One HTTP request at a time to one address, on a connection that is kept. What ``soap`` and ``plain_http`` share.

Here are the connection, the time limit, and what their failures mean. Redirects are not followed: a password and a
patient go where the user said, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from twisted.internet import defer
from twisted.internet.interfaces import IConsumer, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, HTTPConnectionPool, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer, IResponse
from zope.interface import implementer

from mockiis.version import VERSION
from sender.destination import Destination
from sender.endpoint import endpoint, failed
from sender.limit import limited
from sender.outcome import NotAcknowledgment, Outcome, TimedOut

KEPT = 10
"""Seconds for which an idle connection is kept; shorter than any server's patience, so that none is found dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response that came whole."""

    status: int
    content_type: str
    body: bytes = field(repr=False)


class Web:
    """Requests to one address."""

    def __init__(self, destination: Destination, reactor: Any) -> None:
        """Raises MockIISError when the certificates to trust cannot be read."""
        self.destination = destination
        self._reactor = reactor
        self._way = _Way(endpoint(destination, reactor))
        self._pool = HTTPConnectionPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._pool.maxPersistentPerHost = 1
        self._pool.cachedConnectionTimeout = KEPT
        self._agent: Agent = Agent.usingEndpointFactory(  # type: ignore[no-untyped-call]
            reactor, self._way, pool=self._pool
        )

    async def ask(self, method: bytes, headers: Mapping[str, str], body: bytes) -> Page | Outcome:
        """The response, or why there is none. Never raises for what the network does."""
        progress = _Progress()
        work = self._asked(method, headers, body, progress)
        outcome = await limited(work, self.destination, self._reactor, lambda: self._way.connected)
        return replace(outcome, meanwhile=progress.sentence) if isinstance(outcome, TimedOut) else outcome

    async def close(self) -> None:
        """Close the kept connection."""
        await self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]

    async def _asked(
        self, method: bytes, headers: Mapping[str, str], body: bytes, progress: _Progress
    ) -> Page | Outcome:
        try:
            response = await self._agent.request(
                method,
                self.destination.url.encode("ascii"),
                Headers({"User-Agent": [f"mockiis/{VERSION}"], **{name: [text] for name, text in headers.items()}}),
                _Content(body),
            )
            data = await _body(response, self.destination.max_answer, progress)
        except defer.CancelledError:  # the time limit
            raise
        except _TooLargeError as error:
            return NotAcknowledgment(reason=str(error))
        except Exception as error:  # noqa: BLE001 - whatever the network does is an outcome
            return self._failed(error, progress)
        return _page(response, data)

    def _failed(self, error: BaseException, progress: _Progress) -> Outcome:
        reasons = [failure.value for failure in getattr(error, "reasons", ())]
        cause = next((reason for reason in reasons if not isinstance(reason, ResponseDone)), error)
        outcome = failed(cause, self.destination, connected=self._way.connected)
        if progress.sentence:
            reason = f"{self.destination.address} broke off in the middle of its answer; {progress.sentence}"
            return replace(outcome, reason=reason)
        return outcome


def _page(response: IResponse, data: bytes) -> Page | Outcome:
    coding = (response.headers.getRawHeaders("content-encoding") or ["identity"])[-1].lower()
    if coding != "identity":
        shown = re.sub(r"[^a-z0-9, -]", "?", coding)[:20]
        text = f"HTTP status {response.code} with a body that is compressed ({shown}), which was not asked for"
        return NotAcknowledgment(reason=text)
    kinds = response.headers.getRawHeaders("content-type") or [""]
    return Page(status=response.code, content_type=kinds[-1], body=data)


@implementer(IAgentEndpointFactory, IStreamClientEndpoint)
class _Way:
    """The way to the one address, whatever URI the agent has; remembers whether a connection was ever made."""

    def __init__(self, way: IStreamClientEndpoint) -> None:
        self._way = way
        self.connected = False

    def endpointForURI(self, uri: object) -> _Way:  # noqa: ARG002
        return self

    def connect(self, factory: IProtocolFactory) -> defer.Deferred[Any]:
        self.connected = False
        return self._way.connect(factory).addCallback(self._made)

    def _made(self, protocol: Any) -> Any:
        self.connected = True
        return protocol


@implementer(IBodyProducer)
class _Content:
    """The body of a request, written in one piece."""

    def __init__(self, data: bytes) -> None:
        self.length = len(data)
        self._data = data

    def startProducing(self, consumer: IConsumer) -> defer.Deferred[None]:
        """Write everything at once."""
        consumer.write(self._data)
        return defer.succeed(None)

    def pauseProducing(self) -> None:
        """Everything is written already."""

    def resumeProducing(self) -> None:
        """Everything is written already."""

    def stopProducing(self) -> None:
        """Everything is written already."""


@dataclass(slots=True)
class _Progress:
    """How much of a response has come."""

    status: int = 0
    size: int = 0

    @property
    def sentence(self) -> str:
        """In words; empty when not even its headers have."""
        return f"HTTP status {self.status} and {self.size} bytes of its body came" if self.status else ""


class _TooLargeError(Exception):
    """The answer has passed the limit; the text says so."""


class _Body(Protocol):
    """Collects a response's body up to a limit."""

    def __init__(self, limit: int, progress: _Progress) -> None:
        self._progress = progress
        self.whole: defer.Deferred[bytes] = defer.Deferred(self._cancelled)
        self._limit = limit
        self._parts: list[bytes] = []

    def dataReceived(self, data: bytes) -> None:
        self._progress.size += len(data)
        if self._progress.size > self._limit:
            self._abort()
            self._end(_TooLargeError(f"the answer is larger than {self._limit} bytes; it was not read"))
        else:
            self._parts.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        whole = isinstance(reason.value, ResponseDone | PotentialDataLoss)
        self._end(b"".join(self._parts) if whole else reason)

    def _end(self, result: bytes | Failure | _TooLargeError) -> None:
        if self.whole.called:
            return
        if isinstance(result, bytes):
            self.whole.callback(result)
        else:
            self.whole.errback(result)

    def _cancelled(self, _: defer.Deferred[bytes]) -> None:
        self._abort()

    def _abort(self) -> None:
        transport = cast("Any", self.transport)
        if transport is not None:
            transport.loseConnection()


def _body(response: IResponse, limit: int, progress: _Progress) -> defer.Deferred[bytes]:
    progress.status = response.code
    body = _Body(limit, progress)
    response.deliverBody(body)  # type: ignore[no-untyped-call]
    return body.whole
