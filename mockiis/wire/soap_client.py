"""The sender's end of CDC's SOAP interface: request bytes out, response bytes -> what came back, as a value.

Survives what IIS and gateways really send: faults without detail or of another shape, SOAP 1.1 answers, HTML pages,
empty bodies. Reads strictly all the same: an answer in another namespace, or without ``return``, is no answer.
No text here quotes the response, except a fault's own words. Counterpart: ``soap_server``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import FAULT_KINDS, OPERATIONS, SOAP12, VERSIONS, Dialect, SOAPVersion
from mockiis.wire.xml import XMLError, illegal_character, media_type, parse, shown

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soap:Envelope xmlns:soap="{soap}"><soap:Body><{operation} xmlns="{namespace}">{children}</{operation}>'
    "</soap:Body></soap:Envelope>"
)
_ADVICE = {
    404: "nothing is there: check the path of the address",
    405: "it takes no POST: check the path of the address",
    415: "it takes no SOAP: check the path, or send without SOAP (http+hl7:// or http+form://)",
}
"""What to do about an HTTP status, where a response is no answer."""

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")


class UnsendableError(ValueError):
    """A text holds a character that XML cannot carry; the sentence names the character and its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The operation's answer: the text of ``return``, empty when it is nil."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A SOAP fault. ``kind`` is None when it is none of the four CDC faults; ``name`` is the element in its detail.

    ``code``, ``reason`` and ``detail`` are those of the CDC fault; what it lacks is taken from the SOAP fault around
    it: ``code`` such as Receiver, and its one text, as ``reason`` or else as ``detail``.
    """

    kind: FaultKind | None
    name: str
    code: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSOAP:
    """The response is not an answer of the interface; ``reason`` says what was expected and found."""

    reason: str


def envelope(
    dialect: Dialect, operation: str, text: str, *, username: str = "", password: str = "", facility: str = ""
) -> tuple[dict[str, str], bytes]:
    """HTTP headers and body of a request; ``text`` is echoBack or hl7Message, and empty credentials are left out.

    Raises UnsendableError.
    """
    known = OPERATIONS[operation]
    given = {"username": username, "password": password, "facilityID": facility, known.payload: text}
    wanted = [name for name in known.children if given[name] or name == known.payload]
    body = _ENVELOPE.format(
        soap=dialect.version.namespace,
        operation=operation,
        namespace=escape(dialect.namespace),
        children="".join(f"<{name}>{_escaped(name, given[name])}</{name}>" for name in wanted),
    )
    return _headers(dialect, operation), body.encode("utf-8")


def read_response(
    body: bytes, content_type: str = "", *, status: int = 200, dialect: Dialect, operation: str
) -> Returned | Fault | NotSOAP:
    """What an HTTP response says. Never raises because of what is in it."""
    result = _read_body(body, content_type, status, dialect, operation)
    if isinstance(result, NotSOAP) and status in _ADVICE:
        return NotSOAP(reason=f"{result.reason}; {_ADVICE[status]}")
    return result


def _headers(dialect: Dialect, operation: str) -> dict[str, str]:
    action = dialect.action(operation)
    if dialect.version is SOAP12:
        return {"Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"'}
    return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}


def _escaped(name: str, text: str) -> str:
    """CR as a reference, since a parser turns a bare one into LF."""
    wrong = illegal_character(text)
    if wrong:
        raise UnsendableError(f"{name} holds {wrong}, which XML cannot carry; take it out before sending over SOAP")
    return escape(text, {"\r": "&#xD;"})


def _read_body(
    body: bytes, content_type: str, status: int, dialect: Dialect, operation: str
) -> Returned | Fault | NotSOAP:
    if not body.strip():
        return NotSOAP(reason=f"HTTP status {status} with an empty body; expected a SOAP envelope")
    kind, charset = media_type(content_type)
    if kind.startswith("multipart/"):
        return NotSOAP(reason=f"HTTP status {status} with a multipart body; expected a SOAP envelope alone")
    try:
        root = parse(body, charset)
    except XMLError as error:
        return NotSOAP(reason=_unreadable(body, kind, status, error))
    return _read_envelope(root, status, dialect, operation)


def _unreadable(body: bytes, kind: str, status: int, error: XMLError) -> str:
    """What such a body is. Why it is no XML is of use only where it was to be XML."""
    found = f"HTTP status {status} with {_looks_like(body)}"
    if status not in _ADVICE and (not kind or kind.endswith("xml")):
        return f"{found}: {error}"
    named = f" ({kind})" if _MEDIA_TYPE.fullmatch(kind) else ""
    return f"{found}{named}; expected a SOAP envelope"


def _looks_like(body: bytes) -> str:
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n\x0b").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if start.startswith(b"msh|"):
        return "an HL7 message outside of a SOAP envelope"
    return "a body that cannot be read"


def _read_envelope(root: etree._Element, status: int, dialect: Dialect, operation: str) -> Returned | Fault | NotSOAP:
    name = etree.QName(root)
    version = VERSIONS.get(name.namespace or "")
    if version is None or name.localname != "Envelope":
        return NotSOAP(reason=f"HTTP status {status}: expected a SOAP Envelope, found {shown(root.tag)}")
    body = root.find(version.tag("Body"))
    # IZ Gateway has answered with the Fault directly under the Envelope.
    for place in (body, root):
        fault = place.find(version.tag("Fault")) if place is not None else None
        if fault is not None:
            return _read_fault(fault, version)
    if body is None or len(body) != 1:
        found = "no Body" if body is None else f"{len(body) or 'no'} elements in the Body"
        return NotSOAP(reason=f"HTTP status {status}: expected one answer in the Body of the Envelope, found {found}")
    return _read_answer(body[0], status, dialect, operation)


def _read_answer(element: etree._Element, status: int, dialect: Dialect, operation: str) -> Returned | NotSOAP:
    response, tag = OPERATIONS[operation].response, dialect.tag("return")
    if element.tag != dialect.tag(response):
        expected = f"{response} in namespace {dialect.namespace}"
        return NotSOAP(reason=f"HTTP status {status}: expected {expected}, found {shown(element.tag)}")
    if [child.tag for child in element] != [tag] or len(element[0]):
        found = ", ".join(shown(child.tag) for child in element.iterdescendants()) or "nothing"
        expected = f"one return of text in namespace {dialect.namespace}"
        return NotSOAP(reason=f"{response}: expected {expected}, found {found[:300]}")
    if not 200 <= status < 300:
        return NotSOAP(reason=f"HTTP status {status} with a {response}; expected status 200")
    return Returned(text=element[0].text or "")


def _read_fault(fault: etree._Element, version: SOAPVersion) -> Fault:
    if version is SOAP12:
        code = _text(fault.find(f"{version.tag('Code')}/{version.tag('Value')}"))
        reason = _text(fault.find(f"{version.tag('Reason')}/{version.tag('Text')}"))
        detail = fault.find(version.tag("Detail"))
    else:
        code, reason, detail = _text(fault.find("faultcode")), _text(fault.find("faultstring")), fault.find("detail")
    parts = list(detail) if detail is not None else []
    named = next((part for part in parts if _local(part).lower().endswith("fault")), None)
    name = _local(named) if named is not None else ""
    # IZ Gateway leaves the fault's element empty and puts its members, in lower case, beside it.
    members = _members([*named, *parts] if named is not None else parts)
    return Fault(
        kind=FAULT_KINDS.get(name),
        name=name,
        code=members.get("code") or code.rpartition(":")[2],
        reason=members.get("reason") or reason,
        detail=members.get("detail") or members.get("summary") or (reason if members.get("reason") else ""),
    )


def _members(elements: Iterable[etree._Element]) -> dict[str, str]:
    """Texts by name in lower case; of two with the same name the first that has text counts."""
    found: dict[str, str] = {}
    for element in elements:
        text = _text(element)
        if text:
            found.setdefault(_local(element).lower(), text)
    return found


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]
