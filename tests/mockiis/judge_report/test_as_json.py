"""The report for scripts, read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from mockiis.inputs import NotRead
from mockiis.judge_report import Judged, Tally
from mockiis.judge_report.as_json import written
from mockiis.profile.finding import Finding


def report(items: Iterable[Judged | NotRead]) -> dict[str, Any]:
    """The whole report, read."""
    tally = Tally("ndiis")
    return json.loads("".join(written(tally.counted(items), tally)))  # type: ignore[no-any-return]


def test_one_object_holds_messages_and_summary(items: list[Judged | NotRead]) -> None:
    """Every message with exactly the documented keys; a second opinion only where it was asked for."""
    found = report(items)
    plain = {"file", "index", "control_id", "type", "profile", "findings"}

    assert ["messages", "summary"] == list(found)
    assert [plain, plain | {"second_opinion"}] == [set(message) for message in found["messages"]]
    assert ("a.hl7", 1, "M1", "VXU^V04^VXU_V04", "Z22") == tuple(list(found["messages"][0].values())[:5])
    assert [{"file": "b.hl7", "reason": "cannot be read: no {such} file"}] == found["summary"]["not_read"]
    assert {"by": "hl7apy", "kind": "note", "text": "left out"} == found["messages"][1]["second_opinion"][1]


def test_a_finding_has_all_that_is_known(items: list[Judged | NotRead]) -> None:
    """In the order of the judge; the location as the guides print it and as ERR-2."""
    findings = report(items)["messages"][0]["findings"]
    expected = {
        "location": "RXA[2]-15",
        "erl": "RXA^2^15",
        "name": "Vaccine 2: lot number (RXA[2]-15)",
        "code": "101",
        "severity": "E",
        "application_code": "",
        "text": "The lot number is missing",
        "expected": "a lot number",
        "found": "nothing",
        "fix": "Send it.",
        "effect": "dose rejected",
        "statement": "IZ-99",
        "source": "guide, p. 1",
    }

    assert ["PID-8", "RXA[1]-15", "RXA[2]-15", ""] == [finding["location"] for finding in findings]
    assert expected == findings[2]
    assert ("", "", "Whole message") == tuple(findings[3][key] for key in ("location", "erl", "name"))


def test_an_erl_that_is_no_location_is_kept(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> None:
    """A script or a peer may give one."""
    (message,) = report([judged(finding(erl="PID 22"))])["messages"]

    assert ("PID 22", "PID 22") == (message["findings"][0]["location"], message["findings"][0]["erl"])


def test_no_message_is_an_object_too() -> None:
    """Empty, and still JSON."""

    assert [] == report([])["messages"]


def test_any_character_survives(judged: Callable[..., Judged], finding: Callable[..., Finding]) -> None:
    """Names and values in any script; the bytes are plain ASCII, so that no console can spoil them."""
    tally = Tally("ndiis")
    text = "".join(written([judged(finding(found='Sømmer "x" \x01\u2028'))], tally))

    assert text.isascii()
    assert 'Sømmer "x" \x01\u2028' == json.loads(text)["messages"][0]["findings"][0]["found"]


def test_each_message_is_written_before_the_next_is_judged(judged: Callable[..., Judged]) -> None:
    """A report without end takes no memory."""
    given: list[int] = []

    def endless() -> Iterator[Judged]:
        for index in count(1):
            given.append(index)
            yield judged(index=index)

    pieces = written(endless(), Tally("ndiis"))
    for _ in range(4):
        next(pieces)

    assert [1, 2, 3] == given
