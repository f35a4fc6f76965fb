"""The IIS's end of SOAP through Spyne: calls in, answers and faults out, checked by the schema of the WSDL."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, NORIDIAN, SOAP11, SOAP12, Dialect, SOAPVersion
from mockiis.wire.soap_client import envelope
from mockiis.wire.soap_server import Call, Endpoint, Refusal, SOAPResponse
from mockiis.wire.wsdl import wsdl

SUBMIT = "submitSingleMessage"
TEXT = "MSH|^~\\&|EHR|1|NDIIS|ND0000|20240105||VXU^V04^VXU_V04|1|P|2.5.1\rPID|1||<Nuñez>\r"
EVERY_PAIR = [(dialect, version) for dialect in (CDC, NORIDIAN) for version in (SOAP12, SOAP11)]
NAMES = [f"{dialect.name}-{version.name}" for dialect, version in EVERY_PAIR]


def request(text: str = TEXT, dialect: Dialect = CDC, version: SOAPVersion = SOAP12, operation: str = SUBMIT) -> bytes:
    credentials = {"username": "ann", "password": "secret", "facility": "7"} if operation == SUBMIT else {}
    return envelope(replace(dialect, version=version), operation, text, **credentials)[1]


def taken(body: bytes, dialect: Dialect = CDC) -> Call:
    call = Endpoint(dialect).read(body, "")
    assert isinstance(call, Call), call
    return call


def schema(dialect: Dialect = CDC) -> etree.XMLSchema:
    (found,) = etree.fromstring(wsdl(dialect, "http://x/soap")).iter("{http://www.w3.org/2001/XMLSchema}schema")
    return etree.XMLSchema(etree.fromstring(etree.tostring(found)))


def content(response: SOAPResponse, version: SOAPVersion) -> Any:
    """The only element in the Body."""
    root = etree.fromstring(response.body)
    assert root.tag == version.tag("Envelope")
    (element,) = root.find(version.tag("Body"))
    return element


def fault(response: SOAPResponse, version: SOAPVersion = SOAP12, dialect: Dialect = CDC) -> tuple[str, str, list[str]]:
    """Code without prefix, text for people, and the detail as [element, Code, Reason, Detail], checked by schema."""
    element = content(response, version)
    assert element.tag == version.tag("Fault")
    if version is SOAP12:
        code, reason, *rest = element
        assert [version.tag("Code"), version.tag("Reason")] == [code.tag, reason.tag]
        code, text = code[0], reason[0]
        assert text.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
        assert [version.tag("Detail")] * len(rest) == [part.tag for part in rest]
    else:
        code, text, *rest = element
        assert ["faultcode", "faultstring"] + ["detail"] * len(rest) == [part.tag for part in element]
    prefix, _, name = code.text.partition(":")
    assert version.namespace == code.nsmap[prefix]
    detail = []
    for part in rest:
        schema(dialect).assertValid(part[0])
        detail = [etree.QName(part[0]).localname, *(child.text for child in part[0])]
    return name, text.text, detail


@pytest.mark.parametrize(("dialect", "version"), EVERY_PAIR, ids=NAMES)
def test_a_message_is_taken_and_answered_in_its_own_version(dialect: Dialect, version: SOAPVersion) -> None:
    """Both SOAP versions are taken for both namespaces; the answer satisfies the WSDL's schema."""
    call = taken(request(dialect=dialect, version=version), dialect)
    expected = Call(operation=SUBMIT, version=version, text=TEXT, username="ann", password="secret", facility="7")

    assert expected == call

    response = Endpoint(dialect).write(call, "MSA|AA|1\rERR|&<\r")
    answer = content(response, version)

    schema(dialect).assertValid(answer)
    assert (200, f"{version.media_type}; charset=utf-8", "") == (
        response.status,
        response.content_type,
        response.problem,
    )
    assert dialect.tag("submitSingleMessageResponse") == answer.tag
    assert [(dialect.tag("return"), "MSA|AA|1\rERR|&<\r")] == [(child.tag, child.text) for child in answer]


