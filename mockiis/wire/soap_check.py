"""Request bytes -> the operation element of a sound envelope, or a Refusal.

Spyne accepts elements that are unqualified, foreign, repeated, nested or missing and ignores mustUnderstand, so
``soap_server`` hands it only what has passed here. Rules: SOAP 1.1 section 4, SOAP 1.2 part 1 sections 2 and 5, and
CDC's WSDL, strictly but for the order of the children: the WSDL says sequence, but no two of them can be
mistaken for each other, and senders written by hand do vary, so any order is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NoReturn

from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import OPERATIONS, SOAP11, SOAP12, VERSIONS, XSI_NIL, Dialect, Operation, SOAPVersion
from mockiis.wire.xml import XMLError, media_type, parse, shown

SOAPCode = Literal["", "VersionMismatch", "MustUnderstand"]

_MEDIA_TYPES = frozenset(
    {"", "application/soap+xml", "text/xml", "application/xml", "text/plain", "text/html", "application/soap"}
)
# Headers that ask nothing of an IIS, so that it has understood them by passing over them: WS-Addressing, the same of
# 2004, and what WCF writes when addressing is switched off.
_UNDERSTOOD = frozenset(
    {
        "http://www.w3.org/2005/08/addressing",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "http://schemas.microsoft.com/ws/2005/05/addressing/none",
        "http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics",
    }
)
_TEXT_LIMIT = 10_000_000  # libxml2 takes no longer text, so a longer body that it refuses is too large
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An envelope that could not be taken, and what is needed to say so in the request's SOAP version.

    With a ``soap_code`` it is answered by SOAP's own fault of that name, which has no detail; without one by the
    CDC fault of its kind. ``detail`` says what was expected and found, and holds no content of the request;
    ``summary`` is for logs: there an ellipsis stands for the names that the sender chose.
    """

    version: SOAPVersion
    detail: str
    summary: str = field(default="", compare=False)
    kind: FaultKind = FaultKind.UNKNOWN
    soap_code: SOAPCode = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A sound envelope."""

    version: SOAPVersion
    operation: Operation
    envelope: etree._Element


class RefusedError(Exception):
    """Carries a Refusal from the check that made it to ``Endpoint.read``."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def open_envelope(body: bytes, content_type: str, dialect: Dialect) -> Opened:
    """Check everything from the media type to the children of the operation; raises RefusedError, and nothing else."""
    kind, charset = media_type(content_type)
    version = likely_version(body, content_type, dialect)
    if kind not in _MEDIA_TYPES:
        hint = "MTOM and other multipart bodies are not supported; " if kind.startswith("multipart/") else ""
        _refuse(version, f"the content type is …; {hint}expected {dialect.version.media_type}", theirs=kind[:60])
    try:
        root = parse(body, charset)
    except XMLError as error:
        large = len(body) > _TEXT_LIMIT
        _refuse(version, str(error), FaultKind.MESSAGE_TOO_LARGE if large else FaultKind.UNKNOWN)
    version = _envelope_version(root, dialect)
    content = _body(root, version)
    _check_headers(root, version)
    operation = _operation(content, dialect, version)
    _check_children(content[0], operation, dialect, version)
    return Opened(version=version, operation=operation, envelope=root)


def likely_version(head: bytes, content_type: str, dialect: Dialect) -> SOAPVersion:
    """The SOAP version to answer in when the envelope cannot be read: what its beginning or its media type say."""
    for version in (SOAP12, SOAP11):
        if version.namespace.encode() in head[:1000]:
            return version
    kind = media_type(content_type)[0]
    return {SOAP11.media_type: SOAP11, SOAP12.media_type: SOAP12}.get(kind, dialect.version)


def _refuse(
    version: SOAPVersion,
    text: str,
    kind: FaultKind = FaultKind.UNKNOWN,
    soap_code: SOAPCode = "",
    theirs: str = "",
) -> NoReturn:
    """Refuse in a text with an ellipsis where ``theirs`` belongs, which the sender chose."""
    detail = text.replace("…", theirs)
    raise RefusedError(Refusal(version=version, detail=detail, summary=text, kind=kind, soap_code=soap_code))


