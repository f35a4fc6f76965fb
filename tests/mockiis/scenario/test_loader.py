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
from mockiis.scenario.conditions import ValueCondition
from mockiis.scenario.delay import Fixed
from mockiis.scenario.model import AcknowledgmentScript, FaultScript

RULE = "rules:\n  - {name: a, reply: {ack: AA}}\n"
FILES = [
    ("", ["a.yaml:1:1: the file is empty"]),
    ("- a\n", ["a.yaml:1:1: write a mapping here (key: value), not a list"]),
    (RULE, ["a.yaml:1:1: 'version' is missing"]),
    (f"version: 2\n{RULE}", ["a.yaml:1:1: version: version '2' of the language is not known; write 1"]),
    ("version: 1\nrules: []\n", ["a.yaml:2:1: rules: the list of rules is empty"]),
    ("version: 1\nrules:\n  a: b\n", ["a.yaml:2:1: rules: write a list of rules here, each after '- ', not a mapping"]),
    ("version: 1\nrules:\n  - a\n", ["a.yaml:3:5: rules.1: write a mapping here (key: value), not 'a'"]),
    (
        "version: 1\nrules:\n  - {name: a}\n",
        ["a.yaml:3:5: rules.1: the answer is missing; write reply: {ack: AA}, or replies for a sequence"],
    ),
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
        ["a.yaml:3:15: rules.1.replies: the list of replies is empty"],
    ),
    (f"version: 1\ntrack: PID.3\n{RULE}", ["a.yaml:2:1: track: 'PID.3' is not an HL7 location; did you mean 'PID-3'?"]),
    (
        f"version: 1\ntrack: []\n{RULE}",
        ["a.yaml:2:1: track: write whose values are tracked, such as PID-3.1, or 'all' for one state shared by all"],
    ),
    (f"version: 1\nrule: x\n{RULE}", ["a.yaml:2:1: rule: unknown key 'rule'; did you mean 'rules'?"]),
    (
        f"version: 1\n{RULE}otherwise: registr\n",
        ["a.yaml:4:1: otherwise: 'registr' is not a reply; did you mean 'registry'?"],
    ),
    (
        f"version: 1\n{RULE}otherwise: {{fault: UnknownFault}}\n",
        ["a.yaml:4:1: otherwise: 'otherwise' answers MLLP too, which has no fault; write a last rule for SOAP"],
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
  a: {ids: {SR: 1}, name: A^B, born: 2020-02-30, sex: X}
rules:
  - name: first
    when: {PID.7: x, QPD.4: y}
    reply: {ack: OK, delay: soon}
"""
    assert [
        "a.yaml:3:32: patients.a.born: '2020-02-30' is not in the calendar; write year-month-day, such as 2024-04-02",
        "a.yaml:3:50: patients.a.sex: 'X' is not a sex (table HL70001); write one of: F, M, U",
        "a.yaml:6:12: rules.1.when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
        "a.yaml:6:22: rules.1.when.QPD.4: 'QPD.4' is not an HL7 location; did you mean 'QPD-4'?",
        "a.yaml:7:13: rules.1.reply.ack: 'OK' is not an acknowledgment code (MSA-1); did you mean 'AA'?",
        "a.yaml:7:22: rules.1.reply.delay: 'soon' is not a duration; write one such as 250ms, 8s or 2m",
    ] == problems(text)


def test_unknown_keys_hide_nothing_below_them() -> None:
    """At any level, together with keys of a later version; a misspelled key is not also told as missing."""
    text = """\
verson: 1
state: x
rules:
  - nmae: first
    when: {PID.7: x}
    reply: {akc: AA, chance: 0.5, delay: soon}
"""
    assert [
        "a.yaml:1:1: verson: unknown key 'verson'; did you mean 'version'?",
        (
            "a.yaml:2:1: state: unknown key 'state'; write one of: version, name, about, track, patients, preload,"
            " rules, otherwise"
        ),
        "a.yaml:4:5: rules.1.nmae: unknown key 'nmae'; did you mean 'name'?",
        "a.yaml:5:12: rules.1.when.PID.7: 'PID.7' is not an HL7 location; did you mean 'PID-7'?",
        "a.yaml:6:13: rules.1.reply.akc: unknown key 'akc'; did you mean 'ack'?",
        "a.yaml:6:22: rules.1.reply.chance: '0.5' is not a share; write one from 0% to 100%, such as 10%",
        "a.yaml:6:35: rules.1.reply.delay: 'soon' is not a duration; write one such as 250ms, 8s or 2m",
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
    assert (
        ValueCondition(key="PID-5.1", check=OneOf.of("Doe"), location=Location.parse("PID-5.1")) == first.conditions[1]
    )
    assert AcknowledgmentScript(code="AA", delay=Fixed(0.25)) == first.scripts[0]
    detail = 'Answered by the rule "second" of the scenario.'
    assert FaultScript(kind=FaultKind.SECURITY, reason="Security", detail=detail) == second.scripts[0]
    assert isinstance(scenario.otherwise, AcknowledgmentScript)


def problems(text: str) -> list[str]:
    """What the loader says about a file that is wrong."""
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    return [str(problem) for problem in caught.value.problems]


LANGUAGE = """
version name about track all patients rules otherwise when reply replies pass then state after start expect min max
message profile transport operation username facility any_of RXA any every no 20 9.1 RXR-1
ack rsp fault hl7 http registry echo drop mix share errors text reason detail delay wire chance
at code severity app status body type headers AA AE CA VXU QBP Z32 Z33 1 101 503
iis uniform lognormal median sigma 1s 8s 30s 10% 0% 44 no_end truncate 50% dribble chunks over gzip
PID-7 PID.7 OBX[3.1=1]-5 missing present matches not in exact contains starts before after longer_than today 2024
true soap mllp connectivityTest {{ }} ( now alice ids born sex F doses cvx given forecast 2024-04-02
race ethnicity aliases multiple_birth birth_order eligibility funding refusal vis
"""
KEYS = ("any RXA", "every RXA", "no RXA", "today - 30d", "{{ RXA-5.1 }}", "{{ now }}")
WORDS = st.sampled_from([*LANGUAGE.split(), *KEYS])
SCALARS = WORDS | st.text(max_size=12)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=20
)
RULES = st.fixed_dictionaries(
    {"name": SCALARS},
    optional=dict.fromkeys(("reply", "replies", "when", "then", "expect"), TREES),
)
DOCUMENTS = st.fixed_dictionaries(
    {"version": st.just("1"), "rules": st.lists(RULES, max_size=3) | TREES},
    optional={"patients": TREES, "otherwise": TREES, "name": TREES, "track": TREES},
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
  - {name: d, when: {any RXA: {20: CP, 3: {before: PID-7}}, any_of: [{PID-8: F}, {not: {PID-8: M}}]}, reply: echo}
  - {name: e, when: {state: start}, replies: [{ack: AE, chance: 10%}, pass], then: {state: x, after: 30s}, expect: 1}
  - {name: f, reply: {mix: [{ack: AA, share: 44, wire: [{truncate: 50%}]}, {drop: hang, share: 56, delay: iis}]}}
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


PRELOADED = """\
version: 1
preload: {value}
patients:
  jane: {{ids: {{SR: 7}}, name: Doe^Jane, born: 2024-01-05, sex: F}}
rules: [{{name: the registry, reply: registry}}]
"""


def test_patients_that_the_registry_knows() -> None:
    """Only where the file says so."""
    assert ["Jane"] == [person.name.given for person in load(PRELOADED.format(value="true"), "a.yaml").preloaded]
    assert () == load(PRELOADED.replace("preload: {value}\n", "").format(), "a.yaml").preloaded


def test_preload_without_patients_or_with_another_word() -> None:
    """Said so."""
    assert ["a.yaml:2:1: preload: write preload: true, or leave it out"] == problems(PRELOADED.format(value="maybe"))
    nobody = "version: 1\npreload: true\nrules: [{name: the registry, reply: registry}]\n"
    assert ["a.yaml:2:1: preload: there are no patients to preload; write them under 'patients'"] == problems(nobody)
