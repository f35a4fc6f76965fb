"""Scripts carried out: which dose is meant, what is left to chance, what answers as written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mockiis.er7 import read
from mockiis.message import FaultReply, HTTPReply, MessageReply, NoReply, Reply, Request, read_answer
from mockiis.respond import respond
from mockiis.scenario import load

Ask = Callable[..., Request]
DOSES = (
    "MSH|^~\\&|EHR|C1|IIS|ND|20240403||VXU^V04^VXU_V04|77|P|2.5.1\rPID|1||A1^^^C1^MR||Doe^Kim||20240402|F\r"
    "ORC|RE||O1^C1\rRXA|0|1|20240403||08^Hep B^CVX|0.5|mL||00||||||LOT1|||||CP|A\rRXR|IM^^HL70162|LT^^HL70163\r"
    "OBX|1|CE|64994-7^^LN|1|V02\r"
    "ORC|RE||O2^C1\rRXA|0|1|20240403||10^IPV^CVX|0.5|mL||00|||||||||||CP|A\rRXR|SC^^HL70162|RT^^HL70163\r"
    "OBX|2|CE|64994-7^^LN|1|V07\r"
)
QBP = "MSH|^~\\&|EHR|C1|IIS|ND|20240403||QBP^Q11^QBP_Q11|78|P|2.5.1\rQPD|Z34^R^CDCPHINVS|t1||Doe^Kim||20240402\r"


def rules(text: str) -> str:
    """A file of rules, one a line."""
    return "version: 1\nrules:\n" + "".join(f"  - {line}\n" for line in text.strip().splitlines())


def answer(request: Request, text: str) -> Reply:
    """What the file answers."""
    return respond(request, [load(rules(text), "a.yaml")])


ERRORS = [
    # condition, where the error is, ERR-2, text, ERR-8
    ("any RXA: {15: {missing: true}}", "RXA-15", "RXA^2^15", "{{ RXA-5.1 }}", "10"),
    ("any RXA: {15: LOT1}", "RXA-15", "RXA^1^15", "{{ RXA-5.2 }}", "Hep B"),
    ("any RXA: {15: {missing: true}}", "RXR-2", "RXR^2^2", "{{ RXR-2.1 }} {{ ORC-3.1 }}", "RT O2"),
    ("any RXA: {15: {missing: true}}", "OBX-5", "OBX^2^5", "{{ OBX-5 }}", "V07"),
    ("any RXA: {15: {missing: true}}", "'RXA[1]-15'", "RXA^1^15", "{{ RXA[1]-5.1 }}", "08"),
    ("any RXA: {15: {missing: true}}", "PID-7", "PID^1^7", "{{ PID-7 }}", "20240402"),
    ("any RXA: {15: {missing: true}}", "RXA", "RXA^2", "x", "x"),
    ("any RXA: {15: {missing: true}}", "RXA^9^15", "RXA^9^15", "x", "x"),
    ("RXA-15: LOT1", "RXA-15", "RXA^1^15", "{{ RXA-5.1 }}", "08"),
    ("no RXA: {15: LOT2}", "RXA-15", "RXA^1^15", "{{ RXA-5.1 }}", "08"),
    ("any OBX: {5: V07}", "OBX-5", "OBX^2^5", "{{ OBX-5 }}, {{ RXA-5.1 }}", "V07, 08"),
    ("any RXA: [{15: {missing: true}}, {15: LOT1}]", "RXA-15", "RXA^2^15", "{{ RXA-5.1 }}", "10"),
    ("any RXA: {15: {missing: true}}, any OBX: {5: V02}", "OBX-5", "OBX^2^5", "{{ OBX-5 }}", "V07"),
]


@pytest.mark.parametrize(("when", "at", "err_2", "text", "err_8"), ERRORS)
def test_the_dose_that_is_meant(ask: Ask, when: str, at: str, err_2: str, text: str, err_8: str) -> None:
    """After ``any RXA`` an error at RXA-15 and ``{{ RXA-5.1 }}`` mean the dose that was found, unless they count."""
    script = f"{{name: a, when: {{{when}}}, reply: {{ack: AE, errors: [{{at: {at}, code: 101, text: '{text}'}}]}}}}"
    reply = answer(ask(DOSES), script)
    assert isinstance(reply, MessageReply)
    (finding,) = read_answer(read(reply.text)).findings
    assert (err_2, err_8) == (finding.err_2, finding.text)


def test_the_dose_in_a_text_as_written(ask: Ask) -> None:
    """References in ``hl7`` mean it too."""
    reply = answer(ask(DOSES), "{name: a, when: {any RXA: {15: {missing: true}}}, reply: {hl7: 'MSA|AA|{{ RXA-5 }}'}}")
    assert isinstance(reply, MessageReply)
    assert "MSA|AA|10^IPV^CVX\r" == reply.text


@pytest.mark.parametrize("text", [DOSES, QBP, DOSES.replace("\r", "\n")])
def test_echo(ask: Ask, text: str) -> None:
    """What came goes back as it came."""
    reply = answer(ask(text, text=text), "{name: a, reply: echo}")
    assert isinstance(reply, MessageReply)
    assert text == reply.text


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        (DOSES, "AE", ""),
        (QBP, "AE", "AE"),
        (f"{QBP}RCP|I|5^RD&Records&HL70126\r", "AA", "NF"),
        (QBP.replace("QBP^Q11^QBP_Q11", "ADT^A04"), "AR", ""),
    ],
)
@pytest.mark.parametrize(
    "script",
    [
        "rules: [{name: a, reply: registry}]",
        "rules: [{name: a, when: {state: start, PID-8: X}, reply: {ack: AE}}]\notherwise: registry",
    ],
)
def test_registry(ask: Ask, script: str, text: str, code: str, status: str) -> None:
    """The built-in registry judges updates and queries, and refuses the rest."""
    reply = respond(ask(text), [load(f"version: 1\n{script}\n", "a.yaml")])
    assert isinstance(reply, MessageReply)
    read_back = read_answer(read(reply.text))
    assert (code, status) == (read_back.acknowledgment_code, read_back.query_status)


def test_registry_and_echo_answer_a_connectivity_test(ask: Ask) -> None:
    """Both give the text back."""
    request = ask(None, transport="soap", operation="connectivityTest", text="hello")
    for reply in ("registry", "echo"):
        found = answer(request, f"{{name: a, when: {{operation: connectivityTest}}, reply: {reply}}}")
        assert isinstance(found, MessageReply)
        assert "hello" == found.text


def test_http(ask: Ask) -> None:
    """Status, body with references, type and headers."""
    script = (
        "{name: a, when: {transport: soap}, reply: {http: {status: 503, body: 'Busy, {{ MSH-10 }}', type: text/plain,"
        " headers: {Retry-After: 120}}, delay: 2s}}"
    )
    request = ask(DOSES, transport="soap", operation="submitSingleMessage")
    reply = answer(request, script)
    assert isinstance(reply, HTTPReply)
    assert (503, "Busy, 77", "text/plain", (("Retry-After", "120"),), 2.0, "a") == (
        reply.status,
        reply.body,
        reply.content_type,
        reply.headers,
        reply.delay,
        reply.rule,
    )


def kinds(ask: Ask, text: str, seeds: int = 4000, **more: Any) -> Counter[str]:
    """How often each rule, or kind of reply, answers."""
    scenario = load(rules(text), "a.yaml")
    return Counter(_said(respond(ask(DOSES, seed=seed, **more), [scenario])) for seed in range(seeds))


def _said(reply: Reply) -> str:
    if isinstance(reply, MessageReply):
        return f"{reply.rule} {read_answer(read(reply.text)).acknowledgment_code}"
    return f"{reply.rule} {type(reply).__name__}"


def test_chance(ask: Ask) -> None:
    """A rule with a chance answers so often, and leaves the other requests to the rules below."""
    found = kinds(ask, "{name: a, reply: {ack: AE, chance: 10%}}\n{name: b, reply: {ack: AA}}")
    assert {"a AE", "b AA"} == set(found)
    assert 340 < found["a AE"] < 460


def test_chances_of_two_files_are_independent(ask: Ask) -> None:
    """Also when their rules have the same name."""
    script = rules("{name: a, reply: {ack: AA, chance: 50%}}")
    scenarios = [load(script, name) for name in ("one.yaml", "two.yaml")]
    replies = [respond(ask(DOSES, seed=seed), scenarios) for seed in range(2000)]
    files = Counter(change.scenario for reply in replies for change in reply.changes)
    assert 900 < files["one.yaml"] < 1100
    assert 400 < files["two.yaml"] < 600


def test_mix(ask: Ask) -> None:
    """Each reply comes as often as its share of the whole says, in any unit."""
    text = (
        "{name: a, when: {transport: soap}, reply: {mix: [{ack: AA, share: 60}, {ack: AE, share: 20},"
        " {drop: hang, share: 15}, {fault: UnknownFault, share: 5}]}}"
    )
    found = kinds(ask, text, transport="soap", operation="submitSingleMessage")
    bounds = {"a AA": 2400, "a AE": 800, "a NoReply": 600, "a FaultReply": 200}
    assert set(bounds) == set(found)
    assert all(abs(found[kind] - expected) < 130 for kind, expected in bounds.items()), found


def test_chance_beside_a_mix(ask: Ask) -> None:
    """How often the mix answers at all; what it draws does not depend on it."""
    text = """
{name: a, reply: {mix: [{ack: AE, share: 50%}, {drop: close, share: 50%}], chance: 50%}}
{name: b, reply: {ack: AA}}
"""
    found = kinds(ask, text)
    assert all(abs(found[kind] - count) < 130 for kind, count in (("a AE", 1000), ("a NoReply", 1000), ("b AA", 2000)))


def test_delays_of_a_mix_add_up(ask: Ask) -> None:
    """The mix waits, then the reply that was drawn; the two waits are drawn apart."""
    fixed = answer(ask(DOSES), "{name: a, reply: {mix: [{drop: hang, delay: 2s, share: 1}], delay: 1s}}")
    assert isinstance(fixed, NoReply)
    assert (3.0, "a") == (fixed.delay, fixed.rule)

    scenario = load(
        rules(
            "{name: a, reply: {mix: [{drop: hang, delay: {uniform: [0s, 1s]}, share: 1}], delay: {uniform: [0s, 1s]}}}"
        ),
        "a.yaml",
    )
    sums = [respond(ask(DOSES, seed=seed), [scenario]).delay for seed in range(4000)]
    assert 400 < sum(1 for each in sums if each < 0.5) < 600, "an eighth of all sums is below a quarter of the longest"


def test_wire_by_chance(ask: Ask) -> None:
    """Each misbehaviour is decided by itself, also two of the same name."""
    scenario = load(
        rules(
            "{name: a, reply: {ack: AA, wire:"
            " [{no_end, chance: 50%}, {split: 1s, chance: 50%}, {split: 2s, chance: 50%}]}}"
        ),
        "a.yaml",
    )
    found = Counter(
        tuple((entry.name, entry.seconds) for entry in respond(ask(DOSES, seed=seed), [scenario]).wire)
        for seed in range(4000)
    )
    assert 8 == len(found)
    assert all(400 < count < 600 for count in found.values()), found


def test_everything_left_to_chance_follows_from_the_seed(ask: Ask) -> None:
    """The same request and seed give the same reply, another seed another one."""
    text = """
{name: a, reply: {mix: [{ack: AA, share: 1}, {drop: hang, share: 1}], delay: iis, chance: 50%}}
{name: b, reply: {ack: AR}}
"""
    scenario = load(rules(text), "a.yaml")
    once, again = ([respond(ask(DOSES, seed=seed), [scenario]) for seed in range(100)] for _ in range(2))
    assert once == again
    assert 40 < len({reply.delay for reply in once})


def test_fault(ask: Ask) -> None:
    """What the author leaves out is filled in."""
    reply = answer(ask(DOSES, transport="soap"), "{name: a, when: {transport: soap}, reply: {fault: SecurityFault}}")
    assert isinstance(reply, FaultReply)
    assert ("", 'Answered by the rule "a" of the scenario.') == (reply.reason, reply.detail)
