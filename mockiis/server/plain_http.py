"""Plain HTTP: takes messages that are posted as they are or in a form, and carries out the reply.

``wire.http_post`` finds the message in the request; whose it is and what the answer is, the service says.
"""

from __future__ import annotations

import typing

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from mockiis.message.misbehaviour import effective
from mockiis.message.reply import HTTPReply, NoReply
from mockiis.server.carrying import Carrier
from mockiis.server.failure import internal_error
from mockiis.server.frame_service import FrameAnswer
from mockiis.server.held import Held
from mockiis.server.http import LimitedRequest, peer_of, send
from mockiis.wire.http_delivery import Response, deliver, page, spoiled
from mockiis.wire.http_post import NoPost, Post, read_post

_PLAIN = "text/plain; charset=utf-8"


class PostService(typing.Protocol):
    """What plain HTTP asks of the service."""

    def answer_post(self, post: Post, peer: str) -> FrameAnswer | Held[FrameAnswer]:
        """Answer one message or batch."""

    def refuse_post(self, refused: NoPost, peer: str) -> FrameAnswer | Held[FrameAnswer]:
        """Answer a request that holds none."""

    def report(self, peer: str, text: str) -> None:
        """Note something odd on the wire. The text has no part of any message."""


class HL7Resource(Resource):
    """What stands at ``/hl7``. Nothing a peer sends, and no error of the service, stops it."""

    def __init__(self, service: PostService, carrier: Carrier, missing: Resource) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._service = service
        self._carrier = carrier
        self._missing = missing

    def getChild(self, path: bytes, _request: object) -> Resource:
        """``/hl7/`` is taken for ``/hl7``; nothing else is below it."""
        return self._missing if path else self

    def render(self, request: typing.Any) -> int:
        """Answer a request, now or later."""
        try:
            self._answer(request)
        except Exception as error:  # noqa: BLE001  # whatever it is, the sender is told that there was something
            self._service.report(peer_of(request), internal_error(error))
            send(request, 500, _PLAIN, b"internal error\n")
        return NOT_DONE_YET

    def _answer(self, request: LimitedRequest) -> None:
        post = self._read(request)
        if isinstance(post, NoPost):
            answer = self._service.refuse_post(post, peer_of(request))
        else:
            answer = self._service.answer_post(post, peer_of(request))
        kind = post.answer_type if isinstance(post, Post) else ""

        def in_time(answer: FrameAnswer) -> None:
            self._carrier.in_time(request, answer.reply.delay, lambda: self._carry_out(request, kind, answer))

        self._carrier.when_free(request, answer, in_time)

    def _read(self, request: LimitedRequest) -> Post | NoPost:
        if request.method != b"POST":
            request.responseHeaders.addRawHeader(b"Allow", b"POST")
            return NoPost(status=405, sentence="expected POST with an HL7 message or a form that holds one")
        if request.too_large:
            return NoPost(status=413, sentence=f"the request has more than {request.limit} bytes, which is the limit")
        coding = request.getHeader("content-encoding") or "identity"
        if coding.lower() != "identity":
            return NoPost(status=415, sentence="a compressed body is not taken; send the message as it is")
        return read_post(request.body, request.getHeader)

    def _carry_out(self, request: typing.Any, kind: str, answer: FrameAnswer) -> None:
        reply = answer.reply
        if isinstance(reply, NoReply):
            self._carrier.drop(request, reply.how)
            return
        if isinstance(reply, HTTPReply):
            response, chosen = page(reply), effective(reply.wire, "http", "http")
        else:
            headers = (("Content-Type", f"{kind}; charset={answer.codec}"),)
            response = Response(status=200, headers=headers, body=answer.data)
            chosen = effective(reply.wire, "http", "message")
        response = spoiled(response, chosen)
        self._carrier.send(request, response, deliver(response, chosen))
