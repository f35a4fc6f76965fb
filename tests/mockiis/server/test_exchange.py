"""What the log says of an exchange: enough to act on, nothing of the patient, no password."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.server.exchange import Exchange
from mockiis.server.service import Service
from mockiis.wire.soap import SUBMIT_SINGLE_MESSAGE
from mockiis.wire.soap_server import Call, Endpoint, Refusal

RULES = """
version: 1
rules:
  - {name: updates are accepted, when: {message: VXU}, reply: {ack: AA}}
  - {name: dropped, when: {message: ADT}, reply: {drop: close}}
  - {name: expired, when: {message: QBP, transport: soap}, reply: {fault: SecurityFault}}
"""
VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane||20190102\r"
PEER = "127.0.0.1:9"
ACCOUNTS = (Account(username="u", password="p4ss"),)


def service(rules: str = RULES, **options: object) -> tuple[Service, list[Exchange]]:
    """A service with a fixed clock, and what it tells its observers."""
    exchanges: list[Exchange] = []
    made = Service(
        scenarios=[load(rules, "rules.yaml")],
        clock=lambda: datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        new_control_id=lambda: "R1",
        observers=[exchanges.append],
        **options,  # type: ignore[arg-type]
    )
    return made, exchanges


def call(text: str, **fields: str) -> Call:
    """What the SOAP endpoint reads from an envelope."""
    values = {**fields, "hl7Message": text.replace("&", "&amp;").replace("\r", "&#13;")}
    read = Endpoint().read(enveloped("".join(f"<{name}>{value}</{name}>" for name, value in values.items())), "")
    assert isinstance(read, Call), read
    return read


def enveloped(children: str) -> bytes:
    """A SOAP 1.2 envelope with submitSingleMessage."""
    name = SUBMIT_SINGLE_MESSAGE.name
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
        f'<{name} xmlns="urn:cdc:iisb:2011">{children}</{name}></e:Body></e:Envelope>'
    ).encode()


@pytest.mark.parametrize(
    ("frame", "lines"),
    [
        (VXU, ['VXU^V04 M1 -> AA by rule "updates are accepted"']),
        (VXU.replace("VXU^V04", "ORU^R01"), ["ORU^R01 M1 -> AR"]),
        (VXU.replace("VXU^V04^VXU_V04", "ADT^A04"), ['ADT^A04 M1 -> connection closed by rule "dropped"']),
        ("hello", ["not read - -> AR"]),
        (VXU.replace("VXU^V04^VXU_V04", "Doe^Jane"), ["unknown type M1 -> AR"]),
        (VXU.replace("^", "@").replace("|@~\\&|", "|@~\\&|"), ['VXU^V04 M1 -> AA by rule "updates are accepted"']),
        (
            f"BHS|^~\\&\r{VXU}{VXU.replace('M1', 'M2')}MSH\rBTS|3\r",
            [
                'VXU^V04 M1 -> AA by rule "updates are accepted"',
                'VXU^V04 M2 -> AA by rule "updates are accepted"',
                "not read - -> AR",
            ],
        ),
    ],
)
def test_each_exchange_is_a_line(frame: str, lines: list[str]) -> None:
    """Type, control id, answer and rule; each message of a batch has its own; other separators are read."""
    made, exchanges = service()
    made.answer_frame(frame.encode(), PEER)

    assert [f"03:04:05 mllp {PEER} {line}" for line in lines] == [exchange.line() for exchange in exchanges]


@pytest.mark.parametrize(
    ("text", "fields", "kind", "why"),
    [
        (VXU, {"username": "Doe", "password": "secret"}, "SecurityFault", "Invalid Username, Password or FacilityID"),
        (VXU + "x" * 999, {}, "MessageTooLargeFault", "hl7Message has 1082 characters; the limit is 500"),
        (VXU + VXU, {}, "MessageTooLargeFault", "hl7Message holds more than one MSH segment; send one message at a"),
        ("BHS|^~\\&\r" + VXU, {}, "MessageTooLargeFault", "hl7Message holds a batch; send one message at a time"),
        (
            "Jane Doe",
            {},
            "UnknownFault",
            (
                "hl7Message is not a readable HL7 message: expected a message that begins with"
                " MSH and a field separator, found text that is no segment"
            ),
        ),
    ],
)
def test_a_fault_of_our_own_is_explained(text: str, fields: dict[str, str], kind: str, why: str) -> None:
    """Each refusal over SOAP says why, and names neither the message nor who sent it."""
    made, exchanges = service(accounts=ACCOUNTS, max_message=500)
    made.answer_call(call(text, **(fields or {"username": "u", "password": "p4ss"})), PEER)

    [exchange] = exchanges
    assert f"03:04:05 soap {PEER} not read - -> {kind}" == exchange.line()
    assert exchange.why().startswith(why)
    assert not {word for word in ("Doe", "Jane", "secret", "p4ss") if word in exchange.line() + exchange.why()}


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"<Doe/>", "", "expected a SOAP 1.2 or 1.1 Envelope, found …"),
        (b"hello", "", "not well-formed XML: no XML element, at line 1, column 1"),
        (b"x", "doe/jane", "the content type is …; expected application/soap+xml"),
        (
            enveloped("<Doe>x</Doe>"),
            "",
            ("submitSingleMessage: … is not expected; expected username, password, facilityID, hl7Message"),
        ),
        (
            enveloped('<username xmlns="urn:Doe">x</username>'),
            "",
            ("submitSingleMessage: username is in …; expected namespace urn:cdc:iisb:2011"),
        ),
        (
            enveloped("<username><Doe/></username>"),
            "",
            ("submitSingleMessage: username holds the element …; expected text (escape it, or use CDATA)"),
        ),
        (enveloped("<username>x</username><username>x</username>"), "", "submitSingleMessage: username is given twice"),
        (enveloped(""), "", "submitSingleMessage: hl7Message is missing; it is required"),
    ],
)
def test_an_envelope_that_is_refused_is_explained(body: bytes, content_type: str, why: str) -> None:
    """The reason is in the log; an ellipsis stands for each name that the sender chose."""
    made, exchanges = service()
    refusal = Endpoint().read(body, content_type)
    assert isinstance(refusal, Refusal)
    made.refuse_call(refusal, PEER)

    assert [why] == [exchange.why() for exchange in exchanges]
    assert "…" not in refusal.detail


def test_a_fault_by_a_rule_needs_no_explanation() -> None:
    """The rule's name says why."""
    made, exchanges = service()
    made.answer_call(call(VXU.replace("VXU^V04^VXU_V04", "QBP^Q11^QBP_Q11")), PEER)

    assert [f'03:04:05 soap {PEER} QBP^Q11 M1 -> SecurityFault by rule "expired"'] == [e.line() for e in exchanges]
    assert [""] == [exchange.why() for exchange in exchanges]


