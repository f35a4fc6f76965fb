"""What ``serve`` tells whoever watches: a line for each exchange, why no rule answered, and how to look into it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import click

from mockiis.message import Request
from mockiis.scenario.memory import START
from mockiis.server.exchange import Exchange
from mockiis.server.service import Service


def say(text: str) -> None:
    """Tell whoever watches. When nobody does any more, the mock goes on."""
    with suppress(OSError):
        click.echo(text, err=True)


class ExchangeLog:
    """An observer of the service. ``names`` are the scenarios as they were named; ``phi`` shows values of messages."""

    def __init__(self, names: Sequence[str], service: Service, *, phi: bool) -> None:
        self._names = names
        self._service = service
        self._phi = phi

    def __call__(self, exchange: Exchange) -> None:
        """Tell of one exchange."""
        reply = exchange.reply
        lines = [exchange.line()]
        if self._phi and reply.explanation:
            lines += reply.explanation.splitlines()
        elif exchange.why():
            lines.append(f"    {exchange.why()}")
        if reply.explanation:
            lines.append(f"    Reproduce with: {self._command(exchange.request)}")
        say("\n".join(lines))

    def _command(self, request: Request) -> str:
        """What says the same offline. The message itself is the sender's, and its file has a name of its choice."""
        options = [f"--transport {request.transport}"] if request.transport != "mllp" else []
        for scenario in self._service.scenarios:
            state = self._service.memory.state(scenario.source, scenario.key(request.message), request.received)
            if state != START:
                options.append(f"--state {_quoted(state)}")
        words = ["mockiis explain", *map(_quoted, self._names), "MESSAGE.hl7", *dict.fromkeys(options)]
        return " ".join(words)


def _quoted(text: str) -> str:
    """As shells of all systems take it."""
    return f'"{text}"' if not text or set(text) & set(" '()&;|<>*?$`") else text
