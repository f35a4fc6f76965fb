"""A reply to a SOAP call as the HTTP response that carries it, and as a delivery where its way is out of order."""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.message.misbehaviour import Answers, effective
from mockiis.message.reply import FaultReply, HTTPReply, MessageReply, Reply
from mockiis.wire.delivery import Delivery
from mockiis.wire.http_delivery import Response, deliver, page, spoiled
from mockiis.wire.soap_server import Call, Endpoint, Refusal, SOAPResponse
from mockiis.wire.soap_spoil import spoil_envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The response, and how it leaves; None: as HTTP has it. ``problem`` says why the answer became a fault."""

    response: Response
    delivery: Delivery | None = None
    problem: str = ""


def is_plain(reply: Reply) -> bool:
    """Whether the reply is an envelope, and nothing goes wrong with it."""
    return not reply.wire and not isinstance(reply, HTTPReply)


def written(endpoint: Endpoint, call: Call | Refusal, reply: Reply) -> SOAPResponse:
    """The envelope of a reply. Raises TypeError for what cannot answer that call."""
    match call, reply:
        case Refusal(soap_code=code), _ if code:
            return endpoint.write_refusal(call)
        case _, FaultReply():
            return endpoint.write_fault(call, reply.kind, reply.detail, reply.reason)
        case Call(), MessageReply():
            return endpoint.write(call, reply.text)
    raise TypeError(f"a {type(call).__name__} cannot be answered with a {type(reply).__name__}")


def prepared(endpoint: Endpoint, call: Call | Refusal, reply: Reply) -> Prepared:
    """The response to a reply that is not plain."""
    chosen = effective(reply.wire, "soap", _sort(reply))
    problem = ""
    if isinstance(reply, HTTPReply):
        response = page(reply)
    else:
        soap = written(endpoint, call, reply)
        problem = soap.problem
        body = spoil_envelope(soap.body, endpoint.dialect, chosen)
        response = Response(status=soap.status, headers=(("Content-Type", soap.content_type),), body=body)
    response = spoiled(response, chosen)
    return Prepared(response=response, delivery=deliver(response, chosen), problem=problem)


def _sort(reply: Reply) -> Answers:
    return "http" if isinstance(reply, HTTPReply) else "fault" if isinstance(reply, FaultReply) else "message"
