"""Faults and latency as in production: the published weights, each fault on a socket, and all of it repeatable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from statistics import quantiles
from typing import Any

import pytest
import pytest_twisted

from mockiis.er7 import Message, read
from mockiis.message import FaultReply, MessageReply, NoReply, Reply, read_answer
from mockiis.message.reply import HTTPReply
from mockiis.respond import respond
from mockiis.scenario.carry_out import Occasion, carry_out
from mockiis.scenario.model import MixScript

Make = Callable[..., Message]
Replies = Callable[..., Any]

WEIGHTS = {
    # of a million messages, by what our rule does
    "truncate": 5987,
    "reset": 2891 + 253 + 2,
    "hang": 2690 + 113,
    "UnknownFault": 632 + 439,
    "SecurityFault": 322,
    "control_character": 185,
    "502": 78,
    "503": 57,
    "403": 10,
    "408": 4,
    "404": 4,
}
OVER_MLLP = {"UnknownFault": "AR", "SecurityFault": "AR"} | {str(n): "close" for n in (502, 503, 403, 408, 404)}


def kind(reply: Reply) -> str:
    match reply:
        case FaultReply():
            return str(reply.kind)
        case HTTPReply():
            return str(reply.status)
        case NoReply():
            return reply.how
        case MessageReply() if reply.wire:
            return reply.wire[0].name
        case MessageReply() if "\x13" in reply.text:
            return "control_character"
        case MessageReply():
            return read_answer(read(reply.text)).acknowledgment_code
    raise AssertionError(reply)


def mix(scenario: Any, rule: str) -> MixScript:
    [script] = [script for entry in scenario.rules if entry.name == rule for script in entry.scripts]
    assert isinstance(script, MixScript)
    return script


@pytest.mark.parametrize(
    ("name", "file", "rule", "transport"),
    [
        ("production-faults", 0, "a fault as often as in production, over SOAP", "soap"),
        ("production-faults", 0, "a fault as often as in production, over MLLP", "mllp"),
        ("izgateway/perf", 0, "PERF: a fault as often as in production", "soap"),
    ],
)
def test_the_published_numbers(
    shipped: Callable[..., Any],
    ask: Callable[..., Any],
    update: Make,
    registry: Any,
    name: str,
    file: int,
    rule: str,
    transport: str,
) -> None:
    """Each share is the number of faults of its kind in a million messages; all together they are the chance."""
    script = mix(shipped(name)[file], rule)
    request = ask(update(), transport=transport)

    found: Counter[str] = Counter()
    for share, member in script.members:
        found[kind(carry_out(member, Occasion(request=request, rule=rule, registry=registry.answer)))] += round(
            share * 13_667
        )

    wanted: Counter[str] = Counter()
    for fault, weight in WEIGHTS.items():
        wanted[OVER_MLLP.get(fault, fault) if transport == "mllp" else fault] += weight
    assert wanted == found
    assert 13_667 == sum(WEIGHTS.values()) == round(script.chance * 1_000_000)


@pytest.mark.parametrize("transport", ["soap", "mllp"])
def test_as_often_as_in_production(update: Make, answer: Replies, transport: str) -> None:
    """Over many messages; the rest is answered as the built-in registry does. The same seed gives the same."""
    message = update()
    found = Counter(kind(answer("production-faults", message, transport=transport, seed=n)) for n in range(8_000))

    assert 0.011 < 1 - found["AA"] / 8_000 < 0.017
    assert 0.36 < found["truncate"] / (8_000 - found["AA"]) < 0.52
    again = [answer("production-faults", message, transport=transport, seed=n) for n in range(100)]
    assert again == [answer("production-faults", message, transport=transport, seed=n) for n in range(100)]


def test_another_scenario_after_it(
    shipped: Callable[..., Any], ask: Callable[..., Any], update: Make, registry: Any
) -> None:
    """What is not spoiled is answered by the scenario that is named after it."""
    together = [*shipped("production-faults"), *shipped("ndiis-examples")]
    rules = {respond(ask(update({"PID-22": ""}), seed=seed), together, registry=registry).rule for seed in range(300)}

    assert {"the ethnic group is missing", "a fault as often as in production, over SOAP"} == rules


@pytest_twisted.ensureDeferred
async def test_faults_on_sockets(update: Make, sockets: Any, seed_for: Callable[..., int]) -> None:
    """With a seed whose messages meet faults: what a sender sees of them, over both transports."""
    mock = sockets.start("production-faults")
    seen: dict[str, str] = {}
    for transport in ("soap", "mllp"):
        for wanted in ("truncate", "reset", "control_character"):
            mock.service._dice = Fixed(seed_for(wanted, transport))
            if transport == "soap":
                data = await sockets.soap(mock, update())
            else:
                data = (await sockets.mllp(mock, update())).data
            seen[f"{transport} {wanted}"] = data.decode(errors="replace")

    assert "submitSingleMessageResponse" in seen["soap truncate"]
    assert "</" not in seen["soap truncate"]
    assert not seen["mllp truncate"].endswith("\x1c\r")
    assert "" == seen["soap reset"] == seen["mllp reset"]
    assert "\x13" in seen["soap control_character"]
    assert "\x13" in seen["mllp control_character"]


@pytest.mark.parametrize("transport", ["soap", "mllp"])
@pytest_twisted.ensureDeferred
async def test_silence_on_sockets(update: Make, sockets: Any, seed_for: Callable[..., int], transport: str) -> None:
    """No answer in time is no answer at all, however far the clock moves."""
    mock = sockets.start("production-faults")
    mock.service._dice = Fixed(seed_for("hang", transport))

    await sockets.silence(mock, update(), transport)


class Fixed:
    """Dice that always show the same."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def getrandbits(self, _: int) -> int:
        return self._seed


