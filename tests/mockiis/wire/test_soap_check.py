"""The checks on a request's envelope: what senders may vary, and what is refused with which sentence."""

from __future__ import annotations

import pytest

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, NORIDIAN, SOAP11, SOAP12, Dialect, SOAPVersion
from mockiis.wire.soap_check import Refusal, RefusedError, open_envelope

XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
SECURITY = '<Security xmlns="http://docs.oasis-open.org/wss" s:mustUnderstand="{must}"{role}/>'
MESSAGE = "<hl7Message>MSH|</hl7Message>"


def operation(children: str = MESSAGE, name: str = "submitSingleMessage", namespace: str = CDC.namespace) -> str:
    return f'<{name} xmlns="{namespace}">{children}</{name}>'


def envelope(content: str = operation(), *, header: str = "", version: SOAPVersion = SOAP12) -> str:
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return f'<s:Envelope xmlns:s="{version.namespace}">{head}<s:Body>{content}</s:Body></s:Envelope>'


def texts(body: str, content_type: str = "application/soap+xml", dialect: Dialect = CDC) -> dict[str, str]:
    """Texts of the children of the operation, by name."""
    opened = open_envelope(body.encode(), content_type, dialect)
    (content,) = opened.envelope[-1]
    return {child.tag.rpartition("}")[2]: child.text or "" for child in content}


def refused(body: str, content_type: str = "application/soap+xml", dialect: Dialect = CDC) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        open_envelope(body.encode(), content_type, dialect)
    return caught.value.refusal


# What is taken


@pytest.mark.parametrize(
    "content_type",
    [
        'application/soap+xml; charset=utf-8; action="urn:cdc:iisb:2011:submitSingleMessage"',
        'TEXT/XML; Charset="UTF-8"',
        "application/xml",
        "text/plain",
        "text/html",
        "application/soap",
        "",
    ],
)
@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
@pytest.mark.parametrize("dialect", [CDC, NORIDIAN], ids=lambda dialect: dialect.name)
def test_content_types_of_xml_or_of_nothing(content_type: str, version: SOAPVersion, dialect: Dialect) -> None:
    """Senders vary in the content type and leave out the action; the envelope says its own version."""
    body = envelope(operation(namespace=dialect.namespace), version=version)

    assert version is open_envelope(body.encode(), content_type, dialect).version


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        (MESSAGE, {"hl7Message": "MSH|"}),
        (f"<username>u</username>{MESSAGE}", {"username": "u", "hl7Message": "MSH|"}),
        (f"{MESSAGE}\n <password>p</password>\n", {"hl7Message": "MSH|", "password": "p"}),
        ("<hl7Message/><facilityID/>", {"hl7Message": "", "facilityID": ""}),
        (f'<hl7Message {XSI} i:nil="true"/>', {"hl7Message": ""}),
        (f'<hl7Message {XSI} i:nil="false">a</hl7Message>', {"hl7Message": "a"}),
        ("<hl7Message>a<!-- b -->c</hl7Message>", {"hl7Message": "ac"}),
    ],
)
def test_children_may_be_absent_nil_or_in_another_order(children: str, expected: dict[str, str]) -> None:
    """All but hl7Message are optional; the order of the WSDL is not insisted on."""
    assert expected == texts(envelope(operation(children)))


def test_prefixes_are_as_good_as_a_default_namespace() -> None:
    """Only names count."""
    content = f'<q:submitSingleMessage xmlns:q="{CDC.namespace}"><q:hl7Message>a</q:hl7Message></q:submitSingleMessage>'

    assert {"hl7Message": "a"} == texts(envelope(content))


def test_attributes_are_taken_off_the_children() -> None:
    """Spyne would resolve xsi:type and take an attribute for an element."""
    body = envelope(operation(f'<hl7Message {XSI} i:type="no:such" username="b" href="#x">a</hl7Message>'))
    opened = open_envelope(body.encode(), "", CDC)

    assert {} == dict(opened.envelope[-1][0][0].attrib)


