"""The IIS's end of SOAP: what is taken and how it is answered, and what is refused with which sentence."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, FAULTS, NORIDIAN, SOAP11, SOAP12, Dialect, SOAPVersion
from mockiis.wire.soap_server import Call, Endpoint, Refusal, SOAPResponse
from mockiis.wire.wsdl import wsdl

HL7 = "MSH|^~\\&amp;|EHR|1|NDIIS|ND0000|20240105||VXU^V04^VXU_V04|1|P|2.5.1&#xD;PID|1&#xD;"
TEXT = "MSH|^~\\&|EHR|1|NDIIS|ND0000|20240105||VXU^V04^VXU_V04|1|P|2.5.1\rPID|1\r"
CREDENTIALS = "<username>ann</username><password>secret</password><facilityID>7</facilityID>"
CHILDREN = f"{CREDENTIALS}<hl7Message>{HL7}</hl7Message>"
WSA = "http://www.w3.org/2005/08/addressing"
SECURITY = '<Security xmlns="http://docs.oasis-open.org/wss" s:mustUnderstand="{must}"{role}/>'


def operation(children: str = CHILDREN, name: str = "submitSingleMessage", namespace: str = CDC.namespace) -> str:
    return f'<{name} xmlns="{namespace}">{children}</{name}>'


def envelope(content: str | None = None, *, header: str = "", version: SOAPVersion = SOAP12) -> str:
    head = f"<s:Header>{header}</s:Header>" if header else ""
    body = operation() if content is None else content
    return f'<s:Envelope xmlns:s="{version.namespace}">{head}<s:Body>{body}</s:Body></s:Envelope>'


def read(
    body: str | bytes, content_type: str = "application/soap+xml; charset=utf-8", *, dialect: Dialect = CDC
) -> Call | Refusal:
    return Endpoint(dialect).read(body if isinstance(body, bytes) else body.encode(), content_type)


def taken(body: str | bytes, content_type: str = "application/soap+xml", *, dialect: Dialect = CDC) -> Call:
    call = read(body, content_type, dialect=dialect)
    assert isinstance(call, Call), call
    return call


def refused(body: str | bytes, content_type: str = "application/soap+xml", *, dialect: Dialect = CDC) -> Refusal:
    refusal = read(body, content_type, dialect=dialect)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def schema(dialect: Dialect = CDC) -> etree.XMLSchema:
    definitions = etree.fromstring(wsdl(dialect, "http://127.0.0.1/soap"))
    (found,) = definitions.iter("{http://www.w3.org/2001/XMLSchema}schema")
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


# What is taken


@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
@pytest.mark.parametrize("dialect", [CDC, NORIDIAN], ids=lambda dialect: dialect.name)
def test_a_message_is_taken_and_answered_in_its_own_version(version: SOAPVersion, dialect: Dialect) -> None:
    """Both SOAP versions are taken for both namespaces; the answer satisfies the WSDL's schema."""
    call = taken(envelope(operation(namespace=dialect.namespace), version=version), dialect=dialect)

    assert ("submitSingleMessage", "ann", "secret", "7", TEXT) == (
        call.operation,
        call.username,
        call.password,
        call.facility,
        call.text,
    )

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


def test_connectivity_test_is_taken_and_answered() -> None:
    """connectivityTest has echoBack and no credentials; an empty answer is an empty return."""
    call = taken(envelope(operation("<echoBack> hello </echoBack>", "connectivityTest")))
    answer = content(Endpoint().write(call, ""), SOAP12)

    assert ("connectivityTest", "", " hello ") == (call.operation, call.username, call.text)
    schema().assertValid(answer)
    assert [CDC.tag("return")] == [child.tag for child in answer]
    assert "" == (answer[0].text or "")


