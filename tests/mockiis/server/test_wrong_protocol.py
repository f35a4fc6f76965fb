"""Whoever speaks another protocol than the port's is hung up on at once, and the mock says what was heard."""

from __future__ import annotations

import ssl

import pytest
import pytest_twisted
from twisted.internet import threads

from mockiis.scenario import load
from mockiis.server.door import spoken_by
from mockiis.testing import MockIIS

ACCEPT = load("version: 1\nrules:\n  - {name: all, reply: {ack: AA}}\n", "all.yaml")
HELLO = bytes.fromhex("16030100a5010000a10303")
FRAME = b"\x0bMSH|^~\\&|A|B|C|D|20240101||VXU^V04|1|P|2.5.1\rPID|1\r\x1c\r"


@pytest.mark.parametrize(
    ("data", "spoken"),
    [
        (HELLO, "TLS"),
        (FRAME, "MLLP"),
        (b"POST /soap HTTP/1.1\r\n", "HTTP"),
        (b"GET /", "HTTP"),
        (b"MSH|^~\\&|", ""),
        (b"\x16", ""),
        (b"GETTY", ""),
        (b"", ""),
    ],
)
def test_what_bytes_begin(data: bytes, spoken: str) -> None:
    """Only what is sure."""
    assert spoken == spoken_by(data)


@pytest.mark.parametrize(
    ("transport", "data", "said"),
    [
        ("mllp", HELLO, "TLS on the port of MLLP"),
        ("mllp", b"POST /soap HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP on the port of MLLP"),
        ("soap", HELLO, "TLS on the port of HTTP"),
        ("soap", FRAME, "MLLP on the port of HTTP"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_wrong_scheme_is_told_at_once(transport: str, data: bytes, said: str) -> None:
    """The connection ends, rather than the sender's patience."""
    iis = MockIIS(ACCEPT)
    url = iis.mllp_url if transport == "mllp" else iis.soap_url
    received = await threads.deferToThread(talk, port_of(url), data)
    await iis.stop()

    assert b"" == received
    (remark,) = iis.remarks
    assert f": {said}; the connection is closed: check the scheme and the port" in remark


@pytest_twisted.ensureDeferred
async def test_the_right_one_is_answered_however_it_is_cut() -> None:
    """The first byte alone decides nothing wrong."""
    iis = MockIIS(ACCEPT)
    received = await threads.deferToThread(talk, port_of(iis.mllp_url), FRAME[:1], FRAME[1:])
    await iis.stop()

    assert b"MSA|AA|1" in received
    assert [] == [remark for remark in iis.remarks if "port of" in remark]


def port_of(url: str) -> int:
    return int(url.split(":")[2].partition("/")[0])


def talk(port: int, *pieces: bytes) -> bytes:
    """Send and read until a whole block has come, or the other side ends the connection."""
    import socket

    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            while not received.endswith(b"\x1c\r") and (data := connection.recv(4096)):
                received += data
        except ConnectionError:
            pass
    return received


def test_the_witness_agrees() -> None:
    """What Python's own TLS sends first is known for what it is."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()

    assert "TLS" == spoken_by(outgoing.read())
