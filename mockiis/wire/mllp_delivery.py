"""A message and what is to go wrong with it -> the bytes that leave over MLLP, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

from mockiis.message.damage import replaced
from mockiis.message.misbehaviour import Misbehaviour, effective
from mockiis.wire.delivery import Chosen, Delivery, cut, ending, paced
from mockiis.wire.mllp import CR, FS, VT, frame

_COMMIT_ACK, _COMMIT_NAK = b"\x06", b"\x15"


def deliver(message: bytes, wire: Sequence[Misbehaviour]) -> Delivery:
    """The delivery of a message, given as its frame would hold it. Never raises."""
    chosen = effective(wire, "mllp", "message")
    copies = max(1, chosen["duplicate_ack"].count or 1) if "duplicate_ack" in chosen else 1
    block = _block(message, chosen)
    data = _before(message, chosen) + block * (copies - 1) + cut(block, chosen)
    return Delivery(
        chunks=paced(data, chosen), ending=ending(chosen, otherwise="close" if "truncate" in chosen else "keep")
    )


def _before(message: bytes, chosen: Chosen) -> bytes:
    """What comes first and is no part of the answer."""
    data = b""
    if "garbage" in chosen:
        data += (chosen["garbage"].text or "").encode("utf-8", "replace")
    if "commit_ack" in chosen:
        data += frame(_COMMIT_ACK)
    if "stray_ack" in chosen:
        data += frame(_stray(message, chosen["stray_ack"].text or ""))
    return data


def _stray(message: bytes, control_id: str) -> bytes:
    """The same answer to another message, under another message control id of its own."""
    stray = replaced(message.decode("latin-1"), "MSA-2", control_id)
    return replaced(stray, "MSH-10", f"{control_id}-0").encode("latin-1", "replace")


def _block(message: bytes, chosen: Chosen) -> bytes:
    if "commit_nak" in chosen:
        return frame(_COMMIT_NAK)
    data = b"" if "empty" in chosen else message
    bare = "unframed" in chosen
    start = b"" if bare or "no_start" in chosen else VT
    return start + data + (b"" if bare or "no_end" in chosen else FS if "no_final_cr" in chosen else FS + CR)
