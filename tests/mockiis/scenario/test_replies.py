"""What a reply as written becomes."""

from __future__ import annotations

import pytest

from mockiis.er7 import Location
from mockiis.message import FaultKind
from mockiis.profile import Finding
from mockiis.scenario import load
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
    ("rsp: {profile: Z33, status: TM}, delay: 2m", QueryResponseScript(profile="Z33", status="TM", delay=120.0)),
    (
        "rsp: {profile: Z33, status: AE}",
        QueryResponseScript(profile="Z33", status="AE", errors=(error("999", "E", REFUSED),)),
    ),
    (
        "fault: UnknownFault, detail: Down, reason: Unknown",
        FaultScript(kind=FaultKind.UNKNOWN, detail="Down", reason="Unknown"),
    ),
    ('hl7: "MSH|^~\\\\&|A\\n\\nMSA|AA|7"', TextScript(template=Template(("MSH|^~\\&|A\rMSA|AA|7\r",)))),
    ("drop: reset, delay: 250ms", DropScript(how="reset", delay=0.25)),
]


@pytest.mark.parametrize(("reply", "script"), REPLIES)
def test_reply(reply: str, script: Script) -> None:
    """What the author left out is filled in: status, error of a refusal, segment ends."""
    text = f"version: 1\nrules:\n  - {{name: only, when: {{transport: soap}}, reply: {{{reply}}}}}\n"
    assert script == load(text, "a.yaml").rules[0].script
