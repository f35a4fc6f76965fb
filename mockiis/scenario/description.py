"""A reply of a script in a few words: ``AE, error 101 at PID-7, after 8 s``."""

from __future__ import annotations

from mockiis.scenario.delay import NONE
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    FaultScript,
    ForwardScript,
    HTTPScript,
    MixScript,
    QueryResponseScript,
    RegistryScript,
    Script,
    ScriptedError,
    TextScript,
)

_DROPPED = {
    "close": "nothing, the connection closed",
    "reset": "nothing, the connection reset",
    "hang": "nothing, in silence",
}


def in_words(script: Script) -> str:
    """What the reply is, how late it comes, how often, and what goes wrong on its way."""
    parts = [_answer(script)]
    if script.delay != NONE:
        parts.append(f"after {script.delay}")
    if script.chance < 1:
        parts.append(f"{100 * script.chance:g} % of the time")
    if script.wire:
        parts.append("on the wire: " + ", ".join(entry.misbehaviour.name for entry in script.wire))
    return ", ".join(parts)


def _answer(script: Script) -> str:
    match script:
        case AcknowledgmentScript():
            return ", ".join([script.code, *map(_error, script.errors)])
        case QueryResponseScript():
            return ", ".join(
                filter(
                    None,
                    (f"{script.profile} with status {script.status}", _patients(script), *map(_error, script.errors)),
                )
            )
        case MixScript():
            return "one of: " + "; ".join(f"{100 * share:.3g} % {in_words(member)}" for share, member in script.members)
        case FaultScript(kind=kind):
            return str(kind)
    return _without_content(script)


def _without_content(script: Script) -> str:
    match script:
        case TextScript():
            return "a message as written"
        case HTTPScript():
            return f"HTTP status {script.status}"
        case DropScript():
            return _DROPPED[script.how]
        case RegistryScript():
            changed = script.take or script.tell or script.without or not script.store
            return f"what the built-in registry answers{', changed' if changed else ''}"
        case ForwardScript():
            return "what the registry behind answers"
    return "the request itself"


def _patients(script: QueryResponseScript) -> str:
    count = len(script.persons)
    return f"{count} patient{'s' if count > 1 else ''}" if count else ""


def _error(error: ScriptedError) -> str:
    finding = error.finding
    where = str(finding.location) if finding.location else finding.erl
    kind = {"E": "error", "W": "warning", "I": "information"}[finding.severity]
    return f"{kind} {finding.code}" + (f" at {where}" if where else "")
