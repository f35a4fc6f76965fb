"""What leaves over MLLP, without a socket; byte by byte it is tested on one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockiis.message.misbehaviour import KINDS, Misbehaviour
from mockiis.wire.delivery import Chunk
from mockiis.wire.mllp import frame
from mockiis.wire.mllp_delivery import deliver

ACK = b"MSH|^~\\&|A|B|C|D|20240403||ACK|R1|P|2.5.1\rMSA|AA|M1\r"


def wire(*names: str) -> list[Misbehaviour]:
    return [Misbehaviour(name=name) for name in names]


def whole(*names: str) -> bytes:
    return b"".join(chunk.data for chunk in deliver(ACK, wire(*names)).chunks)


def test_nothing_wrong_is_a_frame() -> None:
    """In one piece, and the connection goes on."""
    delivery = deliver(ACK, [])

    assert ((Chunk(wait=0.0, data=frame(ACK)),), "keep") == (delivery.chunks, delivery.ending)


def test_several_at_once() -> None:
    """What comes before it is whole; only the last copy is cut."""
    assert ACK == whole("no_start", "no_end")
    assert b"\x0b\x06\x1c\r" + frame(ACK) * 2 == whole("duplicate_ack", "commit_ack")
    assert frame(ACK) + frame(ACK)[: len(frame(ACK)) // 2] == whole("truncate", "duplicate_ack")
    assert whole("garbage").startswith(b"\x00\x07")


def test_what_is_for_soap_is_not_done() -> None:
    """A rule for both transports may name it."""
    assert frame(ACK) == whole("gzip", "cdata", "slow_headers")


def test_an_answer_that_is_no_message_goes_astray_as_it_is() -> None:
    """There is no MSA-2 to change."""
    delivery = deliver("ünlesbar".encode("utf-16"), wire("stray_ack"))

    assert frame("ünlesbar".encode("utf-16")) * 2 == delivery.chunks[0].data


@given(st.binary(), st.lists(st.sampled_from(list(KINDS)), max_size=6), st.integers(-3, 50), st.floats(-2, 2))
def test_nothing_raises(data: bytes, names: list[str], count: int, number: float) -> None:
    """Whatever is asked for, in any combination; the pace changes no byte."""
    asked = [Misbehaviour(name=name, count=count, seconds=number, text="\ud800é") for name in names]
    delivery = deliver(data, asked)
    unpaced = deliver(data, [one for one in asked if one.kind.group != "pace"])

    assert all(chunk.wait >= 0 and chunk.data for chunk in delivery.chunks)
    assert b"".join(chunk.data for chunk in unpaced.chunks) == b"".join(chunk.data for chunk in delivery.chunks)
    assert unpaced.ending == delivery.ending
