"""What answers mean: a table of every form, the printed NDIIS answers, and that no text at all raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.answer import judge
from sender.outcome import Accepted, AcceptedWithWarnings, NotAcknowledgment, Outcome, Rejected

VXU = "MSH|^~\\&|A|B|C|D|20240506070809-0500||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1\r"
QBP = "MSH|^~\\&|A|B|C|D|20240506070809-0500||QBP^Q11^QBP_Q11|M1|P|2.5.1\rQPD|Z34\r"
ERR = "ERR||PID^1^7|101^Required field missing^HL70357|{}||||Birth date is required\r"


def ack(code: str, *severities: str, control_id: str = "M1") -> str:
    """An ACK with MSA-1 and an ERR for each severity."""
    header = "MSH|^~\\&|C|D|A|B|20240506070809-0500||ACK^V04^ACK|X1|P|2.5.1\r"
    return f"{header}MSA|{code}|{control_id}\r" + "".join(ERR.format(severity) for severity in severities)


def rsp(code: str, status: str, *severities: str) -> str:
    """A query response with MSA-1, QAK-2 and an ERR for each severity."""
    header = "MSH|^~\\&|C|D|A|B|20240506070809-0500||RSP^K11^RSP_K11|X1|P|2.5.1\r"
    return f"{header}MSA|{code}|M1\r" + "".join(ERR.format(s) for s in severities) + f"QAK|T|{status}|Z34\rQPD|Z34\r"


@pytest.mark.parametrize(
    ("received", "expected", "sentence"),
    [
        (ack("AA"), Accepted, "accepted (MSA-1 AA)"),
        (ack("AA", "I"), Accepted, "accepted (MSA-1 AA)"),
        (ack("AA", "W"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 AA)"),
        (ack("AA", "I", "E"), Rejected, "rejected in whole or part (MSA-1 AA)"),
        (ack("AE", "W"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 AE)"),
        (ack("AE", "I"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 AE)"),
        (ack("AE", "I", "W"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 AE)"),
        (ack("AE", "E"), Rejected, "rejected in whole or part (MSA-1 AE)"),
        (ack("AE", "W", "E"), Rejected, "rejected in whole or part (MSA-1 AE)"),
        (ack("AE"), Rejected, "rejected in whole or part, without saying why (MSA-1 AE)"),
        (ack("AE", ""), Rejected, "rejected in whole or part (MSA-1 AE)"),
        (ack("AR"), Rejected, "rejected: the receiver does not process such messages (MSA-1 AR)"),
        (ack("AR", "I"), Rejected, "rejected: the receiver does not process such messages (MSA-1 AR)"),
        (ack("CA"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 CA)"),
        (ack("CE"), Rejected, "rejected in whole or part, without saying why (MSA-1 CE)"),
        (ack("CE", "W"), AcceptedWithWarnings, "accepted, with warnings (MSA-1 CE)"),
        (ack("CR"), Rejected, "rejected: the receiver does not process such messages (MSA-1 CR)"),
        (ack("aa"), Accepted, "accepted (MSA-1 AA)"),
        (ack("AE", "E", control_id=""), Rejected, "rejected in whole or part (MSA-1 AE)"),
        (ack("AR", control_id=""), Rejected, "rejected: the receiver does not process such messages (MSA-1 AR)"),
        (
            ack("AA", control_id=""),
            NotAcknowledgment,
            "MSA-2 of the answer is empty, so it cannot be told which message it accepts",
        ),
        (
            ack("AA", control_id="M10"),
            NotAcknowledgment,
            "the answer is for another message: MSA-2 is 'M10', the message control id 'M1'",
        ),
        (
            ack("AE", "E", control_id="m1"),
            NotAcknowledgment,
            "the answer is for another message: MSA-2 is 'm1', the message control id 'M1'",
        ),
        (ack("OK?"), NotAcknowledgment, "MSA-1 of the answer is 'OK?'; an acknowledgment has AA, AE or AR"),
        (ack(""), NotAcknowledgment, "MSA-1 of the answer is ''; an acknowledgment has AA, AE or AR"),
        (VXU, NotAcknowledgment, "the answer has no MSA segment; its type is 'VXU'"),
        (
            ack("AA").replace("||ACK", "|ACK"),
            NotAcknowledgment,
            "MSH-9 of the answer is 'X1', which is no message type; the fields of MSH may stand out of place",
        ),
        (
            ack("AE", "E").replace("ACK^V04^ACK", ""),
            NotAcknowledgment,
            "MSH-9 of the answer is '', which is no message type; the fields of MSH may stand out of place",
        ),
        (ack("AA").replace("ACK^V04^ACK", "ack"), Accepted, "accepted (MSA-1 AA)"),
        (rsp("AA", "OK"), NotAcknowledgment, "the answer is a query response, but no query was sent"),
        ("", NotAcknowledgment, "the answer is empty"),
        ("\r\n", NotAcknowledgment, "the answer is empty"),
        ("OK", NotAcknowledgment, "the answer is no HL7 message: it does not begin with MSH"),
        (ack("AA").replace("\r", "\n"), Accepted, "accepted (MSA-1 AA)"),
        (ack("AA").rstrip("\r"), Accepted, "accepted (MSA-1 AA)"),
        ("\ufeff" + ack("AA"), Accepted, "accepted (MSA-1 AA)"),
    ],
)
def test_an_acknowledgment_means(received: str, expected: type[Outcome], sentence: str) -> None:
    """MSA-1, MSA-2 and the severities decide together."""
    outcome = judge(VXU, received)
    assert (expected, sentence, received) == (type(outcome), outcome.sentence, outcome.text)


@pytest.mark.parametrize(
    ("received", "expected", "sentence"),
    [
        (rsp("AA", "OK"), Accepted, "query answered: patient found (MSA-1 AA, QAK-2 OK)"),
        (rsp("AA", "NF"), Accepted, "query answered: no patient found (MSA-1 AA, QAK-2 NF)"),
        (rsp("AA", "TM"), Accepted, "query answered: too many patients match (MSA-1 AA, QAK-2 TM)"),
        (rsp("NF", "NF"), Accepted, "query answered: no patient found (MSA-1 AA, QAK-2 NF)"),
        (rsp("AA", "AA"), Accepted, "query answered: patient found (MSA-1 AA, QAK-2 OK)"),
        (
            rsp("AE", "OK", "W"),
            AcceptedWithWarnings,
            "query answered: patient found, with warnings (MSA-1 AE, QAK-2 OK)",
        ),
        (rsp("AE", "AE", "E"), Rejected, "rejected in whole or part (MSA-1 AE, QAK-2 AE)"),
        (rsp("AA", "AE"), Rejected, "rejected in whole or part, without saying why (MSA-1 AA, QAK-2 AE)"),
        (rsp("AA", "AR"), Rejected, "rejected in whole or part, without saying why (MSA-1 AA, QAK-2 AR)"),
        (ack("AR", "E"), Rejected, "rejected: the receiver does not process such messages (MSA-1 AR)"),
        (ack("AE", "E"), Rejected, "rejected in whole or part (MSA-1 AE)"),
        (ack("AA"), NotAcknowledgment, "a query was AA acknowledged, but no query response came"),
        (ack("CA"), NotAcknowledgment, "a query was CA acknowledged, but no query response came"),
        (
            rsp("AA", "OK").replace("RSP^K11^RSP_K11", "ACK"),
            NotAcknowledgment,
            "a query was AA acknowledged, but no query response came",
        ),
    ],
)
def test_a_query_response_means(received: str, expected: type[Outcome], sentence: str) -> None:
    """Not found and too many are answers; only a query response can answer a query with yes."""
    outcome = judge(QBP, received)
    assert (expected, sentence) == (type(outcome), outcome.sentence)


@pytest.mark.parametrize(
    ("received", "remarks"),
    [
        (ack("AA"), ()),
        (ack("CA"), ("CA only says that the message arrived; the guide asks for AA once it is processed",)),
        (ack("CR"), ("CR is a code of enhanced mode, which the guide does not use; read as AR",)),
        (ack("AA", "E"), ("MSA-1 is AA although an ERR has severity E; the error counts",)),
        (ack("AR", control_id=""), ("MSA-2 is empty: the receiver could not read the message control id",)),
        (ack("AE", ""), ("ERR-4 holds no severity; taken from the acknowledgment code",)),
        (ack("AA").replace("\r", "\n"), ("segments end with LF; CR is expected",)),
        (ack("AA").replace("^~\\&", ""), ("MSH-2 is empty; ^~\\& is assumed",)),
    ],
)
def test_odd_answers_are_remarked_on(received: str, remarks: tuple[str, ...]) -> None:
    """What was understood though it is not as the guide says is told."""
    assert remarks == judge(VXU, received).remarks


def test_remarks_on_how_the_answer_came_are_the_outcome_s() -> None:
    """What the transport saw is told before what the codes say."""
    remarks = judge(VXU, ack("CA"), ("odd bytes",)).remarks
    assert ("odd bytes", "CA only says that the message arrived") == (remarks[0], remarks[1].partition(";")[0])


SHIFTED = "MSH-9 of the answer is '201108240254', which is no message type; the fields of MSH may stand out of place"
PRINTED = [
    ("VXU", "0000000004", "ACK_no_error", Accepted, "accepted (MSA-1 AA)"),
    ("VXU", "0000000005", "ACK_error", Rejected, "rejected in whole or part (MSA-1 AE)"),
    ("QBP", "4766339", "RSP_K11_ex2_multiple", NotAcknowledgment, SHIFTED),
    ("QBP", "4766388", "RSP_K11_ex3_no_match", Accepted, "query answered: no patient found (MSA-1 AA, QAK-2 NF)"),
    ("QBP", "4766546", "RSP_K11_ex1_one_match", Accepted, "query answered: patient found (MSA-1 AA, QAK-2 OK)"),
]


@pytest.mark.parametrize(("kind", "control_id", "name", "expected", "sentence"), PRINTED)
def test_survives_the_answers_as_ndiis_prints_them(
    data: Path, kind: str, control_id: str, name: str, expected: type[Outcome], sentence: str
) -> None:
    """NF as MSA-1, ERR-1 locations and missing encoding characters are understood; a shifted header is no answer."""
    sent = (VXU if kind == "VXU" else QBP).replace("|M1|", f"|{control_id}|")
    received = (data / "ndiis-examples-as-printed" / f"{name}.hl7").read_bytes().decode()
    outcome = judge(sent, received)
    assert (expected, sentence) == (type(outcome), outcome.sentence)


def test_the_printed_error_names_its_location(data: Path) -> None:
    """The location that NDIIS prints in ERR-1 becomes a location like any other."""
    received = (data / "ndiis-examples-as-printed" / "ACK_error.hl7").read_bytes().decode()
    (finding,) = judge(VXU.replace("|M1|", "|0000000005|"), received).findings
    assert ("PID-22", "103", "E") == (str(finding.location), finding.code, finding.severity)


@pytest.mark.parametrize(
    ("received", "expected"),
    [(ack("AR", control_id=""), Rejected), (ack("AA", control_id=""), Accepted), (ack("AA"), NotAcknowledgment)],
)
def test_what_is_no_message_has_an_empty_control_id(received: str, expected: type[Outcome]) -> None:
    """Whoever sends garbage on purpose gets an outcome too: MSA-2 must be as empty as the control id was."""
    assert expected is type(judge("garbage", received))


@given(st.text() | st.text(alphabet="MSHERAKQPD|^~\\&\r\n1A"), st.sampled_from([VXU, QBP, "", "MSH|", "MSH"]))
def test_any_answer_gives_an_outcome(received: str, sent: str) -> None:
    """No text that comes back raises; each has an outcome with a sentence and an exit code."""
    outcome = judge(sent, received)
    assert outcome.sentence
    assert outcome.exit_code in (0, 1, 3)


@given(st.lists(st.sampled_from(["MSA|AA|M1", "MSA|AE", "ERR|", "ERR||^^^^^|x^^y|?", "ERR|PID^22", "QAK||TM", "PID|"])))
def test_any_segments_give_an_outcome(segments: list[str]) -> None:
    """Whatever stands after a readable MSH, in whatever order, there is an outcome."""
    received = "\r".join([VXU.partition("\r")[0], *segments])
    assert judge(VXU, received).sentence
    assert judge(QBP, received).sentence
