"""The SOAP listener where there is no operation to answer: refused requests, the WSDL, other methods and paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, DIALECTS, SOAP11, SOAP12, Dialect, SOAPVersion
from mockiis.wire.soap_client import Fault, Returned, envelope, read_response
from mockiis.wire.soap_server import Endpoint, Refusal

Connect = Callable[..., Any]
SUBMIT = "submitSingleMessage"


def fault(kind: FaultKind, detail: str) -> Fault:
    endpoint = Endpoint()
    response = endpoint.write_refusal(Refusal(version=SOAP12, kind=kind, detail=detail))
    found = read_response(response.body, dialect=CDC, operation=SUBMIT)
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize(
    ("body", "headers", "kind", "detail"),
    [
        (b"", {}, FaultKind.UNKNOWN, "not well-formed XML: no XML element, at line 1, column 1"),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, FaultKind.UNKNOWN, "the content type is app"),
        (b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, FaultKind.UNKNOWN, "the content type is mul"),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, FaultKind.UNKNOWN, "the content encoding gzip is not supported"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_service(
    connect: Connect, body: bytes, headers: dict[str, str], kind: FaultKind, detail: str
) -> None:
    """The service sees every refusal, so that it is in the log."""
    connection = connect()
    connection.post(body, headers)
    (refusal,) = connection.service.refusals

    assert detail == refusal.detail[: len(detail)]
    assert [fault(kind, refusal.detail)] == connection.read()
    assert ["192.168.1.1:54321"] == connection.service.peers


def test_a_fault_of_soap_itself_is_written_whatever_the_service_says(connect: Connect) -> None:
    """VersionMismatch has no CDC form."""
    connection = connect()
    connection.post(b"<a/>")
    (found,) = connection.read()

    assert isinstance(found, Fault)
    assert (None, "VersionMismatch") == (found.kind, found.code)
    assert ["VersionMismatch"] == [refusal.soap_code for refusal in connection.service.refusals]


@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
def test_a_body_over_the_limit_is_a_message_too_large_fault(connect: Connect, version: SOAPVersion) -> None:
    """It is not parsed, and the answer is in the SOAP version of the request."""
    connection = connect(max_body=2000)
    connection.post(envelope(replace(CDC, version=version), SUBMIT, "x" * 5000)[1], {"Content-Type": "text/plain"})
    connection.submit("two")
    detail = "the request has more than 2000 bytes, which is the limit"

    assert [fault(FaultKind.MESSAGE_TOO_LARGE, detail), Returned(text="re two")] == connection.read()
    assert version.namespace.encode() in connection.responses()[0][2]
    assert [detail] == [refusal.detail for refusal in connection.service.refusals]


# Other methods and paths


@pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?wsdl=1"])
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_the_wsdl_is_served_with_the_address_of_the_request(connect: Connect, query: str, dialect: Dialect) -> None:
    """So that it is right behind any name the listener has."""
    connection = connect(dialect)
    connection.send(f"GET /soap{query} HTTP/1.1\r\nHost: iis.example:8080\r\n\r\n".encode())
    ((status, headers, body),) = connection.responses()
    (address,) = (element for element in etree.fromstring(body).iter() if element.get("location"))

    assert (200, "text/xml; charset=utf-8") == (status, headers.getRawHeaders("content-type")[0])
    assert "http://iis.example:8080/soap" == address.get("location")
    assert b'targetNamespace="%s"' % dialect.namespace.encode() in body


@pytest.mark.parametrize(
    "request_line", ["GET /soap", "GET /soap?wsdl2", "PUT /soap?wsdl", "DELETE /soap", "XYZ /soap/"]
)
def test_other_methods_get_405_and_an_unsupported_operation_fault(connect: Connect, request_line: str) -> None:
    """For people and for programs: the Allow header, and a fault that says what was expected."""
    connection = connect()
    connection.send(f"{request_line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    ((status, headers, _),) = connection.responses()
    detail = "expected POST with a SOAP envelope, or GET with ?wsdl"

    assert (405, "GET, HEAD, POST") == (status, headers.getRawHeaders("allow")[0])
    assert [fault(FaultKind.UNSUPPORTED_OPERATION, detail)] == connection.read()
    assert [f"a request that is not for SOAP: {detail}"] == connection.service.reports


ELSEWHERE = (
    b"there is nothing at this path; SOAP is at /soap, its WSDL at /soap?wsdl, and messages without SOAP are taken at"
    b" /hl7\n"
)
WELCOME = b"mockiis: POST SOAP envelopes to /soap, GET their WSDL at /soap?wsdl, POST HL7 messages to /hl7\n"


@pytest.mark.parametrize(
    ("request_line", "status", "text"),
    [
        ("GET /", 200, WELCOME),
        ("POST /", 404, ELSEWHERE),
        *(
            (f"{method} {path}", 404, ELSEWHERE)
            for method in ("GET", "POST")
            for path in ("/soap2", "/soap/x", "//soap", "/a/b/c?d")
        ),
    ],
)
def test_other_paths_say_where_soap_is(connect: Connect, request_line: str, status: int, text: bytes) -> None:
    """One plain sentence; a wrong path is reported as well, since a sender's log seldom shows the body."""
    connection = connect()
    connection.send(f"{request_line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    assert [(status, text)] == [(found, body) for found, _, body in connection.responses()]
    assert (status == 404) == bool(connection.service.reports)


def test_a_slash_after_the_path_makes_no_difference(connect: Connect) -> None:
    """/soap/ is /soap."""
    connection = connect()
    headers, body = envelope(CDC, SUBMIT, "one")
    connection.post(body, headers, "/soap/")

    assert [Returned(text="re one")] == connection.read()


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_garbage_never_raises(connect: Connect, pieces: list[bytes]) -> None:
    """Whatever bytes come on a connection, in a request or instead of one."""
    connection = connect()
    for piece in pieces:
        connection.send(piece)
        connection.post(piece)
    connection.lose()

    assert [] == [report for report in connection.service.reports if "internal error" in report]
