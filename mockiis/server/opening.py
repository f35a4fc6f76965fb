"""Everything of one mock that listens: its listeners, and the admin API that controls them, if it is wanted."""

from __future__ import annotations

from typing import Any

from mockiis.server.clock import Clock
from mockiis.server.listeners import Listeners, Settings
from mockiis.server.service import Service


def opened(service: Service, settings: Settings, reactor: Any, clock: Clock) -> Listeners:
    """Open every port. Raises MockIISError that names the one that is taken, with none open."""
    listeners = Listeners(service, settings, reactor, clock)
    if settings.admin_port is not None:
        from mockiis.server.admin import admin_site  # noqa: PLC0415  # start-up time is a feature

        listeners.open_admin(admin_site(service, listeners, reactor), settings.admin_port)
    return listeners
