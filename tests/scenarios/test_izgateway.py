"""Every test case of the IZ Gateway's mock registry, as a rule of ours: what it answers, and its bytes on a socket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_twisted
from lxml import etree

from mockiis.er7 import Message, read, write
from mockiis.message import FaultReply, MessageReply, read_answer
from mockiis.message.reply import HTTPReply
from mockiis.scenario.memory import Memory

Make = Callable[..., Message]
Answer = Callable[..., Any]
ZIP = ("PID^1^11^5", "999", "W", "1")
BIRTH_DATE = ("PID^1^7", "101", "E", "")
ADDED = ("", "0", "I", "")

ACKNOWLEDGMENTS = {
    # the case: MSA-1, and of each ERR its location, code, severity and application code
    "TC_01": ("AE", [("PD1^1^16", "101", "W", "")]),
    "TC_02": ("AE", []),
    "TC_03": ("AE", [("PID^1^24", "101", "W", "")]),
    "TC_05": ("AE", [("ORC^1^3", "101", "W", "")]),
    "TC_06": ("AE", [("RXA^1^5^1^1", "103", "W", "")]),
    "TC_07": ("AR", [("MSH^1^11", "202", "E", "")]),
    "TC_ACK02": ("AA", [ADDED]),
    "TC_ACK03": ("AE", [ZIP]),
    "TC_ACK04": ("AE", [ZIP, BIRTH_DATE]),
    "TC_ACK05": ("AE", [ADDED, ZIP]),
    "TC_ACK06": ("AE", [BIRTH_DATE]),
    "TC_ACK07": ("AR", [("MSH^1^12", "203", "E", "")]),
}
SENTENCES = {
    "TC_11": "DNS Lookup Fault",
    "TC_12": "TCP SYN Communication Fault",
    "TC_13": "SYN Request Rejection Fault",
    "TC_14": "The certificate of the destination is valid but not trusted",
    "TC_17": "The destination refused the certificate of the sender",
    "TC_20": "Invalid 2011/2014 Message",
}
STATUSES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQ",
        (400, 401, 403, 404, 405, 406, 408, 405, 413, 415, 418, 500, 501, 502, 503, 504, 508),
        strict=True,
    )
)
PAGES = {
    # the case: status, content type, what stands in the body, whether it is well-formed XML
    "TC_18": (200, "text/html", "<h1>TC_18</h1>", True),
    "TC_18A": (200, "application/xml", "<h1>TC_18A</h1>", True),
    "TC_18B": (200, "application/soap+xml", "<soap:Body/>", True),
    "TC_19A": (200, "application/xml", "<soap:Body/&gt;", False),
    "TC_19B": (200, "application/xml", "\0x07<soap:Envelope", False),
    "TC_19C": (200, "application/xml", "?<soap:Envelope", False),
    "TC_19D": (200, "application/xml", "=\"http://www.w3.org/2003/05/soap-envelope'", False),
    "TC_19E": (200, "application/xml", "xmlns:soap-'", False),
    "TC_19F": (200, "application/xml", "<s:Envelope", False),
    "TC_22B": (200, "application/xml", "<Script>", True),
    "TC_22D": (200, "application/xml", 'note="javascript:', True),
    "TC_22F": (200, "application/xml", ">javascript:", True),
    "TC_22S": (200, "text/html", 'onclick="javascript:', True),
    "TC_23D": (200, "application/xml", "<iis:Reason>Security Fault</iis:Reason>", True),
    "TC_23E": (400, "application/xml", "<Reason>Security</Reason>", True),
    "TC_23F": (400, "application/xml", "<Detail><SecurityFault>", True),
    "TC_23G": (400, "application/xml", "<iis:Reason>Security</iis:Reason>", True),
    "TC_24D": (200, "application/xml", "<iis:Size>A</iis:Size>", True),
    "TC_24F": (400, "application/xml", "<soap:Code>soap:Receiver</soap:Code>", True),
    "TC_24G": (400, "application/xml", '<iis:SecurityFault xmlns:iis="urn:cdc:iisb:2014">', True),
    "TC_24H": (400, "application/xml", "This is not a SOAP Fault", False),
    "TC_UNKF": (500, "application/soap+xml", "hub:UnknownDestinationFault", True),
}
FAULTS = {
    "TC_22": "UnknownFault",
    "TC_INVALID_CREDENTIALS": "SecurityFault",
    "TC_23A": "SecurityFault",
    "TC_23C": "MessageTooLargeFault",
    "TC_24A": "SecurityFault",
    "TC_24C": "MessageTooLargeFault",
    "TC_25": "UnknownFault",
}
OTHERS = ("TC_04", "TC_12C", "TC_13C", "TC_13E", "TC_21Z", "TC_24I")


def case(name: str) -> dict[str, str]:
    return {"MSH-5": "TEST", "MSH-6": name}


def read_back(reply: Any) -> Any:
    assert isinstance(reply, MessageReply)
    return read_answer(read(reply.text))


def test_all_cases_of_the_gateway_are_here() -> None:
    """Seventy of them."""
    tables = (ACKNOWLEDGMENTS, SENTENCES, PAGES, FAULTS, [f"TC_21{letter}" for letter in STATUSES], OTHERS)
    assert 70 == len({name for table in tables for name in table})


@pytest.mark.parametrize("transport", ["soap", "mllp"])
@pytest.mark.parametrize("name", ACKNOWLEDGMENTS)
def test_acknowledgments(update: Make, answer: Answer, name: str, transport: str) -> None:
    """The code and each ERR are those of the case, and MSA-2 is the message's, over both transports."""
    got = read_back(answer("izgateway", update(case(name)), transport=transport))

    code, errors = ACKNOWLEDGMENTS[name]
    found = [(entry.err_2, entry.code, entry.severity, entry.application_code) for entry in got.findings]
    assert ("M1", code, errors) == (got.message_control_id, got.acknowledgment_code, found)


