"""The sender's end of SOAP: requests that the IIS's end takes, and what is made of every kind of response."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, DIALECTS, NORIDIAN, SOAP11, SOAP12, Dialect, SOAPVersion
from mockiis.wire.soap_client import Fault, NotSOAP, Returned, UnsendableError, envelope, read_response
from mockiis.wire.soap_server import Call, Endpoint
from mockiis.wire.xml import illegal_character

TEXT = "MSH|^~\\&|EHR|1|NDIIS\rPID|1||Nuñez & <Söhne>\r\n]]>"
SUBMIT = "submitSingleMessage"


def read(
    body: str | bytes,
    content_type: str = "application/soap+xml",
    *,
    status: int = 200,
    dialect: Dialect = CDC,
    operation: str = SUBMIT,
) -> Returned | Fault | NotSOAP:
    data = body if isinstance(body, bytes) else body.encode()
    return read_response(data, content_type, status=status, dialect=dialect, operation=operation)


def soap(content: str, version: SOAPVersion = SOAP12) -> str:
    return (
        f'<s:Envelope xmlns:s="{version.namespace}" xmlns:u="{CDC.namespace}"><s:Body>{content}</s:Body></s:Envelope>'
    )


def response(content: str, version: SOAPVersion = SOAP12) -> str:
    return soap(f"<u:submitSingleMessageResponse>{content}</u:submitSingleMessageResponse>", version)


def fault12(detail: str = "", text: str = "It went wrong") -> str:
    reason = f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason>'
    return soap(f"<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>{reason}{detail}</s:Fault>")


# Requests


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_the_other_end_takes_a_request(dialect: Dialect) -> None:
    """What is sent arrives unchanged at an IIS, in the dialect's SOAP version."""
    headers, body = envelope(dialect, SUBMIT, TEXT, username="ann", password="s<&>", facility="7")
    call = Endpoint(dialect).read(body, headers["Content-Type"])

    assert isinstance(call, Call)
    assert (dialect.version, SUBMIT, TEXT, "ann", "s<&>", "7") == (
        call.version,
        call.operation,
        call.text,
        call.username,
        call.password,
        call.facility,
    )


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["connectivityTest", SUBMIT]))
def test_every_text_arrives_or_is_named_unsendable(text: str, operation: str) -> None:
    """CR, LF, markup and any script go through; a control character is an error before anything is sent."""
    if illegal_character(text):
        with pytest.raises(UnsendableError, match="which XML cannot carry"):
            envelope(CDC, operation, text)
    else:
        headers, body = envelope(CDC, operation, text)
        call = Endpoint().read(body, headers["Content-Type"])
        assert isinstance(call, Call)
        assert (operation, text) == (call.operation, call.text)


def test_an_unsendable_text_is_named_without_being_quoted() -> None:
    """The sentence says which element and which character, and nothing of the message."""
    with pytest.raises(UnsendableError) as caught:
        envelope(CDC, SUBMIT, "MSH|secret\x1c")

    assert (
        "hl7Message holds U+001C at character 11, which XML cannot carry; take it out before sending over SOAP"
        == str(caught.value)
    )


def test_headers_name_the_action() -> None:
    """SOAP 1.2 has it in the content type, SOAP 1.1 in SOAPAction."""
    assert {
        "Content-Type": 'application/soap+xml; charset=utf-8; action="urn:cdc:iisb:2011:submitSingleMessage"'
    } == envelope(CDC, SUBMIT, "")[0]
    assert {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": '"https://ndiisioptest.noridian.com/connectivityTest"',
    } == envelope(NORIDIAN, "connectivityTest", "")[0]


def test_empty_credentials_are_left_out() -> None:
    """They are optional in the WSDL; hl7Message is there even when it is empty."""
    body = etree.fromstring(envelope(CDC, SUBMIT, "", facility="7")[1])

    assert [CDC.tag("facilityID"), CDC.tag("hl7Message")] == [child.tag for child in body[0][0]]


# Answers


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("kind", list(FaultKind))
def test_what_the_other_end_writes_is_read(dialect: Dialect, kind: FaultKind) -> None:
    """Answers and faults of the mock come back as the values they were."""
    endpoint = Endpoint(dialect)
    call = endpoint.read(envelope(dialect, SUBMIT, TEXT)[1], "")
    assert isinstance(call, Call)
    answer, fault = endpoint.write(call, TEXT), endpoint.write_fault(call, kind, "no such user")

    assert Returned(text=TEXT) == read(answer.body, answer.content_type, status=answer.status, dialect=dialect)

    found = read(fault.body, fault.content_type, status=fault.status, dialect=dialect)

    assert isinstance(found, Fault)
    assert (kind, "no such user") == (found.kind, found.detail)
    assert found.reason in ("Security", "MessageTooLarge", "UnsupportedOperation", "Unknown")
    assert found.code in ("1000", "2000", "3000", "4000")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (response("<u:return><![CDATA[MSH|^~\\&|\nMSA]]></u:return>"), "MSH|^~\\&|\nMSA"),
        (response("<u:return>\n<![CDATA[MSH|^~\\&|]]></u:return>"), "\nMSH|^~\\&|"),
        (response("<u:return>MSH&#xD;MSA&#13;</u:return>", SOAP11), "MSH\rMSA\r"),
        (response(" <u:return/> "), ""),
        (response('<u:return xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'), ""),
        ("\ufeff<?xml version='1.0' encoding='utf-8'?>\n" + response("<u:return>é</u:return>"), "é"),
        (response("<u:return>DNS Lookup Fault</u:return>"), "DNS Lookup Fault"),
    ],
)
def test_answers_are_read(body: str, text: str) -> None:
    """CDATA, references, nil, a byte order mark, and SOAP 1.1 where 1.2 was asked."""
    assert Returned(text=text) == read(body)


