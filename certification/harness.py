"""The built-in mock IIS of the suite, which answers as each case says. The only module here that starts a mock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import scenarios
from certification.case import Case, Script, Step, Transport, With
from certification.iis import Access
from mockiis.console import read_text
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.scenario import Scenario, load
from mockiis.testing import Account, MockIIS, Settings
from sender.destination import Destination

MAX_MESSAGE = 65_536
"""Characters of one message that the mock takes; the case about oversized messages goes beyond it."""
ACCESS = Access(user="certification", password="only-for-this-run", facility="SENFAC")  # noqa: S106 - no secret


class BuiltInIIS:
    """A mock on free loopback ports. It lets in the account of ``access`` only, so that credentials are judged."""

    scripted = True
    credentials = frozenset({"user", "password", "facility"})

    def __init__(
        self, access: Access = ACCESS, overrides: Mapping[str, Scenario] | None = None, reactor: Any = None
    ) -> None:
        """``overrides`` replace shipped scenarios by name."""
        self._access = access
        self._scenarios: dict[str, Scenario] = dict(overrides or {})
        account = Account(username=access.user, password=access.password, facilities=(access.facility,))
        self._mock = MockIIS(
            reactor=reactor,
            accounts=[account],
            settings=Settings(dialect=access.dialect),
            max_message=MAX_MESSAGE,
        )
        self.addresses: dict[Transport, str] = {
            "soap": self._mock.soap_url,
            "mllp": self._mock.mllp_url,
            "http": self._mock.http_url.replace("http", "http+hl7", 1),
        }

    async def stop(self) -> None:
        """Close the ports."""
        await self._mock.stop()

    def prepare(self, case: Case, number: int, step: Step) -> None:
        """Answer by the step's own rules, or else by the scenario of the case. A case begins with a new registry."""
        rules = step.answer
        self._mock.load(scripted(rules, f"case {case.id}, step {number}") if rules else self._shipped(case.scenario))
        if number == 1:
            self._mock.listeners.scripts.known.begin_again()
        self._mock.exchanges.clear()

    def destination(self, transport: Transport, with_: With) -> Destination:
        """Where and how the step is sent."""
        return self._access.to(self.addresses[transport], with_)

    def received(self) -> tuple[str, ...]:
        """Every text that reached the mock since ``prepare``."""
        return tuple(exchange.request.text for exchange in self._mock.exchanges)

    def _shipped(self, name: str) -> Scenario:
        scenario = self._scenarios.get(name)
        if scenario is None:
            path = scenarios.path(name)
            scenario = self._scenarios[name] = load(read_text(path), path.name)
        return scenario


def access_or_own(access: Access) -> Access:
    """The access given, or the suite's own account where no user is named."""
    return (
        access if access.user else replace(access, user=ACCESS.user, password=ACCESS.password, facility=ACCESS.facility)
    )


def load_overrides(files: Iterable[str], cases: Iterable[Case]) -> dict[str, Scenario]:
    """Scenario files by the name of the shipped one that each replaces. Raises MockIISError."""
    used = sorted({case.scenario for case in cases})
    overrides = {}
    for file in files:
        scenario = load(read_text(file), file)
        name = Path(file).stem
        if name not in used:
            raise MockIISError(f"{file}: replaces no scenario of the cases; call the file one of: {_files(used)}")
        overrides[name] = scenario
    return overrides


def _files(names: Iterable[str]) -> str:
    return ", ".join(f"{name}.yaml" for name in names)


def scripted(script: Script, where: str) -> Scenario:
    """The rules of a step as a scenario; complaints name the case file and the step."""
    text = json.dumps({"version": "1", "name": where, "rules": script.rules})
    try:
        return load(text, where)
    except DocumentError as error:
        raise DocumentError(
            [Problem(script.file, script.line, 1, f"{where}: {p.text}") for p in error.problems]
        ) from None
