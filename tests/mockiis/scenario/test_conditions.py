"""Conditions within conditions, and conditions on one segment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.message import Request
from mockiis.scenario import load
from mockiis.scenario.conditions import Condition, each_condition, in_words
from mockiis.scenario.subject import Subject

Ask = Callable[..., Request]
ORDERS = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|77|P|2.5.1\r"
    "PID|1||A1^^^C1^MR||Doe^Kim||20240402|F\r"
    "ORC|RE||O1^C1\rRXA|0|1|20240403||08^Hep B^CVX|0.5|mL||00||||||LOT1|||||CP|A\r"
    "RXR|IM^^HL70162|LT^^HL70163\rOBX|1|CE|64994-7^^LN|1|V02\rOBX|2|CE|30963-3^^LN|1|VXC2\r"
    "ORC|RE||O2^C1\rRXA|0|1|20240101||10^IPV^CVX|999|||01\r"
    "ORC|RE||9999^C1\rRXA|0|1|20240403||03^MMR^CVX|999||||||||||||00^Parental decision^NIP002||RE\r"
)


def conditions(when: str) -> tuple[Condition, ...]:
    """The conditions of a rule."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{{when}}}, reply: {{drop: close}}}}\n"
    return load(text, "only.yaml").rules[0].conditions


HOLDS = [
    ("any_of: [{PID-8: M}, {PID-8: F}]", True),
    ("any_of: [{PID-8: M}, {PID-8: F, PID-5.1: Roe}]", False),
    ("any_of: [{PID-8: M}, {any_of: [{PID-7: 1}, {PID-5.1: Doe}]}]", True),
    ("any_of: [{transport: soap}, {transport: mllp}]", True),
    ("PID-5.1: Roe, any_of: [{PID-8: M}, {PID-8: F}]", False),
    ("not: {PID-8: M}", True),
    ("not: {PID-8: F}", False),
    ("not: {PID-8: F, PID-5.1: Roe}", True),
    ("not: {PID-8: F, PID-5.1: Doe}", False),
    ("not: {not: {PID-8: F}}", True),
    ("not: {any_of: [{PID-8: M}, {PID-8: U}]}", True),
    ("any RXA: {20: CP, 9.1: '00'}", True),
    ("any RXA: {20: CP, 9.1: '01'}", False),
    ("any RXA: {20: CP, 15: {missing: true}}", False),
    ("any RXA: {9.1: '01', 15: {missing: true}}", True),
    ("any RXA: {RXA-5.1: 08, RXR-1.1: IM}", True),
    ("any RXA: {5.1: 10, RXR: {present: true}}", False),
    ("any RXA: {5.1: 10, RXR: {missing: true}}", True),
    ("any RXA: {5.1: 08, 'OBX[3.1=64994-7]-5.1': V02}", True),
    ("any RXA: {5.1: 10, 'OBX[3.1=64994-7]-5.1': V02}", False),
    ("any RXA: {5.1: 08, 'OBX[2]-5': VXC2}", True),
    ("any RXA: {5.1: 10, ORC-3.1: O2}", True),
    ("any RXA: {5.1: 08, ORC-3.1: O2}", False),
    ("any RXA: {5.1: 08, ORC-3.1: O1}", True),
    ("any RXA: {5.1: [03, 10], 20: RE}", True),
    ("any RXA: {3: {before: PID-7}}", True),
    ("every RXA: {3: {after: PID-7}}", False),
    ("every RXA: {5.1: {present: true}}", True),
    ("every RXA: {20: CP}", False),
    ("every OBX: {3.1: [64994-7, 30963-3]}", True),
    ("every NK1: {2: {present: true}}", True),
    ("no RXA: {20: NA}", True),
    ("no RXA: {20: RE}", False),
    ("no NK1: {2: {missing: true}}", True),
    ("any NK1: {2: {missing: true}}", False),
    ("any RXA: [{5.1: 08}, {5.1: 03}]", True),
    ("any RXA: [{5.1: 08}, {5.1: 04}]", False),
    ("no RXA: [{5.1: 04}, {5.1: 05}]", True),
    ("any RXA: {5.1: 08, any_of: [{9.1: '01'}, {15: LOT1}]}", True),
    ("any RXA: {5.1: 10, any_of: [{9.1: '00'}, {15: LOT1}]}", False),
    ("any RXA: {5.1: 10, not: {9.1: '00', 15: LOT1}}", True),
    ("any RXA: {5.1: 08, not: {any_of: [{RXR-2.1: LT}, {RXR-2.1: RT}]}}", False),
    ("any_of: [{any RXA: {5.1: 04}}, {no RXA: {5.1: 04}}]", True),
    ("not: {any RXA: {20: RE, 18.1: {missing: true}}}", True),
]


