"""What holds for every rule that ships, whatever it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from mockiis.er7 import Message, read
from mockiis.message import MessageReply, Request
from mockiis.respond import respond
from mockiis.scenario import Scenario, load
from mockiis.scenario.carry_out import Occasion, carry_out
from mockiis.scenario.model import MixScript, Rule, Script

FILES = {name: load(scenarios.path(name).read_text(encoding="utf-8"), name) for name in scenarios.names()}


def members(script: Script) -> Iterator[Script]:
    """The script, or what a mix chooses from."""
    if isinstance(script, MixScript):
        for _, member in script.members:
            yield from members(member)
    else:
        yield script


def scripts(scenario: Scenario) -> Iterator[tuple[Rule | None, Script]]:
    for rule in scenario.rules:
        for script in rule.scripts:
            yield from ((rule, member) for member in members(script))
    if scenario.otherwise:
        yield from ((None, member) for member in members(scenario.otherwise))


EVERY = [(name, rule, script) for name, scenario in FILES.items() for rule, script in scripts(scenario)]


def test_there_are_many() -> None:
    """So the properties below say something."""
    assert len(EVERY) > 200


@settings(deadline=None, max_examples=40)
@given(
    kind=st.sampled_from(["update", "query"]),
    control_id=st.text("ABCabc0123456789.-_ ", min_size=1, max_size=50).filter(lambda text: text.strip() == text),
)
def test_msa_2_is_always_right(kind: str, control_id: str) -> None:
    """MSA-2 is MSH-10 of the message, in every answer of every rule that is HL7 at all."""
    message = _MESSAGES[kind].replace("MSH-10", control_id)
    for name, rule, script in EVERY:
        request = Request(
            transport="mllp", received=datetime(2024, 4, 3, tzinfo=UTC), control_id="R1", message=message, text="MSH|"
        )
        reply = carry_out(script, Occasion(request=request, rule=rule.name if rule else ""))
        answer = hl7(reply)
        if answer is not None:  # else an echo, a sentence, base64 or a damaged message was asked for
            assert {control_id} == set(answer.filled("MSA-2")), f"{name}: {rule and rule.name}"


def hl7(reply: Any) -> Message | None:
    if not isinstance(reply, MessageReply) or not reply.text.startswith("MSH|") or "\x13" in reply.text:
        return None
    return None if reply.text == "MSH|" else read(reply.text)


_MESSAGES = {
    "update": read("MSH|^~\\&|A|B|C|D|20240403||VXU^V04^VXU_V04|1|P|2.5.1\rPID|1||1\rRXA|0|1|20240402||03^MMR^CVX\r"),
    "query": read("MSH|^~\\&|A|B|C|D|20240403||QBP^Q11^QBP_Q11|1|P|2.5.1\rQPD|Z34^x^y|T1|1|Doe^Jane||20200101\r"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["update", "query"])
@pytest.mark.parametrize("transport", ["soap", "mllp"])
def test_it_answers_without_raising(
    request: pytest.FixtureRequest, ask: Callable[..., Request], name: str, kind: str, transport: str
) -> None:
    """Every file takes every kind of message over both transports, as well as one of another type and an odd one."""
    make = request.getfixturevalue(kind)
    for message in (make(), make({"MSH-9": "ADT"}), make(None, "PID"), make({"MSH-5": "TEST", "MSH-6": "TC_01"})):
        reply = respond(ask(message, transport=transport), [FILES[name]])
        assert reply.delay >= 0


def test_rule_names_are_unique_in_a_family() -> None:
    """The log names a rule and not its file, so a name stands for one rule."""
    for family in ("izgateway", "iis-sandbox"):
        names = [rule.name for name, file in FILES.items() if name.startswith(family) for rule in file.rules]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", FILES)
def test_lines_are_readable(name: str) -> None:
    """But for segments and envelopes, no line is longer than 120 characters; there is no tab."""
    text = scenarios.path(name).read_text(encoding="utf-8")
    long = [line for line in text.splitlines() if len(line) > 120 and "|" not in line and "<" not in line]
    assert [] == [line for line in long if "any_of" not in line]
    assert "\t" not in text
