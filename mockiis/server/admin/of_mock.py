"""The mock itself: its health, clock, seed, listeners and numbers, and back to the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from twisted.internet import defer

from mockiis.server.admin.asked import Answer, Asked, RefusedError
from mockiis.server.admin.bodies import ClockBody, ListenersBody, ResetBody, SeedBody
from mockiis.server.admin.controls import Controls
from mockiis.server.admin.metrics import CONTENT_TYPE
from mockiis.server.clock import Clock
from mockiis.server.listeners import Listeners, Listening

_LAST_YEAR = 2900
"""The clock goes no further, so that whatever is added to it is still a date."""
Done = defer.Deferred[Any]


def health(controls: Controls, _asked: Asked) -> Answer:
    """``GET /health``."""
    return Answer(
        data={
            "status": "ok",
            "version": version("mockiis"),
            "uptime": round(controls.uptime, 3),
            "addresses": controls.listeners.addresses,
        }
    )


def metrics(controls: Controls, _asked: Asked) -> Answer:
    """``GET /metrics``."""
    text = controls.metrics.text(version("mockiis"), controls.uptime)
    return Answer(text=text, content_type=CONTENT_TYPE)


def clock(controls: Controls, _asked: Asked) -> Answer:
    """``GET /clock``."""
    found = controls.clock
    return Answer(data={"now": found.now().isoformat(), "frozen": found.frozen, "waiting": found.waiting})


def set_clock(controls: Controls, asked: Asked) -> Answer:
    """``PUT /clock``: freeze, advance, run, in this order."""
    body = asked.read(ClockBody)
    if body.frozen or body.at is not None:
        controls.clock.freeze(body.at)
    if body.advance is not None:
        _advance(controls.clock, body.advance)
    if body.running or body.frozen is False:
        controls.clock.resume()
    return clock(controls, asked)


def _advance(clock: Clock, seconds: float) -> None:
    now = clock.now()
    if seconds > (datetime(_LAST_YEAR, 1, 1, tzinfo=now.tzinfo) - now).total_seconds():
        raise RefusedError(400, f"the clock does not go beyond the year {_LAST_YEAR}")
    clock.advance(seconds)


def set_seed(controls: Controls, asked: Asked) -> Answer:
    """``PUT /seed``: what is left to chance begins again."""
    seed = asked.read(SeedBody).seed
    controls.service.reseed(seed)
    return Answer(data={"seed": seed})


def listeners(controls: Controls, _asked: Asked) -> Answer:
    """``GET /listeners``."""
    return Answer(data=controls.listeners.doing)


def set_listeners(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``PUT /listeners``: what happens to new connections."""
    body = asked.read(ListenersBody)
    wanted: dict[Listening, str] = {"soap": body.soap, "mllp": body.mllp}
    return _in_turn([_change(controls.listeners, name, how) for name, how in wanted.items() if how]).addCallback(
        lambda _: listeners(controls, asked)
    )


def _change(listeners: Listeners, name: Listening, how: str) -> Callable[[], Done]:
    """One step. What a listener does to who knocks begins with an open port."""
    if name not in listeners.doing:
        raise RefusedError(400, f"the mock was started without a listener for {name.upper()}")
    closing: Mapping[str, Callable[[Listening], Done]] = {"refuse": listeners.refuse, "down": listeners.go_down}
    greeting: Mapping[str, Callable[[Listening], None]] = {
        "silent": listeners.ignore,
        "abort tls": listeners.abort_tls,
        "open": lambda _name: None,
    }
    if how in closing:
        return lambda: closing[how](name)
    return lambda: listeners.come_back(name).addCallback(lambda _: greeting[how](name))


def reset(controls: Controls, asked: Asked) -> defer.Deferred[Answer]:
    """``POST /reset``: back to the start, as a whole or in part."""
    what = asked.read(ResetBody).what
    steps = {
        "answers": controls.drop_answers,
        "scenarios": controls.scripts.restart,
        "rules": controls.scripts.clear_rules,
        "state": controls.service.memory.forget,
        "journal": controls.clear_journal,
        "registry": controls.scripts.known.begin_again,
        "clock": controls.clock.restart,
        "seed": lambda: controls.service.reseed(controls.seed),
        "listeners": lambda: _in_turn([_change(controls.listeners, name, "open") for name in _names(controls)]),
    }
    ordered = [step for name, step in steps.items() if name in what]
    return _in_turn(ordered).addCallback(lambda _: Answer(data={"reset": [name for name in steps if name in what]}))


def _names(controls: Controls) -> list[Listening]:
    names: tuple[Listening, ...] = ("soap", "mllp")
    return [name for name in names if name in controls.listeners.doing]


def _in_turn(steps: list[Callable[[], Any]]) -> defer.Deferred[Any]:
    """Take one step after another, also those that take their time."""
    done: defer.Deferred[Any] = defer.succeed(None)
    for step in steps:
        done.addCallback(_then(step))
    return done


def _then(step: Callable[[], Any]) -> Callable[[object], Any]:
    return lambda _before: step()
