"""The usual slips are told in a sentence each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.message import Request
from mockiis.scenario import load
from mockiis.scenario.hints import hint
from mockiis.scenario.subject import Subject

Ask = Callable[..., Request]
HINTS = [
    ("PID-3.1: 77002", ""),
    ("PID-3.1: '077001'", "the message has lost leading zeros, as spreadsheets do; the two differ in nothing else"),
    ("RXA-5.1: 8", "the script has lost leading zeros, as spreadsheets do; the two differ in nothing else"),
    ("PID-5.1: ' doe'", "the two differ in spaces only"),
    ("PID-7: 202404", "the message has more after it; {starts: 202404} takes that too"),
    ("PID-5.1: {contains: ki}", "Patient name - given name (PID-5.2) holds it"),
    ("PID-5.1: {matches: 'K[a-z]m'}", "Patient name - given name (PID-5.2) holds it"),
    ("PID-5.1: {word: kim}", "Patient name - given name (PID-5.2) holds it"),
    ("PID-6.1: {matches: '.+'}", ""),
    ("any RXA: {21: CP, 9.1: '00'}", "Vaccine completion status (RXA-20) holds it"),
    ("any RXA: {9.1: '00', 5.1: '10'}", "several RXA together have all of it, but no single one"),
    ("any IN1: {3.1: MTH}", "the message has no IN1"),
    ("any_of: [{PID-8: M, PID-5.1: X}, {PID-9: F}]", "Patient sex (PID-8) holds it"),
    ("PID-5.1: {exact: DOE}", "the two differ in capitals only; a plain value, without exact, does not mind"),
    ("PID-5.2: Doe", "Patient name - family name (PID-5.1) holds it"),
    ("PID-5: Doe", "Patient name - family name (PID-5.1) holds it"),
    ("PID-5.1: Doe^Kim^J^^^^L", "Patient name (PID-5) holds it"),
    ("'PID-3[5=MR].1': 77001", "Patient identifiers 2 - id number (PID-3[2].1) holds it"),
    ("'PID-3[1].1': 77001", "Patient identifiers 2 - id number (PID-3[2].1) holds it"),
    ("RXA-19: CP", "Vaccine completion status (RXA-20) holds it"),
    ("RXA-21: CP", "Vaccine completion status (RXA-20) holds it"),
    ("PID-4.1: Doe", "Patient name - family name (PID-5.1) holds it"),
    ("'RXA[1]-5.1': 10", "Vaccine 2: administered code - code (RXA[2]-5.1) holds it"),
    ("'OBX[3.1=30963-3]-5': V02", "Observation 1: value (OBX[1]-5) holds it"),
    ("PID-8: {matches: X}", ""),
    ("PID-8: {missing: true}", ""),
    ("PID-1: {before: today}", ""),
    ("transport: soap", ""),
    ("username: x", ""),
    ("state: {not: start}", ""),
    ("any RXA: {20: NA}", ""),
    ("any_of: [{PID-8: M}, {PID-8: U}]", ""),
    ("ZZZ-1: x", ""),
]


@pytest.mark.parametrize(("when", "sentence"), HINTS)
def test_hint(ask: Ask, when: str, sentence: str) -> None:
    """Where the value stands instead, or what little differs; nothing where nothing is known."""
    text = f"version: 1\nrules:\n  - {{name: a, when: {{{when}}}, reply: {{drop: close}}}}\n"
    (condition,) = load(text, "a.yaml").rules[0].conditions
    subject = Subject(ask())
    subject.state = "start"
    assert not condition.holds(subject)
    assert sentence == hint(condition, subject)


def test_no_hint_without_a_message(ask: Ask) -> None:
    """connectivityTest has no places to look at."""
    text = "version: 1\nrules:\n  - {name: a, when: {PID-5.1: Doe}, reply: {drop: close}}\n"
    (condition,) = load(text, "a.yaml").rules[0].conditions
    assert "" == hint(condition, Subject(ask(None)))
