"""The SOAP transport against small HTTP servers on loopback."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

import pytest
import pytest_twisted
from twisted.internet import defer

from mockiis.errors import MockIISError
from mockiis.wire.soap import NORIDIAN
from sender.destination import parse_address
from sender.outcome import ConnectionFailed, Faulted, NotAcknowledgment, Reached, TimedOut
from sender.send import Session, connectivity_test, send

MESSAGE = "MSH|^~\\&|A&B|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M{}|P|2.5.1\r"
ACK = "MSH|^~\\&|C|D|A|B|20240506070809-0500||ACK^V04^ACK|X|P|2.5.1\rMSA|AA|M{}\r"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
CDC = "urn:cdc:iisb:2011"


def returned(text: str, operation: str = "submitSingleMessage", soap: str = SOAP12, namespace: str = CDC) -> bytes:
    """An envelope that answers with a text."""
    inner = escape(text, {"\r": "&#xD;"})
    return (
        f'<s:Envelope xmlns:s="{soap}"><s:Body><{operation}Response xmlns="{namespace}"><return>{inner}</return>'
        f"</{operation}Response></s:Body></s:Envelope>"
    ).encode()


def fault(name: str, reason: str, detail: str) -> bytes:
    """An envelope with one of the interface's faults."""
    return (
        f'<s:Envelope xmlns:s="{SOAP12}"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason>'
        f'<s:Text xml:lang="en">{reason}</s:Text></s:Reason><s:Detail><{name} xmlns="{CDC}"><Code>1</Code>'
        f"<Reason>{reason}</Reason><Detail>{detail}</Detail></{name}></s:Detail></s:Fault></s:Body></s:Envelope>"
    ).encode()


def echo_ack(body: bytes) -> bytes:
    """An ACK for whatever control id the message in the envelope has."""
    found = re.search(rb"\|M(\d+)\|", body)
    return returned(ACK.format(found[1].decode() if found else "?"))


@pytest_twisted.ensureDeferred
async def test_sends_several_messages_over_one_connection(listen: Any, destination: Any) -> None:
    """Each message is one call with the credentials; the connection is kept."""
    from twisted.internet import reactor

    script = listen("soap", echo_ack)
    to = destination("soap", script.port, username="u", password="p&p", facility="f")
    async with Session(to, reactor) as session:
        names = [(await session.send(MESSAGE.format(number))).name for number in range(3)]
    assert (names, len(script.connections)) == (["accepted"] * 3, 1)
    body = script.requests[0].decode()
    assert "<username>u</username><password>p&amp;p</password><facilityID>f</facilityID>" in body
    assert "<hl7Message>MSH|^~\\&amp;|A&amp;B|" in body
    assert script.headers[0].getHeader("content-type").startswith("application/soap+xml")


@pytest_twisted.ensureDeferred
async def test_speaks_the_dialect_of_noridian(listen: Any, destination: Any) -> None:
    """SOAP 1.1 and the namespace of North Dakota's older endpoint."""
    from twisted.internet import reactor

    namespace = NORIDIAN.namespace
    script = listen(
        "soap",
        lambda _: returned(ACK.format(1), soap=SOAP11, namespace=namespace),
        content_type="text/xml; charset=utf-8",
    )
    to = destination("soap", script.port, dialect=NORIDIAN)
    outcome = await send(MESSAGE.format(1), to, reactor)
    assert outcome.name == "accepted"
    assert script.headers[0].getHeader("soapaction") == f'"{namespace}submitSingleMessage"'