@pytest.mark.parametrize("choice", ["ack", "close", "silent"])
def test_what_cannot_be_read_is_explained_whatever_it_gets(choice: str) -> None:
    """The frame's own text stays out."""
    made, exchanges = service(on_unreadable=choice)
    made.answer_frame(b"Jane Doe", PEER)

    [exchange] = exchanges
    assert (
        "Not a readable HL7 message: expected a message that begins with MSH and a field separator,"
        " found text that is no segment"
    ) == exchange.why()


def test_an_answer_that_quotes_the_patient_is_not_logged() -> None:
    """What ``otherwise`` says to the sender is the author's choice; the log says why no rule matched."""
    otherwise = "otherwise: {ack: AE, text: 'Patient {{ PID-5 }} born {{ PID-7 }}'}\n"
    made, exchanges = service(RULES + otherwise)
    answer = made.answer_frame(VXU.replace("VXU^V04^VXU_V04", "ORU^R01").encode(), PEER).answer.data.decode()

    assert "Doe" in answer
    [exchange] = exchanges
    assert exchange.line().endswith('ORU^R01 M1 -> AE by rule "otherwise"')
    assert (
        'No rule matched. The closest is "updates are accepted" (rules.yaml, rule 1): message must be VXU but is'
        " ORU^R01." == exchange.why()
    )
    assert not {word for word in ("Doe", "Jane", "20190102") if word in exchange.line() + exchange.why()}


def test_a_control_id_cannot_forge_a_line_of_the_log() -> None:
    """Escape sequences and line ends in MSH-10 are shown as question marks."""
    made, exchanges = service()
    made.answer_frame(VXU.replace("M1", "a\\X0A\\b\x1b[31m").encode(), PEER)

    assert "VXU^V04 a?b??31m -> AA" in exchanges[0].line()


def test_what_goes_wrong_on_the_way_is_logged() -> None:
    """A page by its status, and what is done to it by name."""
    rules = "version: 1\nrules:\n  - {name: proxy, when: {transport: soap}, reply: {http: 502, wire: [dribble]}}\n"
    made, exchanges = service(rules)
    made.answer_call(call(VXU), PEER)

    assert exchanges[0].line().endswith('-> HTTP 502 (dribble) by rule "proxy"')
