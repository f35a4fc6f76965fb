"""Everything that can be asked of the admin API, in one table. ``openapi.yaml`` describes the same; a test compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from twisted.internet import defer

from mockiis.document import closest
from mockiis.server.admin import description, of_journal, of_mock, of_registry, of_scenarios
from mockiis.server.admin.asked import Answer, Asked, RefusedError
from mockiis.server.admin.controls import Controls

Handler = Callable[[Controls, Asked], Answer | defer.Deferred[Answer]]

ROUTES: Mapping[str, Mapping[str, Handler]] = {
    "/": {"GET": description.index},
    "/openapi.json": {"GET": description.openapi},
    "/health": {"GET": of_mock.health},
    "/scenarios": {"GET": of_scenarios.listed, "PUT": of_scenarios.replace, "POST": of_scenarios.add},
    "/scenarios/{name}": {"GET": of_scenarios.one, "PUT": of_scenarios.put, "DELETE": of_scenarios.remove},
    "/rules": {"POST": of_scenarios.add_rule, "DELETE": of_scenarios.remove_rules},
    "/reset": {"POST": of_mock.reset},
    "/state": {"GET": of_scenarios.states, "PUT": of_scenarios.set_state},
    "/journal": {"GET": of_journal.listed, "DELETE": of_journal.clear},
    "/journal/search": {"POST": of_journal.search},
    "/journal/{number}": {"GET": of_journal.one},
    "/unmatched": {"GET": of_journal.unmatched},
    "/verify": {"POST": of_journal.verify},
    "/expectations": {"GET": of_journal.expectations},
    "/registry/records": {"GET": of_registry.listed, "DELETE": of_registry.begin_again},
    "/registry/records/{number}": {"GET": of_registry.one},
    "/registry/borrowed": {"GET": of_registry.borrowed},
    "/clock": {"GET": of_mock.clock, "PUT": of_mock.set_clock},
    "/seed": {"PUT": of_mock.set_seed},
    "/listeners": {"GET": of_mock.listeners, "PUT": of_mock.set_listeners},
    "/metrics": {"GET": of_mock.metrics},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The route for a path, and what stands in its open parts."""

    path: str
    handlers: Mapping[str, Handler]
    names: Mapping[str, str]


def find(parts: Sequence[str]) -> Found:
    """The route for the parts of a path. Raises RefusedError (404) that names the nearest one."""
    for path, handlers in ROUTES.items():
        names = _fits(path.split("/")[1:], parts)
        if names is not None:
            return Found(path=path, handlers=handlers, names=names)
    asked = "/" + "/".join(parts)
    near = closest(asked, ROUTES)
    raise RefusedError(
        404, f"there is nothing at {asked!r}; {f'did you mean {near}?' if near else 'see /openapi.json'}"
    )


def _fits(wanted: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    if len(wanted) != len(parts):
        return None
    names = {}
    for want, part in zip(wanted, parts, strict=True):
        if want.startswith("{"):
            if not part:
                return None
            names[want[1:-1]] = part
        elif want != part:
            return None
    return names


def handler_for(found: Found, method: str) -> Handler:
    """Its handler for a method; HEAD is a GET without its body. Raises RefusedError (405)."""
    wanted = "GET" if method == "HEAD" else method
    if wanted in found.handlers:
        return found.handlers[wanted]
    allowed = ", ".join([*found.handlers, *(["HEAD"] if "GET" in found.handlers else [])])
    raise RefusedError(405, f"{found.path} knows {allowed}, not {method[:20]!r}", Allow=allowed)
