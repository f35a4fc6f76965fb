"""What is said when no rule matches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.message import Request
from mockiis.scenario import Scenario, explanation, load
from mockiis.scenario.memory import Memory

Ask = Callable[..., Request]
QBP = "MSH|^~\\&|A|B|C|D|20240403||QBP^Q11^QBP_Q11|Q7|P|2.5.1\rQPD|Z34|t||Smyth^Ann||20190105\r"
MULTIPLE = """\
version: 1
rules:
  - name: updates
    when: {message: VXU}
    reply: {ack: AA}
  - name: a name without a birth date
    when: {message: QBP, QPD-4.1: SMITH, QPD-6: {missing: true}}
    reply: {rsp: {profile: Z33, status: TM}}
  - name: name and birth date
    when: {message: QBP, QPD-4.1: SMITH, QPD-6: 20190105}
    reply: {rsp: {profile: Z33}}
  - name: the test
    when: {operation: connectivityTest}
    reply: {drop: close}
"""


def in_full(scenarios: list[Scenario], request: Request) -> str:
    return explanation.in_full(request, explanation.closest(scenarios, request, Memory()))


def in_short(scenarios: list[Scenario], request: Request) -> str:
    return explanation.in_short(explanation.closest(scenarios, request, Memory()))


def test_in_full_shows_every_condition_of_the_closest_rule(ask: Ask) -> None:
    """The person at the mock sees what was wanted and what was got, in columns."""
    expected = """\
No rule matched 'QBP^Q11^QBP_Q11'  MSH-10='Q7'  (mllp)
  Closest rule: "name and birth date"  (multiple.yaml, rule 3)  2 of 3 conditions hold
    ok   message  want QBP       got 'QBP^Q11^QBP_Q11'
    FAIL QPD-4.1  want SMITH     got 'Smyth'
    ok   QPD-6    want 20190105  got '20190105'
    It would have answered: Z33 with status NF"""
    assert expected == in_full([load(MULTIPLE, "folder/multiple.yaml")], ask(QBP))


def test_in_short_names_the_first_difference_and_no_value_of_the_patient(ask: Ask) -> None:
    """ERR-8 is logged by senders, so it says where and what was wanted, not what was got."""
    expected = (
        'No rule matched. The closest is "name and birth date" (multiple.yaml, rule 3):'
        " Query patient name - family name (QPD-4.1) must be SMITH but has another value."
    )
    assert expected == in_short([load(MULTIPLE, "folder/multiple.yaml")], ask(QBP))


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("message: QBP", "message must be QBP but is VXU^V04^VXU_V04."),
        ("message: {not: VXU}", "message must be anything but VXU."),
        ("profile: [Z34, Z44]", "profile must be one of Z34, Z44 but is Z22."),
        ("transport: soap", "transport must be soap but is mllp."),
        ("username: clinic1", "username must be clinic1 but is missing."),
        ("PID-6: {present: true}", "Patient mother's maiden name (PID-6) must be present."),
        ("PID-6.1: Roe", "Patient mother's maiden name - family name (PID-6.1) must be Roe but is missing."),
        ("PID-8: {missing: true}", "Patient sex (PID-8) must be missing."),
        (
            "PID-5.1: {exact: DOE}",
            (
                "Patient name - family name (PID-5.1) must be exactly DOE but has another value."
                " Hint: the two differ in capitals only; a plain value, without exact, does not mind."
            ),
        ),
        ("PID-7: {matches: '19.*'}", "Patient birth date (PID-7) must be text matching 19.* but has another value."),
    ],
)
def test_in_short_for_each_kind_of_condition(ask: Ask, condition: str, sentence: str) -> None:
    """The sentence reads well for every operator."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{{condition}}}, reply: {{ack: AA}}}}\n"
    assert f'No rule matched. The closest is "only" (x.yaml, rule 1): {sentence}' == in_short(
        [load(text, "x.yaml")], ask()
    )


@pytest.mark.parametrize("name", ["Doe, Kim J", "Doe^Kim", "Doe"])
def test_garbage_where_a_code_should_be_is_not_quoted(ask: Ask, name: str) -> None:
    """Shifted fields may put a name into MSH-9; the sentence does not repeat it."""
    text = f"MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|||{name}|77|P|2.5.1\r"
    assert "Doe" not in in_short([load(MULTIPLE, "multiple.yaml")], ask(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MSH|^~\\&|A|B|C|D|||ADT^A04|1|P|2.5.1\r", "updates"),
        ("MSH|^~\\&|A|B|C|D|||QBP^Q11|1|P|2.5.1\rQPD|||||||\r", "a name without a birth date"),
        ("MSH|^~\\&|A|B|C|D|||QBP^Q11|1|P|2.5.1\rQPD|||||||19990101\r", "a name without a birth date"),
    ],
)
def test_closest_is_the_rule_for_such_messages_with_the_fewest_differences(ask: Ask, text: str, name: str) -> None:
    """A rule for this message type comes before one that differs in one condition only; then the order of the file."""
    (near,) = explanation.closest([load(MULTIPLE, "multiple.yaml")], ask(text), Memory())
    assert name == near.rule.name


def test_without_rules_for_messages_there_is_nothing_to_compare(ask: Ask) -> None:
    """No scenario, or rules for connectivityTest only, still give a sentence."""
    text = "version: 1\nrules:\n  - {name: t, when: {operation: connectivityTest}, reply: {drop: close}}\n"
    for scenarios in ([], [load(text, "x.yaml")]):
        assert "No rule of the scenario answers messages." == in_short(scenarios, ask())
        assert "No rule matched 'VXU^V04^VXU_V04'  MSH-10='77'  (mllp)" == in_full(scenarios, ask())