@pytest.mark.parametrize(("when", "holds"), HOLDS)
def test_combined(ask: Ask, when: str, holds: bool) -> None:
    """Combinators nest; conditions on one segment look at each by itself, an RXA with its order."""
    subject = Subject(ask(ORDERS))
    assert holds == all(condition.holds(subject) for condition in conditions(when))


WORDS = [
    ("any_of: [{PID-8: M}, {PID-7: {missing: true}, PID-5.1: Doe}]", "PID-8 M, or PID-7 missing and PID-5.1 Doe"),
    ("not: {PID-8: F}", "not PID-8 F"),
    ("not: {PID-8: F, PID-5.1: Doe}", "not all of: PID-8 F and PID-5.1 Doe"),
    ("not: {any_of: [{PID-8: F}, {PID-8: U}]}", "not (PID-8 F, or PID-8 U)"),
    ("any_of: [{not: {PID-8: F}}, {any RXA: {20: CP}}]", "(not PID-8 F), or any RXA (RXA-20 CP)"),
    ("any RXA: {20: CP, 15: {missing: true}}", "RXA-20 CP and RXA-15 missing"),
]


@pytest.mark.parametrize(("when", "words"), WORDS)
def test_what_is_wanted(when: str, words: str) -> None:
    """A condition that holds others says them all."""
    assert words == conditions(when)[0].wanted


def test_in_words() -> None:
    """Those that hold others stand in brackets."""
    text = "PID-8: F, any RXA: {20: CP}, any_of: [{PID-7: 1}, {PID-7: 2}]"
    assert "PID-8 F and any RXA (RXA-20 CP) and (PID-7 1, or PID-7 2)" == in_words(conditions(text))


GOT = [
    ("any_of: [{PID-8: M}, {PID-29: x, PID-8: U}]", ("PID-8: 'F'", "PID-29: nothing")),
    ("not: {PID-8: F}", ("PID-8: 'F'",)),
    ("not: {any_of: [{PID-8: F}, {PID-7: 1}]}", ("PID-8: 'F', PID-7: '20240402'",)),
    (
        "any RXA: {20: CP, 15: {missing: true}}",
        ("RXA[1]: RXA-15: 'LOT1'", "RXA[2]: RXA-20: nothing", "RXA[3]: RXA-20: 'RE'"),
    ),
    ("no RXA: {20: RE}", ("RXA[1]: RXA-20: 'CP'", "RXA[2]: RXA-20: nothing", "RXA[3]: holds")),
    ("any NK1: {2: x}", ()),
    ("message: VXU", ("VXU^V04^VXU_V04",)),
]


@pytest.mark.parametrize(("when", "got"), GOT)
def test_what_was_got(ask: Ask, when: str, got: tuple[str, ...]) -> None:
    """For each segment the first thing that decides about it; of a combination every place that it asks for."""
    assert got == conditions(when)[0].got(Subject(ask(ORDERS)))


def test_without_a_message_nothing_is_there(ask: Ask) -> None:
    """connectivityTest has no segments: none of any, all of every."""
    subject = Subject(ask(None, transport="soap", operation="connectivityTest"))
    held = [
        entry.holds(subject) for entry in conditions("any RXA: {3: x}, every RXA: {3: x}, no RXA: {3: x}, PID-8: F")
    ]
    assert [False, True, True, False] == held


def test_each_condition() -> None:
    """Those below any_of and not are found, however deep."""
    found = conditions("PID-8: F, any_of: [{PID-7: 1}, {not: {PID-5: x, any RXA: {3: y}}}]")
    assert ["PID-8", "any_of", "PID-7", "not", "PID-5", "any RXA"] == [entry.key for entry in each_condition(found)]