@pytest.fixture
def seed_for(update: Make, answer: Replies) -> Callable[..., int]:
    """The first seed with which a message meets a fault of that kind."""

    def find(wanted: str, transport: str) -> int:
        for seed in range(100_000):
            reply = answer("production-faults", update(), transport=transport, seed=seed)
            if reply.rule != "otherwise" and kind(reply) == wanted:
                return seed
        raise AssertionError(wanted)

    return find


def test_latency_of_production(update: Make, answer: Replies) -> None:
    """The quantiles of the published histogram."""
    delays = [answer("iis-latency", update(), seed=seed).delay for seed in range(8_000)]
    cuts = quantiles(delays, n=100)

    for percent, seconds in ((25, 0.41), (50, 1.6), (75, 3.0), (90, 4.8), (95, 6.1)):
        assert seconds == pytest.approx(cuts[percent - 1], rel=0.1)
    assert 9 < max(delays) <= 50


def test_latency_answers_as_the_registry(update: Make, query: Make, answer: Replies) -> None:
    """Late, but right."""
    assert "AA" == kind(answer("iis-latency", update()))
    assert 0 < answer("iis-latency", update()).delay
    assert "NF" == read_answer(read(answer("iis-latency", query()).text)).query_status


@pytest_twisted.ensureDeferred
async def test_late_on_a_socket(update: Make, sockets: Any, answer: Replies) -> None:
    """Nothing before its time, on the clock that stands still."""
    mock = sockets.start("iis-latency")
    mock.service._dice = Fixed(5)

    peer = await sockets.mllp(mock, update(), wait=answer("iis-latency", update(), transport="mllp", seed=5).delay)

    assert b"|M1\r" in peer.data


PERF = {"MSH-5": "TEST", "MSH-6": "PERF"}


def test_perf_updates(update: Make, answer: Replies) -> None:
    """Nearly all get AA with information, one in a hundred a warning, one in a hundred both."""
    replies = [answer("izgateway", update(PERF), transport="mllp", seed=n) for n in range(4_000)]
    found = Counter(len(read_answer(read(reply.text)).findings) * (kind(reply) == "AE") for reply in replies)

    assert {0, 1, 2} == set(found)
    assert all(20 < found[count] < 65 for count in (1, 2))
    assert all(reply.delay > 0 for reply in replies)


def test_perf_queries(query: Make, answer: Replies) -> None:
    """Two in a hundred end in an error."""
    replies = [answer("izgateway", query(PERF), transport="mllp", seed=n) for n in range(4_000)]
    found = Counter(read_answer(read(reply.text)).query_status for reply in replies)

    assert {"NF", "AE"} == set(found)
    assert 50 < found["AE"] < 115


@pytest.mark.parametrize(("case", "delay"), [("PERF_REPEATED_FAILURES", 0), ("PERF_REGIONAL_OUTAGE", 15)])
def test_perf_failures(update: Make, answer: Replies, case: str, delay: float) -> None:
    """Every fourth connection is reset, in an outage after fifteen seconds."""
    replies = [answer("izgateway", update({"MSH-5": "TEST", "MSH-6": case}), seed=n) for n in range(1_000)]
    resets = [reply for reply in replies if isinstance(reply, NoReply)]

    assert 210 < len(resets) < 290
    assert {delay} == {reply.delay for reply in resets}
    assert {"AA", "reset"} == {kind(reply) for reply in replies}
