"""The sender against everything that can go wrong with an answer: each send ends, in bounded time, and says how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred

from mockiis.message.misbehaviour import KINDS
from mockiis.scenario import load
from mockiis.testing import MockIIS, Settings
from sender.destination import Destination, parse_address
from sender.outcome import Outcome
from sender.send import Session

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane\r"
ACCEPTED = ("accepted", "accepted (MSA-1 AA)")
NO = "not an acknowledgment"
LATE = "timed out"
UNREADABLE = "HTTP status 200 with a body that cannot be read: not well-formed XML: "

COMMON = {
    "wrong_msa_2": (NO, "the answer is for another message: MSA-2 is 'NOT-M1', the message control id 'M1'"),
    "missing_msa_2": (NO, "MSA-2 of the answer is empty"),
    "oversized": ACCEPTED,
    "lf_segments": ACCEPTED,
    "no_last_cr": ACCEPTED,
    "control_character": (NO, "the answer has no MSA segment"),
    "base64": (NO, "the answer is no HL7 message: it does not begin with MSH"),
    "url_encoded": (NO, "the answer has no MSA segment"),
    "split": ACCEPTED,
    "dribble": ACCEPTED,
    "close_after": ACCEPTED,
    "reset_after": ACCEPTED,
    "hang_after": ACCEPTED,
}
MLLP = COMMON | {
    "unframed": (LATE, "no answer within 30 s; bytes came that are no MLLP frame: it begins with VT (0x0B)"),
    "no_start": (NO, "what came back is no MLLP frame: text that ends with FS (0x1C) but does not begin with VT"),
    "no_end": (LATE, "no answer within 30 s; a frame began and did not end: FS (0x1C) did not come"),
    "no_final_cr": ACCEPTED,
    "duplicate_ack": ACCEPTED,
    "stray_ack": (NO, "the answer is for another message: MSA-2 is 'STRAY', the message control id 'M1'"),
    "commit_ack": ACCEPTED,
    "commit_nak": (NO, "what came back is no acknowledgment but a negative commit block (NAK) of MLLP Release 2"),
    "empty": (NO, "the answer is empty"),
    "garbage": ACCEPTED,
    "truncate": (NO, "what came back is no MLLP frame: the connection was closed before the FS (0x1C) of the frame"),
}
FAULT = ("faulted", "SecurityFault: ")
SOAP = COMMON | {
    "control_character": (NO, UNREADABLE + "a character that XML does not allow, such as a control character"),
    "fault_unqualified": FAULT,
    "fault_outside_body": FAULT,
    "fault_without_value": FAULT,
    "fault_wrong_reason": ("faulted", "SecurityFault: Security Fault - no"),
    "wrong_namespace": (NO, "HTTP status 200: expected submitSingleMessageResponse in namespace urn:cdc:iisb:2011"),
    "wrong_elements": (NO, "submitSingleMessageResponse: expected one return of text"),
    "extra_element": (NO, "submitSingleMessageResponse: expected one return of text"),
    "no_prefixes": (NO, "HTTP status 200: expected a SOAP Envelope, found Envelope in no namespace"),
    "cdata": ACCEPTED,
    "unclosed_xml": (NO, UNREADABLE + "the end of the document inside an element"),
    "empty": (NO, "HTTP status 200 with an empty body; expected a SOAP envelope"),
    "garbage": (NO, UNREADABLE),
    "gzip": (NO, "HTTP status 200 with a body that is compressed (gzip), which was not asked for"),
    "wrong_content_type": ACCEPTED,
    "content_length_too_long": (LATE, "no answer within 30 s; HTTP status 200 and "),
    "content_length_too_short": (NO, UNREADABLE),
    "truncate": ("connection failed", "{address} broke off in the middle of its answer; HTTP status 200 and "),
    "slow_headers": ACCEPTED,
}
LEFT_BEHIND = ["duplicate_ack", "stray_ack", "truncate", "no_end", "content_length_too_short", "garbage"]
CASES = [(transport, name) for transport, table in (("mllp", MLLP), ("soap", SOAP)) for name in table]


def test_every_kind_has_its_outcome() -> None:
    """Over each transport it is for."""
    assert {name for name, kind in KINDS.items() if "mllp" in kind.transports} == set(MLLP)
    assert {name for name, kind in KINDS.items() if "soap" in kind.transports} == set(SOAP)


class Trial:
    """A mock that misbehaves, and a sender whose time limit passes when the test says so."""

    def __init__(self, transport: str, reply: str, clocked: Any, **settings: Any) -> None:
        rule = f"version: 1\nrules:\n  - {{name: wrong, when: {{transport: {transport}}}, reply: {reply}}}\n"
        self.iis = MockIIS(load(rule, "wrong.yaml"), settings=Settings(**settings))
        self.clocked = clocked
        address = self.iis.soap_url if transport == "soap" else self.iis.mllp_url
        self.to: Destination = parse_address(address)

    async def send(self, session: Session, control_id: str = "M1", *, late: bool = False) -> Outcome:
        """Send; when the answer has been given all the time it takes, the sender gets its limit too if need be."""
        before = len(self.iis.exchanges)
        sending = Deferred.fromCoroutine(session.send(VXU.replace("M1", control_id)))
        await self.iis.received(before + 1)
        self.iis.clock.advance(60)
        if late:
            await self.came(sending)
            self.clocked.clock.advance(30)
        return await sending.addTimeout(10, self.clocked._reactor)

    async def came(self, sending: Deferred[Outcome]) -> None:
        """Let what is on its way arrive: another exchange, on connections of its own."""
        other = replace(self.to, transport="soap", path="/", port=int(self.iis.soap_url.split(":")[2].split("/")[0]))
        async with Session(other, self.clocked) as session:
            for _ in range(2):
                await session.connectivity_test()
        assert not sending.called


@pytest.mark.parametrize(("transport", "name"), CASES)
@pytest_twisted.ensureDeferred
async def test_each_send_ends(clocked: Any, transport: str, name: str) -> None:
    """With the outcome that the table says, and nothing is left waiting."""
    expected, sentence = {"mllp": MLLP, "soap": SOAP}[transport][name]
    reply = "fault: SecurityFault, detail: no" if "message" not in KINDS[name].answers else "ack: AA"
    trial = Trial(transport, f"{{{reply}, wire: [{name}]}}", clocked)
    try:
        async with Session(trial.to, clocked) as session:
            outcome = await trial.send(session, late=expected == LATE)
    finally:
        await trial.iis.stop()

    assert (expected, sentence.replace("{address}", trial.to.address)) == (
        outcome.name,
        outcome.sentence[: len(sentence.replace("{address}", trial.to.address))],
    )
    assert outcome.next_step or outcome.name == "accepted"
    assert [] == trial.iis.clock.getDelayedCalls()


@pytest.mark.parametrize("transport", ["mllp", "soap"])
@pytest.mark.parametrize("name", LEFT_BEHIND)
@pytest_twisted.ensureDeferred
async def test_the_next_message_is_not_taken_in(clocked: Any, transport: str, name: str) -> None:
    """What is left of a wrong answer is never taken for the answer to the next message."""
    if transport not in KINDS[name].transports:
        return
    late = name == "no_end"
    trial = Trial(transport, f"{{ack: AA, wire: [{name}]}}", clocked)
    fine = load("version: 1\nrules:\n  - {name: fine, reply: {ack: AA}}\n", "fine.yaml")
    try:
        async with Session(trial.to, clocked) as session:
            await trial.send(session, late=late)
            trial.iis.load(fine)
            outcome = await trial.send(session, "M2")
    finally:
        await trial.iis.stop()

    assert ACCEPTED == (outcome.name, outcome.sentence)


@pytest.mark.parametrize("transport", ["mllp", "soap"])
@pytest.mark.parametrize(
    ("how", "expected", "step"),
    [
        ("refuse", "connection refused: nothing listens at {}", "check the address and that something listens there"),
        ("go_down", "connection refused: nothing listens at {}", "check the address and that something listens there"),
        ("ignore", "no answer within 30 s", "send the same message again"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_listener_that_lets_nobody_in(clocked: Any, transport: str, how: str, expected: str, step: str) -> None:
    """And the next message gets through when it has come back."""
    trial = Trial(transport, "{ack: AA}", clocked)
    name: Any = transport
    # a refusal is told only after a moment of the sender's time, in which another address might have answered
    time: Any = clocked if how == "ignore" else clocked._reactor
    try:
        async with Session(trial.to, time) as session:
            await trial.send(session)
            await session.close()
            closed = getattr(trial.iis.listeners, how)(name)
            await (closed or Deferred.fromCoroutine(nothing()))
            sending = Deferred.fromCoroutine(session.send(VXU))
            if how == "ignore":
                await connected(session)
                clocked.clock.advance(30)
            outcome = await sending
            await trial.iis.listeners.come_back(name)
            again = await trial.send(session, "M2")
    finally:
        await trial.iis.stop()

    assert expected.format(trial.to.address) == outcome.sentence
    assert outcome.next_step.startswith(step)
    assert "accepted" == again.name


async def nothing() -> None:
    """For what is done at once."""


async def connected(session: Session) -> None:
    """Until the sender has its connection, so that it is the answer it waits for."""
    from twisted.internet import reactor, task

    transport: Any = session._transport
    standing = getattr(transport, "_connected_now", lambda: transport._web._way.connected)
    while not standing():
        await task.deferLater(reactor, 0)


@pytest.mark.parametrize("transport", ["mllp", "soap"])
@pytest_twisted.ensureDeferred
async def test_a_handshake_that_is_broken_off(issue: Any, clocked: Any, transport: str) -> None:
    """Nothing has been sent, and the advice is about TLS."""
    issued = issue("127.0.0.1")
    trial = Trial(transport, "{ack: AA}", clocked, tls=issued.options)
    name: Any = transport
    trial.iis.listeners.abort_tls(name)
    try:
        async with Session(replace(trial.to, ca=issued.authority), clocked) as session:
            outcome: Any = await session.send(VXU)
    finally:
        await trial.iis.stop()

    assert "alert handshake failure: the other side broke off the handshake" in outcome.sentence
    assert outcome.next_step.startswith("ask those who run the registry which TLS versions and ciphers it takes")
    assert not outcome.connected
