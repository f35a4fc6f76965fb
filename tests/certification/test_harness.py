"""The built-in mock of the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from certification.case import Case, Script
from certification.harness import access_or_own, load_overrides, scripted
from certification.iis import Access
from mockiis.errors import DocumentError, MockIISError

REJECT = "version: 1\nrules: [{name: no, reply: {ack: AR}}]\n"


def test_a_wrong_rule_is_named_with_the_case_file() -> None:
    """File and line of the script, case and step, and the scenario loader's own complaint."""
    script = Script.model_validate([{"name": "a rule", "reply": {"akc": "AA"}}])
    placed = script.model_copy(update={"file": "a.yaml", "line": 12})
    with pytest.raises(DocumentError) as caught:
        scripted(placed, "case one, step 2")

    assert str(caught.value).startswith(
        "a.yaml:12:1: case one, step 2: rules.1.reply.akc: unknown key 'akc'; did you mean"
    )


def test_a_file_replaces_the_scenario_of_its_name(tmp_path: Path, cases: dict[str, Case]) -> None:
    """So that one may break an answer and see it found."""
    file = tmp_path / "ndiis-examples.yaml"
    file.write_text(REJECT, encoding="utf-8")

    assert {"ndiis-examples": "no"} == {
        name: scenario.rules[0].name for name, scenario in load_overrides([str(file)], cases.values()).items()
    }


def test_a_file_that_replaces_nothing_is_refused(tmp_path: Path, cases: dict[str, Case]) -> None:
    """It would silently change nothing."""
    file = tmp_path / "mine.yaml"
    file.write_text(REJECT, encoding="utf-8")
    with pytest.raises(MockIISError) as caught:
        load_overrides([str(file)], cases.values())

    assert (
        f"{file}: replaces no scenario of the cases; call the file one of:"
        " ndiis-examples.yaml, registry.yaml, reject-all.yaml, security-fault.yaml"
    ) == str(caught.value)


def test_without_a_user_the_suite_has_its_own_account() -> None:
    """Credentials are always sent, so that they are always judged."""

    assert ("certification", "me") == (access_or_own(Access()).user, access_or_own(Access(user="me")).user)
