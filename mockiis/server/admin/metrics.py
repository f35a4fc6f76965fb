"""Numbers about the mock in the text format of Prometheus. Every label has a few values known beforehand."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate

from mockiis.message import FaultReply, HTTPReply, MessageReply, NoReply, Reply
from mockiis.server.clock import Clock
from mockiis.server.exchange import Exchange, answered
from mockiis.server.service import Service

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TYPES = frozenset({"VXU^V04", "QBP^Q11", "ADT^A04", "ADT^A08", "ADT^A28", "ADT^A31", "ORU^R01", "connectivityTest"})
_CODES = frozenset({"AA", "AE", "AR", "CA", "CE", "CR"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_OUTCOMES: dict[type[Reply], str] = {MessageReply: "message", FaultReply: "fault", HTTPReply: "http", NoReply: "none"}


class Metrics:
    """Counts from the moment it is made; a reset of the mock takes nothing back."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._clock = clock
        self._exchanges: Counter[tuple[str, str, str, str]] = Counter()
        self._unmatched = self._failures = 0
        self._durations = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        service.observers.append(self.count)
        self._also_failed, service.ledger.failed = service.ledger.failed, self._failed
        service.ledger.left = self._left

    def count(self, exchange: Exchange) -> None:
        """One more exchange."""
        reply = exchange.reply
        kind = exchange.message_type
        code = answered(reply).partition(" ")[0] if isinstance(reply, MessageReply) else ""
        labels = (
            exchange.request.transport,
            kind if kind in _TYPES else "none" if kind == "not read" else "other",
            code if code in _CODES else "none",
            _OUTCOMES.get(type(reply), "other"),
        )
        self._exchanges[labels] += 1
        self._unmatched += bool(reply.explanation)

    def _left(self, seconds: float) -> None:
        self._durations[bisect_left(_BUCKETS, seconds)] += 1
        self._seconds += seconds

    def _failed(self, reason: str) -> None:
        self._failures += 1
        self._also_failed(reason)

    def text(self, version: str, uptime: float) -> str:
        """All of them."""
        lines = [
            *_metric("exchanges_total", "counter", "Exchanges.", self._exchange_lines()),
            *_metric("unmatched_total", "counter", "Messages that no rule answered.", [("", self._unmatched)]),
            *_metric("answers_waiting", "gauge", "Answers that wait for their time.", [("", self._clock.waiting)]),
            *_metric("answer_seconds", "histogram", "From receipt until the answer has left.", self._histogram()),
            *_metric(
                "journal_failures_total", "counter", "Commits of the journal that failed.", [("", self._failures)]
            ),
            *_metric("uptime_seconds", "gauge", "Since the start.", [("", round(uptime, 3))]),
            *_metric("info", "gauge", "The version.", [(f'{{version="{version}"}}', 1)]),
        ]
        return "\n".join([*lines, ""])

    def _exchange_lines(self) -> Iterator[tuple[str, float]]:
        for (transport, kind, code, outcome), number in sorted(self._exchanges.items()):
            yield (
                f'{{transport="{transport}",message_type="{kind}",acknowledgment="{code}",outcome="{outcome}"}}',
                number,
            )

    def _histogram(self) -> Iterator[tuple[str, float]]:
        bounds = [*map(str, _BUCKETS), "+Inf"]
        for bound, total in zip(bounds, accumulate(self._durations), strict=True):
            yield f'_bucket{{le="{bound}"}}', total
        yield "_sum", round(self._seconds, 6)
        yield "_count", sum(self._durations)


def _metric(name: str, kind: str, about: str, samples: Iterable[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP mockiis_{name} {about}"
    yield f"# TYPE mockiis_{name} {kind}"
    for labels, value in samples:
        yield f"mockiis_{name}{labels} {value}"
