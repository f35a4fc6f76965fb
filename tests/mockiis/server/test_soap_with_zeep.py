"""An outside witness: zeep knows our WSDL and nothing else, and calls a listener on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted
import requests
import zeep
import zeep.exceptions
from lxml import etree
from twisted.internet.threads import deferToThread

from mockiis.message.reply import FaultKind, FaultReply, MessageReply, Reply
from mockiis.server.site import site
from mockiis.wire.soap import DIALECTS, Dialect
from mockiis.wire.soap_server import Call, Refusal


class Service:
    """Answers with what it was sent; ``slow`` a little later, ``fault`` with a fault."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def answer_call(self, call: Call, peer: str) -> Reply:
        self.calls.append(call)
        if call.text == "fault":
            return FaultReply(kind=FaultKind.SECURITY, detail="no such user")
        return MessageReply(text=call.text, delay=0.01 if call.text.startswith("slow") else 0)

    def refuse_call(self, refusal: Refusal, peer: str) -> Reply:
        return FaultReply(kind=refusal.kind, detail=refusal.detail)

    def report(self, peer: str, text: str) -> None:
        raise AssertionError(text)


def with_zeep(url: str, use: Callable[[Any], list[Any]]) -> list[Any]:
    """Blocking, so it runs in a thread."""
    with requests.Session() as session:
        return use(zeep.Client(f"{url}?wsdl", transport=zeep.Transport(session=session)).service)


@pytest_twisted.inlineCallbacks
def asked(dialect: Dialect, use: Callable[[Any], list[Any]]) -> Any:
    """What zeep found, and the calls that the service saw."""
    from twisted.internet import reactor

    tcp: Any = reactor
    service = Service()
    port = tcp.listenTCP(0, site(service, tcp, dialect), interface="127.0.0.1")
    try:
        found = yield deferToThread(with_zeep, f"http://127.0.0.1:{port.getHost().port}/soap", use)
    finally:
        yield port.stopListening()
    return found, service.calls


def answers(service: Any) -> list[Any]:
    account = {"username": "ann", "password": "secret", "facilityID": "7"}
    return [
        service.connectivityTest(echoBack="hello"),
        service.submitSingleMessage(**account, hl7Message="MSH|^~\\&|\rPID|<Nuñez>\r"),
        service.submitSingleMessage(hl7Message="slow"),
    ]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest_twisted.inlineCallbacks
def test_zeep_calls_both_operations(dialect: Dialect) -> Any:
    """The published description is enough for an independent SOAP toolkit."""
    found, calls = yield asked(dialect, answers)

    assert ["hello", "MSH|^~\\&|\rPID|<Nuñez>\r", "slow"] == found
    assert [dialect.version] * 3 == [call.version for call in calls]
    assert ["", "ann", ""] == [call.username for call in calls]
    assert ["", "secret", ""] == [call.password for call in calls]
    assert ["", "7", ""] == [call.facility for call in calls]


def faults(service: Any) -> list[Any]:
    found = []
    for message in ("fault", zeep.xsd.SkipValue):
        with pytest.raises(zeep.exceptions.Fault) as caught:
            service.submitSingleMessage(hl7Message=message)
        (detail,) = caught.value.detail
        found.append((caught.value.message, etree.QName(detail).localname, [child.text for child in detail]))
    return found


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest_twisted.inlineCallbacks
def test_zeep_gets_faults(dialect: Dialect) -> Any:
    """The service's own, and the one for an envelope that breaks the contract."""
    found, _ = yield asked(dialect, faults)
    missing = "submitSingleMessage: hl7Message is missing; it is required"

    assert [
        ("no such user", "SecurityFault", ["2000", "Security", "no such user"]),
        (missing, "fault", ["4000", "Unknown", missing]),
    ] == found
