"""What every exchange has in common, whatever way it came: the request, the decision, the note of both, remarks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import TypeVar, cast

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from mockiis.er7 import Message, Note
from mockiis.message import Reply, Request
from mockiis.message.reply import ForwardReply
from mockiis.registry.registry import Registry
from mockiis.scenario import Scenario
from mockiis.scenario.memory import Memory
from mockiis.server.accounts import Account, facilities_of
from mockiis.server.answering import replied
from mockiis.server.caller import Caller
from mockiis.server.clock import local_time
from mockiis.server.exchange import Exchange
from mockiis.server.failure import internal_error
from mockiis.server.forwarding import PASS_ON, Forwarding, nowhere
from mockiis.server.held import Held
from mockiis.server.later import Later, then
from mockiis.server.ledger import Ledger

T = TypeVar("T")


def numbered(start: datetime) -> Callable[[], str]:
    """Message control ids that no earlier run of this mock has used: the start in seconds, and a number."""
    prefix, numbers = f"{int(start.timestamp()):X}", count(1)
    return lambda: f"{prefix}-{next(numbers)}"


@dataclass(slots=True, kw_only=True)
class Exchanges:
    """``scenarios`` may be replaced while it runs; ``ledger`` keeps what their rules remember, and the journal. With a
    ``seed``, what is left to chance comes out the same in each run.
    """

    scenarios: Sequence[Scenario]
    accounts: tuple[Account, ...] = ()
    clock: Callable[[], datetime] = local_time
    new_control_id: Callable[[], str] = field(default_factory=lambda: numbered(local_time()))
    observers: list[Callable[[Exchange], None]] = field(default_factory=list)
    remarks: list[Callable[[str], None]] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    registry: Registry = field(default_factory=Registry)
    seed: int | None = None
    forwarding: Forwarding | None = None
    _dice: Random = field(init=False, repr=False)
    _habits: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=1000), init=False, repr=False)

    def __post_init__(self) -> None:
        self.reseed(self.seed)

    def reseed(self, seed: int | None) -> None:
        """Begin again what is left to chance."""
        self.seed = seed
        self._dice = Random(seed)  # noqa: S311  # what a script leaves to chance, nothing secret

    @property
    def memory(self) -> Memory:
        """What the rules of the scenarios remember."""
        return self.ledger.memory

    def request(self, caller: Caller, message: Message | None = None, text: str = "", operation: str = "") -> Request:
        """What came from the caller, with the time, the number and the luck of its answer."""
        return Request(
            transport=caller.transport,
            received=self.clock(),
            control_id="" if message is None and operation else self.new_control_id(),
            message=message,
            text=text,
            operation=operation,
            username=caller.username,
            password=caller.password,
            facility=caller.facility,
            facilities=facilities_of(self.accounts, caller.username) if caller.username else (),
            seed=self._dice.getrandbits(64),
        )

    def decided(self, request: Request, peer: str) -> Later[Reply]:
        """The reply to a request. What it changes is remembered at once; ``note`` it when it is there."""
        scenarios = self.scenarios if self.forwarding is None else (*self.scenarios, PASS_ON)
        reply = replied(request, scenarios, self.registry, self.ledger, lambda text: self.report(peer, text))
        self.ledger.remember(reply.changes, request.received)
        if not isinstance(reply, ForwardReply):
            return reply
        return self.forwarding.asked(request, reply, peer) if self.forwarding else nowhere(request, reply)

    def answered(self, request: Request, peer: str) -> Later[Reply]:
        """The reply to a request that stands alone, noted."""
        return then(self.decided(request, peer), lambda reply: self.note(request, reply, peer))

    def note(self, request: Request, reply: Reply, peer: str) -> Reply:
        """Write the exchange down, and tell whoever watches. The same reply comes back."""
        self.ledger.note(request, reply, peer)
        exchange = Exchange(request=request, reply=reply, peer=peer)
        for observer in self.observers:
            try:
                observer(exchange)
            except Exception as error:  # noqa: BLE001  # whoever watches must not cost the sender its answer
                self.report(peer, f"an observer failed: {internal_error(error)}")
        return reply

    def hold(self, answer: Later[T], otherwise: Callable[[T, str], T], meanwhile: T) -> Held[T]:
        """The answer, held until it is there and committed. ``otherwise`` makes the one that says why it is not taken
        of the one that was meant, or of ``meanwhile``.
        """

        def failed(failure: Failure) -> T:
            return otherwise(meanwhile, internal_error(cast(Exception, failure.value)))

        def held(answer: T) -> Held[T]:
            return self.ledger.hold(answer, lambda trouble: otherwise(answer, trouble))

        if not isinstance(answer, Deferred):
            return held(answer)
        return Held.coming(meanwhile, answer.addErrback(failed).addCallback(held))

    def report(self, peer: str, text: str) -> None:
        """Tell whoever watches about something odd on the wire. One that cannot listen costs nobody an answer."""
        for remark in self.remarks:
            with suppress(Exception):
                remark(f"{peer}: {text}")

    def report_notes(self, notes: Iterable[Note], peer: str) -> None:
        """What was odd and taken, once for each peer: a sender's habit comes with each of its messages."""
        for note in notes:
            if (peer, note.code) not in self._habits:
                self._habits.append((peer, note.code))
                self.report(peer, f"{note.code}: {note.text}")
