"""What was odd about how an answer came over MLLP, told with the outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted

from mockiis.wire.mllp import frame
from sender.send import Session

MESSAGE = "MSH|^~\\&|A|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M{}|P|2.5.1\r"
ACK = "MSH|^~\\&|C|D|A|B|20240506070809-0500||ACK^V04^ACK|X|P|2.5.1\rMSA|AA|M{}\r"


def echo_ack(request: bytes) -> bytes:
    """An ACK for whatever control id the message has."""
    control_id = request.split(b"|")[9].removeprefix(b"M").decode()
    return frame(ACK.format(control_id).encode())


@pytest.mark.parametrize(
    ("wrap", "remark"),
    [
        (lambda block: b"welcome\r\n" + block, "bytes between frames that belong to none"),
        (lambda block: b"\n" + block, "LF (0x0A) between frames; the frame ends with FS CR"),
        (lambda block: block[:-1] + b"\n", "the FS (0x1C) that ends a frame was not followed by CR (0x0D)"),
        (lambda block: block * 2, "more than one answer came; the first one counts"),
        (
            lambda block: block.replace(b"|A|", b"|\xe4|"),
            "the bytes are not utf-8, which MSH-18 implies; read as latin-1",
        ),
    ],
)
@pytest_twisted.ensureDeferred
async def test_remarks_on_what_was_odd_about_the_answer(
    listen: Any, destination: Any, wrap: Callable[[bytes], bytes], remark: str
) -> None:
    """Framing and bytes that are not as they should be are told with the outcome, and do not spoil it."""
    from twisted.internet import reactor

    script = listen("mllp", lambda request: wrap(echo_ack(request)))
    async with Session(destination("mllp", script.port), reactor) as session:
        outcome = await session.send(MESSAGE.format(1))
    assert outcome.name == "accepted"
    assert remark in outcome.remarks


@pytest_twisted.ensureDeferred
async def test_remarks_on_late_oddities_with_the_next_answer(listen: Any, destination: Any) -> None:
    """That a CR never came shows when the next frame begins; once told, it is not told again."""
    from twisted.internet import reactor

    script = listen("mllp", lambda request: echo_ack(request)[: -1 if b"|M0|" in request else None])
    async with Session(destination("mllp", script.port), reactor) as session:
        remarks = [(await session.send(MESSAGE.format(number))).remarks for number in range(3)]
    assert [(), ("the FS (0x1C) that ends a frame was not followed by CR (0x0D)",), ()] == remarks
