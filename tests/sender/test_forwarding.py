"""The mock between a sender and a registry: every way in, every way out, and what goes wrong behind."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from twisted.internet import defer

from mockiis.er7 import read, read_batch
from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.server.forwarding import Forwarding
from mockiis.testing import MockIIS
from sender.destination import parse_address
from sender.forwarding import Forwarder
from sender.outcome import Answered, Faulted
from sender.send import Session, send

VXU = "MSH|^~\\&|A|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M{}|P|2.5.1\rPID|1||1||{}^Jane\r"
BEHIND = """
version: 1
rules:
  - name: a fault
    when: {transport: soap, PID-5.1: Fault}
    reply: {fault: MessageTooLargeFault, detail: Far too large}
  - name: not HL7
    when: {PID-5.1: Garbled}
    reply: {hl7: "NTE|1||what is this?"}
  - name: never
    when: {PID-5.1: Silent}
    reply: {drop: hang}
  - name: all others
    reply:
      hl7: |
        MSH|^~\\&|BEHIND|X|A|B|20240101||ACK^V04^ACK|77|P|2.5.1||||||UNICODE UTF-8
        MSA|AA|{{ MSH-10 }}|grüße|{{ username }}/{{ facility }}
"""
FRONT = """
version: 1
rules:
  - name: refused in front
    when: {PID-5.1: Stop}
    reply: {ack: AE}
  - name: passed on, and another control id comes back
    when: {PID-5.1: Spoiled}
    reply: {forward: true, wire: [{wrong_msa_2: "9"}]}
"""
ANN = Account(username="ann", password="p", facilities=("F1",))


def vxu(name: str = "Doe", number: int = 1) -> str:
    return VXU.format(number, name)


class Pair:
    """A registry, and a mock in front of it."""

    def __init__(self, way: str = "soap", front: str = FRONT, **options: Any) -> None:
        from twisted.internet import reactor

        self.behind = MockIIS(load(BEHIND, "behind.yaml"))
        address = {
            "soap": self.behind.soap_url,
            "mllp": self.behind.mllp_url,
            "http": self.behind.http_url.replace("http", "http+hl7", 1),
        }[way]
        self.forwarder = Forwarder(address, reactor, **options)
        scripts = [load(front, "front.yaml")] if front else []
        self.front = MockIIS(*scripts, forwarding=Forwarding(self.forwarder))

    def to(self, way: str) -> Any:
        from dataclasses import replace

        if way == "mllp":
            return parse_address(self.front.mllp_url)
        address = self.front.soap_url if way == "soap" else self.front.http_url.replace("http", "http+hl7", 1)
        return replace(parse_address(address), username="ann", password="p", facility="F1")

    async def stop(self) -> None:
        await self.forwarder.close()
        await defer.gatherResults([self.front.stop(), self.behind.stop()])


@pytest.mark.parametrize("out", ["soap", "mllp", "http"])
@pytest.mark.parametrize("into", ["soap", "mllp", "http"])
@pytest_twisted.ensureDeferred
async def test_every_way_in_and_out(into: str, out: str) -> None:
    """The text is the same on both sides, the credentials too where both ways have them, and both sides note it."""
    from twisted.internet import reactor

    pair = Pair(out)
    outcome = await send(vxu(), pair.to(into), reactor)
    await pair.stop()
    who = "/" if "mllp" in (into, out) else "ann/F1"

    assert isinstance(outcome, Answered)
    assert (f"MSA|AA|M1|grüße|{who}", "BEHIND") == (
        read(outcome.text).named("MSA")[0].text,
        read(outcome.text).get("MSH-3"),
    )
    (behind,), (front,) = pair.behind.exchanges, pair.front.exchanges
    assert (out, into) == (behind.request.transport, front.request.transport)
    assert vxu().splitlines() == behind.request.text.splitlines() == front.request.text.splitlines()
    assert outcome.text.splitlines() == front.reply.text.splitlines()  # type: ignore[attr-defined]
    assert front.why() == f"forwarded to {pair.forwarder.address}"


@pytest_twisted.ensureDeferred
async def test_rules_come_first_and_may_spoil_what_comes_back() -> None:
    """What a rule answers never leaves; without rules everything does."""
    from twisted.internet import reactor

    pair = Pair()
    stopped = await send(vxu("Stop"), pair.to("mllp"), reactor)
    spoiled = await send(vxu("Spoiled"), pair.to("mllp"), reactor)
    await pair.stop()

    assert ("rejected", "not an acknowledgment") == (stopped.name, spoiled.name)
    assert ["Spoiled"] == [exchange.request.message.get("PID-5.1") for exchange in pair.behind.exchanges]  # type: ignore[union-attr]

    bare = Pair(front="")
    outcome = await send(vxu("Stop"), bare.to("soap"), reactor)
    await bare.stop()
    assert "accepted" == outcome.name


@pytest_twisted.ensureDeferred
async def test_a_fault_stays_a_fault_over_soap_and_becomes_a_refusal_elsewhere() -> None:
    """AR 207, whose ERR-8 says what came."""
    from twisted.internet import reactor

    pair = Pair()
    fault = await send(vxu("Fault"), pair.to("soap"), reactor)
    refused = await send(vxu("Fault"), pair.to("mllp"), reactor)
    await pair.stop()

    assert isinstance(fault, Faulted)
    assert ("MessageTooLargeFault", "Far too large") == (fault.kind, fault.detail)
    answer = read(refused.text)
    assert ("AR", "M1", "207") == (answer.get("MSA-1"), answer.get("MSA-2"), answer.get("ERR-3.1"))
    assert answer.get("ERR-8").startswith("No answer from the registry behind: MessageTooLargeFault: ")


@pytest.mark.parametrize("out", ["soap", "mllp", "http"])
@pytest_twisted.ensureDeferred
async def test_nobody_behind(out: str) -> None:
    """Refused at once, and the next message gets through when somebody is there again."""
    from twisted.internet import reactor

    pair = Pair(out)
    listener: Any = "mllp" if out == "mllp" else "soap"
    await pair.behind.listeners.go_down(listener)
    gone = [await send(vxu(), pair.to(way), reactor) for way in ("mllp", "http", "soap")]
    await pair.behind.listeners.come_back(listener)
    back = await send(vxu(), pair.to("mllp"), reactor)
    await pair.stop()

    assert ["rejected", "rejected", "faulted"] == [outcome.name for outcome in gone]
    assert "No answer from the registry behind: connection refused" in read(gone[0].text).get("ERR-8")
    assert isinstance(gone[2], Faulted)
    assert gone[2].detail.startswith("connection refused")
    assert "accepted" == back.name


@pytest.mark.parametrize("out", ["soap", "mllp", "http"])
@pytest_twisted.ensureDeferred
async def test_a_registry_that_says_nothing(out: str) -> None:
    """The time limit ends the wait."""
    from twisted.internet import reactor

    pair = Pair(out, timeout=0.2)
    outcome = await send(vxu("Silent"), pair.to("mllp"), reactor)
    following = await send(vxu(), pair.to("mllp"), reactor)
    await pair.stop()

    assert "No answer from the registry behind: no answer within 0.2 s" == read(outcome.text).get("ERR-8")
    assert "accepted" == following.name


@pytest_twisted.ensureDeferred
async def test_what_comes_back_is_passed_on_whatever_it_is() -> None:
    """It is the sender's to judge."""
    from twisted.internet import reactor

    pair = Pair("mllp")
    outcome = await send(vxu("Garbled"), pair.to("mllp"), reactor)
    await pair.stop()
    assert "NTE|1||what is this?\r" == outcome.text