@pytest.mark.parametrize(("dialect", "version"), EVERY_PAIR, ids=NAMES)
def test_connectivity_test_is_taken_and_answered(dialect: Dialect, version: SOAPVersion) -> None:
    """connectivityTest has echoBack and no credentials; an empty answer is an empty return."""
    call = taken(request(" hello ", dialect, version, "connectivityTest"), dialect)
    answer = content(Endpoint(dialect).write(call, ""), version)

    assert Call(operation="connectivityTest", version=version, text=" hello ") == call
    schema(dialect).assertValid(answer)
    assert dialect.tag("connectivityTestResponse") == answer.tag
    assert [dialect.tag("return")] == [child.tag for child in answer]
    assert "" == (answer[0].text or "")


def test_what_is_absent_or_nil_is_empty() -> None:
    """The service sees texts only."""
    nil = b'<username xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/><hl7Message/>'
    body = request("x").partition(b"<username>")[0] + nil + b"</submitSingleMessage></soap:Body></soap:Envelope>"

    assert Call(operation=SUBMIT, version=SOAP12, text="") == taken(body)


def test_a_call_shows_neither_message_nor_account() -> None:
    """What is printed by accident holds no PHI and no password."""
    shown = repr(taken(request()))

    assert "MSH" not in shown
    assert "secret" not in shown
    assert "ann" not in shown


@pytest.mark.parametrize(
    ("kind", "element", "code", "reason"),
    [
        (FaultKind.MESSAGE_TOO_LARGE, "MessageTooLargeFault", "1000", "MessageTooLarge"),
        (FaultKind.SECURITY, "SecurityFault", "2000", "Security"),
        (FaultKind.UNSUPPORTED_OPERATION, "UnsupportedOperationFault", "3000", "UnsupportedOperation"),
        (FaultKind.UNKNOWN, "fault", "4000", "Unknown"),
    ],
)
@pytest.mark.parametrize(("dialect", "version"), EVERY_PAIR, ids=NAMES)
def test_faults(kind: FaultKind, element: str, code: str, reason: str, dialect: Dialect, version: SOAPVersion) -> None:
    """Each kind has its element, code and fixed Reason; the detail is SOAP's text as well; the code is Receiver."""
    call = taken(request(dialect=dialect, version=version), dialect)
    response = Endpoint(dialect).write_fault(call, kind, "no <such> user")
    soap_code = "Receiver" if version is SOAP12 else "Server"

    assert (500, f"{version.media_type}; charset=utf-8") == (response.status, response.content_type)
    assert (soap_code, "no <such> user", [element, code, reason, "no <such> user"]) == fault(response, version, dialect)


@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
@pytest.mark.parametrize("soap_code", ["VersionMismatch", "MustUnderstand"])
def test_faults_of_soap_itself_have_no_detail(version: SOAPVersion, soap_code: Any) -> None:
    """They are about the envelope, not about the operation."""
    refusal = Refusal(version=version, detail="no \x0b", soap_code=soap_code)

    assert (soap_code, "no ?", []) == fault(Endpoint().write_refusal(refusal), version)


def test_a_refusal_is_written_as_its_kind() -> None:
    """What could not be taken is answered with a CDC fault in the version of the request."""
    endpoint = Endpoint()
    refusal = endpoint.read(request().replace(b"hl7Message", b"hl8Message"), "")
    assert isinstance(refusal, Refusal)
    detail = f"{SUBMIT}: hl8Message is not expected; expected username, password, facilityID, hl7Message"

    assert ("Receiver", detail, ["fault", "4000", "Unknown", detail]) == fault(endpoint.write_refusal(refusal))


def test_a_request_can_be_refused_unread() -> None:
    """As when it is too large; its beginning says the SOAP version."""
    endpoint = Endpoint()
    refusal = endpoint.refusal(request(version=SOAP11)[:200], "", "too much", FaultKind.MESSAGE_TOO_LARGE)
    detail = ["MessageTooLargeFault", "1000", "MessageTooLarge", "too much"]

    assert ("Server", "too much", detail) == fault(endpoint.write_refusal(refusal), SOAP11)


def test_fault_status_can_be_200() -> None:
    """Some IIS answer faults with 200."""
    endpoint = Endpoint(fault_status=200)

    assert 200 == endpoint.write_fault(taken(request()), FaultKind.SECURITY, "no").status
    assert 200 == endpoint.write_refusal(Refusal(version=SOAP12, detail="no", soap_code="VersionMismatch")).status