def test_an_answer_shows_no_message() -> None:
    """What is printed by accident holds no PHI."""
    assert "MSH" not in repr(read(response("<u:return>MSH|PHI</u:return>")))


IZ_GATEWAY = (
    "<s:Detail><u:SecurityFault/><u:code>225</u:code><u:reason>Security Fault</u:reason>"
    "<u:detail>Invalid username</u:detail><Summary>Security</Summary><Detail>more</Detail></s:Detail>"
)
MADE_2014 = (
    '<s:Detail><h:MessageTooLargeFault xmlns:h="urn:cdc:iisb:2014"><h:Size>9</h:Size></h:MessageTooLargeFault>'
    "</s:Detail>"
)
UNKNOWN_DESTINATION = '<s:Detail><UnknownDestinationFault xmlns="urn:cdc:iisb:hub:2014"/></s:Detail>'
CDC_FAULT = (
    "<s:Detail><u:fault><u:Code>4000</u:Code><u:Reason>Unknown</u:Reason><u:Detail>Why</u:Detail></u:fault></s:Detail>"
)
FAULT11 = "<faultcode>s:Server</faultcode><faultstring>It went wrong</faultstring>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (fault12(CDC_FAULT), (FaultKind.UNKNOWN, "fault", "4000", "Unknown", "Why")),
        (fault12(), (None, "", "Receiver", "It went wrong", "")),
        (fault12("<s:Detail/>"), (None, "", "Receiver", "It went wrong", "")),
        (fault12("<s:Detail>words</s:Detail>"), (None, "", "Receiver", "It went wrong", "")),
        (fault12(IZ_GATEWAY), (FaultKind.SECURITY, "SecurityFault", "225", "Security Fault", "Invalid username")),
        (fault12(MADE_2014), (FaultKind.MESSAGE_TOO_LARGE, "MessageTooLargeFault", "Receiver", "It went wrong", "")),
        (fault12(UNKNOWN_DESTINATION), (None, "UnknownDestinationFault", "Receiver", "It went wrong", "")),
        (
            fault12("<s:Detail><u:SecurityFault><u:Reason>Security</u:Reason></u:SecurityFault></s:Detail>"),
            (FaultKind.SECURITY, "SecurityFault", "Receiver", "Security", "It went wrong"),
        ),
        (soap("<s:Fault/>"), (None, "", "", "", "")),
        (soap("<s:Fault/>").replace("s:Body", "s:Head"), None),
        (
            soap("").replace("<s:Body></s:Body>", "<s:Fault><s:Code/></s:Fault>"),
            (None, "", "", "", ""),
        ),
        (soap(f"<s:Fault>{FAULT11}</s:Fault>", SOAP11), (None, "", "Server", "It went wrong", "")),
        (
            soap(f"<s:Fault>{FAULT11}{CDC_FAULT.replace('s:Detail', 'detail')}</s:Fault>", SOAP11),
            (FaultKind.UNKNOWN, "fault", "4000", "Unknown", "Why"),
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_faults_are_read_in_every_form(
    body: str, expected: tuple[FaultKind | None, str, str, str, str] | None, status: int
) -> None:
    """With and without detail, of other interfaces, of both versions, and as the IZ Gateway writes them."""
    found = read(body, status=status)

    if expected is None:
        assert isinstance(found, NotSOAP)
    else:
        kind, name, code, reason, detail = expected
        assert Fault(kind=kind, name=name, code=code, reason=reason, detail=detail) == found


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("", 500, "HTTP status 500 with an empty body; expected a SOAP envelope"),
        (" \r\n", 200, "HTTP status 200 with an empty body; expected a SOAP envelope"),
        ("<!DOCTYPE html><html><p>Error<br></html>", 500, "HTTP status 500 with an HTML page: not well-formed XML"),
        (
            "<html><body>Error</body></html>",
            502,
            "HTTP status 502: expected a SOAP Envelope, found html in no namespace",
        ),
        ("\x0bMSH|^~\\&|", 200, "with an HL7 message outside of a SOAP envelope: not well-formed XML"),
        ("This is not a SOAP Fault", 200, "HTTP status 200 with a body that cannot be read: not well-formed XML"),
        ("<!DOCTYPE a>" + response("<u:return>a</u:return>"), 200, "a DOCTYPE is not allowed"),
        (response("<u:return>a</u:return>")[:-3], 200, "not well-formed XML"),
        (
            response("<u:return>a</u:return>").replace(SOAP12.namespace, "urn:x"),
            200,
            "expected a SOAP Envelope, found Envelope in namespace urn:x",
        ),
        (soap(""), 200, "expected one answer in the Body of the Envelope, found no elements in the Body"),
        (soap("<a/><b/>"), 200, "found 2 elements in the Body"),
        (soap("").replace("Body", "Head"), 200, "found no Body"),
        (
            response("<u:return>a</u:return>").replace(CDC.namespace, "urn:cdc:iisb:2014"),
            200,
            "in namespace urn:cdc:iisb:2011, found submitSingleMessageResponse in namespace urn:cdc:iisb:2014",
        ),
        (soap("<u:connectivityTestResponse/>"), 200, "found connectivityTestResponse in namespace"),
        (response(""), 200, "submitSingleMessageResponse: expected one return of text in namespace"),
        (response("<return>a</return>"), 200, "found return in no namespace"),
        (response("<u:return>a</u:return><u:return/>"), 200, "expected one return of text"),
        (response("<u:return><a/></u:return>"), 200, "found return in namespace urn:cdc:iisb:2011, a in no namespace"),
        (
            response("<u:return>a</u:return>"),
            500,
            "HTTP status 500 with a submitSingleMessageResponse; expected status 200",
        ),
    ],
)
def test_what_is_no_answer_says_what_it_is(body: str, status: int, reason: str) -> None:
    """Empty, HTML, HL7 alone, cut short, of another interface: what was expected and what was found."""
    found = read(body, status=status)

    assert isinstance(found, NotSOAP)
    assert reason in found.reason
    assert "^~" not in found.reason


