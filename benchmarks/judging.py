"""CPU microseconds to judge a message: mockiis with all rules of NDIIS, hl7types, hl7apy in turn; and what is kept.

A process of its own (``python judging.py ROUNDS MESSAGES``; prints JSON). Every message is about another patient and is
made before the clock starts. The best round counts, since whatever else the machine does only ever adds time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice

from patients import Make, example, messages, qbp, rsp, vxu
from usage import usage

from mockiis.er7 import read
from mockiis.profile.validator import validator

try:
    from hl7apy.parser import parse_message
except ImportError:
    parse_message = None
try:
    from hl7types import decode_er7
except ImportError:
    decode_er7 = None

KINDS: dict[str, Make] = {
    "VXU, 1 dose": vxu(1),
    "VXU, 2 doses": vxu(2),
    "VXU, 31 doses": vxu(31),
    "VXU, 2 doses, 7 findings": example,
    "QBP": qbp,
    "RSP, 2 doses": rsp,
}
RECEIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SECONDS = {"mockiis": 0.25, "hl7types": 0.25, "hl7apy": 0.05}
"""How long each judges in a round, at least one message."""


def judges() -> dict[str, Callable[[str], object]]:
    """What is timed, by name."""
    judge = validator("ndiis").judge
    found: dict[str, Callable[[str], object]] = {"mockiis": lambda text: judge(read(text), received=RECEIVED)}
    if decode_er7:
        found["hl7types"] = decode_er7
    if parse_message:
        found["hl7apy"] = lambda text: parse_message(text).validate()
    return found


def timed(judge: Callable[[str], object], texts: Iterator[str], seconds: float) -> float:
    """CPU microseconds for each message, over as many as fit in that time."""
    spent, judged, batch = 0.0, 0, 1
    while not judged or spent < seconds:
        chosen = list(islice(texts, batch))
        started = time.process_time()
        for text in chosen:
            judge(text)
        spent += time.process_time() - started
        judged, batch = judged + batch, batch * 2
    return 1e6 * spent / judged


def memory(judge: Callable[[str], object], count: int) -> list[int]:
    """Bytes in memory after a tenth of the messages, and after all of them; zeros where that is not known."""
    found = []
    for share in (count // 10, count - count // 10):
        for text in islice(_FOR_MEMORY, share):
            judge(text)
        used = usage(os.getpid())
        found.append(used.memory if used else 0)
    return found


_FOR_MEMORY = messages(vxu(2))


def main(rounds: int, count: int) -> dict[str, object]:
    """The best of all rounds for each kind of message and judge; the memory last, when everything is warm.

    Who raises an exception for messages of a kind has no figure for it: an early refusal is not a judgement.
    """
    found = judges()
    turns = {
        (kind, name): messages(make)
        for kind, make in KINDS.items()
        for name, judge in found.items()
        if _takes(judge, make(0))
    }
    best: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
    for _ in range(rounds):
        for (kind, name), texts in turns.items():
            took = timed(found[name], texts, _SECONDS[name])
            best[kind][name] = min(took, best[kind].get(name, took))
    return {"times": best, "memory": memory(found["mockiis"], count)}


def _takes(judge: Callable[[str], object], text: str) -> bool:
    """Whether a judge comes to a judgement about a message; its tables are read by that."""
    try:
        judge(text)
    except Exception:  # noqa: BLE001  # each library has its own
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
