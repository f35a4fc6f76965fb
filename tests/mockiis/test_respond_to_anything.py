"""Any message, any scenario: there is a reply, and it follows from the request, its seed and what is remembered."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import ER7Error, read
from mockiis.errors import DocumentError
from mockiis.message import MessageReply, Reply, Request
from mockiis.respond import respond
from mockiis.scenario import Scenario, explanation, load
from mockiis.scenario.description import in_words
from mockiis.scenario.memory import Memory

NOON = datetime(2024, 4, 3, 12, 0, tzinfo=UTC)
WORDS = st.sampled_from(["VXU", "Doe", "20240402", "08", "CP", "A1", "00", '""', "x"])
PLACES = st.sampled_from(
    ["PID-5.1", "PID-3[5=MR].1", "RXA-5.1", "RXA[2]-3", "OBX[3.1=64994-7]-5", "MSH-10", "PID-7", "QPD-4.1", "ZZZ-9"]
)
CHECKS = (
    WORDS
    | st.lists(WORDS, min_size=1, max_size=3)
    | st.sampled_from(
        [
            {"missing": "true"},
            {"present": "true"},
            {"not": "x"},
            {"contains": "o"},
            {"starts": "2"},
            {"word": "a"},
            {"longer_than": "1"},
            {"matches": ".*0.*"},
            {"exact": "Doe"},
            {"before": "today - 30d"},
            {"after": "PID-7"},
            {"not": {"before": "2024"}},
            {"same_as": "PID-5.2"},
        ]
    )
)
FIELDS = st.dictionaries(st.sampled_from(["3", "5.1", "9.1", "20", "RXR-1.1", "OBX-5", "ORC-3"]), CHECKS, min_size=1)
SIMPLE = st.dictionaries(PLACES, CHECKS, min_size=1, max_size=3) | st.sampled_from(
    [{"message": "VXU"}, {"transport": "soap"}, {"state": "start"}, {"state": "moved"}, {"username": "u"}]
)
SAME = st.dictionaries(st.sampled_from(["any RXA", "every RXA", "no RXA"]), FIELDS, min_size=1, max_size=2) | (
    st.dictionaries(
        st.sampled_from(["any OBX", "no NK1"]), st.dictionaries(st.just("3"), CHECKS, min_size=1), min_size=1
    )
)
WHEN: st.SearchStrategy[dict[str, Any]] = st.recursive(
    SIMPLE | SAME,
    lambda inner: st.builds(
        lambda own, others, opposite: {**own, "any_of": others, "not": opposite},
        SIMPLE,
        st.lists(inner.filter(bool), min_size=2, max_size=3),
        inner.filter(bool),
    ),
    max_leaves=6,
)
TEXTS = st.sampled_from(
    ["a", "{{ PID-5 }}", "{{ RXA-5.1 }}{{ OBX-5 }}", "{{ now }}{{ control_id }}", "{{ RXA }}|^~\\&"]
)
KINDS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda code, text: {"ack": code, "text": text}, st.sampled_from(["AA", "AE", "AR", "CA"]), TEXTS),
    st.builds(
        lambda at, text: {"ack": "AE", "errors": [{"at": at, "code": "101", "text": text}]},
        st.sampled_from(["RXA-15", "PID-7", "OBX[2]-5", "RXR-1", "PID^1^11^5"]),
        TEXTS,
    ),
    st.sampled_from([{"rsp": {"profile": "Z33"}}, {"rsp": {"profile": "Z42", "patients": ["alice"]}}]),
    st.sampled_from(["AA", "x\n\n{{ PID }}\n{{ MSH-10 }}"]).map(lambda text: {"hl7": text}),
    st.sampled_from([{"echo": "true"}, {"registry": "true"}, {"drop": "hang"}]),
)
MORE = st.fixed_dictionaries(
    {},
    optional={
        "delay": st.sampled_from(
            ["1s", "iis", {"uniform": ["1s", "2s"]}, {"lognormal": {"median": "1s", "sigma": "9"}}]
        ),
        "chance": st.sampled_from(["50%", "1%"]),
        "wire": st.sampled_from([["wrong_msa_2"], [{"base64": "", "chance": "50%"}], ["lf_segments", "truncate"]]),
    },
)


def modified(kind: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A reply; what is dropped has no wire."""
    return {**kind, **{key: value for key, value in more.items() if key != "wire" or "drop" not in kind}}


PLAIN = st.builds(modified, KINDS, MORE)
MIX = st.lists(st.builds(lambda kind: {**kind, "share": "3"}, KINDS), min_size=1, max_size=3).map(lambda m: {"mix": m})
REPLIES = PLAIN | MIX
RULES = st.builds(
    lambda when, replies, then, passes: {
        "when": when,
        "replies": [*replies, *(["pass"] if passes else [])],
        **({"then": then} if then else {}),
    },
    WHEN | st.just({}),
    st.lists(REPLIES, min_size=1, max_size=3),
    st.sampled_from(["", "moved", {"state": "start", "after": "2s"}]),
    st.booleans(),
)
ALICE = {
    "ids": {"SR": "1"},
    "name": "A^B",
    "born": "2020-01-01",
    "sex": "F",
    "doses": [{"cvx": "03", "given": "2021-01-01"}],
}


