"""What a registry does wrong on the wire, as data: ``wire`` and ``server`` carry it out, a scenario asks for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehaviour:
    """One thing done wrong to one answer. ``name`` is how scenario files call it.

    What it needs besides: ``count`` of pieces or bytes, ``share`` of the answer (0 to 1), ``seconds`` to wait or to
    take, ``text`` to send. Each kind reads its own and has a sensible default for what is None.
    """

    name: str
    count: int | None = None
    share: float | None = None
    seconds: float | None = None
    text: str | None = None