NOT_THERE = "nothing is there: check the path of the address"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (
            "<p>No<br>",
            "text/html",
            404,
            f"with a body that cannot be read (text/html); expected a SOAP envelope; {NOT_THERE}",
        ),
        ("<html><p>", "text/html", 404, f"with an HTML page (text/html); expected a SOAP envelope; {NOT_THERE}"),
        ("<html><p>", "", 404, f"with an HTML page; expected a SOAP envelope; {NOT_THERE}"),
        ("Not Found", "text/plain; charset=utf-8", 404, f"(text/plain); expected a SOAP envelope; {NOT_THERE}"),
        ("", "", 404, f"with an empty body; expected a SOAP envelope; {NOT_THERE}"),
        ("<html/>", "text/html", 404, f": expected a SOAP Envelope, found html in no namespace; {NOT_THERE}"),
        ("No", "text/plain", 405, "; expected a SOAP envelope; it takes no POST: check the path of the address"),
        (
            "No",
            "text/plain",
            415,
            "it takes no SOAP: check the path, or send without SOAP (http+hl7:// or http+form://)",
        ),
        ("No", "text/plain", 503, "with a body that cannot be read (text/plain); expected a SOAP envelope"),
        ("<html><p>", "text/html", 200, "with an HTML page (text/html); expected a SOAP envelope"),
        ("No", "odd kind \x1b[2J", 200, "with a body that cannot be read; expected a SOAP envelope"),
    ],
)
def test_what_was_never_xml_is_told_by_status_and_type(body: str, content_type: str, status: int, reason: str) -> None:
    """A page that is no XML is no syntax error of the registry; after 404 the path is what to check."""
    found = read(body, content_type, status=status)

    assert isinstance(found, NotSOAP)
    assert found.reason.startswith(f"HTTP status {status}")
    assert found.reason.endswith(reason)
    assert "well-formed" not in found.reason


def test_a_fault_with_status_404_is_a_fault() -> None:
    """A SOAP fault is an answer of the interface, whatever the status says about the path."""
    assert isinstance(read(fault12(), status=404), Fault)


def test_a_multipart_answer_is_not_read() -> None:
    """It was not asked for, and would need another parser."""
    found = read(response("<u:return>a</u:return>"), "multipart/related; boundary=x")

    assert NotSOAP(reason="HTTP status 200 with a multipart body; expected a SOAP envelope alone") == found


@given(st.binary(), st.text(max_size=40))
def test_no_response_raises(body: bytes, content_type: str) -> None:
    """Whatever comes back is one of the three values."""
    assert isinstance(read(body, content_type), Returned | Fault | NotSOAP)


@given(st.integers(0, 500), st.integers(0, 500), st.binary(max_size=5))
def test_no_spoilt_response_raises(start: int, end: int, filling: bytes) -> None:
    """Nor does an answer with a piece replaced."""
    body = fault12(CDC_FAULT).encode()

    assert isinstance(read(body[:start] + filling + body[end:]), Returned | Fault | NotSOAP)
