"""What a wrong scenario is told: file, line, column, what is wrong, and what to write instead."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location
from mockiis.errors import DocumentError
from mockiis.message import FaultKind
from mockiis.scenario import Scenario, load
from mockiis.scenario.checks import OneOf
from mockiis.scenario.model import AcknowledgmentScript, Condition, FaultScript

NO_VALUE = "there is no value; write {missing: true} for an absent or empty one, {present: true} for any"
KEYS = "message, profile, transport, operation, username, facility, an HL7 location such as PID-5.1"

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
    ("PID-7: {after: x}", 20, "rules.1.when.PID-7.after: 'after' is not supported yet"),
    ("PID-7: {}", 12, "rules.1.when.PID-7: write exactly one operator here, such as {missing: true}"),
    ("PID-7: {in: [a], not: b}", 12, "rules.1.when.PID-7: write exactly one operator here, such as {missing: true}"),
    ("PID-7: {in: a}", 12, "rules.1.when.PID-7: write a list of values here, each after '- ' or in [ ], not 'a'"),
    ("PID-7: []", 12, "rules.1.when.PID-7: the list of values is empty"),
    ("PID-7: [a, '']", 23, "rules.1.when.PID-7.2: the value is missing"),
    ("PID-7: [{a: b}]", 20, "rules.1.when.PID-7.1: write text here, not a mapping"),
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
    ("transport: https", 12, "rules.1.when.transport: 'https' is not a transport; did you mean 'soap'?"),
    ("transport: pigeon", 12, "rules.1.when.transport: 'pigeon' is not a transport; write one of: soap, mllp"),
    ("transport: {not: soap}", 12, "rules.1.when.transport: write one value here, or a list of them"),
    ("state: start", 12, "rules.1.when.state: 'state' is not supported yet in 'when'"),
    ("any RXA: {20: CP}", 12, "rules.1.when.any RXA: 'any RXA' is not supported yet in 'when'"),
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


REPLIES = [
    # when, what stands in `reply: {...}` of line 7, the column, and the problem
    ("", "akc: AA", 13, "rules.1.reply.akc: unknown key 'akc'; did you mean 'ack'?"),
    ("", "ack: REJECT", 13, "rules.1.reply.ack: 'REJECT' is not an acknowledgment code (MSA-1); did you mean 'AR'?"),
    ("", "ack: CE", 13, "rules.1.reply.ack: enhanced mode (CE) is not supported yet; write one of: AA, AE, AR"),
    ("", "ack: ", 13, "rules.1.reply.ack: the value is missing"),
    ("", "ack: [AA]", 13, "rules.1.reply.ack: write text here, not a list"),
    (
        "",
        "ack: AA, drop: close",
        5,
        "rules.1.reply: ack and drop stand together; write exactly one of: ack, rsp, fault, hl7, drop",
    ),
    ("", "delay: 8s", 5, "rules.1.reply: the answer is missing; write exactly one of: ack, rsp, fault, hl7, drop"),
    ("", "ack: AA, delay: 8", 22, "rules.1.reply.delay: '8' is not a duration; did you mean '8s'?"),
    ("", "ack: AA, delay: 8h", 22, "rules.1.reply.delay: '8h' is not a duration; write one such as 250ms, 8s or 2m"),
    ("", "ack: AA, delay: 90m", 22, "rules.1.reply.delay: '90m' is longer than an hour; write at most 60m"),
    ("", "ack: AA, delay: iis", 22, "rules.1.reply.delay: only a fixed delay such as 8s is supported yet"),
    ("", "ack: AA, wire: []", 22, "rules.1.reply.wire: 'wire' is not supported yet"),
    ("", "http: {status: 500}", 13, "rules.1.reply.http: 'http' is not supported yet"),
    (
        "",
        "ack: AE, errors: {}",
        22,
        "rules.1.reply.errors: write a list of errors here, each after '- ', not a mapping",
    ),
    ("", "ack: AE, errors: []", 22, "rules.1.reply.errors: the list of errors is empty"),
    (
        "",
        "ack: AE, errors: [{at: PID.7, code: 101}]",
        32,
        "rules.1.reply.errors.1.at: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
    ),
    (
        "",
        "ack: AE, errors: [{at: PID^X, code: 101}]",
        32,
        "rules.1.reply.errors.1.at: 'PID^X' is not an error location; write one such as PID-7, or as in ERR-2: PID^1^7",
    ),
    (
        "",
        "ack: AE, errors: [{at: 'OBX[3.1=64994-7]-5', code: 101}]",
        32,
        "rules.1.reply.errors.1.at: an error stands at one place; count it, as in OBX[2]-5",
    ),
    ("", "ack: AE, errors: [{at: PID-7}]", 31, "rules.1.reply.errors.1: 'code' is missing"),
    (
        "",
        "ack: AE, errors: [{code: required field missing}]",
        32,
        (
            "rules.1.reply.errors.1.code: 'required field missing' is not an error code of table HL70357;"
            " write its number: 101 (Required field missing)"
        ),
    ),
    (
        "",
        "ack: AE, errors: [{code: 110}]",
        32,
        (
            "rules.1.reply.errors.1.code: '110' is not an error code of table HL70357;"
            " write one of: 0, 100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 999"
        ),
    ),
    (
        "",
        "ack: AE, errors: [{code: 101, severity: ERROR}]",
        43,
        "rules.1.reply.errors.1.severity: 'ERROR' is not a severity (table HL70516); did you mean 'E'?",
    ),
    (
        "",
        "ack: AE, errors: [{code: 101, app: 17}]",
        43,
        (
            "rules.1.reply.errors.1.app: '17' is not an application error code of table HL70533;"
            " write one of: 1, 2, 3, 4, 5, 6, 7, 8"
        ),
    ),
    (
        "",
        "ack: AE, text: x, errors: [{code: 101}]",
        22,
        "rules.1.reply.text: each of 'errors' has a text of its own; write it there",
    ),
    (
        "",
        "ack: AE, text: '{{ now }}'",
        22,
        "rules.1.reply.text: 'now' is not an HL7 location; write one such as PID-7, PID-5.1, PID-3[5=MR].1 or RXA[2]-3",
    ),
    (
        "",
        "hl7: 'MSA|AA|{{ MSH-10 }'",
        13,
        "rules.1.reply.hl7: a reference is written {{ MSH-10 }}; one of its ends is missing here",
    ),
    (
        "",
        "hl7: '{{ MSH }}'",
        13,
        "rules.1.reply.hl7: {{ MSH }} cannot stand in an answer; name a field of it, such as {{ MSH-10 }}",
    ),
    (
        "",
        "drop: timeout",
        13,
        "rules.1.reply.drop: 'timeout' is not a way to leave the sender without an answer; did you mean 'hang'?",
    ),
    ("", "drop: hang, text: x", 25, "rules.1.reply.text: 'text' goes with ack or rsp, not with drop"),
    ("", "ack: AA, reason: x", 22, "rules.1.reply.reason: 'reason' goes with fault, not with ack"),
    ("", "fault: SecurityFault", 5, "rules.1.reply: only SOAP has faults; write transport: soap under 'when'"),
    (
        "transport: [soap, mllp]",
        "fault: SecurityFault",
        5,
        "rules.1.reply: only SOAP has faults; write transport: soap under 'when'",
    ),
    (
        "transport: soap",
        "fault: Security",
        13,
        "rules.1.reply.fault: 'Security' is not a fault; did you mean 'SecurityFault'?",
    ),
    (
        "operation: connectivityTest",
        "ack: AA",
        5,
        (
            "rules.1.reply: connectivityTest carries no HL7 message to answer;"
            " write fault or drop, or leave the rule out and it is echoed"
        ),
    ),
    (
        "message: VXU",
        "rsp: {profile: Z33}",
        5,
        "rules.1.reply: a query response answers QBP, and this rule is for VXU; write ack",
    ),
    ("message: QBP", "rsp: Z33", 13, "rules.1.reply.rsp: write a mapping here (key: value), not 'Z33'"),
    (
        "",
        "rsp: {profile: Z34}",
        19,
        "rules.1.reply.rsp.profile: 'Z34' is not a profile of a query response; did you mean 'Z32'?",
    ),
    (
        "",
        "rsp: {profile: Z32}",
        13,
        "rules.1.reply.rsp: Z32 tells of patients: name them, as in patients: [alice], or write Z33",
    ),
    (
        "",
        "rsp: {profile: Z32, patients: alice}",
        33,
        "rules.1.reply.rsp.patients: write a list of patient names here, each after '- ' or in [ ], not 'alice'",
    ),
    (
        "",
        "rsp: {profile: Z32, patients: [alise]}",
        44,
        "rules.1.reply.rsp.patients.1: 'alise' is not under 'patients'; did you mean 'alice'?",
    ),
    (
        "",
        "rsp: {profile: Z31, patients: [alice, bob]}",
        51,
        "rules.1.reply.rsp.patients.2: 'bob' is not under 'patients'; there are: alice",
    ),
    (
        "",
        "rsp: {profile: Z32, patients: [alice, alice]}",
        33,
        "rules.1.reply.rsp.patients: Z32 holds one patient; write Z31 for several candidates",
    ),
    (
        "",
        "rsp: {profile: Z33, patients: [alice]}",
        33,
        "rules.1.reply.rsp.patients: Z33 holds no patients; write Z31 for candidates, Z32 or Z42 for one patient",
    ),
    (
        "",
        "rsp: {profile: Z33, status: OK}",
        33,
        "rules.1.reply.rsp.status: Z33 does not go with OK; write NF, TM, AE or AR",
    ),
    (
        "",
        "rsp: {profile: Z32, patients: [alice], status: NF}",
        52,
        "rules.1.reply.rsp.status: Z32 does not go with NF; write OK, or leave it out",
    ),
    (
        "",
        "rsp: {profile: Z33, status: AE}, errors: [{code: 101}, {code: 102}]",
        46,
        "rules.1.reply.errors: a query response carries one ERR at most; keep one error",
    ),
]


@pytest.mark.parametrize(("when", "reply", "column", "problem"), REPLIES)
def test_problem_in_reply(when: str, reply: str, column: int, problem: str) -> None:
    """Each mistake in a reply is told at its line and column."""
    text = (
        "version: 1\npatients:\n  alice: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F}\n"
        f"rules:\n  - name: only\n    when: {{{when}}}\n    reply: {{{reply}}}\n"
    )
    assert [f"a.yaml:7:{column}: {problem}"] == problems(text)


RULE = "rules:\n  - {name: a, reply: {ack: AA}}\n"
FILES = [
    ("", ["a.yaml:1:1: the file is empty"]),
    ("- a\n", ["a.yaml:1:1: write a mapping here (key: value), not a list"]),
    (RULE, ["a.yaml:1:1: 'version' is missing"]),
    (f"version: 2\n{RULE}", ["a.yaml:1:1: version: version '2' of the language is not known; write 1"]),
    ("version: 1\nrules: []\n", ["a.yaml:2:1: rules: the list of rules is empty"]),
    ("version: 1\nrules:\n  a: b\n", ["a.yaml:2:1: rules: write a list of rules here, each after '- ', not a mapping"]),
    ("version: 1\nrules:\n  - a\n", ["a.yaml:3:5: rules.1: write a mapping here (key: value), not 'a'"]),
    ("version: 1\nrules:\n  - {name: a}\n", ["a.yaml:3:5: rules.1: 'reply' is missing"]),
    (
        "version: 1\nrules:\n  - {name: a, reply: }\n",
        ["a.yaml:3:15: rules.1.reply: write a mapping here (key: value), not nothing"],
    ),
    (
        "version: 1\nrules:\n  - {name: a, when: VXU, reply: {ack: AA}}\n",
        ["a.yaml:3:15: rules.1.when: write conditions here, such as message: VXU, not 'VXU'"],
    ),
    (
        "version: 1\nrules:\n  - {name: a, replies: []}\n",
        ["a.yaml:3:15: rules.1.replies: 'replies' is not supported yet"],
    ),
    (f"version: 1\ntrack: PID-3.1\n{RULE}", ["a.yaml:2:1: track: 'track' is not supported yet"]),
    (f"version: 1\nrule: x\n{RULE}", ["a.yaml:2:1: rule: unknown key 'rule'; did you mean 'rules'?"]),
    (f"version: 1\n{RULE}otherwise: registry\n", ["a.yaml:4:1: otherwise: 'registry' is not supported yet"]),
    (
        f"version: 1\n{RULE}otherwise: {{fault: UnknownFault}}\n",
        ["a.yaml:4:1: otherwise: 'otherwise' answers MLLP too, which has no faults; write a last rule for SOAP"],
    ),
    (
        f"version: 1\n{RULE}otherwise: {{rsp: {{profile: Z32, patients: [alice]}}}}\n",
        ["a.yaml:4:44: otherwise.rsp.patients.1: 'alice' is not under 'patients'; the file has none"],
    ),
    (
        "version: 1\nrules:\n  - {name: a, reply: {ack: AA}}\n  - {name: a, reply: {ack: AE}}\n",
        [
            "a.yaml:3:6: rules.1.name: several rules are called 'a'; name each by its own",
            "a.yaml:4:6: rules.2.name: several rules are called 'a'; name each by its own",
        ],
    ),
    ("version: 1\nname: a\nname: b\n", ["a.yaml:3:1: 'name' stands twice in the same mapping"]),
]


@pytest.mark.parametrize(("text", "expected"), FILES)
def test_problem_in_the_file(text: str, expected: list[str]) -> None:
    """Each mistake in the frame of the file is told at its line and column."""
    assert expected == problems(text)


def test_what_is_no_yaml_is_told_with_its_place() -> None:
    """The YAML reader's own words, at line and column."""
    [problem] = problems("version: 1\nrules: [\n")
    assert problem.startswith("a.yaml:3:1: this is not YAML: ")


