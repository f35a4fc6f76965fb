"""From a request to the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from mockiis.er7 import ER7Error, Segment, read
from mockiis.message import FaultKind, FaultReply, MessageReply, NoReply, Request, read_answer
from mockiis.message.change import Answered, Moved
from mockiis.registry.records import Keep
from mockiis.respond import respond
from mockiis.scenario import Scenario, load
from mockiis.scenario.memory import Memory

VXU = "MSH|^~\\&|EHR|C1|IIS|ND|20240403||VXU^V04^VXU_V04|77|P|2.5.1\rPID|1||A1^^^C1^MR||Doe^Kim||20240402|F\r"
QBP = "MSH|^~\\&|EHR|C1|IIS|ND|20240403||QBP^Q11^QBP_Q11|78|P|2.5.1\rQPD|Z34^Request^CDCPHINVS|t1||Doe^Kim||20240402\r"
ALICE = (
    "patients:\n  alice: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F,"
    " forecast: [{cvx: 10^IPV, due: 2024-06-02}]}\n"
)


def asked(text: str | None, /, **more: Any) -> Request:
    """A request as the server hands it over."""
    message = None if text is None else read(text)
    moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
    return Request(**{"transport": "mllp", "received": moment, "control_id": "R1", "message": message, **more})


def scripted(reply: str, when: str = "{}") -> Scenario:
    """A scenario of one rule, with one patient at hand."""
    return load(f"version: 1\n{ALICE}rules:\n  - {{name: only, when: {when}, reply: {{{reply}}}}}\n", "only.yaml")


def answered(request: Request, *scripts: Scenario) -> str:
    """The text of the answer, one segment a line."""
    reply = respond(request, scripts)
    assert isinstance(reply, MessageReply)
    return reply.text.replace("\r", "\n")


HEADER = "MSH|^~\\&|IIS|ND|EHR|C1|20240403101530+0000||{}|R1|P|2.5.1|||NE|NE|||||{}^CDCPHINVS\n"


def test_acknowledgment() -> None:
    """MSH is turned round, MSA-2 echoes the control id, each error becomes an ERR."""
    script = scripted(
        "ack: AE, errors: [{at: PID-7, code: 101, app: 7, text: 'For {{ PID-5.1 }}'}, {code: 0, severity: I}]"
    )
    expected = (
        HEADER.format("ACK^V04^ACK", "Z23") + "MSA|AE|77\n"
        "ERR||PID^1^7|101^Required field missing^HL70357|E|7^Required data missing^HL70533|||For Doe\n"
        "ERR|||0^Message accepted^HL70357|I\n"
    )
    assert expected == answered(asked(VXU), script)


def test_query_response() -> None:
    """The query is echoed, the patient told of; the forecast is of the day of the query if the file gives none."""
    expected = (
        HEADER.format("RSP^K11^RSP_K11", "Z42") + "MSA|AA|78\n"
        "QAK|t1|OK|Z34^Request^CDCPHINVS\n"
        "QPD|Z34^Request^CDCPHINVS|t1||Doe^Kim||20240402\n"
        "PID|1||1^^^NDIIS^SR||A^B^^^^^L||20200101|F\n"
        "ORC|RE||9999^NDIIS\n"
        "RXA|0|1|20240403||998^no vaccine administered^CVX|999||||||||||||||NA\n"
        "OBX|1|CE|30956-7^Vaccine Type^LN|1|10^IPV^CVX||||||F|||20240403\n"
        "OBX|2|CE|59779-9^Immunization Schedule used^LN|1|VXC16^ACIP Schedule^CDCPHINVS||||||F|||20240403\n"
        "OBX|3|DT|30980-7^Date vaccination due^LN|1|20240602||||||F|||20240403\n"
    )
    assert expected == answered(asked(QBP), scripted("rsp: {profile: Z42, patients: [alice]}"))


def test_refused_query() -> None:
    """A query response with an error says so in MSA, ERR and QAK."""
    script = scripted("rsp: {profile: Z33, status: AE}, errors: [{at: QPD-6, code: 102}]")
    expected = (
        HEADER.format("RSP^K11^RSP_K11", "Z33") + "MSA|AE|78\nERR||QPD^1^6|102^Data type error^HL70357|E\n"
        "QAK|t1|AE|Z34^Request^CDCPHINVS\nQPD|Z34^Request^CDCPHINVS|t1||Doe^Kim||20240402\n"
    )
    assert expected == answered(asked(QBP), script)


def test_literal_text() -> None:
    """The text goes out as written, references filled in."""
    script = scripted('hl7: "MSH|^~\\\\&|X\\nMSA|NF|{{ MSH-10 }}\\n{{ QPD }}"')
    expected = "MSH|^~\\&|X\nMSA|NF|78\nQPD|Z34^Request^CDCPHINVS|t1||Doe^Kim||20240402\n"
    assert expected == answered(asked(QBP), script)


def test_fault_and_drop_carry_the_rule_and_the_delay() -> None:
    """Replies that are no message are data for the server to carry out."""
    fault = scripted("fault: SecurityFault, detail: Expired, delay: 250ms", "{transport: soap}")
    drop = scripted("drop: reset, delay: 2s")
    counted = (Answered(scenario="only.yaml", rule="only", key="A1"),)
    expected = FaultReply(kind=FaultKind.SECURITY, detail="Expired", rule="only", delay=0.25, changes=counted)
    assert expected == respond(asked(VXU, transport="soap"), [fault])
    assert NoReply(how="reset", rule="only", delay=2.0, changes=counted) == respond(asked(VXU), [drop])


@pytest.mark.parametrize("text", [VXU, QBP])
def test_the_reply_names_its_rule(text: str) -> None:
    """Whoever watches the mock sees which rule answered."""
    reply = respond(asked(text), [scripted("ack: AA, delay: 1s")])
    assert ("only", 1.0, "") == (reply.rule, reply.delay, reply.explanation)


def test_no_rule_matches() -> None:
    """The refusal names the closest rule in ERR-8 without the patient's data; the explanation has it in full."""
    reply = respond(asked(VXU), [scripted("ack: AA", "{message: VXU, PID-5.1: Roe}")])
    assert isinstance(reply, MessageReply)
    expected = (
        HEADER.format("ACK^V04^ACK", "Z23") + "MSA|AR|77\n"
        'ERR|||207^Application internal error^HL70357|E||||No rule matched. The closest is "only" (only.yaml, rule 1):'
        " Patient name - family name (PID-5.1) must be Roe but has another value.\n"
    )
    assert expected == reply.text.replace("\r", "\n")
    assert "" == reply.rule
    assert "FAIL PID-5.1  want Roe  got 'Doe'" in reply.explanation


