"""Everything that can go wrong with an answer over SOAP, byte by byte on a real socket."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import pytest_twisted

from mockiis.message.misbehaviour import KINDS

SOAP, CDC = b"http://www.w3.org/2003/05/soap-envelope", b"urn:cdc:iisb:2011"
FAULT = "{fault: SecurityFault, detail: no}"
AA = "{ack: AA}"


def enveloped(payload: bytes) -> bytes:
    return (
        b"<?xml version='1.0' encoding='UTF-8'?>\n"
        b'<soap12env:Envelope xmlns:soap12env="%s" xmlns:tns="%s"><soap12env:Body><tns:submitSingleMessageResponse>'
        b"<tns:return>%s</tns:return></tns:submitSingleMessageResponse></soap12env:Body></soap12env:Envelope>"
    ) % (SOAP, CDC, payload)


def escaped(message: bytes) -> bytes:
    return message.replace(b"&", b"&amp;").replace(b"\r", b"&#13;")


FAULT_BODY = (
    b"<?xml version='1.0' encoding='UTF-8'?>\n"
    b'<soap12env:Envelope xmlns:soap12env="%s" xmlns:tns="%s"><soap12env:Body><soap12env:Fault>'
    b"<soap12env:Code><soap12env:Value>soap12env:Receiver</soap12env:Value></soap12env:Code>"
    b'<soap12env:Reason><soap12env:Text xml:lang="en">no</soap12env:Text></soap12env:Reason>'
    b"<soap12env:Detail><tns:SecurityFault><tns:Code>2000</tns:Code><tns:Reason>Security</tns:Reason>"
    b"<tns:Detail>no</tns:Detail></tns:SecurityFault></soap12env:Detail></soap12env:Fault></soap12env:Body>"
    b"</soap12env:Envelope>"
) % (SOAP, CDC)


def in_text(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The envelope around a changed message."""
    return lambda ack: enveloped(escaped(change(ack)))


