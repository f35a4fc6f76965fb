"""From bytes to reply, without sockets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scenarios
from mockiis.er7 import read, read_batch
from mockiis.message import FaultKind, FaultReply, MessageReply, NoReply, Reply
from mockiis.scenario import load
from mockiis.server.accounts import Account
from mockiis.server.exchange import Exchange
from mockiis.server.service import Service
from mockiis.wire.soap_server import Call, Endpoint

ACCEPT = """
version: 1
name: accept
rules:
  - name: updates are accepted
    when: {message: VXU}
    reply: {ack: AA}
  - name: the second is dropped
    when: {message: ADT}
    reply: {drop: close}
"""
VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane\r"
NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def service(**options: object) -> tuple[Service, list[Exchange]]:
    """A service with a fixed clock, and what it tells its observers."""
    exchanges: list[Exchange] = []
    made = Service(
        scenarios=[load(ACCEPT, "accept.yaml")],
        clock=lambda: NOW,
        new_control_id=lambda: "R1",
        observers=[exchanges.append],
        **options,  # type: ignore[arg-type]
    )
    return made, exchanges


def call(text: str = VXU, **fields: str) -> Call:
    """What the SOAP endpoint reads from an envelope with these fields."""
    values = {**fields, "hl7Message": text.replace("&", "&amp;").replace("\r", "&#13;")}
    children = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    operation = f'<submitSingleMessage xmlns="urn:cdc:iisb:2011">{children}</submitSingleMessage>'
    envelope = (
        f'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>{operation}</e:Body></e:Envelope>'
    )
    read_call = Endpoint().read(envelope.encode(), "application/soap+xml")
    assert isinstance(read_call, Call), read_call
    return read_call


def text_of(reply: Reply) -> str:
    """The message of a reply that is one."""
    assert isinstance(reply, MessageReply), reply
    return reply.text


def test_a_frame_is_answered_by_the_first_matching_rule() -> None:
    """The acknowledgment goes out in bytes, and observers see the exchange."""
    made, exchanges = service()
    answer = made.answer_frame(VXU.encode(), "127.0.0.1:1").answer

    assert ("AA", "M1") == (read(answer.data.decode()).get("MSA-1"), read(answer.data.decode()).get("MSA-2"))
    assert ["updates are accepted"] == [exchange.reply.rule for exchange in exchanges]


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"PID|1\r", b"\xff\xfe", b"MSH", VXU.encode() + VXU.encode(), b"FHS|^~\\&\rBHS|^~\\&\rBTS|0\r"],
)
def test_an_unreadable_frame_is_told_so(data: bytes) -> None:
    """AR 207 with an empty MSA-2 and the reason in ERR-8; two messages need a batch header."""
    made, _ = service()
    answer = read(made.answer_frame(data, "peer").answer.data.decode())

    assert ("AR", "", "207", "E") == tuple(answer.get(place) for place in ("MSA-1", "MSA-2", "ERR-3.1", "ERR-4"))
    assert answer.get("ERR-8").startswith(("Not a readable HL7 message", "Two MSH segments"))


@pytest.mark.parametrize(("choice", "how"), [("close", "close"), ("silent", "hang")])
def test_an_unreadable_frame_may_get_no_answer(choice: str, how: str) -> None:
    """As the guide has it: what is not HL7 gets no HL7 answer."""
    made, _ = service(on_unreadable=choice)
    answer = made.answer_frame(b"hello", "peer").answer

    assert isinstance(answer.reply, NoReply)
    assert (how, b"") == (answer.reply.how, answer.data)


def test_a_batch_gets_one_batch_with_an_answer_for_each_message() -> None:
    """FHS and BHS answer FHS and BHS with sender and receiver exchanged; BTS counts the answers."""
    made, exchanges = service()
    frame = f"FHS|^~\\&|EHR|CLINIC|IIS|ND\rBHS|^~\\&|EHR|CLINIC|IIS|ND\r{VXU}{VXU.replace('M1', 'M2')}BTS|2\rFTS|1\r"
    batch = read_batch(made.answer_frame(frame.encode(), "peer").answer.data.decode())

    assert ["M1", "M2"] == [read(text).get("MSA-2") for text in batch.messages]
    assert "FHS|^~\\&|IIS|ND|EHR|CLINIC|20240102030405+0000||||R1\r" == batch.parts[0]
    assert ("BTS|2\r", "FTS|1\r") == batch.parts[-2:]
    assert 2 == len(exchanges)


def test_a_broken_message_does_not_spoil_its_batch() -> None:
    """Its neighbors are answered as ever, and it gets its own refusal; nobody's answer covers it."""
    made, _ = service()
    frame = f"BHS|^~\\&|EHR\r{VXU}MSH\r{VXU}BTS|3\r"
    batch = read_batch(made.answer_frame(frame.encode(), "peer").answer.data.decode())

    assert ["AA", "AR", "AA"] == [read(text).get("MSA-1") for text in batch.messages]
    assert ["M1", "", "M1"] == [read(text).get("MSA-2") for text in batch.messages]
    assert "BTS|3\r" == batch.parts[-1]


