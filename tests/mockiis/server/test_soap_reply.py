"""Replies as HTTP responses, where something goes wrong with them."""

from __future__ import annotations

import pytest

from mockiis.message import FaultKind, FaultReply, HTTPReply, MessageReply, Misbehaviour, NoReply
from mockiis.server.soap_reply import is_plain, prepared, written
from mockiis.wire.soap import CDC
from mockiis.wire.soap_client import envelope
from mockiis.wire.soap_server import Call, Endpoint


@pytest.fixture(scope="module")
def endpoint() -> Endpoint:
    return Endpoint(CDC, fault_status=500)


@pytest.fixture
def call(endpoint: Endpoint) -> Call:
    headers, body = envelope(CDC, "submitSingleMessage", "MSH|")
    read = endpoint.read(body, headers["Content-Type"])
    assert isinstance(read, Call)
    return read


def test_what_is_plain() -> None:
    """An envelope with which nothing goes wrong; a page never is."""
    split = (Misbehaviour(name="split"),)

    assert (True, False) == (is_plain(MessageReply(text="a")), is_plain(MessageReply(text="a", wire=split)))
    assert not is_plain(HTTPReply(status=200))


def test_a_fault_goes_wrong_as_a_fault(endpoint: Endpoint, call: Call) -> None:
    """What is for messages is not done to it, and its status stays."""
    wire = tuple(Misbehaviour(name=name) for name in ("cdata", "fault_unqualified"))
    ready = prepared(endpoint, call, FaultReply(kind=FaultKind.SECURITY, detail="no", wire=wire))

    assert (500, None) == (ready.response.status, ready.delivery)
    assert b"<Code>2000</Code>" in ready.response.body


def test_an_answer_that_xml_cannot_carry(endpoint: Endpoint, call: Call) -> None:
    """It becomes a fault, and that is reported; what was to go wrong with it does."""
    ready = prepared(endpoint, call, MessageReply(text="a\x0b", wire=(Misbehaviour(name="reset_after"),)))

    assert "the answer holds U+000B at character 2, which XML cannot carry" == ready.problem
    assert ready.delivery
    assert "reset" == ready.delivery.ending


def test_what_cannot_answer(endpoint: Endpoint, call: Call) -> None:
    """No reply at all is no envelope."""
    with pytest.raises(TypeError, match="a Call cannot be answered with a NoReply"):
        written(endpoint, call, NoReply(how="close"))
