"""Case files: read, expanded, refused with file, line and column."""

from __future__ import annotations

import pytest

from certification.loader import load_cases
from mockiis.errors import DocumentError

CASE = """\
about: A file
cases:
  - id: one
    title: The first
    source: Somewhere, section 1
    capability: submit
    steps:
      - send: refusal.yaml
        sent: {PID-5.1: LARSON, RXA: {present: true}}
        expect: {outcome: accepted, MSA-1: AA}
"""


def test_a_case_is_read() -> None:
    """Defaults: both transports, the usual scenario, no script."""
    [case] = load_cases(CASE, "a.yaml")

    assert ("one", "submit", ("soap", "mllp"), "ndiis-examples") == (
        case.id,
        case.capability,
        case.transports,
        case.scenario,
    )
    assert not case.scripted
    assert "refusal.yaml" == case.steps[0].send.record
    assert ["PID-5.1", "RXA"] == [str(place) for place in case.steps[0].sent.values]
    assert ("accepted",) == case.steps[0].expect.outcome


def test_a_grid_makes_a_case_of_every_combination() -> None:
    """Placeholders are filled in ids, titles, changes and expectations, keys included."""
    text = CASE.replace("id: one", "each: {what: [sent, lot], code: [V01, V02]}\n    id: one-{what}-{code}").replace(
        "send: refusal.yaml", 'send: {record: refusal.yaml, change: {"patient.{what}": "{code}"}}'
    )
    cases = load_cases(text, "a.yaml")

    assert ["one-sent-V01", "one-sent-V02", "one-lot-V01", "one-lot-V02"] == [case.id for case in cases]
    assert {"patient.lot": "V02"} == cases[-1].steps[0].send.change


def test_a_script_knows_its_place() -> None:
    """So that complaints about scenario rules can name the case file and the line."""
    text = CASE + "        answer:\n          - {name: a rule, when: {message: VXU}, reply: {ack: AA}}\n"
    script = load_cases(text, "a.yaml")[0].steps[0].answer

    assert script
    assert ("a.yaml", 11, 1) == (script.file, script.line, len(script.rules))


