"""A mock IIS in a process of its own, asked over its admin API. Needs no reactor, no event loop and no Twisted here.

``running`` starts one and stops it; ``RemoteIIS`` speaks to one that runs already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from mockiis.errors import MockIISError, UnreachedError

When = Mapping[str, Any]
"""Conditions as in a rule's ``when``: ``{"message": "VXU", "PID-3[5=MR].1": {"missing": True}}``."""
Rule = Mapping[str, Any]
"""A rule as in a scenario file: ``{"when": ..., "reply": {"ack": "AE"}}``."""
_PATIENCE = 30.0
"""Seconds to wait for the admin API beside the time that a request asks it to wait."""


class Mismatch(AssertionError):  # noqa: N818  # it is an AssertionError, so that test runners show it as a failure
    """What the mock received is not what a test expected; the text names the closest exchange and what differs."""


class Exchange(dict[str, Any]):
    """One exchange as the journal has it, by the names of its columns: ``exchange["control_id"]``, ``["request"]``."""

    __getattr__ = dict.__getitem__


class RemoteIIS:
    """A running mock: where to send to, and what can be asked of it. Every method raises MockIISError with a sentence
    when the mock refuses or is not there.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """``addresses`` is the line of JSON that ``mockiis serve`` prints; "admin" must be in it."""
        self.soap_url = addresses.get("soap", "")
        self.mllp_address = addresses.get("mllp", "")
        self.admin_url = addresses["admin"]
        self.clock = Clock(self)
        self._connection = HTTPConnection(urlsplit(self.admin_url).netloc, timeout=_PATIENCE)

    def load(self, *scenarios: str | Path | Rule) -> None:
        """Answer by these from now on: names of files, of shipped scenarios, YAML texts, or single rules.

        Files and texts take the place of the present scenarios; rules alone are put in front of them.
        """
        files = [_scenario(entry, number) for number, entry in enumerate(scenarios) if not isinstance(entry, Mapping)]
        if files:
            self.ask("PUT", "/scenarios", files)
        for rule in reversed([entry for entry in scenarios if isinstance(entry, Mapping)]):
            self.ask("POST", "/rules", rule)

    def exchanges(self, when: When | None = None, /, **more: Any) -> list[Exchange]:
        """What was received, oldest first: all, or what the conditions hold for."""
        body: dict[str, Any] = {"when": {**(when or {}), **more}, "limit": 1000}
        found: list[Exchange] = []
        while body.get("after", 0) is not None:
            page = self.ask("POST", "/journal/search", body)
            found += map(_exchange, page["exchanges"])
            body["after"] = page["next"]
        return found

    def assert_received(
        self,
        when: When | None = None,
        /,
        *,
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        wait: float = 0.0,
        **more: Any,
    ) -> None:
        """Raise Mismatch unless so many exchanges match within ``wait`` seconds; one or more, if no number is given."""
        numbers = {"count": count, "at_least": at_least, "at_most": at_most}
        given = {name: number for name, number in numbers.items() if number is not None}
        self._verify({"when": {**(when or {}), **more}, **(given or {"at_least": 1})}, wait)

    def assert_in_order(self, *steps: When, wait: float = 0.0) -> None:
        """Raise Mismatch unless an exchange for each step was received, one after another; others may stand between."""
        self._verify({"in_order": list(steps)}, wait)

    def wait_for(self, when: When | None = None, /, *, count: int = 1, timeout: float = 10.0, **more: Any) -> None:
        """Wait until so many exchanges match; raise Mismatch when that takes too long. A delayed answer counts."""
        self.assert_received(when, at_least=count, wait=timeout, **more)

    def _verify(self, body: Mapping[str, Any], wait: float) -> None:
        asked = {**body, "wait": f"{round(wait * 1000)}ms"} if wait > 0 else body
        self._connection.timeout = _PATIENCE + wait
        found = self.ask("POST", "/verify", asked)
        if not found["verified"]:
            raise Mismatch(found["message"])

    def unmatched(self) -> list[str]:
        """For each message that no rule answered, why not."""
        return [entry["explanation"] for entry in self.ask("GET", "/unmatched")["exchanges"]]

    def unmet(self) -> list[str]:
        """A sentence for each ``expect`` that was not met."""
        return list(self.ask("GET", "/expectations")["unmet"])

    def seed(self, number: int) -> None:
        """Have what is left to chance come out the same way each time."""
        self.ask("PUT", "/seed", {"seed": number})

    def listeners(self, **doing: str) -> None:
        """What the listeners do to new connections, as in ``listeners(mllp="refuse")``: open, refuse, silent, abort
        tls or down.
        """
        self.ask("PUT", "/listeners", doing)

    def reset(self) -> None:
        """Back to the start: scenarios, states, journal, clock, seed and listeners."""
        self.ask("POST", "/reset", {})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the admin API: JSON in, JSON out. Raises MockIISError with what it says is wrong."""
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if text is not None else {}
        try:
            self._connection.request(method, path, text, headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise UnreachedError(f"the mock IIS at {self.admin_url} does not answer: {error}") from None
        found = self._read(answer)
        if response.status >= 400 and "verified" not in found:
            raise MockIISError(_refusal(found))
        return found

    def _read(self, answer: bytes) -> Any:
        try:
            return json.loads(answer) if answer else {}
        except ValueError:
            raise MockIISError(
                f"{self.admin_url} is not the admin API of a mock IIS: it does not answer in JSON"
            ) from None

    def close(self) -> None:
        """Let go of the connection; the mock runs on."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Clock:
    """The clock of the mock: its delays and its MSH-7."""

    def __init__(self, iis: RemoteIIS) -> None:
        self._iis = iis

    def freeze(self) -> None:
        """Stand still until ``advance`` or ``run``."""
        self._iis.ask("PUT", "/clock", {"frozen": True})

    def advance(self, seconds: float) -> None:
        """Move on at once: answers that are due by then leave now."""
        self._iis.ask("PUT", "/clock", {"advance": f"{round(seconds * 1000)}ms"})

    def run(self) -> None:
        """Run again."""
        self._iis.ask("PUT", "/clock", {"running": True})


def _scenario(entry: str | Path, number: int) -> dict[str, str]:
    """YAML text has lines; anything else names a file, or a shipped scenario."""
    if isinstance(entry, str) and "\n" in entry:
        return {"name": f"text-{number + 1}.yaml", "text": entry}
    path = Path(entry)
    if path.is_file():
        return {"name": path.name, "text": path.read_text(encoding="utf-8")}
    return {"shipped": str(entry)}


def _exchange(entry: Mapping[str, Any]) -> Exchange:
    return Exchange(entry, received=datetime.fromisoformat(entry["received"]))


def _refusal(found: Mapping[str, Any]) -> str:
    problems: Iterable[Mapping[str, Any]] = found.get("problems", ())
    lines = [f"{one['file']}:{one['line']}:{one['column']}: {one['text']}" for one in problems]
    return "\n".join([str(found.get("error", "the mock IIS refused")), *lines])


def unmet_and_unmatched(iis: RemoteIIS) -> Sequence[str]:
    """What a strict test complains about at its end."""
    return [*iis.unmatched(), *iis.unmet()]