@pytest.mark.parametrize(
    "header",
    [
        '<To xmlns="http://www.w3.org/2005/08/addressing" s:mustUnderstand="1">http://x</To>',
        '<To xmlns="http://schemas.xmlsoap.org/ws/2004/08/addressing" s:mustUnderstand="1">http://x</To>',
        '<Action xmlns="http://schemas.microsoft.com/ws/2005/05/addressing/none" s:mustUnderstand="1">x</Action>',
        SECURITY.format(must="0", role=""),
        SECURITY.format(must="1", role=' s:role="http://www.w3.org/2003/05/soap-envelope/role/none"'),
        '<Security xmlns="http://docs.oasis-open.org/wss" mustUnderstand="1"/>',
        "<anything/>",
    ],
)
def test_headers_that_need_not_be_understood(header: str) -> None:
    """WS-Addressing is understood; others are passed over unless they are for us and must be understood."""
    assert {"hl7Message": "MSH|"} == texts(envelope(header=header))


# What is refused


@pytest.mark.parametrize(
    ("version", "must", "role"),
    [
        (SOAP12, "1", ""),
        (SOAP12, " true ", ""),
        (SOAP12, "1", ' s:role="http://www.w3.org/2003/05/soap-envelope/role/next"'),
        (SOAP11, "1", ""),
        (SOAP11, "1", ' s:actor="http://schemas.xmlsoap.org/soap/actor/next"'),
    ],
)
def test_a_header_that_must_be_understood_is_refused(version: SOAPVersion, must: str, role: str) -> None:
    """MustUnderstand, in the request's SOAP version."""
    header = '<x s:mustUnderstand="0"/>' + SECURITY.format(must=must, role=role)

    assert Refusal(
        version=version,
        detail="the header Security in namespace http://docs.oasis-open.org/wss is marked mustUnderstand, and is not"
        " understood",
        soap_code="MustUnderstand",
    ) == refused(envelope(header=header, version=version))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<Envelope/>", "Envelope in no namespace"),
        (envelope().replace(SOAP12.namespace, "urn:soap"), "Envelope in namespace urn:soap"),
        (envelope().replace("s:Envelope", "s:Envelop"), "Envelop in namespace http://www.w3.org/2003/05/soap-envelope"),
        (operation(), "submitSingleMessage in namespace urn:cdc:iisb:2011"),
    ],
)
@pytest.mark.parametrize("dialect", [CDC, NORIDIAN], ids=lambda dialect: dialect.name)
def test_what_is_not_an_envelope_is_a_version_mismatch(body: str, found: str, dialect: Dialect) -> None:
    """VersionMismatch, in the SOAP version of the dialect."""
    assert Refusal(
        version=dialect.version,
        detail=f"expected a SOAP 1.2 or 1.1 Envelope, found {found}",
        soap_code="VersionMismatch",
    ) == refused(body, dialect=dialect)


ONE_BODY = "expected one Body, after one Header or none, in the Envelope, found "
KNOWN = "expected username, password, facilityID, hl7Message"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (envelope(""), "expected one operation in the Body, found none"),
        (envelope(operation() * 2), "expected one operation in the Body, found 2"),
        (envelope(f"lost{operation()}"), "Body holds text outside of its elements; expected only elements"),
        (
            envelope(operation(f"{MESSAGE}lost")),
            "submitSingleMessage holds text outside of its elements; expected only elements",
        ),
        (envelope().replace("<s:Body>", "lost<s:Body>"), "Envelope holds text outside of its elements; expected only"),
        (envelope().replace("<s:Body>", "<s:Body/><s:Body>"), f"{ONE_BODY}Body in namespace"),
        (envelope().replace("<s:Body>", "<s:Header/><s:Header/><s:Body>"), f"{ONE_BODY}Header in namespace"),
        (envelope().replace("</s:Body>", "</s:Body><s:Header/>"), ONE_BODY),
        (envelope().replace("</s:Body>", "</s:Body><x/>"), ONE_BODY),
        (f'<s:Envelope xmlns:s="{SOAP12.namespace}"/>', f"{ONE_BODY}nothing"),
        (envelope(operation("")), "submitSingleMessage: hl7Message is missing; it is required"),
        (envelope(operation("", "connectivityTest")), "connectivityTest: echoBack is missing; it is required"),
        (envelope(operation(MESSAGE * 2)), "submitSingleMessage: hl7Message is given twice"),
        (
            envelope(operation("<hl7Message><a/></hl7Message>")),
            "submitSingleMessage: hl7Message holds the element a in namespace urn:cdc:iisb:2011; expected text",
        ),
        (
            envelope(operation(f"<username><a xmlns=''/></username>{MESSAGE}")),
            "submitSingleMessage: username holds the element a in no namespace",
        ),
        (envelope(operation(f"<extra/>{MESSAGE}")), f"submitSingleMessage: extra is not expected; {KNOWN}"),
        (envelope(operation(f"<echoBack/>{MESSAGE}")), f"submitSingleMessage: echoBack is not expected; {KNOWN}"),
        (
            envelope(operation('<f:hl7Message xmlns:f="urn:other">a</f:hl7Message>')),
            "submitSingleMessage: hl7Message is in namespace urn:other; expected namespace urn:cdc:iisb:2011",
        ),
        (
            envelope(operation('<hl7Message xmlns="">a</hl7Message>')),
            "submitSingleMessage: hl7Message is in no namespace; expected namespace urn:cdc:iisb:2011",
        ),
        (
            envelope(operation(f'<hl7Message {XSI} i:nil="1">a</hl7Message>')),
            "submitSingleMessage: hl7Message is marked xsi:nil and has a value; expected one or the other",
        ),
        (envelope()[:-3], "not well-formed XML: "),
        (f"<!DOCTYPE a>{envelope()}", "a DOCTYPE is not allowed"),
    ],
)
@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
def test_a_broken_envelope_is_refused_with_a_sentence(body: str, detail: str, version: SOAPVersion) -> None:
    """Missing, repeated, nested, foreign: what was expected and what was found, in the request's SOAP version."""
    found = refused(body.replace(SOAP12.namespace, version.namespace))

    assert detail == found.detail[: len(detail)]
    assert (version, FaultKind.UNKNOWN, "") == (found.version, found.kind, found.soap_code)
    assert "lost" not in found.detail