def test_references_to_the_request_are_no_placeholders() -> None:
    """Scripted answers use double braces."""
    text = CASE + "        answer: [{name: a rule, reply: {hl7: 'MSA|AA|{{ MSH-10 }}'}}]\n"
    script = load_cases(text, "a.yaml")[0].steps[0].answer

    assert script
    assert "MSA|AA|{{ MSH-10 }}" == script.rules[0]["reply"]["hl7"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "title: The first",
            "titel: The first",
            "a.yaml:4:5: cases.1.titel: unknown key 'titel'; did you mean 'title'?",
        ),
        ("    title: The first\n", "", "a.yaml:3:5: cases.1: 'title' is missing"),
        ("id: one", "id: one two", "a.yaml:3:5: cases.1.id: 'one two' is not an id; write words of letters and digits"),
        (
            "capability: submit",
            "capability: submitt",
            "a.yaml:6:5: cases.1.capability: 'submitt' is not a capability; did you mean 'submit'?",
        ),
        (
            "capability: submit",
            "capability: submit\n    transports: [soap, mlp]",
            "a.yaml:7:24: cases.1.transports.2: 'mlp' is not a transport; did you mean 'mllp'?",
        ),
        (
            "send: refusal.yaml",
            "send: refusals.yaml",
            "certification/records has no file 'refusals.yaml'; did you mean 'refusal.yaml'?",
        ),
        (
            "send: refusal.yaml",
            "send: {record: refusal.yaml, message: adt-a04.hl7}",
            "a.yaml:8:9: cases.1.steps.1.send: write exactly one of: record, message, connectivity",
        ),
        (
            "send: refusal.yaml",
            'send: {message: adt-a04.hl7, release: "1.4"}',
            "a.yaml:8:9: cases.1.steps.1.send: 'release', 'change' and 'enlarge' go with a record",
        ),
        (
            "send: refusal.yaml",
            'send: {record: refusal.yaml, release: "1.6"}',
            "a.yaml:8:38: cases.1.steps.1.send.release: '1.6' is not a release; did you mean '1.5'?",
        ),
        (
            "PID-5.1: LARSON",
            "PID.5.1: LARSON",
            "a.yaml:9:16: cases.1.steps.1.sent.PID.5.1: 'PID.5.1' is not an HL7 location; did you mean 'PID-5.1'?",
        ),
        (
            "PID-5.1: LARSON",
            "same-as: x",
            "a.yaml:9:16: cases.1.steps.1.sent.same-as: unknown key 'same-as'; did you mean 'same_as'?",
        ),
        (
            "sent: {",
            "sent: {same_as: no.hl7, ",
            "a.yaml:9:16: cases.1.steps.1.sent.same_as: certification/messages has no",
        ),
        (
            "outcome: accepted",
            "outcome: acepted",
            "a.yaml:10:18: cases.1.steps.1.expect.outcome: 'acepted' is not an outcome; did you mean 'accepted'?",
        ),
        ("outcome: accepted, ", "", "a.yaml:10:9: cases.1.steps.1.expect: 'outcome' is missing"),
        ("outcome: accepted", "outcom: accepted", "cases.1.steps.1.expect.outcom: unknown key 'outcom'; did you mean"),
        (
            "MSA-1: AA",
            "MSA-1: ",
            "a.yaml:10:37: cases.1.steps.1.expect.MSA-1: there is no value; write {missing: true}",
        ),
        (
            "outcome: accepted",
            "outcome: accepted, findings: [{at: PID7}]",
            "a.yaml:10:49: cases.1.steps.1.expect.findings.1.at: 'PID7' is not an HL7 location; did you mean 'PID-7'?",
        ),
        (
            "send: refusal.yaml",
            "send: refusal.yaml\n        with: {time-limit: 1s}",
            "a.yaml:9:16: cases.1.steps.1.with.time-limit: unknown key 'time-limit'; did you mean 'time_limit'?",
        ),
        (
            "send: refusal.yaml",
            "send: refusal.yaml\n        answer: {ack: AA}",
            "a.yaml:9:9: cases.1.steps.1.answer: write a list of scenario rules here, each with name, when and reply",
        ),
        ("title: The first", "title: '{first}'", "a.yaml:3:5: cases.1: unknown placeholder {first}; only a case with"),
        (
            "id: one",
            "each: {code: [V01]}\n    id: one-{cod}",
            "cases.1: unknown placeholder {cod}; did you mean 'code'?",
        ),
        ("id: one", "each: {code: V01}\n    id: one-{code}", "a.yaml:3:5: cases.1.each: 'code' needs a name in small"),
        ("id: one", "each: [V01]\n    id: one", "a.yaml:3:5: cases.1.each: write what varies and its values"),
        (
            "id: one",
            "each: {code: [V01, V02]}\n    id: one",
            "a.yaml:4:5: the id 'one' stands twice; put the placeholders",
        ),
        ("outcome: accepted", "outcome: []", "a.yaml:10:18: cases.1.steps.1.expect.outcome: the list is empty"),
        (
            "PID-5.1: LARSON",
            "values: x",
            "a.yaml:9:16: cases.1.steps.1.sent.values: 'values' is not an HL7 location; write one such as PID-7",
        ),
        ("about: A file", "abuot: A file", "a.yaml:1:1: abuot: unknown key 'abuot'; did you mean 'about'?"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, problem: str) -> None:
    """File, line and column, the keys that lead there, what is wrong, what to write."""
    with pytest.raises(DocumentError) as caught:
        load_cases(CASE.replace(old, new), "a.yaml")

    assert problem in str(caught.value)
    assert "tuple" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "cases: []", "about: x\ncases: []", "about: x\ncases: [text]", "- a\n- b", "{"])
def test_what_is_no_case_file_is_refused(text: str) -> None:
    """Never a traceback of another kind."""
    with pytest.raises(DocumentError, match=r"^a\.yaml:\d+:\d+: "):
        load_cases(text, "a.yaml")


def test_the_same_id_twice_is_refused() -> None:
    """With the place of the second."""
    text = CASE + CASE.partition("cases:\n")[2]
    with pytest.raises(DocumentError) as caught:
        load_cases(text, "a.yaml")

    assert "a.yaml:11:5: the id 'one' stands twice; each case needs its own" == str(caught.value)
