"""The reply to one request, whatever happens on the way: an error of our own, or of the store, costs one answer.

Nothing of such a message is kept. A store that failed may have written half of it, so the ledger takes everything of
this round back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mockiis.errors import MockIISError
from mockiis.message import FaultKind, FaultReply, Reply, Request
from mockiis.registry.registry import Registry
from mockiis.respond import refusal, respond
from mockiis.scenario import Scenario
from mockiis.server.failure import internal_error
from mockiis.server.ledger import Ledger


def replied(
    request: Request,
    scenarios: Sequence[Scenario],
    registry: Registry,
    ledger: Ledger,
    report: Callable[[str], object],
) -> Reply:
    """The reply, with what it changes of the records made. Never raises; ``report`` is told of an error of ours."""
    try:
        reply = respond(request, scenarios, ledger.memory, registry)
        registry.keep(reply.changes)
    except MockIISError as error:
        trouble = str(error)
    except Exception as error:  # noqa: BLE001  # an error of ours must not stop the mock
        trouble = internal_error(error)
        report(trouble)
    else:
        return reply
    if ledger.journal.durable:
        ledger.distrust(trouble)
    return _not_taken(request, f"The message was not taken: {trouble}")


def _not_taken(request: Request, text: str) -> Reply:
    if request.transport == "soap":
        return FaultReply(kind=FaultKind.UNKNOWN, detail=text, summary=text)
    return refusal(request, text)