@pytest.mark.parametrize(
    ("children", "text"),
    [
        ("<hl7Message>a\rb\r\nc\nd&#xD;e&#13;\r\n</hl7Message>", "a\nb\nc\nd\re\r\n"),
        ("<hl7Message><![CDATA[^~\\&|\r\nb&#xD;]]></hl7Message>", "^~\\&|\nb&#xD;"),
        ("<hl7Message>\n  <![CDATA[a]]>b<![CDATA[c]]>\n</hl7Message>", "\n  abc\n"),
        ("<hl7Message>a<!-- b -->c<?d e?>f</hl7Message>", "acf"),
        ("<hl7Message>Nuñez é 王 😀</hl7Message>", "Nuñez é 王 😀"),
        ("<hl7Message> </hl7Message>", " "),
        ("<hl7Message/>", ""),
        ('<hl7Message xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>', ""),
        ('<hl7Message xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="false">a</hl7Message>', "a"),
        ('<hl7Message xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="no:such">a</hl7Message>', "a"),
        ('<hl7Message href="#nowhere" id="1" username="b">a</hl7Message>', "a"),
        ("<hl7Message>a</hl7Message><username>ann</username>", "a"),
    ],
)
def test_the_text_is_what_an_xml_parser_sees(children: str, text: str) -> None:
    """CR as a reference stays, other line ends become LF, CDATA and comments leave no trace, attributes mean nothing."""
    assert text == taken(envelope(operation(children))).text


@pytest.mark.parametrize("missing", ["username", "password", "facilityID"])
def test_credentials_may_be_missing_or_nil(missing: str) -> None:
    """The WSDL makes each of the three optional and nillable."""
    nil = f'<{missing} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/><hl7Message>a</hl7Message>'
    without = taken(envelope(operation("<hl7Message>a</hl7Message>")))

    assert ("", "", "") == (without.username, without.password, without.facility)
    assert without == taken(envelope(operation(nil)))


def test_a_call_shows_neither_message_nor_password() -> None:
    """What is printed by accident holds no PHI and no password."""
    shown = repr(taken(envelope()))

    assert "MSH" not in shown
    assert "secret" not in shown
    assert "ann" not in shown


@pytest.mark.parametrize(
    "content_type",
    [
        'application/soap+xml; charset=utf-8; action="urn:cdc:iisb:2011:submitSingleMessage"',
        "application/soap+xml",
        'TEXT/XML; Charset="UTF-8"',
        "application/xml",
        "text/plain",
        "text/html",
        "application/soap",
        "",
    ],
)
def test_a_content_type_of_xml_or_of_nothing_is_taken(content_type: str) -> None:
    """Senders vary in the content type and leave out the action; the envelope says its own version."""
    for version in (SOAP12, SOAP11):
        assert version is taken(envelope(version=version), content_type).version


