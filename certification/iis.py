"""The IIS that a sender is judged with: what the runner needs of it, and the one that only has addresses.

The other one, a mock that answers as each case says, is in ``harness``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from certification.case import Case, Step, Transport, With
from mockiis.errors import MockIISError
from mockiis.wire.soap import CDC, Dialect
from sender.destination import Destination, parse_address

TIME_LIMIT = 10.0
"""Seconds for one answer, unless the step says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What it takes to be let in: credentials and dialect for SOAP, trusted certificates for TLS."""

    user: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
    dialect: Dialect = CDC
    ca: bytes = field(default=b"", repr=False)
    verify: bool = True

    def to(self, address: str, with_: With) -> Destination:
        """The destination for one step. Raises MockIISError when the address is none."""
        return replace(
            parse_address(address),
            username=with_.user or self.user,
            password=with_.password or self.password,
            facility=with_.facility or self.facility,
            dialect=self.dialect,
            ca=self.ca,
            verify=self.verify,
            timeout=TIME_LIMIT if with_.time_limit is None else with_.time_limit,
        )


class IIS(Protocol):
    """An IIS to judge with."""

    @property
    def addresses(self) -> Mapping[Transport, str]:
        """Its address for each transport it offers."""

    @property
    def scripted(self) -> bool:
        """Whether it answers as a case says."""

    @property
    def credentials(self) -> Collection[str]:
        """Those of user, password and facility that are known to be right, so that wrong ones can be told."""

    def prepare(self, case: Case, number: int, step: Step) -> None:
        """Make ready for step ``number`` of the case. Raises MockIISError when its script cannot be read."""

    def destination(self, transport: Transport, with_: With) -> Destination:
        """Where and how the step is sent."""

    def received(self) -> tuple[str, ...] | None:
        """Every text that reached it since ``prepare``; None when nobody can watch."""


class RemoteIIS:
    """An IIS known by its addresses only: it answers as it likes, and nobody sees what reaches it."""

    scripted = False

    def __init__(self, addresses: Sequence[str], access: Access) -> None:
        """Raises MockIISError for an address that cannot be read, and for two of one transport."""
        self._access = access
        self.addresses: dict[Transport, str] = {}
        for address in addresses:
            transport = parse_address(address).transport
            if transport in self.addresses:
                raise MockIISError(f"--iis is given twice for {transport.upper()}; give one address for each transport")
            self.addresses[transport] = address

    @property
    def credentials(self) -> frozenset[str]:
        """Those that were given: wrong ones can be told from them."""
        access = self._access
        given = {"user": access.user, "password": access.password, "facility": access.facility}
        return frozenset(name for name, value in given.items() if value)

    def prepare(self, case: Case, number: int, step: Step) -> None:
        """Nothing can be prepared."""

    def destination(self, transport: Transport, with_: With) -> Destination:
        """Where and how the step is sent."""
        return self._access.to(self.addresses[transport], with_)

    def received(self) -> None:
        """Nobody can watch."""
        return
