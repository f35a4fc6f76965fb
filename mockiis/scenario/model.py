"""A scenario as it runs: rules with compiled conditions, replies as data. Made by ``loader``, read by ``matcher``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from mockiis.er7 import Location
from mockiis.message.misbehaviour import Misbehaviour
from mockiis.message.person import Person
from mockiis.message.reply import FaultKind
from mockiis.profile import Finding
from mockiis.scenario.checks import Check
from mockiis.scenario.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of ``when``: the key as written, what it asks, and the location if the key is one."""

    key: str
    check: Check
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedError:
    """One entry of ``errors``: the finding, and its text when that refers to the request."""

    finding: Finding
    text: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedMisbehaviour:
    """One entry of ``wire``, and how often (0 to 1) it happens."""

    misbehaviour: Misbehaviour
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """What every reply of a file has: how many seconds to wait first, and what goes wrong on its way."""

    delay: float = 0.0
    wire: tuple[ScriptedMisbehaviour, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgmentScript(Delayed):
    """``ack``: an ACK with MSA-1 and one ERR for each error."""

    code: Literal["AA", "AE", "AR"]
    errors: tuple[ScriptedError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResponseScript(Delayed):
    """``rsp``: an RSP with QAK-2, the patients in full, and at most one error."""

    profile: Literal["Z31", "Z32", "Z33", "Z42"]
    status: Literal["OK", "NF", "TM", "AE", "AR"]
    persons: tuple[Person, ...] = ()
    errors: tuple[ScriptedError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultScript(Delayed):
    """``fault``: a SOAP fault."""

    kind: FaultKind
    detail: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScript(Delayed):
    """``hl7``: the text as written, references filled in."""

    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class DropScript(Delayed):
    """``drop``: no answer."""

    how: Literal["close", "reset", "hang"]


Script = AcknowledgmentScript | QueryResponseScript | FaultScript | TextScript | DropScript
"""A reply of a file, ready to be carried out."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The first rule whose conditions all hold answers. ``number`` counts from 1 in the file ``source``."""

    name: str
    number: int
    source: str
    conditions: tuple[Condition, ...]
    script: Script

    @cached_property
    def takes_connectivity_test(self) -> bool:
        """A rule without ``operation`` sees only messages."""
        return any(c.check(["connectivityTest"]) for c in self._operations)

    @cached_property
    def takes_messages(self) -> bool:
        """Whether HL7 messages can reach it at all."""
        return all(c.check(["submitSingleMessage"]) for c in self._operations)

    @property
    def _operations(self) -> list[Condition]:
        return [condition for condition in self.conditions if condition.key == "operation"]

    @property
    def place(self) -> str:
        """Where to look it up: ``slow.yaml, rule 2``."""
        return f"{self.source}, rule {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One file. ``otherwise`` answers the messages that no rule matches; None explains the closest rule instead."""

    name: str
    source: str
    rules: tuple[Rule, ...]
    otherwise: Script | None = None
    about: str = ""