@pytest.mark.parametrize(
    ("start", "codec", "content_type"),
    [
        ("\ufeff", "utf-8", "text/xml"),
        ("\ufeff", "utf-8", "text/xml; charset=iso-8859-1"),
        ("\ufeff", "utf-16-le", "text/xml; charset=utf-8"),
        ("\ufeff", "utf-16-be", "text/xml"),
        ("\ufeff<?xml version='1.0' encoding='utf-8'?>", "utf-16-be", "text/xml"),
        ("\ufeff<?xml version='1.0' encoding='iso-8859-1'?>", "utf-8", "text/xml"),
        ("", "utf-16-le", "text/xml; charset=utf-16"),
        ("", "utf-16-be", "text/xml; charset=UTF-16"),
        ("", "utf-16-be", "text/xml; charset=UTF-16BE"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16-le", "text/xml"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-8", "text/xml; charset=utf-8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "utf-8", "text/xml; charset='UTF-8'"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "iso-8859-1", "text/xml"),
        ("", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("", "cp1252", "text/xml; charset=windows-1252"),
        ("", "utf-8", "text/xml; charset=us-ascii"),
    ],
)
def test_character_sets(start: str, codec: str, content_type: str) -> None:
    """A byte order mark beats the charset label, which beats the XML declaration."""
    body = start + envelope(operation("<hl7Message>Nuñez é</hl7Message>"))

    assert "Nuñez é" == taken(body.encode(codec), content_type).text


@pytest.mark.parametrize(
    "header",
    [
        f'<Action xmlns="{WSA}">urn:x</Action><To xmlns="{WSA}" s:mustUnderstand="1">http://x</To>',
        '<Action xmlns="http://schemas.microsoft.com/ws/2005/05/addressing/none" s:mustUnderstand="1">x</Action>',
        SECURITY.format(must="0", role=""),
        SECURITY.format(must="1", role=' s:role="http://www.w3.org/2003/05/soap-envelope/role/none"'),
        '<Security xmlns="http://docs.oasis-open.org/wss" mustUnderstand="1"/>',
        "<anything/>",
    ],
)
def test_headers_that_need_not_be_understood(header: str) -> None:
    """WS-Addressing is understood; others are passed over unless they are for us and must be understood."""
    assert TEXT == taken(envelope(header=header)).text


# What is refused


@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
@pytest.mark.parametrize("must", ["1", "true"])
def test_a_header_that_must_be_understood_is_refused(version: SOAPVersion, must: str) -> None:
    """MustUnderstand, in the request's SOAP version and without a detail."""
    refusal = refused(envelope(header=SECURITY.format(must=must, role=""), version=version))
    code, text, detail = fault(Endpoint().write_refusal(refusal), version)

    assert ("MustUnderstand", []) == (code, detail)
    assert "Security in namespace http://docs.oasis-open.org/wss" in text


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<Envelope/>", "Envelope in no namespace"),
        (envelope().replace("soap-envelope", "soap-envelopes"), "http://www.w3.org/2003/05/soap-envelopes"),
        (operation(), "submitSingleMessage in namespace urn:cdc:iisb:2011"),
        (envelope().replace("s:Envelope", "s:Envelop"), "Envelop in namespace"),
        ("<html><body/></html>", "html in no namespace"),
    ],
)
def test_what_is_not_an_envelope_is_a_version_mismatch(body: str, found: str) -> None:
    """VersionMismatch, in the SOAP version of the dialect."""
    for dialect in (CDC, NORIDIAN):
        response = Endpoint(dialect).write_refusal(refused(body, dialect=dialect))
        code, text, detail = fault(response, dialect.version, dialect)

        assert ("VersionMismatch", []) == (code, detail)
        assert found in text