@pytest.mark.parametrize("name", ["TC_ACK05", "TC_ACK06"])
def test_time_with_a_space(update: Make, answer: Answer, name: str) -> None:
    """MSH-7 is no time in two of the examples."""
    assert "20240403162038- 0500" == read(answer("izgateway", update(case(name))).text).get("MSH-7")


def test_locations_word_for_word(update: Make, answer: Answer) -> None:
    """ERR-2 is what the case says, where that is not how the guide writes it."""
    for name, place in (("TC_01", "PD1^^16"), ("TC_05", "ORC^^3"), ("TC_06", "RXA^1^5^^1"), ("TC_ACK03", "PID^1^11^5")):
        assert f"\rERR||{place}|" in answer("izgateway", update(case(name))).text


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences(update: Make, answer: Answer, name: str) -> None:
    """The answer is no HL7."""
    assert SENTENCES[name] == answer("izgateway", update(case(name))).text.strip()


def test_the_answer_to_a_query(query: Make, answer: Answer) -> None:
    """Nobody is found, under the label Z32, with the query's own tag and definition."""
    got = read_back(answer("izgateway", query(case("TC_04"))))

    assert ("Q1", "AA", "NF", "Z32", "T1") == (
        got.message_control_id,
        got.acknowledgment_code,
        got.query_status,
        got.profile,
        got.query_tag,
    )


def test_an_answer_too_large(update: Make, answer: Answer) -> None:
    """The acknowledgment of TC_01 again and again, just beyond 65,536 characters."""
    text = answer("izgateway", update(case("TC_12C"))).text
    one = answer("izgateway", update(case("TC_01"))).text.replace("TC_01", "TC_12C")

    assert text == one * text.count("MSH|")
    assert 65_536 < len(text) <= 65_536 + len(one)


@pytest.mark.parametrize("name", ["TC_13C", "TC_13E"])
@pytest_twisted.ensureDeferred
async def test_an_empty_answer_after_62_seconds(update: Make, sockets: Any, name: str) -> None:
    """Nothing before, and then an empty return or an empty block."""
    mock = sockets.start("izgateway")

    response = await sockets.soap(mock, update(case(name)), wait=62)
    peer = await sockets.mllp(mock, update(case(name)), wait=62)

    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"<return/>" in response
    assert b"\x0b\x1c\r" == peer.data


@pytest.mark.parametrize("letter", STATUSES)
@pytest_twisted.ensureDeferred
async def test_statuses(update: Make, answer: Answer, sockets: Any, letter: str) -> None:
    """The status of the case, without a body."""
    message = update(case(f"TC_21{letter}"))

    reply = answer("izgateway", message)
    response = await sockets.soap(sockets.start("izgateway"), message)

    assert isinstance(reply, HTTPReply)
    assert (STATUSES[letter], "") == (reply.status, reply.body)
    assert response.startswith(f"HTTP/1.1 {STATUSES[letter]} ".encode())
    assert response.endswith(b"\r\n\r\n")


@pytest_twisted.ensureDeferred
async def test_a_retry_for_each_patient(query: Make, sockets: Any) -> None:
    """404 at first and the answer from then on, for each patient by itself."""
    mock = sockets.start("izgateway")
    one, other = query(case("TC_21Z")), query(case("TC_21Z") | {"QPD-3.1": "P2"})

    heads = [(await sockets.soap(mock, message))[:12] for message in (one, other, one, one, other)]

    assert [b"HTTP/1.1 404", b"HTTP/1.1 404", b"HTTP/1.1 200", b"HTTP/1.1 200", b"HTTP/1.1 200"] == heads


def test_a_retry_is_answered_as_a_query(query: Make, answer: Answer) -> None:
    """By the response of TC_04."""
    memory = Memory()
    first = answer("izgateway", query(case("TC_21Z")), memory=memory)
    memory.apply(first.changes, datetime(2024, 4, 3, tzinfo=UTC))
    second = answer("izgateway", query(case("TC_21Z")), memory=memory)

    assert isinstance(first, HTTPReply)
    assert second.text.replace("TC_21Z", "TC_04") == answer("izgateway", query(case("TC_04"))).text


