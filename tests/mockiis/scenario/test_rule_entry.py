"""Rules as written: sequences, states, expectations, and whether the parts fit together."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.scenario import load
from mockiis.scenario.model import AcknowledgmentScript, Expectation, RegistryScript, Rule, Then


def rule(more: str) -> Rule:
    """The first rule of a file whose last one leads to the states that are asked for."""
    text = f"version: 1\nrules:\n  - {{name: a, {more}}}\n  - {{name: b, reply: {{ack: AA}}, then: waiting}}\n"
    return load(text, "a.yaml").rules[0]


def test_replies_are_a_sequence_whose_last_one_repeats() -> None:
    """The first answer, the second, and then always the last."""
    found = rule("replies: [{ack: AE}, {ack: AR}, registry]")
    codes = [script.code if isinstance(script, AcknowledgmentScript) else "" for script in found.scripts]
    assert (["AE", "AR", ""], True, False) == (codes, found.counts, found.passes)
    assert [*found.scripts, found.scripts[-1], found.scripts[-1]] == [found.script(count) for count in range(5)]
    assert RegistryScript() == found.script(9)


def test_pass_hands_over_to_the_rules_below() -> None:
    """After the replies before it there is none."""
    found = rule("replies: [{ack: AE}, pass]")
    assert ([found.scripts[0], None, None], True) == ([found.script(count) for count in range(3)], found.counts)


def test_one_reply_need_not_be_counted() -> None:
    """It is the same however often it was given."""
    found = rule("reply: {ack: AA}")
    assert (False, found.scripts[0]) == (found.counts, found.script(7))


def test_a_name_is_one_line() -> None:
    """It stands in the log, in ERR-8 and in what explain prints."""
    with pytest.raises(DocumentError, match=r"a.yaml:3:\d+: rules.1.name: a name is one line"):
        load('version: 1\nrules:\n  - {name: "a\\nb", reply: {ack: AA}}\n', "a.yaml")


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ("reply: {ack: AA, delay: %s}", "is not a duration; write one such as 250ms, 8s or 2m"),
        ("when: {PID-5.1: {longer_than: %s}}, reply: {ack: AA}", "is not a number of characters; write one such as"),
    ],
)
def test_a_complaint_repeats_only_the_beginning_of_a_long_value(more: str, advice: str) -> None:
    """And all of the advice."""
    with pytest.raises(DocumentError, match=f": '{'x' * 80}[.]{{3}}' {advice}"):
        rule(more % ("x" * 5000))


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("then: waiting", Then(state="waiting")),
        ("then: {state: waiting}", Then(state="waiting")),
        ("then: {state: waiting, after: 30s}", Then(state="waiting", after=30.0)),
    ],
)
def test_then(text: str, then: Then) -> None:
    """A state alone, or one that comes after a while."""
    assert then == rule(f"reply: {{ack: AA}}, {text}").then


@pytest.mark.parametrize(
    ("text", "expectation", "words"),
    [
        ("expect: 0", Expectation(least=0, most=0), "0"),
        ("expect: 2", Expectation(least=2, most=2), "2"),
        ("expect: {min: 1}", Expectation(least=1), "at least 1"),
        ("expect: {max: 3}", Expectation(most=3), "0 to 3"),
        ("expect: {min: 1, max: 3}", Expectation(least=1, most=3), "1 to 3"),
    ],
)
def test_expect(text: str, expectation: Expectation, words: str) -> None:
    """A number, or the least and the most."""
    found = rule(f"reply: {{ack: AA}}, {text}").expect
    assert (expectation, words) == (found, str(found))


PROBLEMS = [
    # what stands in rule 1 in line 3, the column, and the problem
    (
        "reply: {ack: AA}, replies: [{ack: AE}]",
        33,
        "rules.1.replies: write reply for one answer or replies for a sequence, not both",
    ),
    ("replies: [pass]", 15, "rules.1.replies: the list of replies is empty"),
    ("replies: [pass, {ack: AA}]", 15, "rules.1.replies: 'pass' stands last: no reply comes after it"),
    ("replies: {ack: AA}", 15, "rules.1.replies: write a list of replies here, each after '- ', not a mapping"),
    ("replies: [{ack: AA}, {akc: AE}]", 37, "rules.1.replies.2.akc: unknown key 'akc'; did you mean 'ack'?"),
    (
        "replies: [{ack: AA}, {fault: UnknownFault}]",
        36,
        "rules.1.replies.2: only SOAP has faults; write transport: soap under 'when'",
    ),
    ("reply: pass", 15, "rules.1.reply: 'pass' is not a reply; it ends 'replies', as in replies: [{ack: AE}, pass]"),
    (
        "reply: {ack: AA}, passes: true",
        33,
        "rules.1.passes: unknown key 'passes'; write one of: name, when, reply, replies, then, expect",
    ),
    ("reply: {ack: AA}, then: ", 33, "rules.1.then: write a mapping here (key: value), not nothing"),
    ("reply: {ack: AA}, then: [a]", 33, "rules.1.then: write a mapping here (key: value), not a list"),
    ("reply: {ack: AA}, then: {after: 3s}", 33, "rules.1.then: 'state' is missing"),
    (
        "reply: {ack: AA}, then: {state: x, after: 3}",
        50,
        "rules.1.then.after: '3' is not a duration; did you mean '3s'?",
    ),
    ("reply: {ack: AA}, then: {state: x, in: 3s}", 50, "rules.1.then.in: unknown key 'in'; write one of: state, after"),
    (
        "reply: {ack: AA}, expect: once",
        33,
        "rules.1.expect: 'once' is not a number of answers; write one such as 1, or {min: 1, max: 3}",
    ),
    (
        "reply: {ack: AA}, expect: {}",
        33,
        "rules.1.expect: write how many answers are expected, as in expect: 1 or {min: 1, max: 3}",
    ),
    ("reply: {ack: AA}, expect: {min: 3, max: 1}", 42, "rules.1.expect.min: min is above max"),
    (
        "reply: {ack: AA}, expect: {min: -1}",
        42,
        "rules.1.expect.min: '-1' is not a number of answers; write one such as 1, or {min: 1, max: 3}",
    ),
    (
        "reply: {ack: AA}, when: {state: wating}",
        40,
        "rules.1.when.state: no rule leads to the state 'wating'; there are: start, waiting",
    ),
    (
        "when: {transport: mllp}, reply: {ack: AA, wire: [gzip]}",
        64,
        "rules.1.reply.wire.1: 'gzip' happens over HTTP and SOAP only, and this rule is for MLLP",
    ),
    (
        "when: {transport: soap}, replies: [{ack: AA}, {ack: AA, wire: [no_end]}]",
        78,
        "rules.1.replies.2.wire.1: 'no_end' happens over MLLP only, and this rule is for SOAP",
    ),
    (
        "when: {transport: mllp}, reply: {http: 503}",
        40,
        "rules.1.reply: MLLP has no HTTP responses; write transport: soap or http under 'when'",
    ),
    (
        "reply: {mix: [{ack: AA, share: 1}, {fault: UnknownFault, share: 1}]}",
        50,
        "rules.1.reply.mix.2: only SOAP has faults; write transport: soap under 'when'",
    ),
    (
        "when: {message: VXU}, reply: {mix: [{ack: AA, share: 1}, {rsp: {profile: Z33}, share: 1}]}",
        72,
        "rules.1.reply.mix.2: a query response answers QBP, and this rule is for VXU; write ack",
    ),
]


@pytest.mark.parametrize(("more", "column", "problem"), PROBLEMS)
def test_problem_in_a_rule(more: str, column: int, problem: str) -> None:
    """Each mistake is told at its line and column."""
    with pytest.raises(DocumentError) as caught:
        rule(more)
    assert [f"a.yaml:3:{column}: {problem}"] == [str(found) for found in caught.value.problems]


@pytest.mark.parametrize(
    "reply", ["fault: UnknownFault", "http: 503", "echo: true", 'hl7: "hello"', "drop: hang", "registry: true"]
)
def test_what_answers_a_connectivity_test(reply: str) -> None:
    """Whatever needs no message."""
    assert 1 == len(rule(f"when: {{operation: connectivityTest}}, reply: {{{reply}}}").scripts)


@pytest.mark.parametrize("state", ["start", "WAITING", "{not: nowhere}", "[start, waiting]"])
def test_states_that_can_be(state: str) -> None:
    """The first state, and those that a rule leads to, in capitals or not."""
    assert "state" == rule(f"when: {{state: {state}}}, reply: {{ack: AA}}").conditions[0].key