def test_the_reason_of_a_fault_can_be_replaced() -> None:
    """A scenario may break the contract on purpose; an empty detail leaves the reason as the text."""
    response = Endpoint().write_fault(taken(request()), FaultKind.UNKNOWN, "", "Busy")

    assert ("Receiver", "Busy", ["fault", "4000", "Busy", None]) == fault(response)


def test_text_that_xml_cannot_carry_becomes_a_fault() -> None:
    """An answer with control characters is never sent spoilt, and never an error."""
    response = Endpoint().write(taken(request()), "MSA|AA\x13")
    problem = "the answer holds U+0013 at character 7, which XML cannot carry"

    assert ("Receiver", problem, ["fault", "4000", "Unknown", problem]) == fault(response)
    assert problem == response.problem


def test_faults_with_control_characters_are_written() -> None:
    """In a fault, which is for people, they become question marks."""
    response = Endpoint().write_fault(taken(request()), FaultKind.UNKNOWN, "bad \x0b\ud800 here", "\x00")

    assert ("Receiver", "bad ?? here", ["fault", "4000", "?", "bad ?? here"]) == fault(response)


def test_a_call_can_be_answered_again() -> None:
    """A second answer is not the first one."""
    endpoint, call = Endpoint(), taken(request())

    assert ["one", "two"] == [content(endpoint.write(call, text), SOAP12)[0].text for text in ("one", "two")]


def test_spyne_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Spyne would log whole requests, passwords included."""
    with caplog.at_level(logging.DEBUG):
        for body in (request(), request()[:-5], request("\r").replace(b"&#xD;", b"<a/>")):
            Endpoint().read(body, "")

    assert [] == [record for record in caplog.records if record.name.startswith("spyne")]
    assert "secret" not in caplog.text


# Whatever comes

PIECES = st.sampled_from(
    [
        *'<>/&;="',
        "s:Envelope",
        f' xmlns:s="{SOAP12.namespace}"',
        f' xmlns="{CDC.namespace}"',
        "s:Body",
        "s:Header",
        "submitSingleMessage",
        "hl7Message",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE ",
        "<?xml ",
        "\x0b",
        "\ufffe",
        request().decode(),
        "<hl7Message>MSH|</hl7Message>",
    ]
)
TYPES = st.sampled_from(["", "text/xml", "text/xml; charset=utf-16", "application/soap+xml; charset=iso-8859-1"])


@given(st.one_of(st.binary(), st.lists(PIECES | st.text(max_size=3)).map("".join).map(str.encode)), TYPES)
@example(request().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "")
@example(request(), "text/xml")
def test_whatever_comes_gives_a_call_or_a_fault(body: bytes, content_type: str) -> None:
    """No bytes raise; what is refused can be written as a well-formed fault."""
    endpoint = Endpoint()
    call = endpoint.read(body, content_type)
    if isinstance(call, Refusal):
        fault(endpoint.write_refusal(call), call.version)
    else:
        assert content(endpoint.write(call, call.text), call.version)[0].text == call.text


@given(st.integers(0, 600), st.integers(0, 600), st.text(max_size=5) | PIECES)
def test_a_request_with_a_piece_replaced_gives_a_call_or_a_fault(start: int, end: int, piece: str) -> None:
    """Nor does a request that is nearly right."""
    endpoint, body = Endpoint(), request("MSH|")
    call = endpoint.read(body[:start] + piece.encode() + body[end:], "")
    if isinstance(call, Refusal):
        fault(endpoint.write_refusal(call), call.version)
    else:
        assert call.operation in ("connectivityTest", SUBMIT)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_answer_is_written_unchanged_or_becomes_a_fault(text: str) -> None:
    """Any text but control characters."""
    response = Endpoint().write(taken(request()), text)
    if response.problem:
        fault(response)
    else:
        assert text == (content(response, SOAP12)[0].text or "")


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t<>&'\"]")))
def test_an_answer_is_what_spyne_itself_would_write(text: str) -> None:
    """What stands around the text is Spyne's, and the text is escaped so that it reads the same."""
    endpoint = Endpoint()
    call = endpoint.read(request(), "")
    assert isinstance(call, Call)
    server, context = endpoint._servers[call.version], call.context
    context.udc = text
    server.get_out_object(context)
    server.get_out_string(context)

    written = (b"".join(context.out_string), endpoint.write(call, text).body)
    spynes, ours = (etree.tostring(etree.fromstring(body), method="c14n") for body in written)
    assert spynes == ours
