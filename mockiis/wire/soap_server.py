"""The IIS's end of CDC's SOAP interface: request bytes -> Call, and later Call and answer -> response bytes.

The only module that imports Spyne (2.14.0). Spyne maps the elements of a sound envelope to the operations and
writes the answers and faults; its transports, its WSDL and its own checks are not used (see ``soap_check`` for the
last). Importing and building it takes about 0.1 s, so that waits for the first Endpoint. Counterpart: ``soap_client``.
"""

from __future__ import annotations

import importlib.util
import logging
import operator
import sys
import warnings
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, FAULTS, OPERATIONS, SOAP11, SOAP12, Dialect, Operation, SOAPVersion
from mockiis.wire.soap_check import Opened, Refusal, RefusedError, likely_version, open_envelope
from mockiis.wire.xml import carried, illegal_character

__all__ = ["Call", "Endpoint", "Refusal", "SOAPResponse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that can be answered. ``text`` is hl7Message or echoBack; what was absent or nil is empty.

    ``context`` belongs to the Endpoint. The message and the password never show in a ``repr``.
    """

    operation: str
    version: SOAPVersion
    text: str = field(repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    facility: str = ""
    context: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SOAPResponse:
    """What to send back over HTTP. ``problem`` says why an answer could not be written and became a fault."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    problem: str = ""


class Endpoint:
    """One SOAP address. ``fault_status`` is the HTTP status of faults: 500, or 200 as some IIS do."""

    def __init__(self, dialect: Dialect = CDC, fault_status: int = 500) -> None:
        self.dialect = dialect
        self.fault_status = fault_status
        self._servers = _servers(dialect.namespace)
        self._written: dict[tuple[SOAPVersion, str], tuple[bytes, bytes]] = {}

    def read(self, body: bytes, content_type: str) -> Call | Refusal:
        """Take a request. Never raises because of what is in it."""
        try:
            opened = open_envelope(body, content_type, self.dialect)
        except RefusedError as refused:
            return refused.refusal
        return self._call(opened)

    def refusal(self, head: bytes, content_type: str, detail: str, kind: FaultKind = FaultKind.UNKNOWN) -> Refusal:
        """Refuse a request without reading it; ``head`` is the beginning of its body."""
        return Refusal(
            version=likely_version(head, content_type, self.dialect), detail=detail, summary=detail, kind=kind
        )

    def write(self, call: Call, text: str) -> SOAPResponse:
        """The response of the call's operation; a fault when XML cannot carry the text."""
        illegal = illegal_character(text)
        if illegal:
            problem = f"the answer holds {illegal}, which XML cannot carry"
            return replace(self.write_fault(call, FaultKind.UNKNOWN, problem), problem=problem)
        head, tail = self._around(call)
        return _response(call.version, 200, head + escape(text, _ENTITIES).encode() + tail)

    def _around(self, call: Call) -> tuple[bytes, bytes]:
        """What Spyne writes before and after the text: it is the same for every answer, and writing it is slow."""
        key = (call.version, call.operation)
        if key not in self._written:
            server, context = self._servers[call.version], call.context
            context.udc = _TEXT
            context.out_document = context.out_string = None
            server.get_out_object(context)
            server.get_out_string(context)
            head, tail = b"".join(context.out_string).split(_TEXT.encode())
            self._written[key] = head, tail
        return self._written[key]

    def write_fault(self, call: Call | Refusal, kind: FaultKind, detail: str, reason: str = "") -> SOAPResponse:
        """A CDC fault; the text for people is both in its Detail and in SOAP's own reason."""
        form, tag = FAULTS[kind], self.dialect.tag
        reason, detail = carried(reason) or form.reason, carried(detail)
        members = {tag("Code"): str(form.code), tag("Reason"): reason, tag("Detail"): detail}
        return self._fault(call.version, "Server", detail or reason, {tag(form.element): members})

    def write_refusal(self, refusal: Refusal) -> SOAPResponse:
        """The fault that a refusal calls for."""
        if refusal.soap_code:
            return self._fault(refusal.version, refusal.soap_code, carried(refusal.detail), None)
        return self.write_fault(refusal, refusal.kind, refusal.detail)

    def _call(self, opened: Opened) -> Call:
        server = self._servers[opened.version]
        context = _context(server)
        context.udc = opened.envelope
        (context,) = server.generate_contexts(context)
        server.get_in_object(context)
        values = dict(zip(opened.operation.children, context.in_object, strict=True))
        return Call(
            operation=opened.operation.name,
            version=opened.version,
            text=values[opened.operation.payload] or "",
            username=values.get("username") or "",
            password=values.get("password") or "",
            facility=values.get("facilityID") or "",
            context=context,
        )

    def _fault(self, version: SOAPVersion, code: str, text: str, detail: dict[str, Any] | None) -> SOAPResponse:
        server = self._servers[version]
        context = _context(server)
        context.out_error = _spyne().Fault(code, text, detail=detail)
        server.get_out_string(context)
        return _response(version, self.fault_status, b"".join(context.out_string))


_TEXT = "text-of-the-answer"
_ENTITIES = {"\r": "&#13;"}
"""A reader of XML would turn a bare CR, the end of every segment, into LF."""


def _response(version: SOAPVersion, status: int, body: bytes) -> SOAPResponse:
    return SOAPResponse(status=status, content_type=f"{version.media_type}; charset=utf-8", body=body)


def _context(server: Any) -> Any:
    context = _spyne().MethodContext
    return context(server, context.SERVER)


@cache
def _spyne() -> Any:
    """The package, imported on first use; with the current six under the name of Spyne's own, which fails on 3.12.

    Spyne logs whole requests, passwords included, so none of its loggers may reach a handler.
    """
    log = logging.getLogger("spyne")
    log.propagate = False
    log.setLevel(logging.CRITICAL + 1)
    log.addHandler(logging.NullHandler())
    current = importlib.util.find_spec("six")
    assert current is not None
    spec = importlib.util.spec_from_file_location("spyne.util.six", current.origin)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["spyne.util.six"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.get_function_name = operator.attrgetter("__name__")  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spyne's source has invalid escapes and outdated imports
        import spyne.protocol.soap  # noqa: PLC0415
        import spyne.server  # noqa: PLC0415
    return spyne


@cache
def _servers(namespace: str) -> dict[SOAPVersion, Any]:
    """A Spyne server without a transport for each SOAP version."""
    spyne = _spyne()
    servers = {}
    for version, base in ((SOAP12, spyne.protocol.soap.Soap12), (SOAP11, spyne.protocol.soap.Soap11)):
        protocol = type(base.__name__, (_Parsed, base), {})
        reader, writer = protocol(), protocol()
        for used in (reader, writer):  # asked twenty times an exchange, with an answer that never changes
            used.get_cls_attrs = cache(used.get_cls_attrs)
        application = spyne.Application([_service()], namespace, in_protocol=reader, out_protocol=writer)
        servers[version] = type("Server", (spyne.server.ServerBase,), {"transport": "urn:none"})(application)
    return servers


def _service() -> Any:
    """The operations as Spyne sees them. A fresh class each time: Spyne binds its types to the first namespace."""
    return type("IIS", (_spyne().ServiceBase,), {name: _method(operation) for name, operation in OPERATIONS.items()})


def _method(operation: Operation) -> Any:
    def answer(context: Any, *_values: str) -> Any:
        return context.udc

    spyne = _spyne()
    answer.__name__ = operation.name
    texts = [spyne.Unicode] * len(operation.children)
    kind = spyne.rpc(*texts, _args=operation.children, _returns=spyne.Unicode, _out_variable_name="return")
    return kind(answer)


class _Parsed:
    """Laid over Spyne's protocols: takes the envelope parsed, knows SOAP's own fault codes, adds no empty role."""

    soap_env: str
    ns_soap_env: str

    def create_in_document(self, ctx: Any, _charset: str | None = None) -> None:
        ctx.in_document = ctx.udc

    def decompose_incoming_envelope(self, ctx: Any, _message: Any = None) -> None:
        ctx.in_body_doc = ctx.in_document[-1][0]  # soap_check has seen to it; Spyne's way would follow href attributes
        ctx.method_request_string = ctx.in_body_doc.tag

    def gen_fault_codes(self, code: str) -> Any:
        if code in ("MustUnderstand", "VersionMismatch"):
            return f"{self.soap_env}:{code}", []
        return super().gen_fault_codes(code)  # type: ignore[misc]

    def serialize(self, ctx: Any, message: Any) -> None:
        super().serialize(ctx, message)  # type: ignore[misc]
        if ctx.out_error is not None:
            fault = ctx.out_document[0][0]
            for empty in fault.findall(f"{{{self.ns_soap_env}}}Role") + fault.findall("faultactor"):
                fault.remove(empty)