def _envelope_version(root: etree._Element, dialect: Dialect) -> SOAPVersion:
    name = etree.QName(root)
    version = VERSIONS.get(name.namespace or "")
    if version is None or name.localname != "Envelope":
        text = "expected a SOAP 1.2 or 1.1 Envelope, found …"
        _refuse(dialect.version, text, soap_code="VersionMismatch", theirs=shown(root.tag))
    return version


def _body(root: etree._Element, version: SOAPVersion) -> etree._Element:
    header, body = version.tag("Header"), version.tag("Body")
    tags = [child.tag for child in root]
    if tags not in ([body], [header, body]):
        found = ", ".join(shown(tag) for tag in tags[:4]) or "nothing"
        _refuse(version, "expected one Body, after one Header or none, in the Envelope, found …", theirs=found)
    _refuse_stray_text(root, "Envelope", version)
    return root[-1]


def _check_headers(root: etree._Element, version: SOAPVersion) -> None:
    for header in root[0] if len(root) > 1 else ():
        role = header.get(version.tag(version.role_attribute), "")
        if header.get(version.tag("mustUnderstand"), "").strip(_BLANKS) not in ("1", "true"):
            continue
        if role.strip(_BLANKS) in version.roles and etree.QName(header).namespace not in _UNDERSTOOD:
            text = "the header … is marked mustUnderstand, and is not understood"
            _refuse(version, text, soap_code="MustUnderstand", theirs=shown(header.tag))


def _operation(body: etree._Element, dialect: Dialect, version: SOAPVersion) -> Operation:
    _refuse_stray_text(body, "Body", version)
    if len(body) != 1:
        _refuse(version, f"expected one operation in the Body, found {len(body) or 'none'}")
    namespace, _, name = body[0].tag.rpartition("}")
    operation = OPERATIONS.get(name)
    if operation is None or namespace[1:] != dialect.namespace:
        expected = f"{' or '.join(OPERATIONS)} in namespace {dialect.namespace}"
        _refuse(version, f"expected {expected}, found …", FaultKind.UNSUPPORTED_OPERATION, theirs=shown(body[0].tag))
    return operation


def _check_children(element: etree._Element, operation: Operation, dialect: Dialect, version: SOAPVersion) -> None:
    """Leaves the children without attributes: Spyne would read xsi:type, and an attribute username as an element."""
    _refuse_stray_text(element, operation.name, version)
    seen = set()
    for child in element:
        wrong, theirs = _misplaced(child, operation, dialect)
        wrong = wrong or (f"{_name(child)} is given twice" if child.tag in seen else "")
        if not wrong:
            wrong, theirs = _wrong_value(child)
        if wrong:
            _refuse(version, f"{operation.name}: {wrong}", theirs=theirs)
        seen.add(child.tag)
        child.attrib.clear()
    if dialect.tag(operation.payload) not in seen:
        _refuse(version, f"{operation.name}: {operation.payload} is missing; it is required")


def _misplaced(child: etree._Element, operation: Operation, dialect: Dialect) -> tuple[str, str]:
    """What is wrong and the name in it that the sender chose."""
    namespace, _, name = child.tag.rpartition("}")
    if name not in operation.children:
        return f"… is not expected; expected {', '.join(operation.children)}", name[:100]
    if namespace[1:] != dialect.namespace:
        found = shown(child.tag).partition(" in ")[2]
        return f"{name} is in …; expected namespace {dialect.namespace}", found
    return "", ""


def _wrong_value(child: etree._Element) -> tuple[str, str]:
    """What is wrong and the name in it that the sender chose."""
    name = _name(child)
    if len(child):
        return f"{name} holds the element …; expected text (escape it, or use CDATA)", shown(child[0].tag)
    if child.get(XSI_NIL, "").strip(_BLANKS) in ("1", "true") and child.text:
        return f"{name} is marked xsi:nil and has a value; expected one or the other", ""
    return "", ""


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def _refuse_stray_text(element: etree._Element, name: str, version: SOAPVersion) -> None:
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip(_BLANKS) for text in texts):
        _refuse(version, f"{name} holds text outside of its elements; expected only elements")
