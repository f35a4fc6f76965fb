"""What is said when no rule matches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.message import Request
from mockiis.message.change import Answered
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


def told(text: str, request: Request, memory: Memory | None = None) -> tuple[str, str]:
    """Both explanations for one file, and what it remembers."""
    near = explanation.closest([load(text, "x.yaml")], request, memory or Memory())
    return explanation.in_full(request, near), explanation.in_short(near)


CLOSEST = 'No rule matched. The closest is "only" (x.yaml, rule 1): '


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            "any RXA: {20: CP, 15: {missing: true}}",
            (
                "it asks for any RXA (RXA-20 CP and RXA-15 missing)."
                " Hint: several RXA together have all of it, but no single one."
            ),
        ),
        ("any_of: [{PID-8: M}, {PID-8: U}]", "it asks for (PID-8 M, or PID-8 U)."),
        ("not: {PID-8: F}", "it asks for (not PID-8 F)."),
        ("PID-7: {before: today - 1d}", "Patient birth date (PID-7) must be before today - 1d."),
        ("PID-5.1: {contains: x}", "Patient name - family name (PID-5.1) must be text that contains x."),
        ("PID-5.1: {starts: x}", "Patient name - family name (PID-5.1) must be text that starts with x."),
        ("PID-5.1: {longer_than: 48}", "Patient name - family name (PID-5.1) must be longer than 48 characters."),
        (
            "PID-5.2: Doe",
            (
                "Patient name - given name (PID-5.2) must be Doe but has another value."
                " Hint: Patient name - family name (PID-5.1) holds it."
            ),
        ),
    ],
)
def test_in_short_for_the_rest_of_the_language(ask: Ask, condition: str, sentence: str) -> None:
    """No sentence has a value of the message."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{{condition}}}, reply: {{ack: AA}}}}\n"
    assert f"{CLOSEST}{sentence}" == told(text, ask())[1]


def test_right_but_for_the_state(ask: Ask) -> None:
    """The state is named, which no peer can choose; with another difference it is not the state alone."""
    text = """\
version: 1
rules:
  - {name: only, when: {state: waiting, PID-8: F}, reply: {ack: AA}}
  - {name: first, when: {PID-8: X}, reply: {ack: AE}, then: waiting}
"""
    full, short = told(text, ask())
    assert (
        f"{CLOSEST}state must be waiting but is start."
        " Hint: the rule is right but for the state, which is 'start'." == short
    )
    assert "    FAIL state  want waiting  got 'start'" in full
    both = told(text.replace("PID-8: F", "PID-8: Y"), ask())[1]
    assert "Hint" not in both


def test_replies_that_are_used_up(ask: Ask) -> None:
    """The rule matches, and has given all it has."""
    text = "version: 1\nrules:\n  - {name: only, when: {PID-8: F}, replies: [{ack: AE}, {ack: AR}, pass]}\n"
    memory = Memory()
    memory.apply([Answered(scenario="x.yaml", rule="only", key="A100")] * 2, ask().received)
    full, short = told(text, ask(), memory)
    assert f"{CLOSEST}its replies are used up." == short
    assert "1 of 1 conditions hold\n" in full
    assert "\n    its replies are used up\n    It would have answered: AR, error 207" in full


def test_the_reply_that_was_its_turn(ask: Ask) -> None:
    """It would have answered as the second time, not as the first."""
    text = "version: 1\nrules:\n  - {name: only, when: {PID-8: M}, replies: [{ack: AE}, {ack: AR}]}\n"
    memory = Memory()
    memory.apply([Answered(scenario="x.yaml", rule="only", key="A100")], ask().received)
    assert told(text, ask(), memory)[0].endswith("It would have answered: AR, error 207")
    assert told(text, ask())[0].endswith("It would have answered: AE, error 999")


def test_a_chance_that_was_against_it(ask: Ask) -> None:
    """The rule matches and did not answer this time."""
    text = "version: 1\nrules:\n  - {name: only, reply: {ack: AA, chance: 1%}}\n"
    full, short = told(text, ask(seed=2))
    assert f"{CLOSEST}its chance was against it." == short
    assert "0 of 0 conditions hold\n" in full


def test_segments_that_end_with_lf(ask: Ask) -> None:
    """They are read, and the person at the mock is told."""
    text = "version: 1\nrules:\n  - {name: only, when: {PID-8: M}, reply: {ack: AA}}\n"
    request = ask("MSH|^~\\&|A|B|C|D|||VXU^V04|1|P|2.5.1\nPID|1\n")
    assert told(text, request)[0].endswith(
        "  Hint: segments end with LF, not with CR as HL7 asks; they were read all the same"
    )


def test_several_rules_that_came_close(ask: Ask) -> None:
    """The closest first, then the next ones."""
    near = explanation.closest([load(MULTIPLE, "multiple.yaml")], ask(QBP), Memory(), most=2)
    full = explanation.in_full(ask(QBP), near)
    assert ["name and birth date", "a name without a birth date"] == [entry.rule.name for entry in near]
    assert '\n  Next rule: "a name without a birth date"  (multiple.yaml, rule 2)  1 of 3 conditions hold\n' in full
