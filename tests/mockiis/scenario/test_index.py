"""The index only saves work: whatever matches is among its candidates, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from heapq import nsmallest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import Location, read
from mockiis.message import Request
from mockiis.scenario import explanation, load, matcher
from mockiis.scenario.checks import Exactly, Missing, Not, OneOf, Present
from mockiis.scenario.conditions import AnyOf, Condition, NotAll, ValueCondition, all_hold
from mockiis.scenario.explanation import Score, closest, score
from mockiis.scenario.index import Index
from mockiis.scenario.matcher import first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.subject import Subject

Ask = Callable[..., Request]
NAMES = st.sampled_from(["Doe", "DOE", "Roe", "Straße", "STRASSE", "ı", "İ"])
CHECKS = (
    NAMES.map(OneOf.of)
    | st.lists(NAMES, min_size=1, max_size=3).map(lambda names: OneOf.of(*names))
    | st.sampled_from([Missing(), Present()])
    | NAMES.map(lambda name: Exactly((name,)))
    | NAMES.map(lambda name: Not(OneOf.of(name)))
)
PLACES = st.sampled_from(["PID-5.1", "PID-5.2", "PID-6", "NK1-2.1"])
VALUES: st.SearchStrategy[Condition] = st.builds(
    lambda place, check: ValueCondition(key=place, check=check, location=Location.parse(place)), PLACES, CHECKS
) | st.sampled_from(
    [
        ValueCondition(key="message", check=OneOf.of("VXU")),
        ValueCondition(key="message", check=OneOf.of("qbp^q11")),
        ValueCondition(key="transport", check=OneOf.of("mllp")),
        ValueCondition(key="state", check=OneOf.of("start")),
        ValueCondition(key="state", check=OneOf.of("other")),
    ]
)
GROUPS = st.lists(VALUES, max_size=3).map(tuple)
RULES = st.lists(
    st.lists(
        VALUES
        | st.lists(GROUPS, min_size=2, max_size=3).map(lambda groups: AnyOf(alternatives=tuple(groups)))
        | GROUPS.map(lambda group: NotAll(conditions=group)),
        max_size=4,
    ).map(tuple),
    max_size=30,
)
MESSAGES = st.builds(
    lambda kind, names, others: (
        f"MSH|^~\\&|A|B|C|D|||{kind}|1|P|2.5.1\rPID|||||{'~'.join(f'{name}^{name}' for name in names)}|{names[0]}\r"
        + "".join(f"NK1|1|{name}\r" for name in others)
    ),
    st.sampled_from(["VXU^V04^VXU_V04", "QBP^Q11", ""]),
    st.lists(NAMES, min_size=1, max_size=3),
    st.lists(NAMES, max_size=3),
)


@settings(deadline=None)
@given(RULES, MESSAGES)
def test_candidates_hold_every_match_in_order(rules: list[tuple[Condition, ...]], text: str) -> None:
    """Trying the candidates gives the same rules as trying every rule."""
    moment = datetime(2024, 4, 3, tzinfo=UTC)
    subject = Subject(Request(transport="mllp", received=moment, control_id="1", message=read(text)))
    subject.state = "start"
    candidates = list(Index(rules).candidates(subject))
    assert sorted(set(candidates)) == candidates
    expected = [position for position, rule in enumerate(rules) if all_hold(rule, subject)]
    assert expected == [position for position in candidates if all_hold(rules[position], subject)]


FEW_NAMES = st.lists(VALUES, max_size=2).map(tuple)
ALIKE = st.lists(st.tuples(FEW_NAMES, NAMES.map(OneOf.of)), min_size=9, max_size=40).map(
    lambda rules: [
        (*others, ValueCondition(key="PID-5.1", check=check, location=Location.parse("PID-5.1")))
        for others, check in rules
    ]
)


@settings(deadline=None)
@given(RULES | ALIKE, MESSAGES, st.integers(1, 3))
def test_the_nearest_hold_the_closest(rules: list[tuple[Condition, ...]], text: str, most: int) -> None:
    """Looking at the nearest rules finds the same closest ones as looking at every rule."""
    moment = datetime(2024, 4, 3, tzinfo=UTC)
    subject = Subject(Request(transport="mllp", received=moment, control_id="1", message=read(text)))
    subject.state = "start"

    def distance(position: int) -> tuple[Score, int]:
        return score(rules[position], subject), position

    assert nsmallest(most, range(len(rules)), key=distance) == nsmallest(
        most, Index(rules).nearest(subject, most), key=distance
    )


def test_rules_for_connectivity_tests_stand_for_no_others(ask: Ask) -> None:
    """A rule that no message reaches is never the closest, and hides none that a message may reach."""
    tests = "".join(
        f"  - {{name: t{n}, when: {{operation: connectivityTest, username: u}}, reply: {{drop: hang}}}}\n"
        for n in range(9)
    )
    reached = "  - {name: m, when: {operation: submitSingleMessage, username: u}, reply: {ack: AA}}\n"
    found = closest([load(f"version: 1\nrules:\n{tests}{reached}", "x.yaml")], ask(), Memory(), 3)
    assert ["m"] == [near.rule.name for near in found]


def many(count: int) -> str:
    """A file of that many rules, one for each family name, and a last one for all others."""
    rules = [
        f"  - {{name: r{n}, when: {{message: VXU, PID-5.1: Name{n}}}, reply: {{drop: close}}}}" for n in range(count)
    ]
    return "\n".join(["version: 1", "rules:", *rules, "  - {name: rest, reply: {drop: hang}}"]) + "\n"


def test_ten_thousand_rules_are_two_candidates(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the rule for this name, and the one that could not be filed, are tried."""
    tried: list[int] = []
    monkeypatch.setattr(matcher, "all_hold", lambda *given: tried.append(1) or all_hold(*given))
    scenario = load(many(10_000), "many.yaml")
    request = ask("MSH|^~\\&|A|B|C|D|||VXU^V04|1|P|2.5.1\rPID|||||NAME7123^Kim\r")
    assert [7123, 10_000] == list(scenario.index.candidates(Subject(request)))
    found = first_match([scenario], Subject(request), Memory())
    assert found is not None
    assert "r7123" == found.rule.name
    assert 1 == len(tried)


def test_a_miss_of_ten_thousand_rules_looks_at_few(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that differ only in the name they ask for are equally far from a name that none of them asks for."""
    scored: list[int] = []
    monkeypatch.setattr(explanation, "score", lambda *given: scored.append(1) or score(*given))
    scenario = load(many(10_000).replace("reply: {drop: hang}", "when: {message: QBP}, reply: {drop: hang}"), "x.yaml")
    near = closest([scenario], ask("MSH|^~\\&|A|B|C|D|||VXU^V04|1|P|2.5.1\rPID|||||Nobody^Kim\r"), Memory(), 3)
    assert ["r0", "r1", "r2"] == [entry.rule.name for entry in near]
    assert len(scored) <= 7


def test_a_literal_that_tells_rules_apart_is_chosen(ask: Ask) -> None:
    """Rules are filed under the place with the most values, not under the first one."""
    scenario = load(many(20), "many.yaml")
    assert [20] == list(scenario.index.candidates(Subject(ask())))
