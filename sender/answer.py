"""What an answer means for the message it answers: sent text and received text -> outcome.

CDC guide 1.5 chapter 6 and Appendix B, and the reading rule of the IIP white paper on acknowledgment reports: a
message is rejected in whole or part when an ERR of severity E says so. The control id must be ours (MSA-2 = MSH-10).
"""

from __future__ import annotations

import re

from mockiis.er7 import ER7Error, Message, read
from mockiis.message import Answer, read_answer
from sender.outcome import Accepted, AcceptedWithWarnings, NotAcknowledgment, Outcome, Rejected

YES = ("AA", "CA")
NO = ("AE", "AR", "CE", "CR")
_TYPE = re.compile("[A-Z][A-Z0-9]{2}")
"""What a message type (table 0076) looks like. Where MSH-9 is none, as in the shifted query response that NDIIS
prints, the fields are not at their places, and a value read from them could be another one's."""


def judge(sent: str, received: str, remarks: tuple[str, ...] = ()) -> Outcome:
    """The outcome of sending ``sent`` and getting ``received``. Never raises, whatever either text is.

    ``remarks`` say what was odd about how the answer came; an answer that counts has them among its own.
    """
    try:
        message = read(received)
    except ER7Error:
        return NotAcknowledgment(reason=_not_hl7(received), text=received)
    answer = read_answer(message)
    control_id, query = _sent(sent)
    reason = _not_the_answer(control_id, answer, message)
    if reason:
        return NotAcknowledgment(reason=reason, text=received)
    return _outcome(answer, query, received, (*remarks, *_added(answer)))


def _sent(text: str) -> tuple[str, bool]:
    """MSH-10 of the message sent, and whether it is a query; empty for one without MSH: MSA-2 must be empty too."""
    try:
        message = read(text)
    except ER7Error:
        return "", False
    return message.get("MSH-10").strip(), message.get("MSH-9.1").strip().upper() == "QBP"


def _not_hl7(text: str) -> str:
    if not text.strip():
        return "the answer is empty"
    return "the answer is no HL7 message: it does not begin with MSH"


def _not_the_answer(control_id: str, answer: Answer, message: Message) -> str:
    """Why this is not the answer to the message with that control id; empty when it is."""
    code, echoed = answer.acknowledgment_code, answer.message_control_id
    if not message.named("MSA"):
        return f"the answer has no MSA segment; its type is '{_shown(answer.message_type)}'"
    if not _TYPE.fullmatch(answer.message_type):
        found = _shown(answer.message_type)
        return f"MSH-9 of the answer is '{found}', which is no message type; the fields of MSH may stand out of place"
    if code not in (*YES, *NO):
        return f"MSA-1 of the answer is '{_shown(code)}'; an acknowledgment has AA, AE or AR"
    if echoed == control_id:
        return ""
    if not echoed:
        # A receiver that could not read our header cannot echo its control id, and says no.
        return "" if code in NO else "MSA-2 of the answer is empty, so it cannot be told which message it accepts"
    return f"the answer is for another message: MSA-2 is '{_shown(echoed)}', the message control id '{control_id}'"


def _outcome(answer: Answer, query: bool, text: str, added: tuple[str, ...]) -> Outcome:
    severities = {finding.severity for finding in answer.findings}
    code = answer.acknowledgment_code
    if code in ("AR", "CR") or "E" in severities or answer.query_status in ("AE", "AR"):
        return Rejected(answer=answer, text=text, added=added)
    if code in NO and not severities:
        return Rejected(answer=answer, text=text, added=added)
    response = answer.message_type == "RSP"
    if query and not response:
        return NotAcknowledgment(reason=f"a query was {code} acknowledged, but no query response came", text=text)
    if response and not query:
        return NotAcknowledgment(reason="the answer is a query response, but no query was sent", text=text)
    if code in ("AE", "CE") or "W" in severities or code == "CA":
        return AcceptedWithWarnings(answer=answer, text=text, added=added)
    return Accepted(answer=answer, text=text, added=added)


def _added(answer: Answer) -> tuple[str, ...]:
    remarks = []
    code = answer.acknowledgment_code
    if code == "CA":
        remarks.append("CA only says that the message arrived; the guide asks for AA once it is processed")
    if code in ("CE", "CR"):
        remarks.append(f"{code} is a code of enhanced mode, which the guide does not use; read as A{code[1]}")
    if code in YES and any(finding.severity == "E" for finding in answer.findings):
        remarks.append(f"MSA-1 is {code} although an ERR has severity E; the error counts")
    if not answer.message_control_id:
        remarks.append("MSA-2 is empty: the receiver could not read the message control id")
    return tuple(remarks)


def _shown(text: str) -> str:
    """A short value of the answer, safe to print."""
    return "".join(character if character.isprintable() else "?" for character in text[:40])