@pytest.mark.parametrize(
    ("name", "expected", "next_step"),
    [
        (
            "SecurityFault",
            Faulted(kind="SecurityFault", reason="Security", detail="no"),
            "check user, password and facility id, then send again",
        ),
        (
            "MessageTooLargeFault",
            Faulted(kind="MessageTooLargeFault", reason="Security", detail="no"),
            "send one message at a time and no larger than the registry takes",
        ),
        (
            "fault",
            Faulted(kind="UnknownFault", reason="Security", detail="no"),
            "ask those who run the registry what the fault means, then send again",
        ),
        (
            "OurOwnFault",
            Faulted(kind="OurOwnFault", reason="Security", detail="no"),
            "ask those who run the registry what the fault means, then send again",
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest_twisted.ensureDeferred
async def test_tells_faults_apart(
    listen: Any, destination: Any, name: str, expected: Faulted, next_step: str, status: int
) -> None:
    """A fault has its kind, its reason and what to do next, whatever the HTTP status."""
    from twisted.internet import reactor

    script = listen("soap", lambda _: fault(name, "Security", "no"), status=status)
    outcome = await send(MESSAGE.format(1), destination("soap", script.port), reactor)
    assert (expected, next_step) == (outcome, outcome.next_step)


@pytest.mark.parametrize(
    ("status", "content_type", "body", "sentence"),
    [
        (
            404,
            "text/html",
            b"<html>not here<br></html>",
            "HTTP status 404 with an HTML page (text/html); expected a SOAP envelope; nothing is there: check the path",
        ),
        (503, "text/plain", b"", "HTTP status 503 with an empty body; expected a SOAP envelope"),
        (200, "text/plain", b"MSH|^~\\&|", "HTTP status 200 with an HL7 message outside of a SOAP envelope"),
        (302, "text/html", b"", "HTTP status 302 with an empty body"),
        (200, "application/soap+xml", returned("hello"), "the answer is no HL7 message: it does not begin with MSH"),
        (200, "application/soap+xml", returned(""), "the answer is empty"),
        (200, "application/soap+xml", returned(ACK.format(2)), "the answer is for another message: MSA-2 is 'M2'"),
        (200, "application/soap+xml", b"x" * 5001, "the answer is larger than 5000 bytes; it was not read"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_says_what_is_no_acknowledgment(
    listen: Any, destination: Any, status: int, content_type: str, body: bytes, sentence: str
) -> None:
    """Pages, redirects, empty and huge bodies each have a sentence."""
    from twisted.internet import reactor

    script = listen("soap", lambda _: body, status=status, content_type=content_type)
    outcome = await send(MESSAGE.format(1), destination("soap", script.port, max_answer=5000), reactor)
    assert isinstance(outcome, NotAcknowledgment)
    assert outcome.sentence.startswith(sentence)


@pytest_twisted.ensureDeferred
async def test_says_that_the_connection_was_lost(listen: Any, destination: Any, close: object) -> None:
    """A server that hangs up may have the message already."""
    from twisted.internet import reactor

    script = listen("soap", lambda _: close)
    to = destination("soap", script.port)
    outcome = await send(MESSAGE.format(1), to, reactor)
    reason = f"the connection to {to.address} was lost before an answer came"
    assert ConnectionFailed(reason=reason, connected=True) == outcome
    assert TimedOut.usual_step == outcome.next_step


@pytest_twisted.ensureDeferred
async def test_says_that_nothing_listens(destination: Any, free_port: int) -> None:
    """A refused connection names the address."""
    from twisted.internet import reactor

    to = destination("soap", free_port)
    expected = ConnectionFailed(reason=f"connection refused: nothing listens at {to.address}")
    assert expected == await send(MESSAGE.format(1), to, reactor)


@pytest_twisted.ensureDeferred
async def test_says_that_a_host_is_not_known() -> None:
    """A name that cannot be resolved is shown; .invalid never can (RFC 2606)."""
    from twisted.internet import reactor

    outcome = await send(MESSAGE.format(1), parse_address("http://registry.invalid/soap"), reactor)
    assert ConnectionFailed(reason="the host 'registry.invalid' is not known") == outcome


@pytest_twisted.ensureDeferred
async def test_gives_up_after_the_time_limit(listen: Any, destination: Any, clocked: Any) -> None:
    """Silence is a timeout, before the answer begins and in the middle of it."""
    script = listen("soap", lambda body: None if b"|M1|" in body else echo_ack(body))
    async with Session(destination("soap", script.port), clocked) as session:
        sending = defer.Deferred.fromCoroutine(session.send(MESSAGE.format(1)))
        await script.received
        clocked.clock.advance(30)
        outcome = await sending
        again = await session.send(MESSAGE.format(2))
    assert TimedOut(seconds=30.0) == outcome
    assert again.name == "accepted"


@pytest_twisted.ensureDeferred
async def test_gives_up_in_the_middle_of_an_answer(listen: Any, destination: Any, clocked: Any) -> None:
    """The time limit covers the whole answer, not its first byte."""
    script = listen("soap", lambda _: None, greeting=b"<s:Envelope")
    sending = send(MESSAGE.format(1), destination("soap", script.port), clocked)
    await script.received
    clocked.clock.advance(30)
    assert TimedOut(seconds=30.0) == await sending


@pytest_twisted.ensureDeferred
async def test_the_connectivity_test_wants_its_text_back(listen: Any, destination: Any) -> None:
    """The echo must be equal; credentials are not sent with it."""
    from twisted.internet import reactor

    def echo(body: bytes) -> bytes:
        found = re.search(rb"<echoBack>(.*)</echoBack>", body)
        return returned(found[1].decode() if found else "", "connectivityTest")

    script = listen("soap", echo)
    to = destination("soap", script.port, username="u", password="p")
    text = "mockiis connectivity test"
    assert Reached(echoed=True, text=text) == await connectivity_test(to, reactor)
    assert b"password" not in script.requests[0]
    prefixed = listen("soap", lambda _: returned("You sent: it", "connectivityTest"))
    outcome = await connectivity_test(destination("soap", prefixed.port), reactor)
    assert outcome.sentence == "the connectivity test came back with another text than was sent"
    faulty = listen("soap", lambda _: fault("UnsupportedOperationFault", "UnsupportedOperation", ""), status=500)
    outcome = await connectivity_test(destination("soap", faulty.port), reactor)
    assert isinstance(outcome, Faulted)
    assert outcome.sentence == "UnsupportedOperationFault: UnsupportedOperation"


@pytest_twisted.ensureDeferred
async def test_refuses_a_message_that_xml_cannot_carry(destination: Any, free_port: int) -> None:
    """A control character is named before anything is sent."""
    from twisted.internet import reactor

    with pytest.raises(MockIISError, match="hl7Message holds U\\+000B at character 1, which XML cannot carry"):
        await send("\x0b" + MESSAGE.format(1), destination("soap", free_port), reactor)


@pytest.mark.filterwarnings("ignore:Passing pyOpenSSL")  # Twisted 26.10 does
@pytest_twisted.ensureDeferred
async def test_tls_trusts_the_named_authority_alone(listen: Any, destination: Any, issue: Any) -> None:
    """With --ca the server's certificate must be issued by that authority; --insecure takes any."""
    from twisted.internet import reactor

    issued = issue("127.0.0.1")
    script = listen("soap", echo_ack, tls=issued.options)
    outcomes = [
        await send(MESSAGE.format(1), destination("soap", script.port, tls=True, **settings), reactor)
        for settings in ({"ca": issued.authority}, {"verify": False}, {})
    ]
    assert [outcome.name for outcome in outcomes] == ["accepted", "accepted", "connection failed"]
    assert outcomes[2].sentence.startswith("TLS: certificate verify failed")
    assert len(script.requests) == 2
