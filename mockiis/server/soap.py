"""The SOAP listener: takes envelopes at ``/soap``, asks the service, and carries out its reply; serves the WSDL.

``http`` bounds what a request may hold, ``wire.soap_server`` reads and writes envelopes, ``service`` answers.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from twisted.internet.interfaces import IReactorTime
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from mockiis.message.reply import FaultKind, FaultReply, NoReply, Reply
from mockiis.server.failure import internal_error
from mockiis.server.held import Held
from mockiis.server.http import (
    LimitedRequest,
    LimitedSite,
    PlainText,
    hang_up,
    origin_of,
    peer_of,
    query_of,
    send,
    send_response,
)
from mockiis.server.sending import FLUSH, Sending
from mockiis.server.soap_reply import is_plain, prepared
from mockiis.server.soap_reply import written as written_reply
from mockiis.wire.delivery import Delivery, Ending
from mockiis.wire.soap import CDC, Dialect
from mockiis.wire.soap_server import Call, Endpoint, Refusal
from mockiis.wire.wsdl import wsdl

MAX_BODY = 4 * 1024 * 1024
"""Bytes of one request; the IZ Gateway sends no larger ones."""
IDLE_LIMIT = 60.0
"""Seconds without a byte received and without a reply owed, after which a connection is closed."""

_INTERNAL_ERROR = FaultReply(kind=FaultKind.UNKNOWN, detail="internal error")

T = typing.TypeVar("T")
U = typing.TypeVar("U")


class CallService(typing.Protocol):
    """What the SOAP listener asks of the service."""

    def answer_call(self, call: Call, peer: str) -> Reply | Held[Reply]:
        """Answer one operation."""

    def refuse_call(self, refusal: Refusal, peer: str) -> Reply | Held[Reply]:
        """Answer a request that could not be taken, with a fault."""

    def report(self, peer: str, text: str) -> None:
        """Note something odd on the wire. The text has no part of any message."""


def site(
    service: CallService,
    clock: IReactorTime,
    dialect: Dialect = CDC,
    *,
    delays: IReactorTime | None = None,
    max_body: int = MAX_BODY,
    fault_status: int = 500,
    idle_limit: float = IDLE_LIMIT,
) -> LimitedSite:
    """The factory to listen with: SOAP at ``/soap``, and a line of text about where things are elsewhere.

    ``clock`` is the time of sockets, ``delays`` that of replies, which tests may move; without one it is the same.
    """
    root = PlainText("there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl", report=service.report)
    root.putChild(b"", PlainText("mockiis: POST SOAP envelopes to /soap, GET their WSDL at /soap?wsdl", missing=root))
    root.putChild(b"soap", SOAPResource(service, clock, Endpoint(dialect, fault_status), missing=root, delays=delays))
    return LimitedSite(root, service.report, clock, max_body=max_body, idle_limit=idle_limit)


class SOAPResource(Resource):
    """Carries out replies: waits, writes, hangs up. Nothing a peer sends, and no error of the service, stops it."""

    def __init__(
        self,
        service: CallService,
        clock: IReactorTime,
        endpoint: Endpoint,
        missing: Resource,
        delays: IReactorTime | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._service = service
        self._clock = clock
        self._delays = delays or clock
        self._endpoint = endpoint
        self._missing = missing

    def getChild(self, path: bytes, _request: object) -> Resource:
        """``/soap/`` is taken for ``/soap``; nothing else is below it."""
        return self._missing if path else self

    def render(self, request: typing.Any) -> int:
        """Answer a request, now or later."""
        if request.method == b"POST":
            self._answer(request)
        elif request.method in (b"GET", b"HEAD") and "wsdl" in query_of(request):
            send(request, 200, "text/xml; charset=utf-8", wsdl(self._endpoint.dialect, f"{origin_of(request)}/soap"))
        else:
            self._not_allowed(request)
        return NOT_DONE_YET

    def _answer(self, request: LimitedRequest) -> None:
        call = self._guarded(request, lambda: self._read(request), self._unread)
        reply = self._guarded(request, lambda: self._ask(call, peer_of(request)), lambda: _INTERNAL_ERROR)
        if isinstance(reply, Held):
            gone: list[object] = []
            request.notifyFinish().addCallbacks(lambda _sent: reply.left(), gone.append)
            reply.when_free(lambda reply: None if gone else self._in_time(request, call, reply))
        else:
            self._in_time(request, call, reply)

    def _in_time(self, request: LimitedRequest, call: Call | Refusal, reply: Reply) -> None:
        if reply.delay <= 0:
            self._carry_out(request, call, reply)
            return
        waiting = self._delays.callLater(reply.delay, self._carry_out, request, call, reply)
        request.notifyFinish().addErrback(lambda _lost: waiting.cancel() if waiting.active() else None)

    def _read(self, request: LimitedRequest) -> Call | Refusal:
        content_type = request.getHeader("content-type") or ""
        coding = request.getHeader("content-encoding") or "identity"
        if request.too_large:
            detail = f"the request has more than {request.limit} bytes, which is the limit"
            return self._endpoint.refusal(request.body, content_type, detail, FaultKind.MESSAGE_TOO_LARGE)
        if coding.lower() != "identity":
            text = "the content encoding … is not supported; send the envelope as it is"
            refusal = self._endpoint.refusal(request.body, content_type, text.replace("…", coding[:20]))
            return replace(refusal, summary=text)
        return self._endpoint.read(request.body, content_type)

    def _unread(self) -> Refusal:
        return self._endpoint.refusal(b"", "", _INTERNAL_ERROR.detail)

    def _ask(self, call: Call | Refusal, peer: str) -> Reply | Held[Reply]:
        if isinstance(call, Refusal):
            return self._service.refuse_call(call, peer)
        return self._service.answer_call(call, peer)

    def _carry_out(self, request: LimitedRequest, call: Call | Refusal, reply: Reply) -> None:
        if isinstance(reply, NoReply):
            if reply.how != "hang":
                hang_up(request, reply.how)
            return
        written = partial(written_reply, self._endpoint, call)
        if is_plain(reply):
            response = self._guarded(request, lambda: written(reply), lambda: written(_INTERNAL_ERROR))
            self._report_problem(request, response.problem)
            send(request, response.status, response.content_type, response.body)
            return
        prepare = partial(prepared, self._endpoint, call)
        ready = self._guarded(request, lambda: prepare(reply), lambda: prepare(_INTERNAL_ERROR))
        self._report_problem(request, ready.problem)
        if ready.delivery is None:
            send_response(request, ready.response)
        else:
            self._deliver(request, ready.delivery)

    def _deliver(self, request: typing.Any, delivery: Delivery) -> None:
        """Write past twisted.web, which would mend what is to be wrong, and takes no further request here."""
        sending = Sending(self._delays, delivery, request.channel.write, partial(self._end, request))
        request.notifyFinish().addErrback(lambda _lost: sending.cancel())
        sending.start()

    def _end(self, request: typing.Any, ending: Ending) -> None:
        if ending == "close":
            hang_up(request, "close")
        elif ending == "reset":
            flushing = self._clock.callLater(FLUSH, hang_up, request, "reset")
            request.notifyFinish().addErrback(lambda _lost: flushing.cancel() if flushing.active() else None)

    def _report_problem(self, request: LimitedRequest, problem: str) -> None:
        if problem:
            self._service.report(peer_of(request), problem)

    def _not_allowed(self, request: typing.Any) -> None:
        detail = "expected POST with a SOAP envelope, or GET with ?wsdl"
        self._service.report(peer_of(request), f"a request that is not for SOAP: {detail}")
        refusal = self._endpoint.refusal(b"", "", detail, FaultKind.UNSUPPORTED_OPERATION)
        response = self._endpoint.write_refusal(refusal)
        request.setHeader(b"Allow", b"GET, HEAD, POST")
        send(request, 405, response.content_type, response.body)

    def _guarded(self, request: LimitedRequest, step: Callable[[], T], otherwise: Callable[[], U]) -> T | U:
        try:
            return step()
        except Exception as error:  # noqa: BLE001
            self._service.report(peer_of(request), internal_error(error))
            return otherwise()
