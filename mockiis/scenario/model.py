"""A scenario as it runs: rules with compiled conditions, replies as data. Made by ``loader``, read by ``matcher``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from mockiis.er7 import Location, Message
from mockiis.message.misbehaviour import Misbehaviour
from mockiis.message.person import Person
from mockiis.message.reply import FaultKind
from mockiis.profile import Finding
from mockiis.scenario.checks import OneOf
from mockiis.scenario.conditions import Condition, ValueCondition
from mockiis.scenario.delay import NONE, Delay
from mockiis.scenario.edit import Edit
from mockiis.scenario.index import Index
from mockiis.scenario.template import EMPTY, Template


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
class Reaction:
    """What every reply of a file has: how long to wait first, what goes wrong on its way, and how often (0 to 1)
    the rule gives it at all.
    """

    delay: Delay = NONE
    wire: tuple[ScriptedMisbehaviour, ...] = ()
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgmentScript(Reaction):
    """``ack``: an ACK with MSA-1 and one ERR for each error."""

    code: Literal["AA", "AE", "AR", "CA", "CE", "CR"]
    errors: tuple[ScriptedError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResponseScript(Reaction):
    """``rsp``: an RSP with QAK-2, the patients in full, and at most one error."""

    profile: Literal["Z31", "Z32", "Z33", "Z42"]
    status: Literal["OK", "NF", "TM", "AE", "AR"]
    persons: tuple[Person, ...] = ()
    errors: tuple[ScriptedError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultScript(Reaction):
    """``fault``: a SOAP fault."""

    kind: FaultKind
    detail: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScript(Reaction):
    """``hl7``: the text as written, references filled in."""

    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class DropScript(Reaction):
    """``drop``: no answer."""

    how: Literal["close", "reset", "hang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPScript(Reaction):
    """``http``: a response of HTTP alone."""

    status: int
    body: Template = EMPTY
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoScript(Reaction):
    """``echo``: what came goes back as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryScript(Reaction):
    """``registry``: the built-in registry answers. ``take`` changes the message that it takes, ``tell`` its answer;
    orders that ``without`` holds for are left out of the answer, and without ``store`` nothing is kept.
    """

    take: tuple[Edit, ...] = ()
    tell: tuple[Edit, ...] = ()
    without: tuple[Condition, ...] = ()
    store: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardScript(Reaction):
    """``forward``: the registry behind this one answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixScript(Reaction):
    """``mix``: one of several replies, each as often as its share (they add up to 1) says."""

    members: tuple[tuple[float, Script], ...]


Script = (
    AcknowledgmentScript
    | QueryResponseScript
    | FaultScript
    | TextScript
    | DropScript
    | HTTPScript
    | EchoScript
    | RegistryScript
    | ForwardScript
    | MixScript
)
"""A reply of a file, ready to be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """``then``: the state that the tracked key moves to, ``after`` so many seconds."""

    state: str
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """``expect``: how often the rule must have answered when the test is over; ``most`` None means any number."""

    least: int = 0
    most: int | None = None

    def met(self, count: int) -> bool:
        """Whether that many answers are as expected."""
        return count >= self.least and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return str(self.least) if self.most == self.least else f"{self.least} to {self.most}"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The first rule whose conditions all hold answers. ``number`` counts from 1 in the file ``source``.

    ``scripts`` are its replies, one after another for each tracked key; the last one repeats, unless the rule
    ``passes`` when it has been given, so that the rules after it answer.
    """

    name: str
    number: int
    source: str
    conditions: tuple[Condition, ...]
    scripts: tuple[Script, ...]
    passes: bool = False
    then: Then | None = None
    expect: Expectation | None = None

    def script(self, answers: int) -> Script | None:
        """The reply after so many of them; None when they are used up."""
        if answers >= len(self.scripts):
            return None if self.passes else self.scripts[-1]
        return self.scripts[answers]

    @cached_property
    def counts(self) -> bool:
        """Whether it matters how often it has answered for a key."""
        return self.passes or len(self.scripts) > 1

    @cached_property
    def takes_connectivity_test(self) -> bool:
        """A rule without ``operation`` sees only messages."""
        return any("connectivityTest" in check.values for check in self._operations)

    @cached_property
    def takes_messages(self) -> bool:
        """Whether HL7 messages can reach it at all."""
        return all("submitSingleMessage" in check.values for check in self._operations)

    @property
    def _operations(self) -> list[OneOf]:
        return self.plain("operation")

    def plain(self, key: str) -> list[OneOf]:
        """The plain values that its conditions name for a word such as ``transport``; no operators."""
        found = [entry for entry in self.conditions if isinstance(entry, ValueCondition) and entry.key == key]
        return [entry.check for entry in found if isinstance(entry.check, OneOf)]

    @property
    def place(self) -> str:
        """Where to look it up: ``slow.yaml, rule 2``."""
        return f"{self.source}, rule {self.number}"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One file. ``otherwise`` answers the messages that no rule matches; None explains the closest rule instead.

    ``track`` are the places whose first value is the key of ``state`` and ``replies``; none means that all requests
    share one. ``preloaded`` are the persons that the registry knows from the beginning.
    """

    name: str
    source: str
    rules: tuple[Rule, ...]
    otherwise: Script | None = None
    about: str = ""
    track: tuple[Location, ...] = ()
    preloaded: tuple[Person, ...] = ()

    def key(self, message: Message | None) -> str:
        """The tracked key of a message; empty when it has no value there."""
        if message is None:
            return ""
        return next((value for place in self.track if (value := message.get(place))), "")

    @cached_property
    def index(self) -> Index:
        """The rules by their literal conditions, made when the first request comes."""
        return Index([rule.conditions for rule in self.rules])

    def unmet(self, total: Sequence[int]) -> list[str]:
        """A sentence for each expectation that so many answers (one number a rule) do not meet."""
        return [
            f'expected {rule.expect} of rule "{rule.name}" ({rule.place}), received {count}'
            for rule, count in zip(self.rules, total, strict=True)
            if rule.expect and not rule.expect.met(count)
        ]