TWICE = CHILDREN + CREDENTIALS
FOREIGN = '<f:hl7Message xmlns:f="urn:other">a</f:hl7Message>'
REFUSED = [
    (envelope(""), "expected one operation in the Body, found none"),
    (envelope(operation() * 2), "expected one operation in the Body, found 2"),
    (envelope(f"lost{operation()}"), "Body holds text outside of its elements; expected only elements"),
    (envelope(operation(f"{CHILDREN}lost")), "submitSingleMessage holds text outside of its elements"),
    (envelope().replace("<s:Body>", "<s:Body/><s:Body>"), "found Body in namespace"),
    (envelope().replace("<s:Body>", "<s:Header/><s:Header/><s:Body>"), "expected one Body, after one Header or none"),
    (envelope().replace("</s:Body>", "</s:Body><s:Header/>"), "expected one Body, after one Header or none"),
    (envelope().replace("</s:Body>", "</s:Body><x/>"), "x in no namespace"),
    ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>', "found nothing"),
    (envelope(operation(CREDENTIALS)), "submitSingleMessage: hl7Message is missing; it is required"),
    (envelope(operation("")), "submitSingleMessage: hl7Message is missing"),
    (envelope(operation("", "connectivityTest")), "connectivityTest: echoBack is missing"),
    (envelope(operation(TWICE)), "submitSingleMessage: username is given twice"),
    (envelope(operation("<hl7Message><a/></hl7Message>")), "hl7Message holds the element a in namespace urn:cdc"),
    (envelope(operation("<username><a/></username>" + CHILDREN)), "username holds the element a"),
    (
        envelope(operation("<extra/>" + CHILDREN)),
        "extra is not expected; expected username, password, facilityID, hl7Message",
    ),
    (envelope(operation("<echoBack/>" + CHILDREN)), "echoBack is not expected"),
    (
        envelope(operation(FOREIGN)),
        "hl7Message is in namespace urn:other; expected namespace urn:cdc:iisb:2011",
    ),
    (envelope(operation('<hl7Message xmlns="">a</hl7Message>')), "hl7Message is in no namespace; expected namespace"),
    (
        envelope(
            operation('<hl7Message xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true">a</hl7Message>')
        ),
        "hl7Message is marked xsi:nil and has a value",
    ),
    ("", "no XML element"),
    (" \n", "no XML element"),
    ("MSH|^~\\&|", "no XML element"),
    ("\n<?xml version='1.0'?>" + envelope(), "something before the XML declaration"),
    (envelope() + "lost", "something after the end"),
    (envelope()[:-20], "not well-formed XML"),
    (envelope().replace("&amp;", "&"), "an & or < that is not escaped (write &amp; or &lt;, or use CDATA), at line 1"),
    (envelope().replace("PID|1", "PID|SMITH&JONES;"), "an & or < that is not escaped"),
    (envelope().replace("PID|1", "\x0bPID|1\x1c"), "a character that XML does not allow"),
    (envelope().replace("PID|1", "&#x0B;PID|1"), "a character that XML does not allow"),
    (envelope().replace("PID|1", "\x00"), "a character that XML does not allow"),
    (envelope().replace("xmlns:s", "xmlns:t"), "a namespace prefix that is not declared"),
    (envelope().encode("latin-1").replace(b"PID|1", b"PID|Nu\xf1ez"), "the body is not valid UTF-8: byte "),
    (b"\xff\xfe<", "the byte order mark says utf-16-le, but byte 1 of the body does not fit"),
    ("<?xml version='1.0' encoding='klingon'?>" + envelope(), "a character set that is not known"),
    ("<?xml version='1.0' encoding='us-ascii'?><a>é</a>", "bytes that do not belong to its character set"),
    ("<!DOCTYPE a>" + envelope(), "a DOCTYPE is not allowed"),
    ('<!DOCTYPE a SYSTEM "file:///etc/passwd">' + envelope(), "a DOCTYPE is not allowed"),
    (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + envelope(operation("<hl7Message>&x;</hl7Message>")),
        "a DOCTYPE is not allowed",
    ),
    (
        '<!DOCTYPE a [<!ENTITY x "y">]>' + envelope(operation("<hl7Message>before&x;after</hl7Message>")),
        "a DOCTYPE is not allowed",
    ),
    (envelope("<a>" * 300 + "</a>" * 300), "elements nested too deeply, or too long a text or name"),
    (f"<{'a' * 60_000}/>", "elements nested too deeply, or too long a text or name"),
]


@pytest.mark.parametrize(("body", "sentence"), REFUSED)
def test_a_broken_envelope_gets_an_unknown_fault_that_says_why(body: str | bytes, sentence: str) -> None:
    """Missing, repeated, nested, foreign, unreadable: the fault says what was expected and what was found."""
    response = Endpoint().write_refusal(refused(body))
    code, text, detail = fault(response)

    assert ("Receiver", 500, ["fault", "4000", "Unknown", text]) == (code, response.status, detail)
    assert sentence in text


def test_a_refusal_quotes_nothing_of_the_message() -> None:
    """The sentences may be logged, so a name next to a bare ampersand is not in them."""
    for body, _ in REFUSED:
        detail = refused(body).detail

        assert "JONES" not in detail
        assert "PID" not in detail
        assert "lost" not in detail


def test_entity_expansion_is_refused_before_it_expands() -> None:
    """A billion laughs is a fault, in an element as in an attribute."""
    names = "abcdefghij"
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(names, names[1:], strict=False)
    )
    for use in ("<a>&j;</a>", '<a b="&j;"/>'):
        assert FaultKind.UNKNOWN is refused(f"<!DOCTYPE a [{entities}]>{use}").kind


