"""What lint says of scenario files, and where."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from mockiis.er7 import read
from mockiis.message import Request
from mockiis.profile.codes import shipped as codes
from mockiis.profile.validator import validator
from mockiis.scenario import load, reach
from mockiis.scenario.lint import lint
from mockiis.scenario.matcher import first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.reach import unreachable
from mockiis.scenario.remark import Remark
from mockiis.scenario.subject import Subject


def linted(text: str) -> list[Remark]:
    return lint(text, "x.yaml", codes(), validator())


def said(*rules: str, more: str = "") -> list[str]:
    """What is said of rules written in flow style, one a line from line 3 on, without the file's name."""
    lines = "".join(f"  - {{name: r{number}, {rule}}}\n" for number, rule in enumerate(rules, 1))
    return [str(remark).removeprefix("x.yaml:") for remark in linted(f"version: 1\nrules:\n{lines}{more}")]


def test_what_the_loader_refuses_is_an_error() -> None:
    """Every problem, as serve tells it."""
    remarks = linted("version: 1\nrules:\n  - {name: a, when: {PID.7: x}, reply: {akc: AA}}\n")
    assert [("error", "refused", 3, 22), ("error", "refused", 3, 41)] == [
        (remark.severity, remark.code, remark.problem.line, remark.problem.column) for remark in remarks
    ]


NEVER = [
    # above, below, whether the one below never answers
    ("", "message: VXU", True),
    ("message: VXU", "message: VXU", True),
    ("message: VXU", "message: VXU^V04", True),
    ("message: VXU^V04", "message: VXU", False),
    ("message: [VXU, QBP]", "message: QBP^Q11, PID-8: F", True),
    ("message: VXU, PID-8: F", "message: VXU", False),
    ("PID-8: [F, M]", "PID-8: f", True),
    ("PID-8: F", "PID-8: [F, M]", False),
    ("PID-8: {not: F}", "PID-8: M", False),  # there may be two
    ("PID-8: {present: true}", "PID-8: F", True),
    ("PID-8: {missing: true}", "PID-8: F", False),
    ("PID-8: {not: F}", "PID-8: {missing: true}", True),
    ("PID-8: {not: F}", "PID-8: {not: [F, M]}", True),
    ("PID-8: {not: [F, M]}", "PID-8: {not: F}", False),
    ("PID-3.1: A", "'PID-3[2].1': A", True),
    ("'PID-3[2].1': A", "PID-3.1: A", False),
    ("'PID-3[2].1': {missing: true}", "PID-3.1: {missing: true}", True),
    ("PID-3.1: {missing: true}", "'PID-3[2].1': {missing: true}", False),
    ("PID-3.1: {not: A}", "'PID-3[2].1': {not: A}", False),
    ("'PID-3[2].1': {not: A}", "PID-3.1: {not: A}", True),
    ("PID-5.1: {contains: ES}", "PID-5.1: TEST", True),
    ("PID-5.1: {contains: ES}", "PID-5.1: {starts: Test}", True),
    ("PID-5.1: {starts: ES}", "PID-5.1: {contains: es}", False),
    ("PID-5.1: {matches: 'T.*'}", "PID-5.1: {exact: Tom}", True),
    ("PID-5.1: {matches: '\\d+'}", "PID-5.1: '12'", True),
    ("PID-5.1: {matches: 'T.*'}", "PID-5.1: Tom", False),  # the pattern may mind capitals
    ("PID-5.1: {longer_than: 3}", "PID-5.1: {longer_than: 5}", True),
    ("PID-7: {before: 2024}", "PID-7: {before: 2023-05-05}", True),
    ("PID-7: {before: 2023}", "PID-7: {before: 2024}", False),
    ("PID-7: {after: 2023}", "PID-7: {after: 2024}", True),
    ("PID-7: {before: today}", "PID-7: {before: today}", True),
    ("any RXA: {20: CP}", "any RXA: {20: CP, 9.1: '00'}", True),
    ("any RXA: {20: CP, 9.1: '00'}", "any RXA: {20: CP}", False),
    ("RXA-20: CP", "any RXA: {20: CP, 9.1: '00'}", True),
    ("RXA-20: {missing: true}", "any RXA: {20: {missing: true}}", False),
    ("no RXA: {20: CP, 9.1: '00'}", "no RXA: {20: CP}", True),
    ("every RXA: {20: CP}", "every RXA: {20: CP, 9.1: '00'}", True),
    ("any_of: [{PID-8: F}, {PID-8: M}]", "PID-8: M", True),
    ("PID-8: [F, M]", "any_of: [{PID-8: F, PID-5.1: x}, {PID-8: M}]", True),
    ("PID-8: F", "any_of: [{PID-8: F}, {PID-8: M}]", False),
    ("not: {PID-8: F, PID-5.1: x}", "not: {PID-8: F}", True),
    ("not: {PID-8: F}", "not: {PID-8: F, PID-5.1: x}", False),
    ("transport: soap", "transport: soap, username: x", True),
    ("operation: submitSingleMessage", "transport: soap", True),
    ("transport: soap", "", False),
    ("transport: soap", "operation: [submitSingleMessage, connectivityTest]", False),
    ("transport: {not: mllp}", "transport: soap", None),
    ("state: start", "state: start, PID-8: F", True),
]