def test_a_batch_whose_member_hangs_up_hangs_up() -> None:
    """A connection cannot be half closed for one message of a batch."""
    made, _ = service()
    answer = made.answer_frame(
        f"BHS|^~\\&|EHR\r{VXU}{VXU.replace('VXU^V04', 'ADT^A04')}BTS|2\r".encode(), "peer"
    ).answer

    assert isinstance(answer.reply, NoReply)


def test_an_answer_is_in_the_character_set_of_the_request() -> None:
    """Latin-1 in, Latin-1 out: the name in MSH-4 comes back as the bytes that came."""
    made, _ = service()
    text = "MSH|^~\\&|A|Klinik S\u00fcd|C|D|20240101||VXU^V04|1|P|2.5.1||||||8859/1\r"
    data = made.answer_frame(text.encode("latin-1"), "peer").answer.data

    assert b"Klinik S\xfcd" in data


def test_a_message_over_the_limit_is_refused() -> None:
    """AR 207 over MLLP with the message's own control id, MessageTooLargeFault over SOAP; both name the limit."""
    made, _ = service(max_message=100)
    text = VXU + "NTE|1||" + "x" * 100 + "\r"
    over_mllp = read(made.answer_frame(text.encode(), "peer").answer.data.decode())
    over_soap = made.answer_call(call(text), "peer").answer

    assert ("AR", "M1", "The message has more than 100 characters") == tuple(
        over_mllp.get(place) for place in ("MSA-1", "MSA-2", "ERR-8")
    )
    assert isinstance(over_soap, FaultReply)
    assert FaultKind.MESSAGE_TOO_LARGE == over_soap.kind
    assert "the limit is 100" in over_soap.detail


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hello", FaultKind.UNKNOWN),
        ("", FaultKind.UNKNOWN),
        (VXU + VXU, FaultKind.MESSAGE_TOO_LARGE),
        ("FHS|^~\\&\rBHS|^~\\&\r" + VXU, FaultKind.MESSAGE_TOO_LARGE),
        ("BHS|^~\\&\r" + VXU + VXU + "BTS|2\r", FaultKind.MESSAGE_TOO_LARGE),
        ("hello\rBHS|^~\\&\r" + VXU, FaultKind.UNKNOWN),
    ],
)
def test_soap_takes_one_readable_message(text: str, kind: FaultKind) -> None:
    """What is no message, or more than one, gets a fault."""
    made, exchanges = service()
    reply = made.answer_call(call(text), "peer").answer

    assert isinstance(reply, FaultReply)
    assert kind == reply.kind
    assert 1 == len(exchanges)


def test_wrong_credentials_get_a_security_fault_before_anything_else() -> None:
    """Even a message that is too large or unreadable learns nothing more."""
    made, _ = service(accounts=(Account(username="u", password="p"),), max_message=10)
    reply = made.answer_call(call("hello", username="u", password="x"), "peer").answer

    assert isinstance(reply, FaultReply)
    assert (FaultKind.SECURITY, "Invalid Username, Password or FacilityID") == (reply.kind, reply.detail)


def test_right_credentials_are_accepted_over_soap() -> None:
    """The message behind them is answered."""
    made, _ = service(accounts=(Account(username="u", password="p", facilities=("F",)),))
    reply = made.answer_call(call(username="u", password="p", facilityID="F"), "peer").answer

    assert "AA" == read(text_of(reply)).get("MSA-1")


def test_what_the_character_set_cannot_hold_is_labelled() -> None:
    """An ASCII request, an answer with an umlaut: it goes out as UTF-8 and MSH-18 says so, in a batch too."""
    made, _ = service()
    made.scenarios = [load(ACCEPT.replace("{ack: AA}", "{ack: AA, text: Gr\u00fc\u00dfe}"), "accept.yaml")]
    ascii_vxu = VXU.replace("|2.5.1", "|2.5.1||||||ASCII")
    alone = made.answer_frame(ascii_vxu.encode(), "peer").answer.data.decode("utf-8")
    batch = made.answer_frame(f"BHS|^~\\&\r{ascii_vxu}BTS|1\r".encode(), "peer").answer.data.decode("utf-8")

    for text in (alone, *read_batch(batch).messages):
        assert ("UNICODE UTF-8", "Gr\u00fc\u00dfe") == (read(text).get("MSH-18"), read(text).get("ERR-8"))
    assert batch.startswith("BHS|")


def test_what_is_odd_and_taken_is_reported_once_for_each_peer() -> None:
    """Line ends, a wrong label, a damaged MSH-2: AA, and a remark; none for the line ends that XML makes."""
    remarks: list[str] = []
    made, _ = service(remarks=[remarks.append])
    odd = VXU.replace("\r", "\n").replace("|^~\\&|", "|^~\\|").replace("Jane", "J\u00e4ne").encode("latin-1")
    for peer in ("one", "one", "other"):
        assert "AA" == read(made.answer_frame(odd, peer).answer.data.decode("latin-1")).get("MSA-1")
    made.answer_call(call(VXU.replace("\r", "\n").replace("|^~\\&|", "|^~\\|")), "soap")

    codes = ["charset-mismatch", "line-ends-lf", "encoding-length", "encoding-other"]
    assert [
        *(f"one: {code}" for code in codes),
        *(f"other: {code}" for code in codes),
        *(f"soap: {code}" for code in codes[2:]),
    ] == [":".join(remark.split(":")[:2]) for remark in remarks]
    assert "ne^" not in "".join(remarks)


