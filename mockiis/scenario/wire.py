"""``wire``: what an author wrote about how an answer goes wrong on its way, read into misbehaviours."""

from __future__ import annotations

from typing import Any

from mockiis.scenario.model import ScriptedMisbehaviour
from mockiis.scenario.values import not_yet


def read_wire(_value: Any) -> tuple[ScriptedMisbehaviour, ...]:
    """Read the list under ``wire``."""
    raise not_yet("wire")