def test_otherwise_replaces_the_refusal() -> None:
    """The first scenario that has ``otherwise`` answers what no rule matches, and it is still explained."""
    rule = "rules:\n  - {name: only, when: {message: QBP}, reply: {ack: AA}}\n"
    plain = load(f"version: 1\n{rule}", "a.yaml")
    other = load(f"version: 1\n{rule}otherwise: {{drop: hang, delay: 1s}}\n", "b.yaml")
    reply = respond(asked(VXU), [plain, other])
    assert isinstance(reply, NoReply)
    assert ("hang", "otherwise", 1.0) == (reply.how, reply.rule, reply.delay)
    assert 'Closest rule: "only"  (a.yaml, rule 1)  0 of 1 conditions hold' in reply.explanation


def test_without_scenarios_the_registry_answers() -> None:
    """A mock that was given nothing to say is the built-in IIS, which judges before it accepts."""
    answer = read_answer(read(answered(asked(VXU)).replace("\n", "\r")))
    assert ("AE", "77") == (answer.acknowledgment_code, answer.message_control_id)
    assert ["PID^1^22"] == [finding.err_2 for finding in answer.findings if finding.severity == "E"]


@pytest.mark.parametrize(
    "script",
    [
        "rules: [{name: none, when: {PID-8: X}, reply: echo}]\notherwise: registry",
        "rules: [{name: all, reply: registry}]",
    ],
)
def test_a_script_leaves_messages_to_the_registry(script: str) -> None:
    """What the registry changes is told beside what the rule does."""
    text = VXU.rstrip("\r") + "||||||||||||||^UNKNOWN^HL70189\r"
    reply = respond(asked(text), [load(f"version: 1\n{script}\n", "a.yaml")])
    assert isinstance(reply, MessageReply)
    assert "AA" == read_answer(read(reply.text)).acknowledgment_code
    assert ["Doe"] == [change.record.person.name.family for change in reply.changes if isinstance(change, Keep)]
    assert ("name: all" in script) == any(isinstance(change, Answered) for change in reply.changes)


