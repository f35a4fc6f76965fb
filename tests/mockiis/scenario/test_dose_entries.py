"""Doses as an author writes them: what is refused, who is eligible, who paid."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.message.person import Coded, Dose, Observation
from mockiis.scenario import load
from mockiis.scenario.model import QueryResponseScript


def dose(more: str) -> Dose:
    """The dose of a patient, in line 4."""
    text = (
        "version: 1\npatients:\n  a: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F, doses: [\n"
        f"    {{cvx: 03, given: 2021-01-02, {more}}}]}}\n"
        "rules:\n  - {name: a, reply: {rsp: {profile: Z32, patients: [a]}}}\n"
    )
    script = load(text, "a.yaml").rules[0].scripts[0]
    assert isinstance(script, QueryResponseScript)
    return script.persons[0].doses[0]


@pytest.mark.parametrize("more", ["refusal: 00^Parental decision", "refusal: 00^Parental decision, status: RE"])
def test_a_refusal(more: str) -> None:
    """Its reason is enough to say that it is one."""
    found = dose(more)
    assert ("RE", Coded("00", "Parental decision", "NIP002")) == (found.completion, found.refusal)


def test_eligibility_and_funding() -> None:
    """Two observations of the day of the dose, each a group of its own."""
    found = dose("eligibility: V02^VFC eligible, funding: VXC2^State funds")
    assert [
        ("64994-7", Coded("V02", "VFC eligible", "HL70064"), "1", "VXC40"),
        ("30963-3", Coded("VXC2", "State funds", "CDCPHINVS"), "2", ""),
    ] == [_told(entry) for entry in found.observations]
    assert {"20210102"} == {entry.date for entry in found.observations}


def _told(entry: Observation) -> tuple[str, Coded, str, str]:
    return entry.code.code, entry.value, entry.group, entry.method.code if entry.method else ""


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("status: CP, refusal: 00", "status: a dose that was refused has the status RE, not CP; leave it out"),
        ("status: done", "status: 'done' is not a completion status; write one of: CP, PA, NA, RE"),
        (
            "eligibility: VFC",
            "eligibility: 'VFC' is not a code of HL70064; write the code, such as V02, or V02^VFC eligible - Medicaid",
        ),
        (
            "funding: private",
            "funding: 'private' is not a code of CDCPHINVS; write the code, such as VXC2, or VXC2^State funds",
        ),
    ],
)
def test_problem_in_a_dose(more: str, problem: str) -> None:
    """Each mistake is told at its line and column."""
    with pytest.raises(DocumentError) as caught:
        dose(more)
    assert [f"a.yaml:4:34: patients.a.doses.1.{problem}"] == [str(found) for found in caught.value.problems]