@pytest.mark.parametrize("name", ["submitSingleMessageX", "SubmitSingleMessage", "s:Fault", "fault"])
def test_an_unknown_operation_is_an_unsupported_operation_fault(name: str) -> None:
    """Any element in the Body that is no operation of the interface."""
    code, text, detail = fault(Endpoint().write_refusal(refused(envelope(operation(name=name)))))

    assert ("Receiver", ["UnsupportedOperationFault", "3000", "UnsupportedOperation", text]) == (code, detail)
    assert "connectivityTest or submitSingleMessage in namespace urn:cdc:iisb:2011" in text
    assert f"found {name.removeprefix('s:')} in namespace" in text


def test_an_operation_of_another_namespace_is_unsupported() -> None:
    """The 2014 interface, another dialect, or no namespace at all."""
    for namespace in ("urn:cdc:iisb:2014", NORIDIAN.namespace, ""):
        refusal = refused(envelope(operation(namespace=namespace)))

        assert FaultKind.UNSUPPORTED_OPERATION is refusal.kind
        assert f"submitSingleMessage in {f'namespace {namespace}' if namespace else 'no namespace'}" in refusal.detail


@pytest.mark.parametrize(
    ("content_type", "sentence"),
    [
        ('multipart/related; type="application/xop+xml"; boundary=x', "MTOM and other multipart bodies"),
        ("application/json", "the content type is application/json; expected application/soap+xml"),
        ("application/x-www-form-urlencoded", "the content type is application/x-www-form-urlencoded"),
        ("text/xml; charset=klingon", "the charset klingon is not known; send UTF-8"),
        ("text/xml; charset=zlib_codec", "the charset zlib_codec is not known"),
    ],
)
def test_other_content_types_are_refused(content_type: str, sentence: str) -> None:
    """Multipart would be another parser; JSON is not XML; a charset nobody knows cannot be read."""
    code, text, detail = fault(Endpoint().write_refusal(refused(envelope(), content_type)), SOAP12)

    assert ("Receiver", ["fault", "4000", "Unknown", text]) == (code, detail)
    assert sentence in text


def test_a_body_that_is_not_in_the_charset_of_its_label_is_refused() -> None:
    """The sentence says who named the charset, and the first byte that is wrong."""
    detail = "the Content-Type says utf-16-be, but byte 3 of the body does not fit"

    assert detail == refused("<a>", "text/xml; charset=utf-16").detail


def test_a_text_over_ten_megabytes_is_a_message_too_large_fault() -> None:
    """The parser takes no longer text; that is about size, not about syntax."""
    refusal = refused(envelope(operation(f"<hl7Message>{'a' * 10_000_001}</hl7Message>")))

    assert FaultKind.MESSAGE_TOO_LARGE is refusal.kind


@pytest.mark.parametrize(
    ("body", "content_type", "version"),
    [
        ("<broken", "application/soap+xml", SOAP12),
        ("<broken", "text/xml", SOAP11),
        ("<broken", "text/plain", SOAP12),
        (envelope(version=SOAP11)[:-9], "application/soap+xml", SOAP11),
        (envelope(version=SOAP12)[:-9], "text/xml", SOAP12),
    ],
)
def test_what_cannot_be_read_is_answered_in_its_likely_version(
    body: str, content_type: str, version: SOAPVersion
) -> None:
    """The namespace at the beginning says the version, or else the content type, or else the dialect."""
    fault(Endpoint().write_refusal(refused(body, content_type)), version)