def test_a_batch_reports_what_was_odd_in_its_messages() -> None:
    """Each habit once."""
    remarks: list[str] = []
    made, _ = service(remarks=[remarks.append])
    made.answer_frame(f"BHS|^~\\&\r{VXU}{VXU}BTS|2\r".replace("\r", "\n").encode(), "peer")

    assert ["peer: line-ends-lf: segments end with LF; CR is expected"] == remarks


def test_those_who_watch_cannot_stop_the_mock() -> None:
    """An observer or a remark that fails costs no answer, and the others are still told."""
    remarks: list[str] = []

    def fails(_told: object) -> None:
        raise BrokenPipeError("Doe")

    made, exchanges = service(remarks=[fails, remarks.append])
    made.observers.insert(0, fails)

    assert "AA" == read(made.answer_frame(VXU.encode(), "peer").answer.data.decode()).get("MSA-1")
    assert 1 == len(exchanges)
    [remark] = remarks
    assert remark.startswith("peer: an observer failed: internal error: BrokenPipeError at test_service.py:")
    assert "Doe" not in remark


@pytest.mark.parametrize("form", ["ndiis-examples", "ndiis-examples-1.4"])
def test_every_request_of_the_specification_is_answered_alike_over_both_transports(data: Path, form: str) -> None:
    """The default scenario answers the specification's VXU and QBP in both forms."""
    made, _ = service()
    made.scenarios = [load(scenarios.path("ndiis-examples").read_text("utf-8"), "ndiis-examples.yaml")]
    expected = {"VXU": ("AA", ""), "QBP_Q11_Z34": ("AA", "OK"), "QBP_Q11_Z34_no_such_date": ("AE", "AE")}
    requests = [file for file in sorted((data / form).glob("*.hl7")) if file.stem.startswith(("VXU", "QBP"))]
    assert len(requests) >= 5
    for file in requests:
        text = file.read_bytes().decode().replace("\n", "\r")
        over_mllp = read(made.answer_frame(text.encode(), "peer").answer.data.decode())
        over_soap = read(text_of(made.answer_call(call(text), "peer").answer))

        wanted = expected["VXU" if file.stem.startswith("VXU") else file.stem]
        assert wanted == (over_mllp.get("MSA-1"), over_mllp.get("QAK-2")), file.name
        assert [s.text for s in over_mllp.segments] == [s.text for s in over_soap.segments], file.name


@given(data=st.binary(max_size=300))
def test_no_frame_is_too_odd_to_answer(data: bytes) -> None:
    """Whatever bytes a frame holds, the answer is a readable message."""
    made, _ = service()

    assert read(made.answer_frame(data, "peer").answer.data.decode("utf-8", "replace")).get("MSA-1") in ("AA", "AR")


KIM = (
    "MSH|^~\\&|A|F|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\r"
    "PID|1||1^^^F^MR||Doe^Kim^^^^^L||20200101|F||||||||||||||^UNKNOWN^HL70189\r"
)
FIND_KIM = (
    "MSH|^~\\&|A|F|C|D|20240101||QBP^Q11^QBP_Q11|M2|P|2.5.1\r"
    "QPD|Z34^Request Immunization History^CDCPHINVS|T1||Doe^Kim^^^^^L||20200101\rRCP|I|5^RD&Records&HL70126\r"
)


def test_what_was_accepted_over_soap_is_found_over_mllp() -> None:
    """Without a scenario the registry answers, and remembers."""
    made, _ = service()
    made.scenarios = []
    reply = made.answer_call(call(KIM), "10.0.0.1").answer
    assert isinstance(reply, MessageReply)
    assert "AA" == read(reply.text).get("MSA-1")
    found = made.answer_frame(FIND_KIM.encode(), "10.0.0.2").answer.data.decode()
    assert ("OK", "Kim") == (read(found).get("QAK-2"), read(found).get("PID-5.2"))


def test_a_message_for_another_facility_than_the_account_s_is_rejected() -> None:
    """The SOAP facility is the account's, and MSH-4 is not: AE, and nothing is stored."""
    made, _ = service(accounts=(Account(username="u", password="p", facilities=("G",)),))
    made.scenarios = []
    reply = made.answer_call(call(KIM, username="u", password="p", facilityID="G"), "10.0.0.1").answer
    assert isinstance(reply, MessageReply)
    assert ("AE", "MSH^1^4") == (read(reply.text).get("MSA-1"), read(reply.text).named("ERR")[0].raw(2))
    assert "NF" == read(made.answer_frame(FIND_KIM.encode(), "x").answer.data.decode()).get("QAK-2")