def test_query_response_to_an_update_is_the_author_s_mistake() -> None:
    """Where the rule could not tell when it was loaded, the message is refused and told why."""
    reply = respond(asked(VXU), [scripted("rsp: {profile: Z33}, delay: 1s")])
    assert isinstance(reply, MessageReply)
    [finding] = read_answer(read(reply.text)).findings
    assert "207" == finding.code
    assert 'The rule "only" answers with a query response, and this message is not a query (QBP).' == finding.text
    assert ("only", 1.0) == (reply.rule, reply.delay)


def test_connectivity_test() -> None:
    """The text comes back as it is, unless a rule for connectivityTest says otherwise."""
    request = asked(None, transport="soap", operation="connectivityTest", text="hello")
    assert MessageReply(text="hello") == respond(request, [scripted("ack: AR")])
    fault = scripted("fault: UnknownFault, detail: Down", "{operation: connectivityTest}")
    expected = FaultReply(kind=FaultKind.UNKNOWN, detail="Down", rule="only")
    assert expected == replace(respond(request, [scripted("ack: AR"), fault]), changes=())


RIGHT = ("accept-all", "ndiis-examples", "reject-all", "security-fault", "slow")
"""The shipped scenarios whose answers are never wrong on purpose."""
SHIPPED = [load(scenarios.path(name).read_text(encoding="utf-8"), name) for name in RIGHT]
ALL_SHIPPED = [load(scenarios.path(name).read_text(encoding="utf-8"), name) for name in scenarios.names()]
EVERY_KIND = [
    *([scenario] for scenario in SHIPPED),
    [scripted("rsp: {profile: Z42, patients: [alice]}")],
    [scripted('hl7: "MSH|^~\\\\&|A\\nMSA|AA|{{ MSH-10 }}\\n{{ PID }}"')],
    [scripted("ack: AE, errors: [{at: PID-7, code: 101, text: '{{ PID-5 }}{{ MSH-2 }}{{ NK1 }}'}]")],
    [scripted("ack: AA", "{message: VXU, PID-5.1: Nobody, 'OBX[3.1=64994-7]-5': {matches: '.+'}}")],
    [],
]
PIECES = st.lists(
    st.sampled_from([*"|^~\\&#$VXUQBP0129\r\n ", "PID|", "\rQPD|", "\rPID|1||", "\\F\\", "\\X0D\\"])
    | st.text(max_size=4)
)
MESSAGES = st.builds(
    lambda marks, fields, rest: f"MSH{marks}{marks[0].join(fields)}{''.join(rest)}",
    st.sampled_from(["|^~\\&|", "|^~\\&#|", "#$*!%#", "|", "|^|", "||"]) | st.text(min_size=1, max_size=6),
    st.lists(
        st.sampled_from(["", "EHR", "VXU^V04^VXU_V04", "QBP^Q11", "77", "a~b", "P", "2.5.1"]) | st.text(max_size=5),
        max_size=12,
    ),
    PIECES,
)


