"""A case in words."""

from __future__ import annotations

from certification.case import Case
from certification.describe import describe

FINDING = "at PID-22; words Patient ethnic group (PID-22); code 101; severity E; text Ethnic group is required"


def test_a_case_is_explained(cases: dict[str, Case]) -> None:
    """What is sent, how, what answers, what is expected, with every location in words."""

    assert [
        "ethnic-group-missing: The NDIIS error acknowledgment is understood, and its location is said in words",
        "source:     NDIIS HL7 specification (January 2023), ACK example with error (ethnicity); CDC guide 1.5, ERR",
        "capability: correct",
        "transports: soap, mllp",
        "answers by: ndiis-examples",
        "step 1:",
        "  send a message made of records/ndiis-vxu-1-private.yaml, changed: patient.ethnicity = nothing",
        "  the message holds Patient ethnic group (PID-22): missing",
        "  the sender reports: rejected",
        "  the answer holds Acknowledgment (MSA): MSA|AE|26999999-1",
        "  the answer holds Error location (ERR-2): PID^1^22",
        f"  the sender lists a finding: {FINDING}",
    ] == list(describe(cases["ethnic-group-missing"]))


def test_every_case_can_be_explained(cases: dict[str, Case]) -> None:
    """Scripted rules, time limits, credentials, faults, files."""
    text = "\n".join(line for case in cases.values() for line in describe(case))

    for words in (
        "with a time limit of 0.3 s",
        "with other credentials: password",
        "answers by: rules of the case",
        "answered by the rule: hang up",
        "the sender reports: faulted (SecurityFault)",
        "a connectivity test with the text '864+298=1162'",
        "the message of messages/adt-a04.hl7",
        "in the form of Release 1.4",
        "next_of_kin.1.addresses.1.street made 70000 characters long",
        "the message equals messages/ndiis-query.hl7",
        "the sender lists no patient",
    ):
        assert words in text
