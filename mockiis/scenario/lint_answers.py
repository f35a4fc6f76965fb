"""What lint says about scripted answers: each is made for an invented message and judged by its own profile.

Misbehaviour on the wire is left out, since it is meant. So is an answer that its author marks ``broken: on purpose``,
and one that quotes a place which the invented message does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from mockiis.er7 import ER7Error, Location, Message, read
from mockiis.message.person import Person
from mockiis.message.reply import MessageReply
from mockiis.message.request import Request
from mockiis.profile import Finding
from mockiis.profile.names import in_words
from mockiis.profile.validator import Judgement
from mockiis.scenario.carry_out import Occasion, carry_out
from mockiis.scenario.lint_rules import message_types
from mockiis.scenario.loader import ScenarioEntry
from mockiis.scenario.model import AcknowledgmentScript, QueryResponseScript, Script, ScriptedError, TextScript
from mockiis.scenario.remark import Found, Place, Remarks
from mockiis.scenario.replies import ON_PURPOSE, ReplyEntry
from mockiis.scenario.template import Template

MOST = 5
"""Findings told of one answer."""


class Judge(Protocol):
    """What is asked of ``mockiis.profile.validator.Validator``."""

    def judge(self, message: Message, received: datetime) -> Judgement:
        """Every finding about a message."""


def about_answers(entry: ScenarioEntry, persons: Mapping[str, Person], judge: Judge) -> Remarks:
    """Everything that answers are told of."""
    told: set[tuple[Place, str]] = set()
    for place, reply, rule, query in _answers(entry):
        if reply.kind not in ("ack", "rsp", "hl7") or reply.broken:
            continue
        script = reply.script(rule, persons)
        request = _request(script, query)
        if request is None:
            continue
        for found in _judged(place, reply, script, Occasion(request=request, rule=rule), judge):
            if (found.place, found.text) not in told:  # an anchor of YAML has the same place wherever it is used
                told.add((found.place, found.text))
                yield found


def _answers(entry: ScenarioEntry) -> Iterator[tuple[Place, ReplyEntry, str, bool]]:
    """Each reply to messages with its place, its rule, and whether the rule is for queries only."""
    for index, rule in enumerate(entry.rules):
        if rule.takes_connectivity_test():
            continue
        types = message_types(rule.when)
        query = bool(types) and all(type_.startswith("QBP") for type_ in types)
        yield from ((("rules", index, *place), reply, rule.name, query) for place, reply in rule.each_reply())
    if entry.otherwise:
        yield from ((("otherwise", *place), reply, "otherwise", False) for place, reply in entry.otherwise.each())


def _request(script: Script, query: bool) -> Request | None:
    """An invented message that fits the answer; None where it has nothing at a place that the answer quotes."""
    text = _VXU
    match script:
        case QueryResponseScript(profile="Z42"):
            text = _EVALUATED
        case QueryResponseScript():
            text = _QBP
        case TextScript(template=template) if "|Z42^" in template.literal:
            text = _EVALUATED
        case TextScript(template=template) if "|RSP^" in template.literal:
            text = _QBP
        case _ if query:
            text = _QBP
    message = read(text)
    if any(not message.get(place) for template in _templates(script) for place in _quoted(template)):
        return None
    return Request(transport="mllp", received=_MOMENT, control_id="LINT-1", message=message, text=text)


def _templates(script: Script) -> list[Template]:
    if isinstance(script, TextScript):
        return [script.template]
    errors: Sequence[ScriptedError] = ()
    if isinstance(script, AcknowledgmentScript | QueryResponseScript):
        errors = script.errors
    return [error.text for error in errors if error.text]


def _quoted(template: Template) -> list[Location]:
    return [part for part in template.parts if isinstance(part, Location)]


def _judged(place: Place, reply: ReplyEntry, script: Script, occasion: Occasion, judge: Judge) -> Remarks:
    answer = carry_out(replace(script, wire=()), occasion)
    if not isinstance(answer, MessageReply):
        return
    at = (*place, reply.kind)
    try:
        message = read(answer.text)
    except ER7Error as error:
        yield Found(at, "broken-answer", f"the answer is no HL7 message: {error}; {_MEANT}")
        return
    judgement = judge.judge(message, _MOMENT)
    findings = [finding for finding in judgement.findings if finding.severity != "I"]
    for finding in findings[:MOST]:
        yield Found(at, "broken-answer", f"the answer breaks its profile: {_said(finding)}; {_MEANT}")
    if len(findings) > MOST:
        yield Found(at, "broken-answer", f"and {len(findings) - MOST} findings more about this answer")


_MEANT = f"mend it, or write broken: {ON_PURPOSE}"


def _said(finding: Finding) -> str:
    where = f"{in_words(finding.location)}: " if finding.location else ""
    fix = f" {finding.fix}" if finding.fix else ""
    return f"{where}{finding.text}{fix}".rstrip(".")


_MOMENT = datetime(2024, 6, 3, 10, 15, 30, tzinfo=UTC)
_VXU = """\
MSH|^~\\&|EHR|CLINIC|NDIIS|ND0000|20240603101500+0000||VXU^V04^VXU_V04|LINT-0|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS
PID|1||A100^^^CLINIC^MR||Larsen^Nora^Mae^^^^L|Berg^Ida^^^^^M|19800105|F||2106-3^White^CDCREC|12 Test Avenue^^Fargo^ND\
^58103^USA^L||^PRN^PH^^^701^5550101|||||||||2186-5^Not Hispanic or Latino^CDCREC
PD1|||||||||||02^Reminder/Recall - any method^HL70215|||||A|20240603|20240603
NK1|1|Larsen^Ida^^^^^L|MTH^Mother^HL70063|12 Test Avenue^^Fargo^ND^58103^USA^L|^PRN^PH^^^701^5550101
ORC|RE||A-17^CLINIC
RXA|0|1|20240603||08^Hep B^CVX|0.5|mL^milliliter^UCUM||00^New immunization record^NIP001||^^^CLINIC||||HB1234\
|20251231|MSD^Merck^MVX|||CP|A
RXR|C28161^Intramuscular^NCIT|LT^Left Thigh^HL70163
OBX|1|CE|64994-7^Eligibility^LN|1|V01^Not VFC eligible^HL70064||||||F|||20240603
OBX|2|CE|30963-3^Vaccine purchased with^LN|1|PHC70^Private^CDCPHINVS||||||F|||20240603
""".replace("\n", "\r")
_QBP = """\
MSH|^~\\&|EHR|CLINIC|NDIIS|ND0000|20240603101500+0000||QBP^Q11^QBP_Q11|LINT-0|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS
QPD|Z34^Request Immunization History^CDCPHINVS|LINT-TAG|A100^^^CLINIC^MR|Larsen^Nora^Mae^^^^L|Berg^Ida^^^^^M\
|19800105|F|12 Test Avenue^^Fargo^ND^58103^USA^L|^PRN^PH^^^701^5550101
RCP|I|5^RD&records&HL70126|R^real-time^HL70394
""".replace("\n", "\r")
_EVALUATED = _QBP.replace("Z34", "Z44").replace("Immunization History", "Evaluated History and Forecast")
"""What is answered: messages with everything that a script is likely to quote."""