def file(rules: list[dict[str, Any]], track: Any, otherwise: Any) -> Scenario | None:
    """The scenario; None where a rule asks for what it may not, such as a query response to VXU."""
    whole = {
        "version": "1",
        "patients": {"alice": ALICE},
        "rules": [
            *({"name": f"r{number}", **rule} for number, rule in enumerate(rules)),
            {"name": "mover", "when": {"MSH-10": "never"}, "reply": "registry", "then": "moved"},
        ],
        **({"track": track} if track else {}),
        **({"otherwise": otherwise} if otherwise else {}),
    }
    try:
        return load(yaml.safe_dump(whole), "generated.yaml")
    except DocumentError:
        return None


SCENARIOS = st.builds(
    file,
    st.lists(RULES, max_size=9),
    st.sampled_from(["", "all", "PID-5.1", ["MSH-4", "PID-3.1"]]),
    st.sampled_from(["", "registry", {"ack": "AR", "text": "{{ PID-5 }}", "delay": "iis"}]),
).filter(bool)
SEGMENTS = st.sampled_from(
    [
        "PID|1||A1^^^C1^MR~S1^^^ND^SR||Doe^Kim||20240402|F",
        "PID|1||||Roe^Kim^^^^^L||2024",
        'PID|||""||',
        "NK1|1|Doe^Mary|MTH^Mother",
        "ORC|RE||O1^C1",
        "RXA|0|1|20240403||08^Hep B^CVX|0.5|mL||00||||||LOT1|||||CP|A",
        "RXA|0|1|2024||10^IPV^CVX|999|||01",
        "RXA",
        "RXR|IM^^HL70162|LT",
        "OBX|1|CE|64994-7^^LN|1|V02",
        "OBX|||||",
        "QPD|Z34^R^C|t1|A1^^^C1^MR|Doe^Kim||20240402",
        "ZZZ|\\F\\|\\X0D\\",
        "|",
        "é",
    ]
)
MESSAGES = st.builds(
    lambda type_, control_id, segments, end: end.join(
        [f"MSH|^~\\&|EHR|C1|IIS|ND|||{type_}|{control_id}", *segments, ""]
    ),
    st.sampled_from(["VXU^V04^VXU_V04", "QBP^Q11^QBP_Q11", "ADT", ""]),
    st.sampled_from(["77", "", "never", "a^b"]),
    st.lists(SEGMENTS, max_size=10),
    st.sampled_from(["\r", "\n"]),
) | st.text().map(lambda text: f"MSH|^~\\&|{text}")


def asked(text: str, seed: int, after: int, soap: bool) -> Request | None:
    """The message as a request; None when it cannot be read."""
    try:
        message = read(text)
    except ER7Error:
        return None
    more: dict[str, Any] = {"transport": "soap", "operation": "submitSingleMessage", "username": "u"} if soap else {}
    received = NOON + timedelta(seconds=after)
    return Request(
        **{
            "transport": "mllp",
            "received": received,
            "control_id": "R",
            "message": message,
            "text": text,
            "seed": seed,
            **more,
        }
    )


CONVERSATIONS = st.lists(
    st.tuples(MESSAGES, st.integers(0, 9), st.integers(0, 5), st.booleans()), min_size=1, max_size=5
)


@settings(deadline=None)
@given(st.lists(SCENARIOS, min_size=1, max_size=2), CONVERSATIONS)
def test_there_is_always_a_reply_and_always_the_same(
    scenarios: list[Scenario], conversation: list[tuple[str, int, int, bool]]
) -> None:
    """``respond`` never raises, changes nothing, and two registries that heard the same say the same."""
    one, other = Memory(), Memory()
    for text, seed, after, soap in conversation:
        request = asked(text, seed, after, soap)
        if request is None:
            continue
        before = deepcopy(vars(one))
        reply = respond(request, scenarios, one)
        assert before == vars(one)
        assert reply == respond(request, scenarios, other)
        assert isinstance(reply, Reply)
        assert 0 <= reply.delay <= 7200
        if isinstance(reply, MessageReply):
            assert isinstance(reply.text, str)
        one.apply(reply.changes, request.received)
        other.apply(reply.changes, request.received)


@settings(deadline=None)
@given(SCENARIOS, MESSAGES, st.booleans())
def test_every_rule_can_be_explained(scenario: Scenario, text: str, soap: bool) -> None:
    """Also the ones that match: what they want, what they got, and what they answer."""
    request = asked(text, 1, 0, soap)
    if request is None:
        return
    near = explanation.closest([scenario], request, Memory(), most=100)
    assert len(scenario.rules) == len(near)
    assert explanation.in_full(request, near)
    assert explanation.in_short(near)
    assert all(in_words(script) for rule in scenario.rules for script in rule.scripts)