def test_every_problem_is_told_at_once() -> None:
    """An author mends a file in one go: conditions, replies and patients are all checked."""
    text = """\
version: 1
patients:
  a: {ids: {SR: 1}, name: A, born: 2020-02-30, sex: X}
rules:
  - name: first
    when: {PID.7: x, QPD.4: y}
    reply: {ack: OK, delay: soon}
"""
    assert [
        "a.yaml:3:30: patients.a.born: '2020-02-30' is not in the calendar; write year-month-day, such as 2024-04-02",
        "a.yaml:3:48: patients.a.sex: 'X' is not a sex (table HL70001); write one of: F, M, U",
        "a.yaml:6:12: rules.1.when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
        "a.yaml:6:22: rules.1.when.QPD.4: 'QPD.4' is not an HL7 location; did you mean 'QPD-4'?",
        "a.yaml:7:13: rules.1.reply.ack: 'OK' is not an acknowledgment code (MSA-1); did you mean 'AA'?",
        "a.yaml:7:22: rules.1.reply.delay: 'soon' is not a duration; write one such as 250ms, 8s or 2m",
    ] == problems(text)


def test_loaded_scenario() -> None:
    """A file becomes values with everything parsed once."""
    text = """\
version: 1
about: For tests
rules:
  - name: first
    when: {message: VXU, PID-5.1: Doe}
    reply: {ack: AA, delay: 250ms}
  - name: second
    when: {transport: soap}
    reply: {fault: SecurityFault, reason: Security}
otherwise: {ack: AR}
"""
    scenario = load(text, "folder/two-rules.yaml")
    first, second = scenario.rules
    assert ("two-rules", "folder/two-rules.yaml", "For tests") == (scenario.name, scenario.source, scenario.about)
    assert ("first", 1, "two-rules.yaml, rule 1") == (first.name, first.number, first.place)
    assert Condition(key="PID-5.1", check=OneOf.of("Doe"), location=Location.parse("PID-5.1")) == first.conditions[1]
    assert AcknowledgmentScript(code="AA", delay=0.25) == first.script
    detail = 'Answered by the rule "second" of the scenario.'
    assert FaultScript(kind=FaultKind.SECURITY, reason="Security", detail=detail) == second.script
    assert isinstance(scenario.otherwise, AcknowledgmentScript)


