"""Every rule across fields broken, and every tolerance of NDIIS used, in a message of ``data/judge``."""

from __future__ import annotations

from collections import Counter

import pytest

from mockiis.profile.standard import shipped

from .judge_messages import draft_of, judged, loaded, told, words

RULES = loaded("rules")
TOLERANCES = loaded("tolerances")


@pytest.mark.parametrize("name", RULES)
def test_a_broken_rule_is_found(name: str) -> None:
    """The finding stands where the rule says, with its id; NDIIS has every rule of the guide too."""
    entry = RULES[name]
    text = draft_of(entry["message"]).changed(entry).text
    for standard in (entry["under"],) if "under" in entry else ("cdc", "ndiis"):
        assert entry["finds"] in [told(one) for one in judged(text, standard).findings]


def test_every_rule_is_broken_by_a_message() -> None:
    """A rule that is new in the data needs an entry here."""
    assert set(shipped("cdc").rules) | set(shipped("ndiis").rules) == set(RULES)


@pytest.mark.parametrize("name", TOLERANCES)
def test_what_is_tolerated_is_said_and_costs_no_more(name: str) -> None:
    """The finding has the severity and the number of the tolerance, and there is no other new one."""
    entry = TOLERANCES[name]
    draft = draft_of(entry["message"])
    before = Counter(map(told, judged(draft.text, "ndiis").findings))
    after = Counter(map(told, judged(draft.changed(entry).text, "ndiis").findings))
    assert sorted(words(entry["finds"])) == sorted((after - before).elements())


def test_every_tolerance_is_used_by_a_message() -> None:
    """A tolerance that is new in the data needs an entry here."""
    assert {tolerance.id for tolerance in shipped("ndiis").tolerances} == set(TOLERANCES)


def test_an_empty_completion_status_counts_as_complete() -> None:
    """The default of NDIIS: a new dose without RXA-20 still needs its lot number. The guide leaves that open."""
    draft = draft_of(["VXU", "boy", "new MMR", "eligible V01", "private stock"]).put("RXA-20", "").put("RXA-15", "")
    assert "RXA[1]-15 101 E" in map(told, judged(draft.text, "ndiis").findings)
    assert "RXA[1]-15 101 E" not in map(told, judged(draft.text, "cdc").findings)
