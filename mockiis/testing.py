"""A mock IIS inside your own Twisted tests and the certification harness: same process, same reactor.

iis = MockIIS(load(text, "my.yaml"))
... send to iis.soap_url, iis.http_url or iis.mllp_url ...
await iis.received()
iis.clock.advance(8)
await iis.stop()
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet import defer

from mockiis.scenario import Scenario
from mockiis.server.accounts import Account
from mockiis.server.clock import Clock
from mockiis.server.exchange import Exchange
from mockiis.server.ledger import Ledger
from mockiis.server.listeners import Settings
from mockiis.server.opening import opened
from mockiis.server.service import Service
from mockiis.store.journal import Journal

__all__ = ["Account", "Exchange", "MockIIS", "Settings"]


class MockIIS:
    """Listens on free loopback ports from the moment it is made. ``exchanges`` holds what was answered.

    Delays are on ``clock``: ``advance(8)`` carries out at once what would be due in 8 seconds. ``listeners`` can
    refuse, ignore or cut off whoever connects: ``await iis.listeners.refuse("mllp")``.
    """

    def __init__(
        self,
        *scenarios: Scenario,
        reactor: Any = None,
        accounts: Sequence[Account] = (),
        settings: Settings | None = None,
        journal: Journal | None = None,
        **options: Any,
    ) -> None:
        """``journal`` is one of ``mockiis.store``, in memory if none is given.

        ``options`` are those of ``Service`` (clock, new_control_id, max_message, on_unreadable, seed).
        """
        if reactor is None:
            from twisted.internet import reactor
        self.exchanges: list[Exchange] = []
        self.remarks: list[str] = []
        self._reactor = reactor
        self._awaited: list[tuple[int, defer.Deferred[None]]] = []
        self.clock = Clock(reactor)
        options.setdefault("clock", self.clock.now)
        if journal is not None:
            options["ledger"] = Ledger(journal, later=reactor.callLater)
        self.service = Service(scenarios=scenarios, accounts=tuple(accounts), **options)
        self.service.observers += [self.exchanges.append, self._tell]
        self.service.remarks.append(self.remarks.append)
        self.listeners = opened(self.service, settings or Settings(), reactor, self.clock)
        self.soap_url = self.listeners.addresses.get("soap", "")
        self.http_url = self.listeners.addresses.get("http", "")
        self.mllp_url = self.listeners.addresses.get("mllp", "")
        self.admin_url = self.listeners.addresses.get("admin", "")

    def load(self, *scenarios: Scenario) -> None:
        """Answer by these scenarios from now on."""
        self.listeners.scripts.replace(scenarios, forget=())

    def received(self, count: int = 1) -> defer.Deferred[None]:
        """Wait until that many exchanges have been noted; their replies are then on the clock, or sent."""
        waiting = defer.Deferred[None]()
        self._awaited.append((count, waiting))
        self._tell()
        return waiting

    def _tell(self, _: Exchange | None = None) -> None:
        """The reply to the exchange just noted is not under way yet, so whoever waits hears of it a moment later."""
        due = [waiting for count, waiting in self._awaited if count <= len(self.exchanges)]
        self._awaited = [entry for entry in self._awaited if entry[1] not in due]
        for waiting in due:
            self._reactor.callLater(0, waiting.callback, None)

    def stop(self) -> defer.Deferred[Any]:
        """Close the ports; awaitable."""
        return self.listeners.stop()
