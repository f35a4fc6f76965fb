"""Everything that can go wrong with an answer over MLLP, byte by byte on a real socket."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
import pytest_twisted

from mockiis.message.misbehaviour import KINDS

VT, FS, CR = b"\x0b", b"\x1c", b"\r"


def block(message: bytes) -> bytes:
    return VT + message + FS + CR


def stray(ack: bytes, control_id: bytes) -> bytes:
    return ack.replace(b"|R1|", b"|" + control_id + b"-0|").replace(b"|M1\r", b"|" + control_id + b"\r")


CASES = {
    "unframed": ("unframed", lambda ack: ack),
    "no_start": ("no_start", lambda ack: ack + FS + CR),
    "no_end": ("no_end", lambda ack: VT + ack),
    "no_final_cr": ("no_final_cr", lambda ack: VT + ack + FS),
    "lf_segments": ("lf_segments", lambda ack: block(ack.replace(b"\r", b"\n"))),
    "no_last_cr": ("no_last_cr", lambda ack: block(ack[:-1])),
    "wrong_msa_2": ("wrong_msa_2", lambda ack: block(ack.replace(b"|M1\r", b"|NOT-M1\r"))),
    "wrong_msa_2 given": ("{wrong_msa_2: 04513185}", lambda ack: block(ack.replace(b"|M1\r", b"|04513185\r"))),
    "missing_msa_2": ("missing_msa_2", lambda ack: block(ack.replace(b"|M1\r", b"|\r"))),
    "control_character": ("{control_character: 0x07}", lambda ack: block(ack.replace(b"\rMSA", b"\x07MSA"))),
    "oversized": ("{oversized: 1000 bytes}", lambda ack: block(ack * (1000 // len(ack) + 1))),
    "base64": ("base64", lambda ack: block(b64encode(ack))),
    "url_encoded": ("url_encoded", lambda ack: block(quote(ack, safe="").encode())),
    "duplicate_ack": ("duplicate_ack", lambda ack: block(ack) * 2),
    "duplicate_ack given": ("{duplicate_ack: 3}", lambda ack: block(ack) * 3),
    "stray_ack": ("stray_ack", lambda ack: block(stray(ack, b"STRAY")) + block(ack)),
    "stray_ack given": ("{stray_ack: 77}", lambda ack: block(stray(ack, b"77")) + block(ack)),
    "commit_ack": ("commit_ack", lambda ack: block(b"\x06") + block(ack)),
    "commit_nak": ("commit_nak", lambda ack: block(b"\x15")),
    "garbage": ("garbage", lambda ack: b"\x00\x07?garbage?" + block(ack)),
    "garbage given": ("{garbage: Hé}", lambda ack: "Hé".encode() + block(ack)),
    "empty": ("empty", lambda ack: block(b"")),
}
"""What leaves the connection as it is: the entry of ``wire``, and the bytes in place of the answer's block."""

