"""Which conditions hold for which requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockiis.message import Request
from mockiis.scenario import load
from mockiis.scenario.matcher import difference, first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.subject import Subject

Ask = Callable[..., Request]
SOAP = {"transport": "soap", "operation": "submitSingleMessage", "username": "clinic1", "facility": "C1"}

MATCHING = [
    # condition, what else came with the update, whether it holds
    ("message: VXU", {}, True),
    ("message: vxu^v04", {}, True),
    ("message: VXU^V04^VXU_V04", {}, True),
    ("message: VXU^V05", {}, False),
    ("message: QBP", {}, False),
    ("message: [QBP, VXU]", {}, True),
    ("message: {not: QBP}", {}, True),
    ("message: {not: VXU}", {}, False),
    ("message: {matches: VXU.V0.}", {}, True),
    ("profile: Z22", {}, True),
    ("profile: [Z34, Z44]", {}, False),
    ("transport: mllp", {}, True),
    ("transport: soap", {}, False),
    ("transport: [soap, mllp]", SOAP, True),
    ("operation: submitSingleMessage", {}, False),
    ("operation: submitSingleMessage", SOAP, True),
    ("operation: [connectivityTest, submitSingleMessage]", SOAP, True),
    ("username: CLINIC1", SOAP, True),
    ("username: {exact: CLINIC1}", SOAP, False),
    ("username: {exact: [clinic1, clinic2]}", SOAP, True),
    ("username: {missing: true}", {}, True),
    ("facility: {present: true}", SOAP, True),
    ("username: {same_as: facility}", SOAP, False),
    ("username: {same_as: facility}", SOAP | {"facility": "CLINIC1"}, True),
    ("PID-5.1: {same_as: PID-5.1}", {}, True),
    ("PID-5.1: {same_as: PID-5.2}", {}, False),
    ("PID-5.1: {not: {same_as: facility}}", {}, True),
    ("PID-30: {same_as: PID-30}", {}, False),
    ("any RXA: {5.1: {same_as: PID-5.1}}", {}, False),
    ("any RXA: {5.1: {same_as: 'RXA[1]-5.1'}}", {}, True),
    ("facility: {word: lime}", SOAP | {"facility": "FITS Lime Snail30"}, True),
    ("facility: {word: LIME}", SOAP | {"facility": "Lime"}, True),
    ("facility: {word: lime}", SOAP | {"facility": "FITS_Lime"}, True),
    ("facility: {word: snail}", SOAP | {"facility": "FITS Lime Snail30"}, False),
    ("facility: {word: ice}", SOAP | {"facility": "Office"}, False),
    ("facility: {word: a+b}", SOAP | {"facility": "A+B"}, True),
    ("facility: {word: lime}", {}, False),
    ("PID-5.1: DOE", {}, True),
    ("PID-5.1: {exact: DOE}", {}, False),
    ("PID-5.1: {exact: Doe}", {}, True),
    ("PID-5: doe^kim^j^^^^l", {}, True),
    ("PID-5.1: [Roe, Doe]", {}, True),
    ("PID-5.1: {in: [Roe]}", {}, False),
    ("PID-7: 20240402", {}, True),
    ("PID-7: {matches: '2024.*'}", {}, True),
    ("PID-7: {matches: '2024'}", {}, False),
    ("PID-7: {not: {matches: '2023.*'}}", {}, True),
    ("PID-8: {not: M}", {}, True),
    ("PID-8: {not: [M, F]}", {}, False),
    ("PID-8: {not: {not: F}}", {}, True),
    ("PID-3.1: 77001", {}, True),
    ("'PID-3[5=MR].1': 77001", {}, False),
    ("'PID-3[5=MR].1': A100", {}, True),
    ("'PID-3[5=PI].1': {missing: true}", {}, True),
    ("PID-11: {missing: true}", {}, False),
    ("PID-22: {missing: true}", {}, True),
    ("PID-22: {present: true}", {}, False),
    ("PID-30: {missing: true}", {}, True),
    ("PID-30: {not: Y}", {}, True),
    ("RXA-5.1: 10", {}, True),
    ("'RXA[1]-5.1': 10", {}, False),
    ("'RXA[2]-5.1': 10", {}, True),
    ("RXA-15: {missing: true}", {}, False),
    ("'RXA[2]-15': {missing: true}", {}, True),
    ("'OBX[3.1=64994-7]-5.1': V02", {}, True),
    ("'OBX[3.1=30963-3]-5.1': {missing: true}", {}, True),
    ("PD1: {missing: true}", {}, True),
    ("NK1: {present: true}", {}, True),
    ("NK1-4: '\"\"'", {}, True),
    ("NK1-4: {present: true}", {}, True),
    ("MSH-2: {present: true}", {}, True),
    ("message: VXU, PID-8: F, RXA-20: CP", {}, True),
    ("message: VXU, PID-8: M, RXA-20: CP", {}, False),
]


def rule(condition: str) -> str:
    """A scenario of one rule."""
    return f"version: 1\nrules:\n  - {{name: only, when: {{{condition}}}, reply: {{drop: close}}}}\n"


@pytest.mark.parametrize(("condition", "other", "holds"), MATCHING)
def test_condition(ask: Ask, condition: str, other: dict[str, Any], holds: bool) -> None:
    """A condition holds or not as the language says, and the rule matches when every condition holds."""
    scenario = load(rule(condition), "only.yaml")
    subject = Subject(ask(**other))
    matched = first_match([scenario], subject, Memory())
    assert holds == all(entry.held for entry in difference(scenario.rules[0], subject))
    assert holds == (matched is not None)


def test_first_rule_of_the_first_scenario_wins(ask: Ask) -> None:
    """Rules are tried from top to bottom, scenario after scenario."""
    texts = [
        "version: 1\nrules:\n  - {name: a, when: {PID-8: M}, reply: {ack: AA}}\n  - {name: b, reply: {ack: AA}}\n",
        "version: 1\nrules:\n  - {name: c, reply: {ack: AA}}\n",
    ]
    scenarios = [load(text, "x.yaml") for text in texts]
    found = first_match(scenarios, Subject(ask()), Memory())
    assert found is not None
    assert "b" == found.rule.name


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        ("{}", False),
        ("{transport: soap}", False),
        ("{operation: submitSingleMessage}", False),
        ("{operation: connectivityTest}", True),
        ("{operation: [connectivityTest, submitSingleMessage]}", True),
    ],
)
def test_connectivity_test_is_seen_only_where_it_is_named(ask: Ask, when: str, matches: bool) -> None:
    """A rule without ``operation: connectivityTest`` sees only messages."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {when}, reply: {{drop: close}}}}\n"
    subject = ask(None, transport="soap", operation="connectivityTest", text="hello")
    assert matches == (first_match([load(text, "only.yaml")], Subject(subject), Memory()) is not None)