@pytest.mark.parametrize(("above", "below", "never"), [row for row in NEVER if row[2] is not None])
def test_rules_that_never_answer(above: str, below: str, never: bool) -> None:
    """Decided for plain cases; a doubt is no alarm."""
    remarks = said(f"when: {{{above}}}, reply: echo" if above else "reply: echo", f"when: {{{below}}}, reply: echo")
    assert never == any("this rule never answers" in remark for remark in remarks)


def test_how_an_unreachable_rule_is_told() -> None:
    """What takes it, and what to do."""
    assert [
        '4:6: warning: this rule never answers: "r1" (rule 1) takes every message; move that one to the end'
    ] == said("reply: echo", "when: {PID-8: F}, reply: echo")
    assert [
        (
            '4:6: warning: this rule never answers: "r1" (rule 1) has the same conditions; merge the two, or write'
            " 'replies' there"
        )
    ] == said("when: {PID-8: F}, reply: echo", "when: {PID-8: F}, reply: {ack: AA}")
    assert [
        (
            '5:6: warning: this rule never answers: "r1" (rule 1) and "r2" (rule 2) together take all that it would;'
            " move it up, or narrow what stands above it"
        )
    ] == said(
        "when: {transport: soap}, reply: echo", "when: {transport: [mllp, http]}, reply: echo", "reply: {ack: AA}"
    )


@pytest.mark.parametrize("first", ["reply: {ack: AA, chance: 50%}", "replies: [{ack: AA}, pass]"])
def test_what_lets_requests_pass_hides_nothing(first: str) -> None:
    """A chance, or replies that are used up."""
    assert [] == said(first, "reply: {ack: AE}")


def test_expectations_that_cannot_be_met() -> None:
    """An error: the run would always fail. Never is met."""
    remarks = said("reply: echo", "reply: {ack: AA}, expect: 1", "reply: {ack: AA}, expect: 0")
    assert ["4:34: error: expects 1 of a rule that never answers; move the rule up, or leave 'expect' out"] == [
        remark for remark in remarks if "error" in remark
    ]


def test_states_without_effect() -> None:
    """Told when no condition can tell the new state from any other; an end state that leaves another one is fine."""
    assert [
        "3:34: warning: no rule asks for the state 'done' or for another; ask for it under 'when', or leave 'then' out"
    ] == said("reply: {ack: AA}, then: done")
    assert [] == said("when: {state: start}, reply: {ack: AA}, then: done", "reply: {ack: AE}")
    assert [] == said("when: {any_of: [{state: start}, {PID-8: F}]}, reply: echo, then: done", "reply: echo")
    assert 1 == len(said("when: {state: {present: true}}, reply: {ack: AA}, then: done"))


def test_misbehaviour_that_never_happens() -> None:
    """Over a transport that the rule takes, or to such a reply."""
    assert [
        (
            "3:33: warning: nothing of this happens over SOAP and HTTP, which the rule takes too; write transport: mllp"
            " under 'when', or a rule for each"
        )
    ] == said("reply: {ack: AA, wire: [no_end]}")
    assert [] == said("reply: {ack: AA, wire: [no_end, unclosed_xml]}")
    assert [] == said("when: {transport: mllp}, reply: {ack: AA, wire: [no_end]}")
    (remark,) = said("when: {transport: soap}, reply: {fault: SecurityFault, wire: [missing_msa_2, truncate]}")
    assert "'missing_msa_2' is done to messages only, and this reply is a fault; leave it out" in remark
    assert 1 == len(said("when: {PID-8: F}, reply: echo", more="otherwise: {ack: AR, wire: [no_end]}\n"))