ENDINGS = {
    "truncate": ("truncate", lambda ack: block(ack)[: len(block(ack)) // 2], "close"),
    "truncate share": ("{truncate: 10%}", lambda ack: block(ack)[: len(block(ack)) // 10], "close"),
    "truncate bytes": ("{truncate: 12 bytes}", lambda ack: block(ack)[:12], "close"),
    "truncate all": ("{truncate: 0%}", lambda ack: b"", "close"),
    "truncate, reset": ("{truncate: 12}, reset_after", lambda ack: block(ack)[:12], "reset"),
    "close_after": ("close_after", block, "close"),
    "reset_after": ("reset_after", block, "reset"),
}
"""What ends the connection, and how."""

PACES = {"split", "dribble"}
SILENT = {"hang_after"}


def test_every_kind_has_its_test() -> None:
    """A kind that is added is tested here."""
    tested = {name.split()[0].rstrip(",") for name in (*CASES, *ENDINGS)} | PACES | SILENT

    assert {kind.name for kind in KINDS.values() if "mllp" in kind.transports} == tested


@pytest.mark.parametrize("name", CASES)
@pytest_twisted.ensureDeferred
async def test_the_bytes_of_an_answer(stage: Any, vxu: str, ack: bytes, name: str) -> None:
    """Only what was asked for is wrong, and the connection goes on: the next message gets as much."""
    entry, change = CASES[name]
    expected = change(ack)
    peer = await stage(f"{{ack: AA, wire: [{entry}]}}").mllp(vxu)
    await peer.size(len(expected))
    peer.send(block(vxu.encode()))
    await peer.size(2 * len(expected))

    assert (expected * 2, "") == (peer.data, peer.ended)


@pytest.mark.parametrize("name", ENDINGS)
@pytest_twisted.ensureDeferred
async def test_the_end_of_a_connection(stage: Any, vxu: str, ack: bytes, name: str) -> None:
    """The connection ends with the answer; a message sent with it gets none, and other connections go on."""
    entry, change, ended = ENDINGS[name]
    set_up = stage(f"{{ack: AA, wire: [{entry}]}}")
    peer = await set_up.mllp(vxu, vxu)
    await peer.end()
    await set_up.round_trip()

    assert (change(ack), ended) == (peer.data, peer.ended)
    assert 1 == len(set_up.iis.exchanges)


@pytest_twisted.ensureDeferred
async def test_hanging_after_the_answer(stage: Any, vxu: str, ack: bytes) -> None:
    """The connection stays open, and whatever comes on it reaches nobody."""
    set_up = stage("{ack: AA, wire: [hang_after]}")
    peer = await set_up.mllp(vxu)
    await peer.size(len(block(ack)))
    peer.send(block(vxu.encode()))
    await set_up.round_trip()

    assert (block(ack), "", 1) == (peer.data, peer.ended, len(set_up.iis.exchanges))


@pytest_twisted.ensureDeferred
async def test_a_split_frame(stage: Any, vxu: str, ack: bytes) -> None:
    """Half of the block, the time given, and the other half."""
    set_up = stage("{ack: AA, wire: [{split: 2s}]}")
    peer = await set_up.mllp(vxu)
    half = len(block(ack)) // 2
    await peer.size(half)
    set_up.iis.clock.advance(1.9)
    await set_up.round_trip()
    assert block(ack)[:half] == peer.data

    set_up.iis.clock.advance(0.1)
    await peer.size(len(block(ack)))
    assert (block(ack), "") == (peer.data, peer.ended)


@pytest_twisted.ensureDeferred
async def test_a_dribble_after_a_delay(stage: Any, vxu: str, ack: bytes) -> None:
    """The pieces come evenly over the time, the first one when the delay is over, and later answers wait for them."""
    set_up = stage("{ack: AA, delay: 8s, wire: [{dribble: {chunks: 4, over: 3s}}]}")
    peer = await set_up.mllp(vxu, vxu)
    await set_up.iis.received(2)
    sizes = []
    for seconds in (7, 1, 1, 1, 0.5):
        set_up.iis.clock.advance(seconds)
        await set_up.round_trip()
        sizes.append(len(peer.data))
    whole = len(block(ack))
    assert [0, whole // 4, whole // 2, whole * 3 // 4, whole * 3 // 4] == sizes

    set_up.iis.clock.advance(0.5)
    await peer.size(whole + whole // 4)
    await set_up.round_trip()
    assert whole + whole // 4 == len(peer.data)
    set_up.iis.clock.advance(3)
    await peer.size(2 * whole)
    assert block(ack) * 2 == peer.data


@pytest_twisted.ensureDeferred
async def test_a_peer_that_goes_away_in_the_middle(stage: Any, vxu: str) -> None:
    """Nothing is left on the clock, and the report says that the answer did not get there."""
    set_up = stage("{ack: AA, wire: [{dribble: {chunks: 4, over: 3s}}]}")
    peer = await set_up.mllp(vxu)
    await peer.size(1)
    peer.transport.abortConnection()
    await peer.end()
    await set_up.round_trip()

    assert [] == set_up.iis.clock.getDelayedCalls()
    assert any("lost before 1 of its replies" in remark for remark in set_up.iis.remarks)


@pytest_twisted.ensureDeferred
async def test_a_batch_misbehaves_as_its_messages_do(stage: Any, vxu: str) -> None:
    """There is one answer to all of them, and it is cut once."""
    set_up = stage("{ack: AA, wire: [{truncate: 3}]}")
    peer = await set_up.mllp(f"FHS|^~\\&\rBHS|^~\\&\r{vxu}{vxu}BTS|2\rFTS|1\r")
    await peer.end()

    assert b"\x0bFH" == peer.data
    assert 2 == len(set_up.iis.exchanges)


@pytest.mark.parametrize("name", ["no_end", "truncate, reset", "close_after"])
@pytest_twisted.ensureDeferred
async def test_over_tls(stage: Any, issue: Any, vxu: str, ack: bytes, name: str) -> None:
    """The same bytes, and the same end, under TLS."""
    entry, change, ended = ENDINGS.get(name) or (*CASES[name], "")
    peer = await stage(f"{{ack: AA, wire: [{entry}]}}", issued=issue("localhost")).mllp(vxu)
    await (peer.end() if ended else peer.size(len(change(ack))))

    assert (change(ack), ended) == (peer.data, peer.ended)
