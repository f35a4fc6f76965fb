"""What is wrong with an envelope, in both SOAP versions; every change is tested byte by byte on a socket."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.misbehaviour import KINDS, Answers, Misbehaviour, effective
from mockiis.message.reply import FaultKind
from mockiis.wire.soap import CDC, DIALECTS, NORIDIAN, Dialect
from mockiis.wire.soap_client import Fault, NotSOAP, Returned, envelope, read_response
from mockiis.wire.soap_server import Call, Endpoint
from mockiis.wire.soap_spoil import spoil_envelope

ACK = "MSH|^~\\&|A<b>]]>\rMSA|AA|1\r"


def call(endpoint: Endpoint) -> Call:
    headers, body = envelope(endpoint.dialect, "submitSingleMessage", "MSH|")
    read = endpoint.read(body, headers["Content-Type"])
    assert isinstance(read, Call)
    return read


def spoiled(dialect: Dialect, *names: str, fault: FaultKind | None = None) -> bytes:
    endpoint = Endpoint(dialect)
    sort: Answers = "fault" if fault else "message"
    asked = call(endpoint)
    written = endpoint.write_fault(asked, fault, "no") if fault else endpoint.write(asked, ACK)
    return spoil_envelope(written.body, dialect, effective([Misbehaviour(name=name) for name in names], "soap", sort))


def read(dialect: Dialect, body: bytes, status: int = 200) -> Any:
    return read_response(
        body, dialect.version.media_type, status=status, dialect=dialect, operation="submitSingleMessage"
    )


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_cdata_holds_the_message_as_it_is(dialect: Dialect) -> None:
    """Nothing escaped; XML makes LF of its CR, and what would end the section begins another."""
    body = spoiled(dialect, "cdata")

    assert b"<![CDATA[MSH|^~\\&|A<b>]]]]><![CDATA[>\rMSA|AA|1\r]]>" in body
    assert Returned(text=ACK.replace("\r", "\n")) == read(dialect, body)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", ["unclosed_xml", "wrong_namespace", "no_prefixes", "control_character"])
def test_what_nobody_can_take(dialect: Dialect, name: str) -> None:
    """It is no SOAP any more, or not the contract's."""
    assert isinstance(read(dialect, spoiled(dialect, name)), NotSOAP)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_can_be_malformed(dialect: Dialect, kind: FaultKind) -> None:
    """In every way, and each way changes something."""
    names = [name for name in KINDS if name.startswith("fault_")]
    usual = spoiled(dialect, fault=kind)

    assert 4 == len(names)
    for name in names:
        assert usual != spoiled(dialect, name, fault=kind), name


def test_the_reason_of_each_fault() -> None:
    """The fault's name in words, where the contract fixes one without spaces."""
    said = [read(CDC, spoiled(CDC, "fault_wrong_reason", fault=kind), 500) for kind in FaultKind]

    assert all(isinstance(fault, Fault) for fault in said)
    bodies = [spoiled(NORIDIAN, "fault_wrong_reason", fault=kind).decode() for kind in FaultKind]
    words = ["Security Fault", "Message Too Large Fault", "Unsupported Operation Fault", "Unknown Fault"]
    assert all(f"<tns:Reason>{text}</tns:Reason>" in body for text, body in zip(words, bodies, strict=True))


def test_an_empty_faultcode() -> None:
    """SOAP 1.1 has no Value to leave out."""
    assert b"<faultcode></faultcode>" in spoiled(NORIDIAN, "fault_without_value", fault=FaultKind.SECURITY)


@given(st.binary() | st.text().map(str.encode), st.lists(st.sampled_from(list(KINDS)), max_size=6))
def test_nothing_raises(body: bytes, names: list[str]) -> None:
    """Whatever the bytes are."""
    sort: Answers
    for sort in ("message", "fault"):
        spoil_envelope(body, CDC, effective([Misbehaviour(name=name) for name in names], "soap", sort))
