"""The HTTP side of the mock: SOAP at ``/soap``, plain HTTP at ``/hl7``, a line of text elsewhere."""

from __future__ import annotations

from typing import Protocol

from twisted.internet.interfaces import IReactorTime

from mockiis.server.carrying import Carrier
from mockiis.server.http import LimitedSite, PlainText
from mockiis.server.plain_http import HL7Resource, PostService
from mockiis.server.soap import CallService, SOAPResource
from mockiis.wire.soap import CDC, Dialect
from mockiis.wire.soap_server import Endpoint

MAX_BODY = 4 * 1024 * 1024
"""Bytes of one request; the IZ Gateway sends no larger ones."""
IDLE_LIMIT = 60.0
"""Seconds without a byte received and without a reply owed, after which a connection is closed."""
_PLACES = "SOAP is at /soap, its WSDL at /soap?wsdl, and messages without SOAP are taken at /hl7"
_WELCOME = "mockiis: POST SOAP envelopes to /soap, GET their WSDL at /soap?wsdl, POST HL7 messages to /hl7"


class WebService(CallService, PostService, Protocol):
    """What is asked of the service over HTTP."""


def site(
    service: WebService,
    clock: IReactorTime,
    dialect: Dialect = CDC,
    *,
    delays: IReactorTime | None = None,
    max_body: int = MAX_BODY,
    fault_status: int = 500,
    idle_limit: float = IDLE_LIMIT,
) -> LimitedSite:
    """The factory to listen with.

    ``clock`` is the time of sockets, ``delays`` that of replies, which tests may move; without one it is the same.
    """
    carrier = Carrier(clock, delays or clock)
    root = PlainText(f"there is nothing at this path; {_PLACES}", report=service.report)
    root.putChild(b"", PlainText(_WELCOME, missing=root))
    root.putChild(b"soap", SOAPResource(service, carrier, Endpoint(dialect, fault_status), missing=root))
    root.putChild(b"hl7", HL7Resource(service, carrier, missing=root))
    return LimitedSite(root, service.report, clock, max_body=max_body, idle_limit=idle_limit)