@pytest.mark.parametrize("name", ["submitSingleMessageX", "SubmitSingleMessage", "s:Fault", "fault"])
def test_an_unknown_operation_is_unsupported(name: str) -> None:
    """Any element in the Body that is no operation of the interface."""
    found = refused(envelope(operation(name=name)))

    assert FaultKind.UNSUPPORTED_OPERATION is found.kind
    assert (
        "expected connectivityTest or submitSingleMessage in namespace urn:cdc:iisb:2011, found"
        f" {name.removeprefix('s:')} in namespace "
    ) in found.detail


@pytest.mark.parametrize("namespace", ["urn:cdc:iisb:2014", NORIDIAN.namespace, ""])
def test_an_operation_of_another_namespace_is_unsupported(namespace: str) -> None:
    """The 2014 interface, another dialect, or no namespace at all."""
    found = refused(envelope(operation(namespace=namespace)))

    assert FaultKind.UNSUPPORTED_OPERATION is found.kind
    assert f"submitSingleMessage in {f'namespace {namespace}' if namespace else 'no namespace'}" in found.detail


@pytest.mark.parametrize(
    ("content_type", "detail"),
    [
        (
            'multipart/related; type="application/xop+xml"; boundary=x',
            "the content type is multipart/related; MTOM and other multipart bodies are not supported; expected",
        ),
        ("application/json", "the content type is application/json; expected application/soap+xml"),
        ("application/x-www-form-urlencoded", "the content type is application/x-www-form-urlencoded; expected"),
        ("text/xml; charset=klingon", "the charset klingon is not known; send UTF-8"),
    ],
)
def test_other_content_types_are_refused(content_type: str, detail: str) -> None:
    """Multipart would be another parser; JSON is not XML; a charset nobody knows cannot be read."""
    assert detail == refused(envelope(), content_type).detail[: len(detail)]


def test_a_text_over_ten_megabytes_is_too_large() -> None:
    """The parser takes no longer text; that is about size, not about syntax."""
    found = refused(envelope(operation(f"<hl7Message>{'a' * 10_000_001}</hl7Message>")))

    assert FaultKind.MESSAGE_TOO_LARGE is found.kind


@pytest.mark.parametrize(
    ("body", "content_type", "version"),
    [
        ("<broken", "application/soap+xml", SOAP12),
        ("<broken", "text/xml; charset=utf-8", SOAP11),
        ("<broken", "text/plain", SOAP12),
        (envelope(version=SOAP11)[:-9], "application/soap+xml", SOAP11),
        (envelope(version=SOAP12)[:-9], "text/xml", SOAP12),
    ],
)
def test_what_cannot_be_read_has_a_likely_version(body: str, content_type: str, version: SOAPVersion) -> None:
    """The namespace at the beginning says it, or else the content type, or else the dialect."""
    assert version is refused(body, content_type).version
