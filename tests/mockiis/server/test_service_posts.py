"""Plain HTTP and batches, as the service answers them, without sockets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockiis.er7 import read, read_batch
from mockiis.message import HTTPReply
from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.server.exchange import Exchange
from mockiis.server.service import Service
from mockiis.wire.http_post import NoPost, Post

SCENARIO = """
version: 1
rules:
  - name: plain HTTP is down
    when: {transport: http, PID-5.1: Down}
    reply: {http: 503}
  - name: without its last CR
    when: {PID-5.1: Cut}
    reply: {ack: AA, wire: [no_last_cr]}
  - name: updates are accepted
    when: {message: VXU}
    reply: {ack: AA, text: "{{ username }} of {{ facility }}"}
"""
VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|{}|P|2.5.1\rPID|1||1||{}^Jane\r"
NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
ANN = Account(username="ann", password="secret", facilities=("F1",))


def service(**options: object) -> tuple[Service, list[Exchange]]:
    """A service with a fixed clock, and what it tells its observers."""
    exchanges: list[Exchange] = []
    made = Service(
        scenarios=[load(SCENARIO, "s.yaml")],
        clock=lambda: NOW,
        new_control_id=lambda: "R1",
        observers=[exchanges.append],
        **options,  # type: ignore[arg-type]
    )
    return made, exchanges


def vxu(number: int, name: str = "Doe") -> str:
    return VXU.format(f"M{number}", name)


def test_a_post_is_an_exchange_like_any_other() -> None:
    """Its credentials are there for scenarios, and never its password for the journal."""
    made, exchanges = service(accounts=(ANN,))
    post = Post(data=vxu(1).encode(), username="ann", password="secret", facility="F1")
    answer = made.answer_post(post, "peer").answer

    assert ("AA", "ann of F1") == tuple(read(answer.data.decode()).get(place) for place in ("MSA-1", "ERR-8"))
    assert [("http", "M1", "ann", "F1")] == [
        (entry.request.transport, entry.control_id, entry.request.username, entry.request.facility)
        for entry in exchanges
    ]
    assert "03:04:05 http peer VXU^V04 M1 -> AA" == exchanges[0].line().partition(" by")[0]


@pytest.mark.parametrize("wrong", [{"username": "bob"}, {"password": "guess"}, {"facility": "F2"}])
def test_wrong_credentials(wrong: dict[str, str]) -> None:
    """401 with the sentence of the SOAP interface, which does not say which of the three it was."""
    made, exchanges = service(accounts=(ANN,))
    given = {"username": "ann", "password": "secret", "facility": "F1", **wrong}
    reply = made.answer_post(Post(data=vxu(1).encode(), **given), "peer").answer.reply

    assert isinstance(reply, HTTPReply)
    assert (401, "Invalid Username, Password or FacilityID\n") == (reply.status, reply.body)
    assert "WWW-Authenticate" in dict(reply.headers)
    assert ["http peer not read - -> HTTP 401"] == [entry.line().partition(" ")[2] for entry in exchanges]


def test_a_request_without_a_message_is_noted_too() -> None:
    """Whoever watches sees why nothing came."""
    made, exchanges = service()
    reply = made.refuse_post(NoPost(status=400, sentence="no message"), "peer").answer.reply

    assert isinstance(reply, HTTPReply)
    assert (400, "no message\n", "text/plain; charset=utf-8") == (reply.status, reply.body, reply.content_type)
    assert ["no message"] == [entry.why() for entry in exchanges]


def test_what_is_no_message_is_refused_in_hl7() -> None:
    """As over MLLP, in words that fit."""
    made, _ = service()
    answer = read(made.answer_post(Post(data=(vxu(1) + vxu(2)).encode()), "peer").answer.data.decode())

    assert ("AR", "207") == (answer.get("MSA-1"), answer.get("ERR-3.1"))
    assert "Two MSH segments in one body and no batch header" == answer.get("ERR-8")


@pytest.mark.parametrize("way", ["mllp", "http"])
def test_members_of_a_batch_are_exchanges_of_their_own(way: str) -> None:
    """What is bad among them, even at the front, costs no other its answer."""
    made, exchanges = service(max_message=600)
    large = vxu(4) + "NTE|1||" + "x" * 700 + "\r"
    sent = "BHS|^~\\&|A|B|C|D\rMSX|^~\\&|A\r" + vxu(1, "Cut") + vxu(2) + large + vxu(3) + "BTS|5\r"
    data = sent.encode()
    answer = made.answer_frame(data, "p").answer if way == "mllp" else made.answer_post(Post(data=data), "p").answer
    batch = read_batch(answer.data.decode())
    answers = [read(text) for text in batch.messages]

    assert "" == batch.stray
    assert [("AR", ""), ("AA", "M1"), ("AA", "M2"), ("AR", "M4"), ("AA", "M3")] == [
        (entry.get("MSA-1"), entry.get("MSA-2")) for entry in answers
    ]
    assert answers[3].get("ERR-8") == "The message has more than 600 characters"
    assert ["", "M1", "M2", "M4", "M3"] == [entry.control_id for entry in exchanges]
    assert {way} == {entry.request.transport for entry in exchanges}
    assert "BTS|5\r" == batch.parts[-1]


def test_a_response_of_http_alone_answers_a_whole_batch() -> None:
    """There is no such thing within a batch."""
    made, exchanges = service()
    data = ("BHS|^~\\&\r" + vxu(1) + vxu(2, "Down") + "BTS|2\r").encode()

    assert HTTPReply(status=503).status == made.answer_post(Post(data=data), "p").answer.reply.status  # type: ignore[attr-defined]
    assert 2 == len(exchanges)
