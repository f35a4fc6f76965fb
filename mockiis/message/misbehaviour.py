"""What a registry does wrong on the wire, as data: ``wire`` and ``server`` carry it out, a scenario asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mockiis.message.misbehaviour_kinds import KINDS, Answers, Form, Kind
from mockiis.message.request import Transport

__all__ = ["KINDS", "Answers", "Form", "Kind", "Misbehaviour", "effective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehaviour:
    """One thing done wrong to one answer. ``name`` is one of KINDS; any other raises ValueError.

    What it needs besides: ``count`` of pieces, times or bytes, ``share`` of the answer (0 to 1), ``seconds`` to wait or
    to take, ``text`` to send. What its kind does not use is ignored; what is None is as in the table.
    """

    name: str
    count: int | None = None
    share: float | None = None
    seconds: float | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.name not in KINDS:
            raise ValueError(f"'{self.name}' is no misbehaviour; there are: {', '.join(KINDS)}")

    @property
    def kind(self) -> Kind:
        """Its row of the table."""
        return KINDS[self.name]

    @property
    def complete(self) -> Misbehaviour:
        """The same, with the table's values for what is None."""
        kind = self.kind
        counted = self.count is not None or self.share is not None
        return replace(
            self,
            count=self.count if counted else kind.count,
            share=self.share if counted else kind.share,
            seconds=kind.seconds if self.seconds is None else self.seconds,
            text=kind.text if self.text is None else self.text,
        )


def effective(wire: Iterable[Misbehaviour], transport: Transport, answer: Answers) -> dict[str, Misbehaviour]:
    """What is done to an answer of that sort over that transport, complete and by name.

    Of each group, and of each name, the first one counts.
    """
    chosen: dict[str, Misbehaviour] = {}
    for misbehaviour in wire:
        kind = misbehaviour.kind
        if transport in kind.transports and answer in kind.answers:
            chosen.setdefault(kind.group or kind.name, misbehaviour.complete)
    return {misbehaviour.name: misbehaviour for misbehaviour in chosen.values()}