BROKEN = "reply: {hl7: 'MSH|^~\\&|A|B|C|D|20240403||ACK^V04^ACK|1|P|2.5.1|||NE|NE|||||Z23^CDCPHINVS'"


def test_answers_that_break_their_profile() -> None:
    """As written, for an invented message; unless the author says that it is meant."""
    (remark,) = said(f"{BROKEN}}}")
    assert remark.startswith("3:24: warning: the answer breaks its profile: ")
    assert remark.endswith("; mend it, or write broken: on purpose")
    assert [] == said(f"{BROKEN}, broken: on purpose}}")
    (remark,) = said("reply: {hl7: 'nonsense'}")
    assert "the answer is no HL7 message" in remark


def test_what_an_answer_quotes_may_be_unknown() -> None:
    """A place that the invented message does not have cannot be judged."""
    assert [] == said("reply: {hl7: 'MSH|^~\\&|{{ ZZZ-3 }}'}")


@pytest.mark.parametrize("code", ["AA", "AE", "AR"])
def test_answers_that_the_engine_makes_are_right(code: str) -> None:
    """Nothing to say of them."""
    assert [] == said(f"reply: {{ack: {code}, text: Because}}")


PATIENTS = """\
patients:
  ann: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F, doses: [{cvx: 998, given: 2020-02-02}]}
  bob:
    ids: {SR: 1}
    name: B^C
    born: 2020-01-01
    sex: M
    doses:
      - {cvx: 777, given: 2020-02-02, mvx: QQQ}
      - {cvx: 20, given: 2020-02-02}
      - {cvx: 20, given: 2020-02-02}
    forecast: [{cvx: 003}]
"""


def test_patients() -> None:
    """Never used, told twice, unknown codes."""
    remarks = said("when: {message: QBP}, reply: {rsp: {profile: Z32, patients: [ann]}}", more=PATIENTS)
    found = [remark for remark in remarks if "breaks its profile" not in remark]
    assert [
        "6:3: warning: no reply tells of 'bob'; name it in the patients of an rsp, or leave it out",
        "7:11: warning: 'ann' has this identifier too; a registry gives each person its own",
        "12:10: warning: '777' is not a vaccine (table CVX); look it up with: mockiis codes list cvx",
        "12:39: warning: 'QQQ' is not a manufacturer (table MVX); look it up with: mockiis codes list mvx",
        "14:9: warning: this dose stands above already; keep one",
        "15:17: warning: '003' is not a vaccine (table CVX); did you mean '03'?",
    ] == found


def test_an_answer_to_the_connectivity_test_is_no_message() -> None:
    """Any text will do."""
    assert [] == said("when: {operation: connectivityTest}, reply: {hl7: hello}")


def test_values_that_stand_twice() -> None:
    """In capitals or not."""
    (remark,) = said("when: {PID-8: [F, M, f]}, reply: echo")
    assert "3:37: warning: 'f' stands here already; keep one" == remark


@pytest.mark.parametrize("name", scenarios.names())
def test_shipped_scenarios_have_no_errors(name: str) -> None:
    """And no warning: what is broken in them is so on purpose."""
    path = scenarios.path(name)
    assert [] == [str(remark) for remark in lint(path.read_text("utf-8"), path.name, codes(), validator())]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.text("-{}[]:,'\"|>&*!? \nrulesvion1ameckAE", max_size=150).map(
            lambda text: f"version: 1\nrules:\n  - name: a\n    reply: {{ack: AA}}\n{text}"
        ),
    )
)
def test_any_text_is_linted(text: str) -> None:
    """Broken YAML gives remarks, never a traceback."""
    assert all(remark.problem.line >= 1 for remark in linted(text))


