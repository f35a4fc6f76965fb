"""SOAP over HTTP: takes envelopes, asks the service, and carries out its reply; serves the WSDL.

``http`` bounds what a request may hold, ``wire.soap_server`` reads and writes envelopes, ``service`` answers.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from mockiis.message.reply import FaultKind, FaultReply, NoReply, Reply
from mockiis.server.carrying import Carrier
from mockiis.server.failure import internal_error
from mockiis.server.held import Held
from mockiis.server.http import (
    LimitedRequest,
    origin_of,
    peer_of,
    query_of,
    send,
)
from mockiis.server.soap_reply import is_plain, prepared
from mockiis.server.soap_reply import written as written_reply
from mockiis.wire.soap_server import Call, Endpoint, Refusal
from mockiis.wire.wsdl import wsdl

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


class SOAPResource(Resource):
    """What stands at ``/soap``. Nothing a peer sends, and no error of the service, stops it."""

    def __init__(
        self,
        service: CallService,
        carrier: Carrier,
        endpoint: Endpoint,
        missing: Resource,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._service = service
        self._carrier = carrier
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

        def in_time(reply: Reply) -> None:
            self._carrier.in_time(request, reply.delay, lambda: self._carry_out(request, call, reply))

        self._carrier.when_free(request, reply, in_time)

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
            self._carrier.drop(request, reply.how)
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
        self._carrier.send(request, ready.response, ready.delivery)

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
