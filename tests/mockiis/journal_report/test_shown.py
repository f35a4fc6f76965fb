"""One exchange for people."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockiis.journal_report import masked_entry
from mockiis.journal_report.shown import shown
from mockiis.store.entry import JournalEntry

Make = Callable[..., JournalEntry]


def text(entry: JournalEntry, *, whole: bool = True) -> str:
    """What is shown, with each run of blanks as one."""
    found = shown(entry if whole else masked_entry(entry), whole=whole)
    return "\n".join(re.sub(" +", " ", line) for line in found)


def test_fields_in_words(entry: Make) -> None:
    """A value as it is, components with their names, repetitions with their numbers."""
    told = text(entry())

    assert "Exchange 2: VXU^V04^VXU_V04 with control id M1" in told
    assert "received 2024-04-03 10:15:30+00:00 over mllp from 127.0.0.1:9" in told
    assert "answered AE after 0.012 s" in told
    assert 'by rule "no ethnic group"' in told
    assert " PID-5 name family name: Doe, given name: Kim, type: L" in told
    assert " PID-7 birth date 20240105" in told
    assert " RXA-5 administered code code: 08, text: Hep B, coding system: CVX" in told
    assert "Answer (AE)" in told
    assert "MSH-2 " not in told


def test_errors_in_words(entry: Make) -> None:
    """Where, what, the code, and what the request has there."""
    told = text(entry())

    assert "Error: Patient ethnic group (PID-22): Ethnic group of Kim Doe is required [101]" in told
    assert "the request has there: nothing" in told
    elsewhere = entry(answer=entry().answer.replace("PID^1^22", "PID^1^7"))
    assert "the request has there: '20240105'" in text(elsewhere)


def test_masked_errors_say_what_their_codes_mean(entry: Make, of_patient: tuple[str, ...]) -> None:
    """And where to see more."""
    told = text(entry(), whole=False)

    assert "Error: Patient ethnic group (PID-22): Required field missing [101]" in told
    assert "PID-5 name family name: ***, given name: ***, type: L" in told
    assert told.endswith("What is about a patient is shown as ***; --phi shows it.")
    assert [] == [value for value in of_patient if value in told]


def test_why_no_rule_answered(entry: Make) -> None:
    """In full, or without values."""
    lost = entry(rule="", summary="PID-5.1 differs", explanation="No rule matched\n  got 'Doe'", seconds=None)

    assert "got 'Doe'" in text(lost)
    assert "PID-5.1 differs" in text(lost, whole=False)
    assert "which has not left yet, or was lost" in text(lost)


def test_what_is_no_message(entry: Make) -> None:
    """Faults, silence, and what could not be read."""
    fault = entry(outcome="fault", status="SecurityFault", answer="Unknown user", findings=(), delay=2.0, username="u")

    assert "Answer (SecurityFault)\n Unknown user" in text(fault)
    assert "(of which 2 s were asked for)" in text(fault)
    assert ", user name u" in text(fault)
    assert "Answer (no answer)\n (nothing)" in text(entry(outcome="none", status="hang", answer="", findings=()))
    assert "what could not be read" in text(entry(message_type="", request="\x1b[2J"))
    assert "\x1b" not in text(entry(message_type="", request="\x1b[2J", answer=entry().answer))
    strange = entry(answer=entry().answer.replace("PID^1^22", "the name"))
    assert "'the name', which is no location: Ethnic" in text(strange)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(request=st.text(), answer=st.text())
def test_anything_can_be_shown(entry: Make, request: str, answer: str) -> None:
    """Nothing raises, and no line moves the cursor."""
    header = "MSH|^~\\&|"
    for one in (entry(request=request, answer=answer), entry(request=header + request, answer=header + answer)):
        assert all(line.isprintable() for line in shown(one, whole=True))
        assert all(line.isprintable() for line in shown(masked_entry(one), whole=False))