def in_xml(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Something else in the envelope."""

    def change(ack: bytes) -> bytes:
        body = enveloped(escaped(ack))
        assert old in body
        return body.replace(old, new)

    return change


def in_fault(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Something else in the fault."""
    assert old in FAULT_BODY
    return lambda _: FAULT_BODY.replace(old, new)


def without_prefixes(ack: bytes) -> bytes:
    body = enveloped(escaped(ack)).replace(b' xmlns:soap12env="%s" xmlns:tns="%s"' % (SOAP, CDC), b"")
    return body.replace(b"soap12env:", b"").replace(b"tns:", b"")


BODIES = {
    "wrong_msa_2": in_text(lambda ack: ack.replace(b"|M1\r", b"|NOT-M1\r")),
    "missing_msa_2": in_text(lambda ack: ack.replace(b"|M1\r", b"|\r")),
    "lf_segments": in_text(lambda ack: ack.replace(b"\r", b"\n")),
    "no_last_cr": in_text(lambda ack: ack[:-1]),
    "{oversized: 1000 bytes}": in_text(lambda ack: ack * (1000 // len(ack) + 1)),
    "base64": in_text(b64encode),
    "url_encoded": in_text(lambda ack: quote(ack, safe="").encode()),
    "control_character": in_xml(b"&#13;MSA", b"\x13MSA"),
    "{control_character: 0x00}": in_xml(b"&#13;MSA", b"\x00MSA"),
    "wrong_namespace": in_xml(CDC, b"urn:cdc:iisb:2014"),
    "{wrong_namespace: 'urn:x'}": in_xml(CDC, b"urn:x"),
    "wrong_elements": in_xml(b"tns:return>", b"tns:result>"),
    "extra_element": in_xml(b"<tns:return>", b"<tns:status>extra</tns:status><tns:return>"),
    "no_prefixes": without_prefixes,
    "cdata": lambda ack: enveloped(b"<![CDATA[" + ack + b"]]>"),
    "unclosed_xml": in_xml(b"</soap12env:Envelope>", b""),
    "garbage": lambda ack: b"\x00\x07?garbage?" + enveloped(escaped(ack)),
    "{garbage: '?'}": lambda ack: b"?" + enveloped(escaped(ack)),
    "empty": lambda ack: b"",
}
"""An entry of ``wire`` with an acknowledgment, and the body in place of the usual one."""

FAULTS = {
    "fault_outside_body": lambda _: FAULT_BODY.replace(b"<soap12env:Body>", b"").replace(b"</soap12env:Body>", b""),
    "fault_without_value": in_fault(b"<soap12env:Value>soap12env:Receiver</soap12env:Value>", b"soap12env:Receiver"),
    "fault_wrong_reason": in_fault(b"<tns:Reason>Security<", b"<tns:Reason>Security Fault<"),
    "{fault_wrong_reason: Bad & login}": in_fault(b"<tns:Reason>Security<", b"<tns:Reason>Bad &amp; login<"),
    "fault_unqualified": lambda _: (
        FAULT_BODY.replace(b"<tns:Code>2000</tns:Code>", b"<Code>2000</Code>")
        .replace(b"<tns:Reason>Security</tns:Reason>", b"<Reason>Security</Reason>")
        .replace(b"<tns:Detail>no</tns:Detail>", b"<Detail>no</Detail>")
    ),
    "wrong_elements": in_fault(b"tns:SecurityFault>", b"tns:result>"),
    "extra_element": in_fault(b"<tns:Code>", b"<tns:status>extra</tns:status><tns:Code>"),
    "unclosed_xml": in_fault(b"</soap12env:Envelope>", b""),
    "empty": lambda _: b"",
}
"""The same with a fault."""


def opened(data: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and all that follows them."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return int(first.split()[1]), dict(line.lower().split(b": ", 1) for line in lines), body


async def answered(peer: Any, count: int = 1) -> list[tuple[int, dict[bytes, bytes], bytes]]:
    """The responses, cut where their Content-Length says."""
    found: list[tuple[int, dict[bytes, bytes], bytes]] = []
    start = 0
    for _ in range(count):
        await peer.until(lambda: b"\r\n\r\n" in peer.data[start:])  # noqa: B023
        status, headers, _ = opened(peer.data[start:])
        end = peer.data.index(b"\r\n\r\n", start) + 4 + int(headers[b"content-length"])
        await peer.size(end)
        found.append((status, headers, peer.data[peer.data.index(b"\r\n\r\n", start) + 4 : end]))
        start = end
    assert len(peer.data) == start
    return found


ON_THE_WIRE = {
    "truncate", "slow_headers", "split", "dribble", "close_after", "reset_after", "hang_after", "gzip",
    "wrong_content_type", "content_length_too_long", "content_length_too_short",
}  # fmt: skip
"""Tested further down."""


def test_every_kind_has_its_test() -> None:
    """A kind that is added is tested here."""
    tested = {entry.strip("{").partition(":")[0] for entry in (*BODIES, *FAULTS)} | ON_THE_WIRE

    assert {kind.name for kind in KINDS.values() if "soap" in kind.transports} == tested


@pytest.mark.parametrize("entry", BODIES)
@pytest_twisted.ensureDeferred
async def test_the_body_of_an_answer(stage: Any, vxu: str, ack: bytes, entry: str) -> None:
    """Only what was asked for is wrong, HTTP is in order, and the connection goes on."""
    peer = await stage(f"{{ack: AA, wire: [{entry}]}}").soap(vxu, vxu)
    responses = await answered(peer, 2)

    assert [(200, BODIES[entry](ack))] * 2 == [(status, body) for status, _, body in responses]
    assert {b"application/soap+xml; charset=utf-8"} == {headers[b"content-type"] for _, headers, _ in responses}
    assert not peer.ended


@pytest.mark.parametrize("entry", FAULTS)
@pytest_twisted.ensureDeferred
async def test_the_body_of_a_fault(stage: Any, vxu: str, ack: bytes, entry: str) -> None:
    """A fault keeps its status, but for an answer that is empty."""
    peer = await stage(f"{FAULT[:-1]}, wire: [{entry}]}}").soap(vxu)
    ((status, _, body),) = await answered(peer)

    assert (200 if entry == "empty" else 500, FAULTS[entry](ack)) == (status, body)


@pytest_twisted.ensureDeferred
async def test_the_echo_of_a_connectivity_test(stage: Any) -> None:
    """It is spoiled like any other answer."""
    peer = await stage("{echo: true, wire: [cdata]}", when="{operation: connectivityTest}").soap(
        "hello & bye", operation="connectivityTest"
    )
    ((_, _, body),) = await answered(peer)

    assert b"<tns:return><![CDATA[hello & bye]]></tns:return></tns:connectivityTestResponse>" in body


@pytest_twisted.ensureDeferred
async def test_gzip(stage: Any, vxu: str, ack: bytes) -> None:
    """Compressed and labelled, though nobody asked for it."""
    ((_, headers, body),) = await answered(await stage("{ack: AA, wire: [gzip]}").soap(vxu))

    assert (b"gzip", enveloped(escaped(ack))) == (headers[b"content-encoding"], gzip.decompress(body))


@pytest.mark.parametrize(
    ("entry", "expected"), [("wrong_content_type", b"text/plain"), ("{wrong_content_type: a/b}", b"a/b")]
)
@pytest_twisted.ensureDeferred
async def test_another_content_type(stage: Any, vxu: str, entry: str, expected: bytes) -> None:
    """The body is as ever."""
    ((_, headers, _),) = await answered(await stage(f"{{ack: AA, wire: [{entry}]}}").soap(vxu))

    assert expected == headers[b"content-type"]


LENGTHS = {
    "truncate": (0, lambda body: body[: len(body) // 2], "close"),
    "{truncate: 10}": (0, lambda body: body[:10], "close"),
    "{truncate: 0}": (0, lambda body: b"", "close"),
    "{truncate: 10}, reset_after": (0, lambda body: body[:10], "reset"),
    "content_length_too_short": (-10, lambda body: body, "close"),
    "{content_length_too_short: 100000}": (-100000, lambda body: body, "close"),
    "{content_length_too_long: 7}, close_after": (7, lambda body: body, "close"),
    "close_after": (0, lambda body: body, "close"),
    "reset_after": (0, lambda body: body, "reset"),
}
"""How much Content-Length is from the truth, what is sent, and how the connection ends."""


@pytest.mark.parametrize("entry", LENGTHS)
@pytest_twisted.ensureDeferred
async def test_the_end_of_a_connection(stage: Any, vxu: str, ack: bytes, entry: str) -> None:
    """The connection ends with the answer; a request sent with it gets none, and other connections go on."""
    wrong_by, change, ended = LENGTHS[entry]
    whole = enveloped(escaped(ack))
    set_up = stage(f"{{ack: AA, wire: [{entry}]}}")
    peer = await set_up.soap(vxu, vxu)
    await peer.end()
    await set_up.round_trip()
    status, headers, body = opened(peer.data)

    assert (200, change(whole), ended) == (status, body, peer.ended)
    assert max(0, len(whole) + wrong_by) == int(headers[b"content-length"])
    assert ("close_after" not in entry and ended == "close") == (b"connection" in headers)
    assert 1 == len(set_up.iis.exchanges)


@pytest.mark.parametrize("entry", ["hang_after", "content_length_too_long"])
@pytest_twisted.ensureDeferred
async def test_hanging_after_the_answer(stage: Any, vxu: str, ack: bytes, entry: str) -> None:
    """The connection stays open and silent."""
    set_up = stage(f"{{ack: AA, wire: [{entry}]}}")
    peer = await set_up.soap(vxu)
    await peer.until(lambda: peer.data.endswith(b"Envelope>"))
    await set_up.round_trip()

    _, headers, body = opened(peer.data)
    assert (enveloped(escaped(ack)), "") == (body, peer.ended)
    assert len(body) + (10 if "long" in entry else 0) == int(headers[b"content-length"])


@pytest_twisted.ensureDeferred
async def test_headers_one_by_one(stage: Any, vxu: str, ack: bytes) -> None:
    """Each line after its share of the time, the body with the last one."""
    set_up = stage("{ack: AA, wire: [{slow_headers: 4s}]}")
    peer = await set_up.soap(vxu)
    lines = []
    await peer.until(lambda: b"\r\n" in peer.data)
    for _ in range(3):
        lines.append(peer.data.count(b"\r\n"))
        set_up.iis.clock.advance(1)
        await set_up.round_trip()
    set_up.iis.clock.advance(1)
    await peer.end()

    assert [1, 2, 3] == lines
    assert (enveloped(escaped(ack)), "close") == (opened(peer.data)[2], peer.ended)


@pytest.mark.parametrize(
    ("entry", "shares"),
    [("{split: 3s}", [1 / 2, 1 / 2, 1 / 2]), ("{dribble: {chunks: 4, over: 3s}}", [1 / 4, 1 / 2, 3 / 4])],
)
@pytest_twisted.ensureDeferred
async def test_the_pace_of_an_answer(stage: Any, vxu: str, ack: bytes, entry: str, shares: list[float]) -> None:
    """Headers and body in pieces, the last one at the end of the time."""
    set_up = stage(f"{{ack: AA, delay: 8s, wire: [{entry}]}}")
    peer = await set_up.soap(vxu)
    await set_up.iis.received()
    set_up.iis.clock.advance(8)
    sizes = []
    for _ in shares:
        await set_up.round_trip()
        sizes.append(len(peer.data))
        set_up.iis.clock.advance(1)
    await peer.end()

    assert [int(len(peer.data) * share) for share in shares] == sizes
    assert (enveloped(escaped(ack)), "close") == (opened(peer.data)[2], peer.ended)


@pytest.mark.parametrize(
    "reply", ["{ack: AA, delay: 9s}", "{ack: AA, wire: [dribble]}", "{ack: AA, wire: [slow_headers]}"]
)
@pytest_twisted.ensureDeferred
async def test_a_peer_that_goes_away_in_the_middle(stage: Any, vxu: str, reply: str) -> None:
    """Nothing is left on the clock."""
    set_up = stage(reply)
    peer = await set_up.soap(vxu)
    await set_up.iis.received()
    peer.transport.abortConnection()
    await peer.end()
    await set_up.round_trip()

    assert [] == set_up.iis.clock.getDelayedCalls()


@pytest.mark.parametrize("entry", ["{truncate: 10}, reset_after", "close_after", "content_length_too_short"])
@pytest_twisted.ensureDeferred
async def test_over_tls(stage: Any, issue: Any, vxu: str, ack: bytes, entry: str) -> None:
    """The same bytes, and the same end, under TLS."""
    peer = await stage(f"{{ack: AA, wire: [{entry}]}}", issued=issue("localhost")).soap(vxu)
    await peer.end()
    _, change, ended = LENGTHS[entry]

    assert (change(enveloped(escaped(ack))), ended) == (opened(peer.data)[2], peer.ended)