@pytest_twisted.ensureDeferred
async def test_credentials_may_be_replaced_and_accounts_are_asked_first() -> None:
    """Those of the options go on, whoever sent the message."""
    from twisted.internet import reactor

    pair = Pair("soap", username="state", password="secret", facility="HUB")
    pair.front.service.accounts = (ANN,)
    outcome = await send(vxu(), pair.to("soap"), reactor)
    pair.front.service.accounts = (Account(username="bob", password="p"),)
    refused = await send(vxu(), pair.to("soap"), reactor)
    await pair.stop()

    assert "state/HUB" in outcome.text
    assert ("faulted", 1) == (refused.name, len(pair.behind.exchanges))


@pytest_twisted.ensureDeferred
async def test_a_batch_is_passed_on_message_by_message() -> None:
    """One batch comes back, those that a rule answers included."""
    from twisted.internet import reactor

    pair = Pair()
    batch = "BHS|^~\\&|A|B|C|D\r" + vxu("Doe", 1) + vxu("Stop", 2) + "MSH\r" + vxu("Doe", 3) + "BTS|4\r"
    async with Session(pair.to("mllp"), reactor) as session:
        received: Any = await session._transport.submit(batch)
    await pair.stop()
    answers = [read(text) for text in read_batch(received.text).messages]

    assert [("AA", "M1"), ("AE", "M2"), ("AR", ""), ("AA", "M3")] == [
        (answer.get("MSA-1"), answer.get("MSA-2")) for answer in answers
    ]
    assert ["M1", "M3"] == [exchange.control_id for exchange in pair.behind.exchanges]
    assert ["M1", "M2", "", "M3"] == [exchange.control_id for exchange in pair.front.exchanges]


@pytest_twisted.ensureDeferred
async def test_a_rule_forwards_and_there_is_nowhere() -> None:
    """The sender is told whose fault it is."""
    from twisted.internet import reactor

    mock = MockIIS(load(FRONT, "front.yaml"))
    outcome = await send(vxu("Spoiled"), parse_address(mock.mllp_url), reactor)
    await mock.stop()
    expected = "No answer from the registry behind: the rule says 'forward', and the mock was started without --forward"

    assert expected == read(outcome.text).get("ERR-8")
