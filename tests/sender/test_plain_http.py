"""The plain HTTP transport against small HTTP servers on loopback, and against the mock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import pytest_twisted

from mockiis.errors import MockIISError
from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.testing import MockIIS
from sender.destination import parse_address
from sender.outcome import Faulted, Reached
from sender.send import Session, connectivity_test, send

MESSAGE = "MSH|^~\\&|A&B|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M1|P|2.5.1||||||8859/1\rPID|1||1||Dö^J\r"
ACK = b"MSH|^~\\&|C|D|A|B|20240506070809-0500||ACK^V04^ACK|X|P|2.5.1\rMSA|AA|M1\r"
SCENARIO = "version: 1\nrules:\n  - name: all\n    when: {transport: http}\n    reply: {ack: AA}\n"


def to(port: int, way: str = "hl7", **settings: Any) -> Any:
    return replace(parse_address(f"http+{way}://127.0.0.1:{port}/hl7"), **settings)


@pytest_twisted.ensureDeferred
async def test_the_message_is_the_body(listen: Any) -> None:
    """In its own character set, with the credentials in headers."""
    from twisted.internet import reactor

    script = listen("http", lambda _: ACK, content_type="application/hl7-v2")
    outcome = await send(MESSAGE, to(script.port, username="ann", password="p:w", facility="F1"), reactor)
    (request,) = script.headers

    assert "accepted" == outcome.name
    assert [MESSAGE.encode("latin-1")] == script.requests
    assert ("application/hl7-v2", "Basic YW5uOnA6dw==", "F1") == tuple(
        request.getHeader(name) for name in ("content-type", "authorization", "facilityid")
    )


@pytest_twisted.ensureDeferred
async def test_the_message_is_in_a_form(listen: Any) -> None:
    """Each & and + of it encoded."""
    from twisted.internet import reactor

    script = listen("http", lambda _: ACK, content_type="text/plain")
    outcome = await send(MESSAGE, to(script.port, "form", username="ann", password="p"), reactor)

    assert "accepted" == outcome.name
    assert script.requests[0].startswith(b"USERID=ann&PASSWORD=p&MESSAGEDATA=MSH%7C%5E~%5C%26%7CA%26B")


@pytest.mark.parametrize(
    ("status", "kind", "body", "name", "said"),
    [
        (500, "text/plain", ACK, "accepted", ""),
        (401, "text/plain", b"Who are you?\nDoe", "faulted", "HTTP status 401: Who are you?"),
        (
            404,
            "text/html",
            b"<html>",
            "not an acknowledgment",
            "HTTP status 404 with a body that is no HL7 message; nothing is there: check the path of the address",
        ),
        (
            400,
            "application/soap+xml",
            b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>',
            "not an acknowledgment",
            (
                "HTTP status 400 with a body that is no HL7 message; "
                "it answers in SOAP: check the path, or send with SOAP (http:// in place of http+hl7://)"
            ),
        ),
        (
            200,
            "text/plain",
            b"",
            "not an acknowledgment",
            "HTTP status 200 with an empty body; expected an HL7 message",
        ),
        (
            400,
            "text/plain",
            b"no field",
            "not an acknowledgment",
            "HTTP status 400 with a body that is no HL7 message (no field); expected an HL7 message",
        ),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_responses_mean(listen: Any, status: int, kind: str, body: bytes, name: str, said: str) -> None:
    """HL7 counts whatever the status; the rest is told in words."""
    from twisted.internet import reactor

    script = listen("http", lambda _: body, content_type=kind, status=status)
    outcome = await send(MESSAGE, to(script.port), reactor)

    assert name == outcome.name
    assert not said or said == outcome.sentence
    assert (status == 500) == ("the answer came with HTTP status 500" in outcome.remarks)


@pytest.mark.parametrize("way", ["hl7", "form"])
@pytest_twisted.ensureDeferred
async def test_the_mock_takes_both_ways(way: str) -> None:
    """Several messages, then wrong credentials, which are told; the address answers."""
    from twisted.internet import reactor

    iis = MockIIS(load(SCENARIO, "s.yaml"), accounts=[Account(username="ann", password="pä", facilities=("F1",))])
    port = int(iis.http_url.split(":")[2].partition("/")[0])
    right = to(port, way, username="ann", password="pä", facility="F1")
    async with Session(right, reactor) as session:
        outcomes = [await session.send(MESSAGE) for _ in range(2)]
        reached = await session.connectivity_test()
    wrong = await send(MESSAGE, to(port, way, username="ann", password="p"), reactor)
    await iis.stop()

    assert ["accepted"] * 2 == [outcome.name for outcome in outcomes]
    assert "Dö" in iis.exchanges[0].request.text
    assert isinstance(reached, Reached)
    assert "reached; plain HTTP has no echo to compare" == reached.sentence
    assert isinstance(wrong, Faulted)
    assert "HTTP status 401: Invalid Username, Password or FacilityID" == wrong.sentence
    assert "check user, password and facility id, then send again" == wrong.next_step


@pytest_twisted.ensureDeferred
async def test_nobody_there(free_port: int) -> None:
    """The same outcomes as over the other transports."""
    from twisted.internet import reactor

    assert "connection failed" == (await send(MESSAGE, to(free_port), reactor)).name
    assert "connection failed" == (await connectivity_test(to(free_port), reactor)).name


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("http+hl7://h", "http+hl7://h:80/hl7", "http://h:80/hl7"),
        ("HTTPS+FORM://h:1/pop?x=1", "https+form://h:1/pop?x=1", "https://h:1/pop?x=1"),
    ],
)
def test_addresses(text: str, address: str, url: str) -> None:
    """What follows http says how the message is carried."""
    destination = parse_address(text)

    assert ("http", address, url) == (destination.transport, destination.address, destination.url)


def test_other_ways_are_unknown() -> None:
    """The complaint shows the forms there are."""
    with pytest.raises(MockIISError, match=r"http\+hl7://host:port/path or http\+form://host:port/path"):
        parse_address("http+json://h")