# How it is answered


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("version", [SOAP12, SOAP11], ids=lambda version: version.name)
@pytest.mark.parametrize("dialect", [CDC, NORIDIAN], ids=lambda dialect: dialect.name)
def test_faults(kind: FaultKind, version: SOAPVersion, dialect: Dialect) -> None:
    """Each kind has its element, code and fixed Reason, by the WSDL's schema; the detail is SOAP's text as well."""
    endpoint = Endpoint(dialect)
    call = taken(envelope(operation(namespace=dialect.namespace), version=version), dialect=dialect)
    response = endpoint.write_fault(call, kind, "no <such> user")
    form = FAULTS[kind]

    assert (500, f"{version.media_type}; charset=utf-8") == (response.status, response.content_type)
    assert (
        "Receiver" if version is SOAP12 else "Server",
        "no <such> user",
        [form.element, str(form.code), form.reason, "no <such> user"],
    ) == fault(response, version, dialect)


def test_fault_status_can_be_200() -> None:
    """Some IIS answer faults with 200."""
    endpoint = Endpoint(fault_status=200)
    call = taken(envelope())

    assert 200 == endpoint.write_fault(call, FaultKind.SECURITY, "no").status
    assert 200 == endpoint.write_refusal(refused("<a/>")).status


def test_the_reason_of_a_fault_can_be_replaced() -> None:
    """A scenario may break the contract on purpose; an empty detail leaves the reason as the text."""
    response = Endpoint().write_fault(taken(envelope()), FaultKind.UNKNOWN, "", "Busy")

    assert ("Receiver", "Busy", ["fault", "4000", "Busy", None]) == fault(response)


def test_text_that_xml_cannot_carry_becomes_a_fault() -> None:
    """An answer with control characters is never sent spoilt, and never an error."""
    call = taken(envelope())
    response = Endpoint().write(call, "MSA|AA\x13")
    problem = "the answer holds U+0013 at character 7, which XML cannot carry"

    assert ("Receiver", problem, ["fault", "4000", "Unknown", problem]) == fault(response)
    assert problem == response.problem


def test_faults_with_control_characters_are_written() -> None:
    """In a fault, which is for people, they become question marks."""
    response = Endpoint().write_fault(taken(envelope()), FaultKind.UNKNOWN, "bad \x0b\ud800 here", "\x00")

    assert ("Receiver", "bad ?? here", ["fault", "4000", "?", "bad ?? here"]) == fault(response)


def test_a_call_can_be_answered_again() -> None:
    """A second answer is not the first one."""
    endpoint, call = Endpoint(), taken(envelope())

    assert ["one", "two"] == [content(endpoint.write(call, text), SOAP12)[0].text for text in ("one", "two")]


def test_spyne_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Spyne would log whole requests, passwords included."""
    with caplog.at_level(logging.DEBUG):
        for body in (envelope(), "<broken>secret", envelope(operation(TWICE))):
            read(body)

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
        envelope(),
        CHILDREN,
    ]
)
TYPES = st.sampled_from(["", "text/xml", "text/xml; charset=utf-16", "application/soap+xml; charset=iso-8859-1"])


@given(st.one_of(st.binary(), st.lists(PIECES | st.text(max_size=3)).map("".join).map(str.encode)), TYPES)
@example(envelope().encode("utf-16"), "")
def test_whatever_comes_gives_a_call_or_a_fault(body: bytes, content_type: str) -> None:
    """No bytes raise; what is refused can be written as a well-formed fault."""
    endpoint = Endpoint()
    call = endpoint.read(body, content_type)
    if isinstance(call, Refusal):
        fault(endpoint.write_refusal(call), call.version)
    else:
        assert TEXT.partition("|")[0] == call.text.partition("|")[0]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_xml_can_carry_goes_through_unchanged(text: str) -> None:
    """Any text but control characters, both ways; the rest is a fault."""
    endpoint = Endpoint()
    response = endpoint.write(taken(envelope()), text)
    if response.problem:
        fault(response)
    else:
        answer = content(response, SOAP12)[0]
        answer.tag = CDC.tag("hl7Message")
        body = etree.tostring(answer, encoding="unicode")

        assert text == (answer.text or "")
        assert text == taken(envelope(operation(body))).text
