"""The sender against every reply that ships, over real sockets: it always comes to a definite outcome, and soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
import pytest_twisted

import scenarios
from mockiis.er7 import Message, write
from mockiis.scenario import load
from mockiis.scenario.model import DropScript, FaultScript, HTTPScript, MixScript, Rule, Scenario, Script
from mockiis.testing import MockIIS
from sender.destination import parse_address
from sender.outcome import Outcome
from sender.send import Session, send

PATIENCE = 1.0
"""Seconds that the sender waits for an answer; everything else is on the clock."""
LATE = 30.0
"""Seconds more that a busy machine may need; a sender that waits for good needs longer."""
DEFINITE = {
    "accepted",
    "accepted with warnings",
    "rejected",
    "faulted",
    "timed out",
    "connection failed",
    "not an acknowledgment",
}


HARMLESS = {"cdata", "oversized"}
"""What may go wrong without harm: CDATA is another way to write the same, and our sender takes 16 MB."""
SOAP_ONLY = ("izgateway/broken-xml", "izgateway/http-status", "smm-endpoints")


def single(scenario: Scenario, transport: str) -> Iterator[tuple[str, Scenario, Script]]:
    """For each reply that the transport has, a scenario that gives nothing else."""
    for rule in scenario.rules:
        if transport in rule_transports(rule):
            for script in rule.scripts:
                for member in members(script):
                    if transport == "soap" or not isinstance(member, FaultScript | HTTPScript):
                        alone = replace(rule, conditions=(), scripts=(replace(member, chance=1.0),), passes=False)
                        yield rule.name, replace(scenario, rules=(replace(alone, then=None),)), member


def rule_transports(rule: Rule) -> list[str]:
    wanted = [value for check in rule.plain("transport") for value in check.values]
    return wanted or ["soap", "mllp"]


def members(script: Script) -> list[Script]:
    return [member for _, member in script.members] if isinstance(script, MixScript) else [script]


async def sent(iis: MockIIS, address: str, message: Message) -> Outcome:
    """Send, with the clock far ahead as soon as the message has been received."""
    from twisted.internet import defer, reactor

    destination = replace(parse_address(address), timeout=PATIENCE)
    count = len(iis.exchanges)
    under_way = defer.ensureDeferred(send(write(message), destination, reactor))
    await iis.received(count + 1)
    iis.clock.advance(3600)
    outcome: Outcome = await under_way
    return outcome


@pytest.mark.parametrize("transport", ["soap", "mllp"])
@pytest.mark.parametrize("name", scenarios.names())
@pytest_twisted.ensureDeferred
async def test_a_definite_outcome(
    update: Callable[..., Message], query: Callable[..., Message], name: str, transport: str
) -> None:
    """Whatever a shipped scenario answers, to an update and to a query, nothing hangs and nothing raises."""
    iis = MockIIS()
    iis.clock.freeze()
    address = iis.soap_url if transport == "soap" else iis.mllp_url
    outcomes: list[tuple[str, str]] = []
    for rule, scenario, script in single(load(scenarios.path(name).read_text("utf-8"), name), transport):
        iis.load(scenario)
        began = monotonic()
        outcome = await sent(iis, address, query() if "query" in rule else update())
        assert monotonic() - began < PATIENCE + LATE
        assert outcome.sentence
        outcomes.append((rule, outcome.name))
        if isinstance(script, DropScript):
            assert outcome.name == ("timed out" if script.how == "hang" else "connection failed")
        if script.wire and script.wire[0].misbehaviour.name not in HARMLESS:
            assert not outcome.name.startswith("accepted"), rule
    await iis.stop()
    assert [] == [entry for entry in outcomes if entry[1] not in DEFINITE]
    assert outcomes or (name, transport) in [(file, "mllp") for file in SOAP_ONLY]


@pytest.mark.parametrize("transport", ["soap", "mllp"])
@pytest.mark.parametrize("name", [*scenarios.names(), *scenarios.families()])
@pytest_twisted.ensureDeferred
async def test_the_file_as_it_stands(
    update: Callable[..., Message],
    query: Callable[..., Message],
    shipped: Callable[[str], tuple[Scenario, ...]],
    name: str,
    transport: str,
) -> None:
    """Several messages over one connection each get an outcome, a connectivity test too."""
    from twisted.internet import defer, reactor

    iis = MockIIS(*shipped(name), seed=1)
    iis.clock.freeze()
    address = iis.soap_url if transport == "soap" else iis.mllp_url
    session = Session(replace(parse_address(address), timeout=PATIENCE), reactor)
    cases: list[dict[str, str]] = [{}, {"PID-7": ""}, {"MSH-5": "TEST", "MSH-6": "TC_01"}]
    names: list[str] = []
    for message in [update(), query(), *map(update, cases)]:
        under_way: Any = defer.ensureDeferred(session.send(write(message)))
        await iis.received(len(names) + 1)
        iis.clock.advance(3600)
        names.append((await under_way).name)
    reached = await session.connectivity_test()
    await session.close()
    await iis.stop()
    assert set(names) <= DEFINITE
    assert "reached" == reached.name