@pytest.mark.parametrize("name", PAGES)
@pytest_twisted.ensureDeferred
async def test_bodies_that_are_no_envelope(update: Make, answer: Answer, sockets: Any, name: str) -> None:
    """Status, content type and body, of the reply and on the socket."""
    status, content_type, content, well_formed = PAGES[name]
    message = update(case(name))

    reply = answer("izgateway", message)
    head, _, body = (await sockets.soap(sockets.start("izgateway"), message)).partition(b"\r\n\r\n")

    assert isinstance(reply, HTTPReply)
    assert status == reply.status
    assert content in reply.body
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert f"Content-Type: {content_type}".lower().encode() in head.lower()
    assert reply.body.encode() == body
    assert well_formed == is_well_formed(body)


def is_well_formed(body: bytes) -> bool:
    try:
        etree.fromstring(body)
    except etree.XMLSyntaxError:
        return False
    return True


@pytest.mark.parametrize("name", FAULTS)
@pytest_twisted.ensureDeferred
async def test_faults(update: Make, answer: Answer, sockets: Any, name: str) -> None:
    """A fault of the interface with HTTP status 500."""
    message = update(case(name))

    reply = answer("izgateway", message)
    response = await sockets.soap(sockets.start("izgateway"), message)

    assert isinstance(reply, FaultReply)
    assert FAULTS[name] == reply.kind
    assert response.startswith(b"HTTP/1.1 500 ")
    assert reply.detail.encode() in response


def test_a_patient_in_a_fault(update: Make, answer: Answer) -> None:
    """Reason and Detail hold a PID."""
    reply = answer("izgateway", update(case("TC_25")))

    assert "Muster^Bertil" in reply.reason
    assert "Muster^Bertil" in reply.detail


@pytest_twisted.ensureDeferred
async def test_a_control_character(query: Make, sockets: Any) -> None:
    """0x13 in place of a CR, raw, where XML allows none."""
    mock = sockets.start("izgateway")

    assert b"\x13QPD|" in await sockets.soap(mock, query(case("TC_24I")))
    assert b"\x13QPD|" in (await sockets.mllp(mock, query(case("TC_24I")))).data


@pytest.mark.parametrize("changes", [{"MSH-6": "TC_01"}, {"MSH-5": "TEST"}, case("TC_99"), {}])
def test_without_a_case_it_is_an_echo(update: Make, answer: Answer, changes: dict[str, str]) -> None:
    """As there: what came goes back."""
    message = update(changes)

    assert write(message) == answer("izgateway", message).text


MOCK = [
    # what is sent and how it differs, then MSA-1 and QAK-2 of the answer, its errors, and how many persons
    ("update", {}, "AE", "", [("MSH^1^9", "200")], 0),
    ("query", {"QPD-1": "", "QPD-3": ""}, "AE", "AE", [("QPD^1^1", "101")], 0),
    ("query", {"QPD-2": "", "QPD-3": ""}, "AE", "AE", [("QPD^1^2", "101")], 0),
    ("query", {"QPD-4": "", "QPD-3": ""}, "AE", "AE", [("QPD^1^4", "101")], 0),
    ("query", {"QPD-6": "", "QPD-3": ""}, "AE", "AE", [("QPD^1^6", "101")], 0),
    ("query", {"QPD-6": ""}, "AA", "NF", [], 0),
    ("query", {"QPD-4.1": "ADLER", "QPD-4.2": "MILA", "QPD-6": "20190506"}, "AA", "OK", [], 1),
    ("query", {"QPD-3": "90101", "QPD-4": "", "QPD-6": ""}, "AA", "OK", [], 1),
    ("query", {"QPD-4.1": "Berg", "QPD-4.2": "Noah", "QPD-6": "20180203"}, "AA", "OK", [], 2),
    ("query", {"QPD-4.1": "Smith"}, "AA", "TM", [], 0),
    ("query", {}, "AA", "NF", [], 0),
]


@pytest.mark.parametrize(("kind", "changes", "code", "status", "errors", "persons"), MOCK)
def test_mock(
    request: pytest.FixtureRequest,
    answer: Answer,
    kind: str,
    changes: dict[str, str],
    code: str,
    status: str,
    errors: list[tuple[str, str]],
    persons: int,
) -> None:
    """A small registry for queries."""
    message = request.getfixturevalue(kind)(case("MOCK_ONE") | changes)

    got = read_back(answer("izgateway", message))

    assert (code, status, errors, persons) == (
        got.acknowledgment_code,
        got.query_status,
        [(entry.err_2, entry.code) for entry in got.findings],
        len(got.persons),
    )


def test_mock_without_qpd(query: Make, answer: Answer) -> None:
    """A segment is missing."""
    got = read_back(answer("izgateway", query(case("MOCK"), without="QPD")))

    assert [("QPD^1^1", "100")] == [(entry.err_2, entry.code) for entry in got.findings]


def test_mock_evaluates(query: Make, answer: Answer) -> None:
    """Z44 gets Z42."""
    message = query(case("MOCK") | {"QPD-1.1": "Z44", "QPD-4.1": "ADLER", "QPD-4.2": "MILA", "QPD-6": "20190506"})

    assert "Z42" == read_back(answer("izgateway", message)).profile
