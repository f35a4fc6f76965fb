"""What a wrong condition is told."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.scenario import load

NO_VALUE = "there is no value; write {missing: true} for an absent or empty one, {present: true} for any"
OPERATOR = "write exactly one operator here, such as {missing: true}; any_of and not combine conditions"
KEYS = (
    "message, profile, transport, operation, username, facility, state, any_of, not, any RXA, every RXA, no RXA,"
    " an HL7 location such as PID-5.1"
)

WHEN = [
    # what stands in `when: {...}` of line 4, the column, and the problem
    ("PID.7: x", 12, "rules.1.when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?"),
    ("pid-5-1: x", 12, "rules.1.when.pid-5-1: 'pid-5-1' is not an HL7 location; did you mean 'PID-5.1'?"),
    (
        "PID-0: x",
        12,
        (
            "rules.1.when.PID-0: 'PID-0' is not an HL7 location;"
            " write one such as PID-7, PID-5.1, PID-3[5=MR].1 or RXA[2]-3"
        ),
    ),
    ("PID-7: ", 12, f"rules.1.when.PID-7: {NO_VALUE}"),
    ("PID-7: ~", 12, f"rules.1.when.PID-7: {NO_VALUE}"),
    ("PID-7: {not: }", 12, f"rules.1.when.PID-7: {NO_VALUE}"),
    ("PID-7: missing", 12, "rules.1.when.PID-7: write {missing: true}, or {exact: missing} for the word itself"),
    ("PID-7: {missing: false}", 12, "rules.1.when.PID-7: write {present: true} for the opposite"),
    ("PID-7: {present: yes}", 12, "rules.1.when.PID-7: write {present: true}, not 'yes'"),
    (
        "PID-7: {matches: '('}",
        12,
        "rules.1.when.PID-7: '(' is not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    (
        "PID-7: {matches: '[[a]'}",
        12,
        "rules.1.when.PID-7: '[[a]' is not a regular expression: Possible nested set at position 1",
    ),
    ("PID-7: {mathces: x}", 20, "rules.1.when.PID-7.mathces: unknown key 'mathces'; did you mean 'matches'?"),
    (
        "PID-7: {after: x}",
        12,
        (
            "rules.1.when.PID-7: 'x' is not a date, today or a location;"
            " write one such as 2024-04-02, today, today - 30d or PID-7"
        ),
    ),
    ("PID-7: {same_as: PID}", 12, "rules.1.when.PID-7: 'PID' names a segment; name a field of it, such as PID-3"),
    ("PID-7: {same_as: PID.3}", 12, "rules.1.when.PID-7: 'PID.3' is not an HL7 location; did you mean 'PID-3'?"),
    (
        "PID-7: {}",
        12,
        f"rules.1.when.PID-7: {OPERATOR}",
    ),
    (
        "PID-7: {in: [a], not: b}",
        12,
        f"rules.1.when.PID-7: {OPERATOR}",
    ),
    ("PID-7: {in: a}", 12, "rules.1.when.PID-7: write a list of values here, each after '- ' or in [ ], not 'a'"),
    ("PID-7: []", 12, "rules.1.when.PID-7: the list of values is empty"),
    ("PID-7: [a, '']", 23, "rules.1.when.PID-7.2: the value is missing"),
    ("PID-7: [{a: b}]", 20, "rules.1.when.PID-7.1: write text here, not a mapping; quote text that begins with {"),
    (
        "PID-7: 2024-04-02",
        12,
        "rules.1.when.PID-7: dates in messages have no hyphens; write 20240402, or {exact: 2024-04-02} to mean it so",
    ),
    (
        "PD1: x",
        12,
        (
            "rules.1.when.PD1: 'PD1' names a segment;"
            " name a field such as PD1-3, or ask {missing: true} or {present: true}"
        ),
    ),
    ("message: VXU_V04", 12, "rules.1.when.message: 'VXU_V04' is not a message type (MSH-9); did you mean 'VXU^V04'?"),
    (
        "message: everything",
        12,
        (
            "rules.1.when.message: 'everything' is not a message type (MSH-9);"
            " write one such as VXU, VXU^V04 or VXU^V04^VXU_V04"
        ),
    ),
    ("profile: Z34^CDCPHINVS", 12, "rules.1.when.profile: profile is MSH-21.1 alone; write Z34"),
    ("transport: https", 12, "rules.1.when.transport: 'https' is not a transport; did you mean 'http'?"),
    ("transport: pigeon", 12, "rules.1.when.transport: 'pigeon' is not a transport; write one of: soap, mllp, http"),
    ("transport: {not: soap}", 12, "rules.1.when.transport: write one value here, or a list of them"),
    ("state: waiting", 12, "rules.1.when.state: no rule leads to the state 'waiting'; there are: start"),
    (
        "any RXA: {PID-7: x}",
        22,
        "rules.1.when.any RXA.PID-7: 'PID-7' is not in RXA; ask for it outside, or write a field of RXA such as 3",
    ),
    (
        "any RXA: {'RXA[2]-3': x}",
        22,
        "rules.1.when.any RXA.RXA[2]-3: each RXA is looked at by itself; leave the number out of 'RXA[2]-3'",
    ),
    (
        "every RXA: CP",
        12,
        "rules.1.when.every RXA: write conditions on one RXA here, such as {3: {present: true}}, not 'CP'",
    ),
    (
        "any_of: [{PID-8: F}]",
        12,
        "rules.1.when.any_of: one alternative is no choice; write its conditions in 'when' itself",
    ),
    (
        "any_of: [{PID-8: F}, {PID.7: x}]",
        34,
        "rules.1.when.any_of.2.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
    ),
    (
        "not: {}",
        12,
        "rules.1.when.not: there is no condition here; write some, such as {PID-8: F}",
    ),
    ("any RXA: []", 12, "rules.1.when.any RXA: the list of conditions on one RXA is empty"),
    (
        "any RXA: [{20: CP}, {}]",
        32,
        (
            "rules.1.when.any RXA.2: write conditions on one RXA here, such as {3: {present: true}},"
            " not an empty mapping"
        ),
    ),
    (
        "any RXA: {lot: x}",
        22,
        "rules.1.when.any RXA.lot: 'lot' is not a field of RXA; write its number, such as 3 or 5.1",
    ),
    ("any RXA: {message: VXU}", 22, "rules.1.when.any RXA.message: 'message' is not in RXA; ask for it outside"),
    ("any RXA: {RXA.3: x}", 22, "rules.1.when.any RXA.RXA.3: 'RXA.3' is not an HL7 location; did you mean 'RXA-3'?"),
    (
        "any RXA: {any OBX: {3: x}}",
        22,
        "rules.1.when.any RXA.any OBX: 'any OBX' stands in a condition on one RXA; ask for it outside",
    ),
    (
        "any RXA: {any_of: [{20: CP}, {PID-8: F}]}",
        42,
        (
            "rules.1.when.any RXA.any_of.2.PID-8: 'PID-8' is not in RXA;"
            " ask for it outside, or write a field of RXA such as 3"
        ),
    ),
    (
        "any RXA: {not: {username: x}}",
        28,
        "rules.1.when.any RXA.not.username: 'username' is not in RXA; ask for it outside",
    ),
    (
        "any RXA: {not: CP}",
        22,
        "rules.1.when.any RXA.not: write conditions here, such as {3: {present: true}}, not 'CP'",
    ),
    (
        "any NK1: {RXA-3: x}",
        22,
        "rules.1.when.any NK1.RXA-3: 'RXA-3' is not in NK1; ask for it outside, or write a field of NK1 such as 3",
    ),
    ("any rxa: {20: CP}", 12, "rules.1.when.any rxa: unknown key 'any rxa'; did you mean 'any RXA'?"),
    (
        "any_of: {PID-8: F}",
        12,
        (
            "rules.1.when.any_of: write a list of alternatives, each a mapping such as {PID-8: F}, here,"
            " each after '- ' or in [ ], not a mapping"
        ),
    ),
    (
        "any_of: [{PID-8: F}, {}]",
        33,
        "rules.1.when.any_of.2: there is no condition here; write some, such as {PID-8: F}",
    ),
    ("not: [{PID-8: F}]", 12, "rules.1.when.not: write conditions here, such as message: VXU, not a list"),
    (
        "any_of: [{state: waiting}, {PID-8: F}]",
        5,
        "rules.1.when: no rule leads to the state 'waiting'; there are: start",
    ),
    (
        "any_of: [{operation: connectivityTest}, {transport: mllp}]",
        5,
        "rules.1.when: write 'operation: connectivityTest' in 'when' itself, not below any_of or not",
    ),
    (
        "operation: connectivityTest, any RXA: {20: CP}",
        5,
        "rules.1.when: connectivityTest carries no HL7 message, so the rule would never match",
    ),
    ("mesage: VXU", 12, "rules.1.when.mesage: unknown key 'mesage'; did you mean 'message'?"),
    ("size: 5", 12, f"rules.1.when.size: unknown key 'size'; write one of: {KEYS}"),
    (
        "transport: mllp, operation: submitSingleMessage",
        5,
        "rules.1.when: MLLP has no operations; leave 'operation' out, or write transport: soap",
    ),
    (
        "operation: connectivityTest, message: VXU",
        5,
        "rules.1.when: connectivityTest carries no HL7 message, so the rule would never match",
    ),
]


@pytest.mark.parametrize(("when", "column", "problem"), WHEN)
def test_problem_in_when(when: str, column: int, problem: str) -> None:
    """Each mistake in a condition is told at its line and column."""
    text = f"version: 1\nrules:\n  - name: only\n    when: {{{when}}}\n    reply: {{drop: close}}\n"
    assert [f"a.yaml:4:{column}: {problem}"] == problems(text)


def problems(text: str) -> list[str]:
    """What the loader says about a file that is wrong."""
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    return [str(problem) for problem in caught.value.problems]
