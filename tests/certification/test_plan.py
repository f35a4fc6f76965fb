"""Which cases are run, over which transports, and why not."""

from __future__ import annotations

import pytest

from certification.case import Case
from certification.iis import Access, RemoteIIS
from certification.plan import chosen, plan
from mockiis.errors import MockIISError

SOAP, MLLP = "http://127.0.0.1:8080/soap", "mllp://127.0.0.1:2575"


def skipped(case: Case, *addresses: str, **access: str) -> dict[str, str]:
    """Why a case is skipped, by transport."""
    trials = plan([case], RemoteIIS(addresses or (SOAP, MLLP), Access(**access)))  # type: ignore[arg-type]
    return {trial.transport: trial.skip for trial in trials}


def test_a_case_is_run_over_each_transport_that_the_iis_offers(cases: dict[str, Case]) -> None:
    """And over no other."""

    assert {"soap": "", "mllp": ""} == skipped(cases["ndiis-vxu-1-private"])
    assert {"mllp": ""} == skipped(cases["ndiis-vxu-1-private"], MLLP)
    assert {} == skipped(cases["credentials-wrong-user"], MLLP)


@pytest.mark.parametrize("name", ["too-many-found", "everything-rejected"])
def test_a_scripted_case_needs_the_mock(name: str, cases: dict[str, Case]) -> None:
    """Rules of its own, or another scenario than the usual one."""
    reason = "needs an answer that only the built-in mock IIS can be told to give"

    assert {"soap": reason, "mllp": reason} == skipped(cases[name])


def test_a_case_may_say_itself_why_it_needs_the_mock(cases: dict[str, Case]) -> None:
    """The reason stands in the case."""

    assert {"mllp": "the size limit of another registry is not known"} == skipped(cases["oversized-over-mllp"])


def test_wrong_credentials_need_right_ones(cases: dict[str, Case]) -> None:
    """A registry that nobody has an account of lets everybody in or nobody."""
    case = cases["credentials-wrong-facility"]
    reason = "sends wrong credentials, which takes right ones to be told from: give --facility"

    assert {"soap": reason} == skipped(case, user="clinic", password="x")
    assert {"soap": ""} == skipped(case, user="clinic", password="x", facility="04999")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["connect"], {"connect-echo", "connect-echo-special-characters", "connect-fault", "connect-lost"}),
        (["site-*"], {"site-MO-route-PO", "site-NO-route-NS"}),
        (["SITE-mo*", "no-hl7"], {"site-MO-route-PO", "no-HL7"}),
    ],
)
def test_cases_are_chosen_by_capability_or_id(patterns: list[str], expected: set[str], cases: dict[str, Case]) -> None:
    """Without regard to case, * for any text."""

    assert expected == {case.id for case in chosen(tuple(cases.values()), patterns)}


def test_no_pattern_chooses_all(cases: dict[str, Case]) -> None:
    """The whole suite."""

    assert len(cases) == len(chosen(tuple(cases.values()), []))


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("conect", "no case is named by 'conect'; did you mean 'connect'?"),
        ("ndiis-vxu-1", "no case is named by 'ndiis-vxu-1'; did you mean 'ndiis-vxu-1-private'?"),
        ("%", "no case is named by '%'; name a capability (connect, submit, query, correct, survive, secure)"),
    ],
)
def test_a_pattern_that_names_nothing_is_refused(pattern: str, advice: str, cases: dict[str, Case]) -> None:
    """Never a run of nothing."""
    with pytest.raises(MockIISError) as caught:
        chosen(tuple(cases.values()), ["query", pattern])

    assert str(caught.value).startswith(advice)