def problems(text: str) -> list[str]:
    """What the loader says about a file that is wrong."""
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    return [str(problem) for problem in caught.value.problems]


LANGUAGE = """
version name about patients rules otherwise when reply message profile transport operation username facility
ack rsp fault hl7 drop errors text reason detail delay at code severity app status AA AE VXU QBP Z32 Z33 1 101
PID-7 PID.7 OBX[3.1=1]-5 missing present matches not in exact true soap mllp connectivityTest {{ }} ( alice ids
born sex F doses cvx given forecast 2024-04-02 8s
"""
WORDS = st.sampled_from(LANGUAGE.split())
SCALARS = WORDS | st.text(max_size=12)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=20
)
RULES = st.fixed_dictionaries({"name": SCALARS, "reply": TREES}, optional={"when": TREES})
DOCUMENTS = st.fixed_dictionaries(
    {"version": st.just("1"), "rules": st.lists(RULES, max_size=3) | TREES},
    optional={"patients": TREES, "otherwise": TREES, "name": TREES},
)


@given((DOCUMENTS | TREES).map(lambda tree: yaml.safe_dump(tree, allow_unicode=True)) | st.text())
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """Broken YAML and wrong content give problems with a place, never another error."""
    assert read_or_refused(text)


SHIPPED = """\
version: 1
patients: {alice: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F, doses: [{cvx: 03, given: 2021-01-01}]}}
rules:
  - {name: a, when: {message: VXU, PID-7: {missing: true}}, reply: {ack: AE, errors: [{at: PID-7, code: 101}]}}
  - {name: b, when: {message: QBP}, reply: {rsp: {profile: Z32, patients: [alice]}, delay: 8s}}
  - {name: c, when: {transport: soap}, reply: {fault: SecurityFault}}
"""


@given(st.integers(0, len(SHIPPED)), st.integers(0, 12), st.text(max_size=6))
def test_a_slip_of_the_hand_is_read_or_refused(start: int, length: int, inserted: str) -> None:
    """A good file with some characters replaced gives a scenario or problems, never another error."""
    text = SHIPPED[:start] + inserted + SHIPPED[start + length :]
    assert read_or_refused(text)


def read_or_refused(text: str) -> bool:
    """Whether the text gives a scenario, or problems that each have a place and a sentence."""
    try:
        return isinstance(load(text, "a.yaml"), Scenario)
    except DocumentError as error:
        return all(problem.line >= 1 and problem.column >= 1 and problem.text for problem in error.problems)
