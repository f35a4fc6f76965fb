"""The published WSDL: CDC's contract, transcribed here a second time."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from mockiis.wire.soap import CDC, DIALECTS, NORIDIAN, OPERATIONS, Dialect
from mockiis.wire.wsdl import wsdl

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
ACTION = "{http://www.w3.org/2005/08/addressing}Action"


def definitions(dialect: Dialect, address: str = "http://127.0.0.1:8080/soap") -> Any:
    return etree.fromstring(wsdl(dialect, address))


def named(parent: Any, tag: str, attribute: str = "name") -> list[str]:
    return [element.get(attribute) for element in parent.iter(tag)]


@pytest.mark.parametrize(
    ("dialect", "namespace", "soap", "suffix", "prefix"),
    [
        (CDC, "urn:cdc:iisb:2011", "{http://schemas.xmlsoap.org/wsdl/soap12/}", "Soap12", "urn:cdc:iisb:2011:"),
        (
            NORIDIAN,
            "https://ndiisioptest.noridian.com/",
            "{http://schemas.xmlsoap.org/wsdl/soap/}",
            "Soap11",
            "https://ndiisioptest.noridian.com/",
        ),
    ],
    ids=["cdc", "noridian"],
)
def test_names_actions_and_binding(dialect: Dialect, namespace: str, soap: str, suffix: str, prefix: str) -> None:
    """The names that generated code of senders depends on."""
    root = definitions(dialect)
    port_type, binding = root.find(f"{WSDL}portType"), root.find(f"{WSDL}binding")
    operations = ["connectivityTest", "submitSingleMessage"]

    assert namespace == root.get("targetNamespace") == root.find(f"{WSDL}types/{XSD}schema").get("targetNamespace")
    assert "qualified" == root.find(f"{WSDL}types/{XSD}schema").get("elementFormDefault")
    assert ("IIS_PortType", f"client_Binding_{suffix}") == (port_type.get("name"), binding.get("name"))
    assert ["client_Service"] == named(root, f"{WSDL}service")
    assert [f"client_Port_{suffix}"] == named(root, f"{WSDL}port")
    assert [prefix + name for name in operations] == named(binding, f"{soap}operation", "soapAction")
    assert [prefix + name for name in operations] == named(port_type, f"{WSDL}input", ACTION)
    assert [f"{prefix}{name}Response" for name in operations] == named(port_type, f"{WSDL}output", ACTION)
    assert "http://schemas.xmlsoap.org/soap/http" == binding.find(f"{soap}binding").get("transport")
    assert [prefix + name for name in operations] == [dialect.action(name) for name in OPERATIONS]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_faults_of_each_operation(dialect: Dialect) -> None:
    """connectivityTest declares two, submitSingleMessage three; UnknownFault's element is fault."""
    root = definitions(dialect)
    faults = [named(operation, f"{WSDL}fault") for operation in root.find(f"{WSDL}portType").iter(f"{WSDL}operation")]
    elements = {
        message.get("name"): message[0].get("element")
        for message in root.iter(f"{WSDL}message")
        if "Fault" in message.get("name")
    }

    assert [
        ["UnknownFault", "UnsupportedOperationFault"],
        ["UnknownFault", "SecurityFault", "MessageTooLargeFault"],
    ] == faults
    assert {
        "UnknownFault_Message": "tns:fault",
        "UnsupportedOperationFault_Message": "tns:UnsupportedOperationFault",
        "SecurityFault_Message": "tns:SecurityFault",
        "MessageTooLargeFault_Message": "tns:MessageTooLargeFault",
    } == elements


@pytest.mark.parametrize(
    ("kind", "children"),
    [
        ("connectivityTestRequestType", ["echoBack 1..1 nillable"]),
        ("connectivityTestResponseType", ["return 1..1 nillable"]),
        (
            "submitSingleMessageRequestType",
            [
                "username 0..1 nillable",
                "password 0..1 nillable",
                "facilityID 0..1 nillable",
                "hl7Message 1..1 nillable",
            ],
        ),
        ("submitSingleMessageResponseType", ["return 1..1 nillable"]),
        ("soapFaultType", ["Code 1..1", "Reason 1..1", "Detail 1..1"]),
        ("SecurityFaultType", ["Code 1..1", "Reason 1..1 Security", "Detail 1..1"]),
        ("MessageTooLargeFaultType", ["Code 1..1", "Reason 1..1 MessageTooLarge", "Detail 1..1"]),
        ("UnsupportedOperationFaultType", ["Code 1..1", "Reason 1..1 UnsupportedOperation", "Detail 1..1"]),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_types_are_strict(kind: str, children: list[str], dialect: Dialect) -> None:
    """What is mandatory, and the fixed Reason of each fault."""
    found = []
    for element in definitions(dialect).find(f".//{XSD}complexType[@name='{kind}']").iter(f"{XSD}element"):
        cardinality = f"{element.get('minOccurs', '1')}..{element.get('maxOccurs', '1')}"
        rest = ["nillable"] * (element.get("nillable") == "true") + [element.get("fixed")]
        found.append(" ".join(filter(None, [element.get("name"), cardinality, *rest])))

    assert children == found


def test_the_address_is_filled_in_and_escaped() -> None:
    """Nothing else depends on the request."""
    address = 'https://iis.example:8443/soap?a=1&b="<$address>'
    root = definitions(CDC, address)

    assert [address] == [element.get("location") for element in root.iter() if element.get("location")]
    assert b"$" not in wsdl(CDC, "http://x/soap")
