"""A mock IIS in a process of its own, asked over its admin API. Needs no reactor, no event loop and no Twisted here.

``running`` starts one and stops it; ``RemoteIIS`` speaks to one that runs already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import local
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from mockiis.errors import MockIISError, UnreachedError

When = Mapping[str, Any]
"""Conditions as in a rule's ``when``: ``{"message": "VXU", "PID-3[5=MR].1": {"missing": True}}``."""
Rule = Mapping[str, Any]
"""A rule as in a scenario file: ``{"when": ..., "reply": {"ack": "AE"}}``."""
_EXPLAINED = 5
"""Messages that no rule answered and that a failure explains; the rest is counted."""
_IDLE = 10.0
"""Seconds after which a connection that nobody used is not trusted any more."""
_LONGEST = 256
"""Characters that no name of a file has."""
_PATIENCE = 30.0
"""Seconds to wait for the admin API beside the time that a request asks it to wait."""


class Mismatch(AssertionError):  # noqa: N818  # it is an AssertionError, so that test runners show it as a failure
    """What the mock received is not what a test expected; the text names the closest exchange and what differs."""


class Exchange(dict[str, Any]):
    """One exchange as the journal has it, by the names of its columns: ``exchange["control_id"]``, ``["request"]``."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"an exchange has no column '{name}'; it has {', '.join(self)}") from None


class RemoteIIS:
    """A running mock: where to send to, and what can be asked of it. Every method raises MockIISError with a sentence
    when the mock refuses or is not there. Threads may ask at the same time: each has a connection of its own.
    """

    def __init__(self, addresses: Mapping[str, str], ended: Callable[[], str] = str) -> None:
        """``addresses`` is the line of JSON that ``mockiis serve`` prints; "admin" must be in it. ``ended`` says how
        the mock has ended, and nothing while it runs.
        """
        self.soap_url = addresses.get("soap", "")
        self.mllp_address = addresses.get("mllp", "")
        self.admin_url = addresses["admin"]
        self.clock = Clock(self)
        self._ended = ended
        self._here = _Connections(self.admin_url)

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
        __tracebackhide__ = True
        numbers = {"count": count, "at_least": at_least, "at_most": at_most}
        given = {name: number for name, number in numbers.items() if number is not None}
        self._verify({"when": {**(when or {}), **more}, **(given or {"at_least": 1})}, wait)

    def assert_in_order(self, *steps: When, wait: float = 0.0) -> None:
        """Raise Mismatch unless an exchange for each step was received, one after another; others may stand between."""
        __tracebackhide__ = True
        self._verify({"in_order": list(steps)}, wait)

    def wait_for(self, when: When | None = None, /, *, count: int = 1, timeout: float = 10.0, **more: Any) -> None:
        """Wait until so many exchanges match; raise Mismatch when that takes too long. A delayed answer counts."""
        __tracebackhide__ = True
        self.assert_received(when, at_least=count, wait=timeout, **more)

    def _verify(self, body: Mapping[str, Any], wait: float) -> None:
        __tracebackhide__ = True
        asked = {**body, "wait": f"{round(wait * 1000)}ms"} if wait > 0 else body
        found = self.ask("POST", "/verify", asked, patience=_PATIENCE + wait)
        if not found["verified"]:
            raise Mismatch(found["message"])

    def unmatched(self) -> list[str]:
        """For each message that no rule answered, why not."""
        found: list[str] = []
        after: int | None = 0
        while after is not None:
            page = self.ask("GET", f"/unmatched?after={after}")
            found += [entry["explanation"] for entry in page["exchanges"]]
            after = page["next"]
        return found

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

    def ask(self, method: str, path: str, body: Any = None, *, patience: float = _PATIENCE) -> Any:
        """One request to the admin API: JSON in, JSON out. Raises MockIISError with what it says is wrong."""
        text = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if text is not None else {}
        connection = self._here.connection(patience)
        try:
            connection.request(method, path, text, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            reason = self._ended() or str(error)
            raise UnreachedError(f"the mock IIS at {self.admin_url} does not answer: {reason}") from None
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
        """Let go of the connections; the mock runs on."""
        self._here.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Connection(HTTPConnection):
    """One that is closed with the thread that used it."""

    def __del__(self) -> None:
        self.close()


class _Connections(local):
    """The connection of each thread to the admin API, kept from one question to the next."""

    def __init__(self, url: str) -> None:
        self._kept = _Connection(urlsplit(url).netloc, timeout=_PATIENCE)
        self._used = 0.0

    def connection(self, patience: float) -> HTTPConnection:
        """It, or a new one when the mock may have closed it meanwhile. ``patience`` is how long an answer may take."""
        if monotonic() - self._used > _IDLE:
            self._kept.close()
        self._used = monotonic()
        self._kept.timeout = patience
        if self._kept.sock is not None:
            self._kept.sock.settimeout(patience)
        return self._kept

    def close(self) -> None:
        """Let go of that of this thread; those of others go with their threads."""
        self._kept.close()


class Clock:
    """The clock of the mock: its delays and its MSH-7."""

    def __init__(self, iis: RemoteIIS) -> None:
        self._iis = iis

    def freeze(self, at: datetime | str | None = None) -> None:
        """Stand still until ``advance`` or ``run``, now or at a moment such as ``2024-04-03T12:00:00+00:00``."""
        moment = at.isoformat() if isinstance(at, datetime) else at
        self._iis.ask("PUT", "/clock", {"frozen": True} if moment is None else {"at": moment})

    def advance(self, seconds: float) -> None:
        """Move on at once: answers that are due by then leave now."""
        self._iis.ask("PUT", "/clock", {"advance": f"{round(seconds * 1000)}ms"})

    def run(self) -> None:
        """Run again."""
        self._iis.ask("PUT", "/clock", {"running": True})


def _scenario(entry: str | Path, number: int) -> dict[str, str]:
    """YAML text has lines, or is in braces; anything else names a file, or a shipped scenario."""
    if isinstance(entry, str) and ("\n" in entry or entry.lstrip().startswith("{")):
        return {"name": f"text-{number + 1}.yaml", "text": entry}
    path = Path(entry)
    if path.suffix or (len(str(path)) < _LONGEST and path.is_file()):
        from mockiis.console import read_text  # noqa: PLC0415  # most tests name no file

        return {"name": path.name, "text": read_text(path)}
    return {"shipped": str(entry)}


def _exchange(entry: Mapping[str, Any]) -> Exchange:
    return Exchange(entry, received=datetime.fromisoformat(entry["received"]))


def _refusal(found: Mapping[str, Any]) -> str:
    problems: Iterable[Mapping[str, Any]] = found.get("problems", ())
    lines = [f"{one['file']}:{one['line']}:{one['column']}: {one['text']}" for one in problems]
    return "\n".join([str(found.get("error", "the mock IIS refused")), *lines])


def unmet_and_unmatched(iis: RemoteIIS) -> list[str]:
    """What a strict test complains about at its end: a few messages in full, since many tell the same."""
    unmatched = iis.unmatched()
    more = len(unmatched) - _EXPLAINED
    rest = [f"and {more} more message{'' if more == 1 else 's'} that no rule matched"] if more > 0 else []
    return [*unmatched[:_EXPLAINED], *rest, *iis.unmet()]
