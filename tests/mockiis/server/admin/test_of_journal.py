"""What was received, over the admin API."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer

Verdict = dict[str, Any]


@pytest_twisted.ensureDeferred
async def test_the_journal_shows_what_came_and_what_went_back(api: Any) -> None:
    """In full, with the rule that answered."""
    answer = await api.sent(1)
    status, found = await api.asked("GET", "/journal")

    (entry,) = found["exchanges"]
    assert (200, None, 1) == (status, found["next"], entry["number"])
    assert ("VXU^V04^VXU_V04", "1", "AA", "the rest") == tuple(
        entry[name] for name in ("message_type", "control_id", "acknowledgment", "rule")
    )
    assert "||Doe^Jane||" in entry["request"]
    assert answer == entry["answer"]
    assert (200, entry) == await api.asked("GET", "/journal/1")


@pytest_twisted.ensureDeferred
async def test_the_journal_is_searched_as_rules_match(api: Any) -> None:
    """By conditions as JSON or as query parameters, also by what was answered."""
    await api.sent(1)
    await api.sent(2, name="Roe", lot="")
    numbers = []
    for search in (
        {"when": {"PID-5.1": "roe"}},
        {"when": {"message": "VXU", "PID-3[5=MR].1": {"starts": "77"}}},
        {"when": {"acknowledgment": "AE"}},
        {"when": {"rule": ["the rest", "slow"]}},
        {"when": {"any RXA": {"15": "L1"}}},
        {"when": {"message": "QBP"}},
        {"after": 1},
        {"limit": 1},
        {},
    ):
        _, found = await api.asked("POST", "/journal/search", search)
        numbers.append(([entry["number"] for entry in found["exchanges"]], found["next"]))
    by_query = [
        [entry["number"] for entry in (await api.asked("GET", f"/journal?{query}"))[1]["exchanges"]]
        for query in ("message=VXU&PID-5.1=Doe", "PID-5.1=Doe&PID-5.1=Roe", "acknowledgment=AE", "after=1&limit=5")
    ]

    expected = [[2], [1, 2], [2], [1], [1], [], [2], [1], [1, 2]]
    assert [(found, 1 if len(found) == 1 and at == 7 else None) for at, found in enumerate(expected)] == numbers
    assert [[1], [1, 2], [2], [2]] == by_query


@pytest_twisted.ensureDeferred
async def test_a_cleared_journal_counts_on(api: Any) -> None:
    """Numbers are never given twice."""
    await api.sent(1)
    assert (200, {"cleared": True}) == await api.asked("DELETE", "/journal")
    status, found = await api.asked("GET", "/journal/1")
    assert (404, "there is no exchange '1' in the journal; GET /journal lists those there are") == (
        status,
        found["error"],
    )
    await api.sent(2)
    _, found = await api.asked("GET", "/journal")

    assert [2] == [entry["number"] for entry in found["exchanges"]]


@pytest_twisted.ensureDeferred
async def test_what_no_rule_matched_comes_with_its_explanation(api: Any) -> None:
    """The closest rule, condition by condition."""
    await api.sent(1)
    await api.raw("MSH|^~\\&|A|B|C|D|20240403||QBP^Q11^QBP_Q11|Q1|P|2.5.1\rQPD|Z34|t\r")
    _, found = await api.asked("GET", "/unmatched")

    (entry,) = found["exchanges"]
    assert ("Q1", True) == (entry["control_id"], entry["unmatched"])
    assert "No rule matched 'QBP^Q11^QBP_Q11'" in entry["explanation"]
    assert "FAIL message  want VXU" in entry["explanation"]


@pytest_twisted.ensureDeferred
async def test_unmet_expectations_are_sentences(api: Any) -> None:
    """Until they are met."""
    before = await api.asked("GET", "/expectations")
    await api.sent(1, lot="")
    after = await api.asked("GET", "/expectations")

    assert (200, {"unmet": ['expected 1 of rule "no lot number" (lots.yaml, rule 1), received 0']}) == before
    assert (200, {"unmet": []}) == after


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"when": {"message": "VXU"}, "count": 2}, 2),
        ({"when": {"PID-5.1": "Doe"}}, 1),
        ({"when": {}, "at_least": 1, "at_most": 3}, 2),
        ({"when": {"message": "QBP"}, "count": 0}, 0),
        ({"in_order": [{"PID-5.1": "Doe"}, {"PID-5.1": "Roe"}]}, 2),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_was_received_is_verified(api: Any, asked: Verdict, count: int) -> None:
    """By number or in order."""
    await api.sent(1)
    await api.sent(2, name="Roe")

    assert (200, {"verified": True, "count": count}) == await api.asked("POST", "/verify", asked)


@pytest_twisted.ensureDeferred
async def test_what_was_not_received_is_explained(api: Any) -> None:
    """By the closest exchange and the field that differs."""
    await api.sent(1)
    status, found = await api.asked("POST", "/verify", {"when": {"message": "VXU", "PID-5.1": "Jane"}, "count": 1})

    assert (409, False, 0) == (status, found["verified"], found["count"])
    assert found["message"] == (
        "Expected exactly 1 exchange with message VXU and PID-5.1 Jane, received none (of 1 exchange in the journal)\n"
        "  Closest: exchange 1, VXU^V04^VXU_V04 MSH-10='1' over mllp, answered AA by rule \"the rest\"  "
        "1 of 2 conditions hold\n"
        "    ok   message  want VXU   got 'VXU^V04^VXU_V04'\n"
        "    FAIL PID-5.1  want Jane  got 'Doe'\n"
        "    Hint: Patient name - given name (PID-5.2) holds it"
    )
    assert 1 == found["closest"]["number"]
    assert {"condition": "PID-5.1", "held": False, "want": "Jane", "got": ["Doe"]} in found["closest"]["conditions"]


@pytest_twisted.ensureDeferred
async def test_a_verification_is_woken_by_the_message(api: Any) -> None:
    """It waits for it, and not a moment longer; nothing looks again and again."""
    began = monotonic()
    waiting = api.asked("POST", "/verify", {"when": {"PID-5.1": "Doe"}, "count": 2, "wait": "15s"})
    await api.sent(1)
    await api.sent(2)

    assert (200, {"verified": True, "count": 2}) == await waiting
    assert monotonic() - began < 10


@pytest_twisted.ensureDeferred
async def test_a_message_counts_before_it_is_answered(api: Any) -> None:
    """Its answer waits for a clock that stands still."""
    await api.asked("PUT", "/clock", {"frozen": True})
    waiting = api.asked("POST", "/verify", {"when": {"PID-5.1": "Slow"}, "count": 1, "wait": "15s"})
    sending = api.sent(1, name="Slow")

    assert (200, {"verified": True, "count": 1}) == await waiting
    assert not sending.called
    _, clock = await api.asked("GET", "/clock")
    assert (True, 1) == (clock["frozen"], clock["waiting"])
    await api.asked("PUT", "/clock", {"advance": "8s"})
    assert "\rMSA|AA|1\r" in await sending


@pytest_twisted.ensureDeferred
async def test_what_does_not_come_is_given_up(api: Any) -> None:
    """After the time given; what must not come is waited for to the end, too much is told at once."""
    late = await api.asked("POST", "/verify", {"when": {"message": "VXU"}, "wait": "50ms"})
    quiet = await api.asked("POST", "/verify", {"when": {"message": "VXU"}, "count": 0, "wait": "50ms"})
    waiting = api.asked("POST", "/verify", {"when": {"message": "VXU"}, "at_most": 0, "wait": "15s"})
    await api.sent(1)
    status, found = await waiting

    assert 409 == late[0]
    assert "Nothing has reached the mock since it was started or reset" in late[1]["message"]
    assert (200, {"verified": True, "count": 0}) == quiet
    assert 409 == status
    assert found["message"].startswith("Expected no exchange with message VXU, received 1")


@pytest_twisted.ensureDeferred
async def test_two_verifications_wait_side_by_side(api: Any) -> None:
    """And other requests are answered meanwhile."""
    both = defer.gatherResults(
        [
            api.asked("POST", "/verify", {"when": {"PID-5.1": name}, "count": 1, "wait": "15s"})
            for name in ("Doe", "Roe")
        ]
    )
    assert 200 == (await api.asked("GET", "/health"))[0]
    await api.sent(1, name="Roe")
    assert not both.called
    await api.sent(2, name="Doe")

    assert [(200, {"verified": True, "count": 1})] * 2 == await both


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, "write what is expected: 'when' with 'count', 'at_least' or 'at_most', or 'in_order'"),
        ({"when": {"mesage": "VXU"}}, "when.mesage: unknown key 'mesage'; did you mean 'message'?"),
        ({"when": {"PID.7": 1}}, "when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?"),
        ({"when": {"PID-7": None}}, "when.PID-7: there is no value; write {missing: true} for an absent or empty one,"),
        ({"when": {"any_of": [{"state": "x"}, {}]}}, "when: the journal does not keep states"),
        ({"when": []}, 'when: write conditions here, such as {"message": "VXU"}, not a list'),
        ({"when": {}, "count": -1}, "count: '-1' is not a whole number"),
        ({"when": {}, "count": 1, "at_least": 1}, "count: 'count' is an exact number; leave 'at_least'"),
        ({"when": {}, "at_least": 3, "at_most": 2}, "at_least: at_least is above at_most"),
        ({"when": {}, "wait": "2h"}, "wait: '2h' is longer than an hour"),
        ({"when": {}, "wait": 5}, "wait: '5' is not a time; write one such as 250ms, 8s"),
        ({"in_order": []}, "in_order: the list of conditions is empty"),
        ({"in_order": [{"PID-5": "x"}], "when": {}}, "in_order: 'in_order' stands alone"),
        ({"wen": {}}, "wen: unknown key 'wen'; did you mean 'when'?"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_question_that_makes_no_sense_is_told_so(api: Any, asked: Verdict, error: str) -> None:
    """In a sentence that says what to write."""
    status, found = await api.asked("POST", "/verify", asked)

    assert 400 == status
    assert found["error"].startswith(error)
