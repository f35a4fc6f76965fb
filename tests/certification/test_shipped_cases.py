"""What ships with the suite: enough cases, each with a source, each of its parts readable, none of its files unused."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

import scenarios
from certification import files, recipe
from certification.case import CAPABILITIES, OUTCOMES, Case
from certification.harness import scripted
from certification.loader import shipped_cases
from mockiis.message.misbehaviour import KINDS
from sender import outcome

CASES = shipped_cases()


def test_there_are_enough_cases_for_every_capability() -> None:
    """At least forty, and several for whatever a sender must be able to do."""
    counts = Counter(case.capability for case in CASES)

    assert len(CASES) >= 40
    assert set(CAPABILITIES) == set(counts)
    assert min(counts.values()) >= 3


def test_ids_are_unique_over_all_files() -> None:
    """An id names one case, whatever file it stands in."""

    assert [] == [case for case, count in Counter(case.id for case in CASES).items() if count > 1]


def test_every_eligibility_code_goes_with_every_funding_code() -> None:
    """The grid of the NDIIS specification is complete."""
    expected = {
        f"eligibility-{eligibility}-funding-{funding}"
        for eligibility, funding in product(("V01", "V02", "V03", "V04", "V05", "V07"), ("PHC70", "VXC1", "VXC2"))
    }

    assert expected == {case.id for case in CASES if case.id.startswith("eligibility-")}


@pytest.mark.parametrize("transport", ["soap", "mllp"])
def test_every_misbehaviour_on_the_wire_has_a_case(transport: str) -> None:
    """Over each transport it is for."""
    scripted_kinds = {
        next(iter(entry)) if isinstance(entry, dict) else entry
        for case in CASES
        for step in case.steps
        if step.answer and transport in case.transports
        for rule in step.answer.rules
        for entry in rule["reply"].get("wire", ())
    }

    assert {name for name, kind in KINDS.items() if transport in kind.transports} <= scripted_kinds


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_everything_a_case_names_can_be_read(case: Case) -> None:
    """Records with their changes, scripted answers, the scenario; and the title is all filled in."""
    for number, step in enumerate(case.steps, 1):
        if step.send.record:
            recipe.record(step.send)
        if step.answer:
            scripted(step.answer, f"case {case.id}, step {number}")

    assert case.scenario in scenarios.names()
    assert "{" not in case.id + case.title + case.source


@pytest.mark.parametrize("folder", ["records", "messages"])
def test_no_file_is_left_over(folder: str) -> None:
    """Every record and message of the suite is used by a case."""
    used = {name for case in CASES for step in case.steps for name in (step.send.record, step.send.message)}
    used |= {step.sent.same_as for case in CASES for step in case.steps}

    assert set() == set(files.names(folder)) - used


def test_outcomes_are_those_of_the_sender() -> None:
    """The case language uses the sender's own names for the ways a send can end."""
    kinds = (
        outcome.Accepted,
        outcome.AcceptedWithWarnings,
        outcome.Rejected,
        outcome.Faulted,
        outcome.TimedOut,
        outcome.ConnectionFailed,
        outcome.NotAcknowledgment,
        outcome.Reached,
    )

    assert OUTCOMES == tuple(kind.name for kind in kinds)
