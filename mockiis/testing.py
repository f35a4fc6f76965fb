"""A mock IIS inside your own Twisted tests and the certification harness: same process, same reactor.

iis = MockIIS(load(text, "my.yaml"))
... send to iis.soap_url or iis.mllp_url ...
await iis.stop()
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet import defer

from mockiis.scenario import Scenario
from mockiis.server.accounts import Account
from mockiis.server.exchange import Exchange
from mockiis.server.listeners import Listeners, Settings
from mockiis.server.service import Service

__all__ = ["Account", "Exchange", "MockIIS", "Settings"]


class MockIIS:
    """Listens on free loopback ports from the moment it is made. ``exchanges`` holds what was answered."""

    def __init__(
        self,
        *scenarios: Scenario,
        reactor: Any = None,
        accounts: Sequence[Account] = (),
        settings: Settings | None = None,
        **options: Any,
    ) -> None:
        """``options`` are those of ``Service`` (clock, new_control_id, max_message, on_unreadable)."""
        if reactor is None:
            from twisted.internet import reactor
        self.exchanges: list[Exchange] = []
        self.remarks: list[str] = []
        self.service = Service(scenarios=scenarios, accounts=tuple(accounts), **options)
        self.service.observers.append(self.exchanges.append)
        self.service.remarks.append(self.remarks.append)
        self._listeners = Listeners(self.service, settings or Settings(), reactor)
        self.soap_url = self._listeners.addresses.get("soap", "")
        self.mllp_url = self._listeners.addresses.get("mllp", "")

    def load(self, *scenarios: Scenario) -> None:
        """Answer by these scenarios from now on."""
        self.service.scenarios = scenarios

    def stop(self) -> defer.Deferred[Any]:
        """Close the ports; awaitable."""
        return self._listeners.stop()