CONDITIONS = st.sampled_from(
    [
        "PID-8: F",
        "PID-8: [F, M]",
        "PID-8: {not: F}",
        "PID-8: {missing: true}",
        "PID-8: {present: true}",
        "PID-3.1: A",
        "'PID-3[2].1': A",
        "'PID-3[2].1': {not: A}",
        "PID-3.1: {not: [A, B]}",
        "'PID-3[5=MR].1': {missing: true}",
        "any RXA: {20: CP}",
        "any RXA: {20: CP, 9.1: '00'}",
        "no RXA: {20: CP}",
        "every RXA: {9.1: ['00', '01']}",
        "RXA-20: CP",
        "'RXA[2]-20': CP",
        "any_of: [{PID-8: F}, {PID-3.1: A}]",
        "not: {PID-8: F}",
        "not: {PID-8: F, PID-3.1: A}",
        "message: VXU",
        "message: VXU^V04",
        "transport: soap",
        "transport: mllp",
        "username: u",
        "username: {not: u}",
        "PID-7: {before: 2024}",
        "PID-7: {before: 2023-06-01}",
        "PID-7: {starts: 202}",
        "PID-7: 20230101",
        "PID-7: {matches: '2023.*'}",
    ]
)
WHENS = st.lists(CONDITIONS, max_size=2, unique_by=lambda text: text.partition(": ")[0]).map(", ".join)
MESSAGES = st.builds(
    lambda kind, ids, born, sex, doses: (
        f"MSH|^~\\&|A|B|C|D|||{kind}|1|P|2.5.1\rPID|1||{ids}||||{born}|{sex}\r"
        + "".join(f"RXA|0|1|20240101||08|0.5|||{source}|||||||||||{status}\r" for source, status in doses)
    ),
    st.sampled_from(["VXU^V04^VXU_V04", "VXU", "QBP^Q11"]),
    st.sampled_from(["", "A", "A^^^^MR~B", "B~A", "B^^^^MR~B"]),
    st.sampled_from(["", "20230101", "20240101", "2023"]),
    st.sampled_from(["", "F", "M", "F~M"]),
    st.lists(st.tuples(st.sampled_from(["00", "01", ""]), st.sampled_from(["CP", "NA", ""])), max_size=3),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(WHENS, min_size=2, max_size=5),
    MESSAGES,
    st.sampled_from(["soap", "mllp"]),
    st.sampled_from(["", "u", "v"]),
)
def test_no_false_alarms(whens: list[str], text: str, transport: str, username: str) -> None:
    """A rule that is told to never answer does not answer any message."""
    rules = "".join(f"  - {{name: r{n}, when: {{{when}}}, reply: {{ack: AA}}}}\n" for n, when in enumerate(whens))
    scenario = load(f"version: 1\nrules:\n{rules}", "x.yaml")
    never = {scenario.rules[position].name for position, _ in unreachable(scenario.rules)}
    soap = {"operation": "submitSingleMessage", "username": username} if transport == "soap" else {}
    request = Request(
        transport=transport,  # type: ignore[arg-type]
        received=datetime(2024, 4, 3, tzinfo=UTC),
        control_id="1",
        message=read(text),
        **soap,
    )
    match = first_match([scenario], Subject(request), Memory())
    assert match is None or match.rule.name not in never


def test_thousands_of_rules_are_compared_in_time() -> None:
    """Only those that ask for the same value; what stands twice is found all the same."""
    rules = "".join(f"  - {{name: r{n}, when: {{PID-3.1: '{n % 3000}'}}, reply: echo}}\n" for n in range(3001))
    scenario = load(f"version: 1\nrules:\n{rules}", "x.yaml")
    assert [(3000, [0])] == list(unreachable(scenario.rules))


def test_many_regular_expressions_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work grows with the number of rules, not with its square; what takes every update is still found."""
    tried: list[int] = []
    imply = reach.imply

    def counted(*given: Any) -> bool:
        tried.append(1)
        return imply(*given)

    monkeypatch.setattr(reach, "imply", counted)
    rules = [f"  - {{name: r{n}, when: {{PID-5.1: {{matches: 'A{n}'}}}}, reply: {{ack: AA}}}}\n" for n in range(1_000)]
    last = [f"  - {{name: {name}, when: {{message: VXU}}, reply: {{ack: AA}}}}\n" for name in ("all", "none")]
    scenario = load("".join(["version: 1\nrules:\n", *rules, *last]), "x.yaml")
    assert [(1_001, [1_000])] == list(unreachable(scenario.rules))
    assert len(tried) < 1_002 * 101 + 1_000