def test_difference_tells_what_was_wanted_and_got(ask: Ask) -> None:
    """Every condition is listed in the order of the file, held or not."""
    scenario = load(rule("message: VXU, PID-3.1: [1, 2], PD1: {present: true}, PID-8: {not: F}"), "only.yaml")
    found = [
        (entry.condition.key, entry.held, entry.wanted, entry.got)
        for entry in difference(scenario.rules[0], Subject(ask()))
    ]
    assert [
        ("message", True, "VXU", ("VXU^V04^VXU_V04",)),
        ("PID-3.1", False, "one of 1, 2", ("A100", "77001")),
        ("PD1", False, "present", ()),
        ("PID-8", False, "anything but F", ("F",)),
    ] == found


def test_other_encoding_characters_are_the_message_s_own_affair(ask: Ask) -> None:
    """MSH-9 is compared by components, whichever character separates them."""
    text = "MSH|$~\\&|EHR|C|N|N|20240403||VXU$V04$VXU_V04|1|P|2.5.1\rPID|1||||Doe$Kim\rPD1|$$\r"
    scenario = load(rule("message: VXU^V04, PID-5.2: Kim, PD1-1: {missing: true}"), "only.yaml")
    assert all(entry.held for entry in difference(scenario.rules[0], Subject(ask(text))))
