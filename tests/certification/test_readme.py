"""The reference of the case language: every example is run, every key and operator is named."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import pytest_twisted

from certification.case import OUTCOMES, Case, Expect, ExpectedFinding, ExpectedPerson, Send, Sent, Step, With
from certification.events import Trial
from certification.harness import BuiltInIIS
from certification.loader import load_cases
from certification.runner import run_trial
from certification.vendor import OurSender

TEXT = files("certification").joinpath("README.md").read_text(encoding="utf-8")
EXAMPLES = [
    case for text in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) for case in load_cases(text, "README.md")
]


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.id)
@pytest_twisted.ensureDeferred
async def test_an_example_can_be_run(case: Case) -> None:
    """As it stands, with the built-in mock."""
    from twisted.internet import reactor

    iis = BuiltInIIS(reactor=reactor)
    try:
        finished = await run_trial(Trial(case=case, transport="mllp"), OurSender(reactor), iis, reactor)  # type: ignore[arg-type]
    finally:
        await iis.stop()

    assert "" == "\n".join(map(str, finished.failures))


@pytest.mark.parametrize("model", [Case, Step, Send, With, Sent, Expect, ExpectedFinding, ExpectedPerson])
def test_every_key_is_named(model: type[Case]) -> None:
    """What the language knows stands on the page."""
    keys = {info.alias or name for name, info in model.model_fields.items()} - {"values"}

    assert set() == {key for key in keys if not re.search(rf"[`{{, ]{key}\b", TEXT)}


def test_every_outcome_is_named() -> None:
    """By the name the sender reports."""

    assert all(outcome in TEXT for outcome in OUTCOMES)
