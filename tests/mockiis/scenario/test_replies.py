"""What a reply as written becomes, and what a wrong one is told."""

from __future__ import annotations

import pytest

from mockiis.er7 import Location
from mockiis.errors import DocumentError
from mockiis.message import FaultKind
from mockiis.profile import Finding
from mockiis.scenario import load
from mockiis.scenario.delay import Fixed
from mockiis.scenario.model import (
    AcknowledgmentScript,
    DropScript,
    FaultScript,
    QueryResponseScript,
    Script,
    ScriptedError,
    TextScript,
)
from mockiis.scenario.template import Template


def error(code: str, severity: str, text: str, **more: object) -> ScriptedError:
    """An error that refers to nothing in the request."""
    return ScriptedError(finding=Finding(code=code, severity=severity, text=text, **more))  # type: ignore[arg-type]


REFUSED = 'Refused by the rule "only" of the scenario.'
REPLIES = [
    ("ack: AA", AcknowledgmentScript(code="AA")),
    ("ack: AA, text: Well done", AcknowledgmentScript(code="AA", errors=(error("0", "I", "Well done"),))),
    ("ack: AE", AcknowledgmentScript(code="AE", errors=(error("999", "E", REFUSED),))),
    ("ack: AR", AcknowledgmentScript(code="AR", errors=(error("207", "E", REFUSED),))),
    ("ack: AR, text: Not today", AcknowledgmentScript(code="AR", errors=(error("207", "E", "Not today"),))),
    (
        "ack: AE, errors: [{at: PID-7, code: 101, app: 7, text: Birth date}, {code: 207, severity: W}]",
        AcknowledgmentScript(
            code="AE",
            errors=(
                error("101", "E", "Birth date", location=Location.parse("PID-7"), application_code="7"),
                error("207", "W", ""),
            ),
        ),
    ),
    (
        "ack: AE, errors: [{at: PID^1^11^5, code: 101}]",
        AcknowledgmentScript(code="AE", errors=(error("101", "E", "", erl="PID^1^11^5"),)),
    ),
    (
        "ack: AE, errors: [{code: 101, text: 'No lot for {{ RXA-5.1 }}'}]",
        AcknowledgmentScript(
            code="AE",
            errors=(
                ScriptedError(
                    finding=Finding(code="101", severity="E"),
                    text=Template(("No lot for ", Location.parse("RXA-5.1"), "")),
                ),
            ),
        ),
    ),
    ("rsp: {profile: Z33}", QueryResponseScript(profile="Z33", status="NF")),
    ("rsp: {profile: Z33, status: TM}, delay: 2m", QueryResponseScript(profile="Z33", status="TM", delay=Fixed(120.0))),
    (
        "rsp: {profile: Z33, status: AE}",
        QueryResponseScript(profile="Z33", status="AE", errors=(error("999", "E", REFUSED),)),
    ),
    (
        "fault: UnknownFault, detail: Down, reason: Unknown",
        FaultScript(kind=FaultKind.UNKNOWN, detail="Down", reason="Unknown"),
    ),
    ('hl7: "MSH|^~\\\\&|A\\n\\nMSA|AA|7"', TextScript(template=Template(("MSH|^~\\&|A\rMSA|AA|7\r",)))),
    ("drop: reset, delay: 250ms", DropScript(how="reset", delay=Fixed(0.25))),
]


@pytest.mark.parametrize(("reply", "script"), REPLIES)
def test_reply(reply: str, script: Script) -> None:
    """What the author left out is filled in: status, error of a refusal, segment ends."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{transport: soap}}, reply: {{{reply}}}}}\n"
    assert script == load(text, "a.yaml").rules[0].scripts[0]


ONE = "write exactly one of: ack, rsp, fault, hl7, http, registry, echo, forward, drop, mix"
PROBLEMS = [
    # when, what stands in `reply: {...}` of line 7, the column, and the problem
    ("", "akc: AA", 13, "rules.1.reply.akc: unknown key 'akc'; did you mean 'ack'?"),
    ("", "ack: REJECT", 13, "rules.1.reply.ack: 'REJECT' is not an acknowledgment code (MSA-1); did you mean 'AR'?"),
    ("", "ack: ", 13, "rules.1.reply.ack: the value is missing"),
    (
        "",
        "ack: AA, drop: close",
        5,
        f"rules.1.reply: ack and drop stand together; {ONE}",
    ),
    ("", "delay: 8s", 5, f"rules.1.reply: the answer is missing; {ONE}"),
    ("", "ack: AA, delay: 8", 22, "rules.1.reply.delay: '8' is not a duration; did you mean '8s'?"),
    ("", "ack: AA, delay: 8h", 22, "rules.1.reply.delay: '8h' is not a duration; write one such as 250ms, 8s or 2m"),
    ("", "ack: AA, delay: 90m", 22, "rules.1.reply.delay: '90m' is longer than an hour; write at most 60m"),
    (
        "",
        "http: {status: 500}",
        5,
        "rules.1.reply: MLLP has no HTTP responses; write transport: soap or http under 'when'",
    ),
    (
        "",
        "ack: AE, errors: {code: 101}",
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
        "ack: AE, text: '{{ noww }}'",
        22,
        "rules.1.reply.text: 'noww' is not a location or one of the words of a reference; did you mean 'now'?",
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
            " write fault, http, echo, hl7 or drop, or leave the rule out and it is echoed"
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
        "rules.1.reply.rsp.patients.2: 'bob' is not under 'patients'; write one of: alice",
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


@pytest.mark.parametrize(("when", "reply", "column", "problem"), PROBLEMS)
def test_problem_in_reply(when: str, reply: str, column: int, problem: str) -> None:
    """Each mistake in a reply is told at its line and column."""
    text = (
        "version: 1\npatients:\n  alice: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F}\n"
        f"rules:\n  - name: only\n    when: {{{when}}}\n    reply: {{{reply}}}\n"
    )
    assert [f"a.yaml:7:{column}: {problem}"] == problems(text)


def problems(text: str) -> list[str]:
    """What the loader says about a file that is wrong."""
    with pytest.raises(DocumentError) as caught:
        load(text, "a.yaml")
    return [str(problem) for problem in caught.value.problems]