@given(MESSAGES, st.sampled_from(EVERY_KIND), st.sampled_from(["soap", "mllp"]))
def test_every_readable_message_is_answered_with_its_control_id(
    text: str, scripts: Sequence[Scenario], transport: str
) -> None:
    """No message, however odd, makes respond raise, and MSA-2 always echoes MSH-10."""
    try:
        message = read(text)
    except ER7Error:
        return
    operation = "submitSingleMessage" if transport == "soap" else ""
    reply = respond(asked(text, transport=transport, operation=operation), scripts)
    if isinstance(reply, MessageReply):
        [msa] = read(reply.text).named("MSA")
        assert leaves(message.header, 10) == leaves(msa, 2)


@settings(deadline=None)
@given(MESSAGES, st.sampled_from(ALL_SHIPPED), st.sampled_from(["soap", "mllp"]))
def test_every_shipped_scenario_answers_every_readable_message(text: str, script: Scenario, transport: str) -> None:
    """Those that are wrong on purpose too: none makes respond raise."""
    try:
        read(text)
    except ER7Error:
        return
    operation = "submitSingleMessage" if transport == "soap" else ""
    assert respond(asked(text, transport=transport, operation=operation, text=text), [script]).delay >= 0


def leaves(segment: Segment, field: int) -> list[str]:
    """The subcomponents of the first repetition, whichever characters separate them."""
    return [segment.get(field, component, part) for component in (1, 2, 3) for part in (1, 2, 3)]


NOON = datetime(2024, 4, 3, 12, 0, tzinfo=UTC)


@dataclass
class Conversation:
    """A registry that remembers, as the server does it: each reply's changes are made before the next request."""

    scripts: Sequence[Scenario]
    memory: Memory = field(default_factory=Memory)

    def say(self, text: str | None = VXU, /, after: float = 0, **more: Any) -> str:
        """MSA-1 or the kind of the answer to a message so many seconds after noon."""
        request = asked(text, **{"received": NOON + timedelta(seconds=after), **more})
        reply = respond(request, self.scripts, self.memory)
        self.memory.apply(reply.changes, request.received)
        if isinstance(reply, MessageReply):
            answer = read_answer(read(reply.text))
            return f"{answer.acknowledgment_code} {answer.query_status}".strip()
        return type(reply).__name__


def conversation(*texts: str) -> Conversation:
    """Files called 0.yaml, 1.yaml and so on."""
    return Conversation([load(f"version: 1\n{text}", f"{number}.yaml") for number, text in enumerate(texts)])


KIM, LEE = VXU, VXU.replace("A1^", "B2^")


def test_replies_one_after_another_for_each_patient() -> None:
    """Each tracked key has its own turn; the last reply repeats."""
    talk = conversation("rules: [{name: a, replies: [{ack: AE}, {ack: AR}, {ack: AA}]}]")
    assert ["AE", "AR", "AE", "AA", "AA", "AR"] == [talk.say(text) for text in (KIM, KIM, LEE, KIM, KIM, LEE)]


def test_replies_one_after_another_for_all() -> None:
    """With ``track: all`` every request takes the next turn."""
    talk = conversation("track: all\nrules: [{name: a, replies: [{ack: AE}, {ack: AR}, {ack: AA}]}]")
    assert ["AE", "AR", "AA", "AA"] == [talk.say(text) for text in (KIM, LEE, KIM, LEE)]


def test_pass() -> None:
    """When its replies are used up the rules below answer, here or in the next file; without any, none matches."""
    talk = conversation(
        "rules: [{name: a, replies: [{ack: AE}, pass]}]",
        "rules: [{name: a, replies: [{ack: CE}, {ack: AA}, pass]}]",
    )
    assert ["AE", "CE", "AA", "AR"] == [talk.say() for _ in range(4)]


def test_a_reply_by_chance_takes_no_turn_when_it_is_not_given() -> None:
    """The sequence goes on only with answers."""
    talk = conversation("rules: [{name: a, replies: [{ack: AE, chance: 50%}, {ack: CE}]}, {name: b, reply: {ack: AA}}]")
    answers = [talk.say(seed=seed) for seed in range(40)]
    first = answers.index("AE")
    assert {"AA"} >= set(answers[:first])
    assert {"CE"} == set(answers[first + 1 :])


