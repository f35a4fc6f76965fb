"""Results for people and for scripts."""

from __future__ import annotations

from sender.answer import judge
from sender.files import Submission
from sender.outcome import Outcome, TimedOut
from sender.report import as_json, rows, summary
from sender.run import Result

VXU = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||DOE^JANE\r"
ACK = (
    "MSH|^~\\&|C|D|A|B|20240506||ACK^V04^ACK|X|P|2.5.1\rMSA|AE|M1\r"
    "ERR||PID^1^22|101^Required field missing^HL70357|E||||Ethnic group is required\r"
    "ERR||RXA^2^15|999^Application error^HL70357|W|4^Invalid value^HL70533\r"
    "ERR|||207^Application internal error^HL70357|I||||cannot store PID\\F\\1\\F\\DOE\r"
    "ERR||BAD^^^x|0|I\r"
)


def results(*outcomes: Outcome) -> list[Result]:
    submission = Submission(source="a.hl7", message=VXU, control_id="M1")
    return [Result(submission=submission, outcome=outcome) for outcome in outcomes]


def test_a_row_says_in_words_what_came_back() -> None:
    """Every finding has its location in words; of the patient nothing is shown, even if the receiver quotes it."""
    ((source, control_id, lines),) = rows(results(judge(VXU, ACK)))
    assert (source, control_id) == ("a.hl7", "M1")
    assert lines.splitlines() == [
        "rejected in whole or part (MSA-1 AE)",
        "Error: Patient ethnic group (PID-22): Ethnic group is required [101]",
        "Warning: Vaccine 2: lot number (RXA[2]-15): Invalid value [999]",
        "Information: Whole message: cannot store (HL7 text left out) [207]",
        "Information: 'BAD^^^x', which is no location: Message accepted [0]",
        "Next: correct what the findings name and send the message again",
    ]


def test_json_has_the_same_for_scripts() -> None:
    """Codes, locations and words of every finding, and the totals."""
    outcome = judge(VXU, ACK)
    found = as_json(results(outcome, TimedOut(seconds=2.0)), 3)
    assert found["summary"] == {"rejected": 1, "timed out": 1}
    assert found["exit_code"] == 3
    assert found["messages"][0]["findings"][1] == {
        "severity": "W",
        "code": "999",
        "application_code": "4",
        "location": "RXA[2]-15",
        "where": "Vaccine 2: lot number (RXA[2]-15)",
        "text": "Invalid value [999]",
    }
    assert found["messages"][1] == {
        "source": "a.hl7",
        "control_id": "M1",
        "outcome": "timed out",
        "sentence": "no answer within 2 s",
        "findings": [],
        "notes": [],
        "next_step": TimedOut.usual_step,
    }
    assert "DOE" not in str(found)


def test_the_summary_counts_outcomes() -> None:
    """One line for the whole run."""
    late = TimedOut(seconds=2.0)
    assert summary(results(late)) == "1 message: 1 timed out"
    assert summary(results(late, judge(VXU, ACK), late)) == "3 messages: 2 timed out, 1 rejected"
