"""What both ends of the CDC SOAP interface share: SOAP versions, dialects, operations and faults, as values.

The contract is CDC's WSDL of 2011 (``wsdl/cdc.wsdl``). Counterparts: ``soap_server`` and ``soap_client``.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.message.reply import FaultKind

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(frozen=True, slots=True, kw_only=True)
class SOAPVersion:
    """One of the two envelope formats. ``roles`` are the roles (1.1: actors) that an IIS plays for a header."""

    name: str
    namespace: str
    media_type: str
    role_attribute: str
    roles: frozenset[str]

    def tag(self, name: str) -> str:
        """The qualified name of an element of the envelope."""
        return f"{{{self.namespace}}}{name}"


SOAP11 = SOAPVersion(
    name="1.1",
    namespace="http://schemas.xmlsoap.org/soap/envelope/",
    media_type="text/xml",
    role_attribute="actor",
    roles=frozenset({"", "http://schemas.xmlsoap.org/soap/actor/next"}),
)
SOAP12 = SOAPVersion(
    name="1.2",
    namespace="http://www.w3.org/2003/05/soap-envelope",
    media_type="application/soap+xml",
    role_attribute="role",
    roles=frozenset(
        {
            "",
            "http://www.w3.org/2003/05/soap-envelope/role/next",
            "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
        }
    ),
)
VERSIONS = {version.namespace: version for version in (SOAP12, SOAP11)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of the WSDL: its children in sequence, and ``payload``, the only one that must be there."""

    name: str
    children: tuple[str, ...]
    payload: str

    @property
    def response(self) -> str:
        """Name of the element that answers; it holds one ``return``."""
        return f"{self.name}Response"


CONNECTIVITY_TEST = Operation(name="connectivityTest", children=("echoBack",), payload="echoBack")
SUBMIT_SINGLE_MESSAGE = Operation(
    name="submitSingleMessage",
    children=("username", "password", "facilityID", "hl7Message"),
    payload="hl7Message",
)
OPERATIONS = {operation.name: operation for operation in (CONNECTIVITY_TEST, SUBMIT_SINGLE_MESSAGE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The same operations under one namespace; ``version`` is the SOAP version its senders use."""

    name: str
    namespace: str
    version: SOAPVersion
    action_prefix: str

    def tag(self, name: str) -> str:
        """The qualified name of an element; every element of the contract is in the namespace."""
        return f"{{{self.namespace}}}{name}"

    def action(self, operation: str) -> str:
        """The SOAP action of an operation."""
        return self.action_prefix + operation


CDC = Dialect(
    name="cdc",
    namespace="urn:cdc:iisb:2011",
    version=SOAP12,
    action_prefix="urn:cdc:iisb:2011:",
)
NORIDIAN = Dialect(
    name="noridian",
    namespace="https://ndiisioptest.noridian.com/",
    version=SOAP11,
    action_prefix="https://ndiisioptest.noridian.com/",
)
DIALECTS = {dialect.name: dialect for dialect in (CDC, NORIDIAN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultForm:
    """How a fault kind is written in the fault's detail: element, Code, and Reason (fixed but for UnknownFault)."""

    element: str
    code: int
    reason: str


FAULTS = {
    FaultKind.MESSAGE_TOO_LARGE: FaultForm(element="MessageTooLargeFault", code=1000, reason="MessageTooLarge"),
    FaultKind.SECURITY: FaultForm(element="SecurityFault", code=2000, reason="Security"),
    FaultKind.UNSUPPORTED_OPERATION: FaultForm(
        element="UnsupportedOperationFault", code=3000, reason="UnsupportedOperation"
    ),
    # The WSDL calls the fault UnknownFault and its element fault.
    FaultKind.UNKNOWN: FaultForm(element="fault", code=4000, reason="Unknown"),
}
FAULT_KINDS = {form.element: kind for kind, form in FAULTS.items()}
