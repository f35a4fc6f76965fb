"""How the bytes of one answer leave, as data: pieces with the time before each, and what becomes of the connection.

What both transports share. ``mllp_delivery`` and ``http_delivery`` make deliveries, ``server`` carries them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mockiis.message.misbehaviour import Misbehaviour

Ending = Literal["keep", "close", "reset", "hang"]
"""Ready for the next message; closed in order; cut off; or open, with nothing more to come."""

Chosen = Mapping[str, Misbehaviour]
"""What is done to an answer, by name and complete (see ``message.misbehaviour.effective``)."""

_ENDINGS: Mapping[str, Ending] = {"close_after": "close", "reset_after": "reset", "hang_after": "hang"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some bytes, ``wait`` seconds after those before them."""

    wait: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Every piece in order, and what follows the last one."""

    chunks: tuple[Chunk, ...]
    ending: Ending = "keep"


def ending(chosen: Chosen, otherwise: Ending) -> Ending:
    """What was asked for, or else what follows from the rest."""
    return next((how for name, how in _ENDINGS.items() if name in chosen), otherwise)


def cut(data: bytes, chosen: Chosen) -> bytes:
    """What is left of the data after ``truncate``."""
    truncate = chosen.get("truncate")
    if truncate is None:
        return data
    if truncate.count is not None:
        return data[: max(0, truncate.count)]
    return data[: int(len(data) * max(0.0, truncate.share or 0.0))]


def paced(data: bytes, chosen: Chosen) -> tuple[Chunk, ...]:
    """The data at the pace of ``split`` or ``dribble``, in one piece without either. Nothing is no piece."""
    if "split" in chosen:
        return spread(halves(data), chosen["split"].seconds or 0.0)
    if "dribble" in chosen:
        return spread(pieces(data, chosen["dribble"].count or 1), chosen["dribble"].seconds or 0.0)
    return spread([data] if data else [], 0.0)


def spread(parts: Sequence[bytes], seconds: float) -> tuple[Chunk, ...]:
    """The parts evenly over the time: the first one at once, the last one at its end. A single part comes then."""
    step = max(0.0, seconds) / max(1, len(parts) - 1)
    first = step if len(parts) == 1 else 0.0
    return tuple(Chunk(wait=step if index else first, data=part) for index, part in enumerate(parts))


def halves(data: bytes) -> list[bytes]:
    """Two parts, or fewer where there are not so many bytes."""
    return pieces(data, 2)


def pieces(data: bytes, count: int) -> list[bytes]:
    """So many parts of nearly the same size, none of them empty."""
    count = max(1, min(count, len(data)))
    bounds = [len(data) * number // count for number in range(count + 1)]
    return [data[start:end] for start, end in pairwise(bounds) if end > start]