STATES = """\
rules:
  - {name: first, when: {message: VXU, state: start}, reply: {ack: AE}, then: corrected}
  - {name: second, when: {message: VXU, state: Corrected}, reply: {ack: AA}, then: {state: visible, after: 30s}}
  - {name: again, when: {message: VXU}, reply: {ack: AR}}
  - {name: found, when: {message: QBP, state: visible}, reply: {rsp: {profile: Z33, status: TM}}}
  - {name: not yet, when: {message: QBP}, reply: {rsp: {profile: Z33}}}
"""
QUERY = QBP.replace("|t1||", "|t1|A1^^^C1^MR|")


def test_states() -> None:
    """A rule moves the state of its key, and a later one asks for it."""
    talk = conversation(STATES)
    assert ["AE", "AE", "AA"] == [talk.say(text) for text in (KIM, LEE, KIM)]


def test_a_state_after_a_while() -> None:
    """A submission that is seen by queries half a minute later, and not by those for another patient."""
    talk = conversation(STATES)
    assert ["AE", "AA"] == [talk.say(), talk.say()]
    assert ["AA NF", "AA NF", "AA TM"] == [talk.say(QUERY, seconds) for seconds in (0, 29.9, 30)]
    assert "AA NF" == talk.say(QUERY.replace("A1^", "B2^"), 60)
    assert "AR" == talk.say(KIM, 60)


def test_every_file_has_its_own_states() -> None:
    """What one file remembers does not change what another sees."""
    one = "rules: [{name: a, when: {PID-8: F, state: start}, reply: {ack: AE}, then: done}]"
    talk = conversation(one, one.replace("AE", "CE"), "rules: [{name: rest, when: {state: start}, reply: {ack: AA}}]")
    assert ["AE", "CE", "AA", "AA"] == [talk.say() for _ in range(4)]


def test_a_state_within_a_condition_on_one_segment_file_by_file() -> None:
    """The segments of a request are split once, and see the state of the file that is tried."""
    talk = conversation(
        "rules: [{name: a, when: {any PID: {8: M}}, reply: {ack: AE}, then: x},"
        " {name: b, when: {any PID: {8: F}, any_of: [{state: x}, {state: start}]}, reply: {ack: CE}, then: x}]",
    )
    assert ["CE", "CE"] == [talk.say(), talk.say()]


def test_messages_without_a_key_share_one() -> None:
    """As connectivityTest does, which has no message at all."""
    talk = conversation(
        "rules: [{name: a, when: {operation: [connectivityTest, submitSingleMessage]},"
        " replies: [{drop: hang}, registry]}]"
    )
    soap = {"transport": "soap", "operation": "submitSingleMessage"}
    test = {"transport": "soap", "operation": "connectivityTest", "text": "MSH|^~\\&|\rMSA|AA|1\r"}
    assert "NoReply" == talk.say(None, **test)
    assert "AE" == talk.say("MSH|^~\\&|||||||VXU^V04|1|P|2.5.1\r", **soap)
    assert ["NoReply", "AE"] == [talk.say(KIM, **soap), talk.say(KIM, **soap)]


def test_answers_are_counted_for_expectations() -> None:
    """A rule that expects something is told how often it answered."""
    talk = conversation(
        "rules: [{name: a, when: {PID-8: F}, reply: {ack: AA}, expect: 2}, {name: b, reply: registry, expect: 0}]"
    )
    script = talk.scripts[0]
    assert "AA" == talk.say()
    totals = [talk.memory.total(script.source, rule.name) for rule in script.rules]
    assert ['expected 2 of rule "a" (0.yaml, rule 1), received 1'] == script.unmet(totals)


def test_what_the_memory_holds_is_not_changed_by_respond() -> None:
    """Only who carries out the reply makes its changes."""
    talk = conversation(STATES)
    replies = {respond(asked(VXU), talk.scripts, talk.memory).changes for _ in range(3)}
    assert {
        (Answered(scenario="0.yaml", rule="first", key="A1"), Moved(scenario="0.yaml", key="A1", state="corrected"))
    } == replies
