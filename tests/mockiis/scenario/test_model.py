"""A scenario as it runs: its tracked key and what it expects."""

from __future__ import annotations

import pytest

from mockiis.er7 import read
from mockiis.scenario import load

VXU = "MSH|^~\\&|EHR|C1|IIS|ND|||VXU^V04|77|P|2.5.1\rPID|1||A1^^^C1^MR~S2^^^ND^SR||Doe^Kim\r"
QBP = "MSH|^~\\&|EHR|C1|IIS|ND|||QBP^Q11|78|P|2.5.1\rQPD|Z34|t1|A1^^^C1^MR|Doe^Kim\r"


@pytest.mark.parametrize(
    ("track", "keys"),
    [
        ("", ["A1", "A1", "", ""]),
        ("track: PID-3.1", ["A1", "", "", ""]),
        ("track: 'PID-3[5=SR].1'", ["S2", "", "", ""]),
        ("track: [PID-5.1, QPD-4.1]", ["Doe", "Doe", "", ""]),
        ("track: MSH-4", ["C1", "C1", "C1", ""]),
        ("track: all", ["", "", "", ""]),
    ],
)
def test_key(track: str, keys: list[str]) -> None:
    """Of an update and its query the same patient's, unless the file says otherwise; without a value it is empty."""
    scenario = load(f"version: 1\n{track}\nrules:\n  - {{name: a, reply: {{ack: AA}}}}\n", "a.yaml")
    messages = [read(text) for text in (VXU, QBP, "MSH|^~\\&|EHR|C1\r")]
    assert keys == [scenario.key(message) for message in [*messages, None]]


def test_unmet() -> None:
    """A sentence for each expectation that was not met."""
    text = (
        "version: 1\nrules:\n  - {name: a, reply: {ack: AA}, expect: 1}\n  - {name: b, reply: {ack: AA}}\n"
        "  - {name: c, reply: {ack: AA}, expect: {min: 2}}\n"
    )
    scenario = load(text, "folder/a.yaml")
    assert [] == scenario.unmet([1, 0, 7])
    assert [
        'expected 1 of rule "a" (a.yaml, rule 1), received 2',
        'expected at least 2 of rule "c" (a.yaml, rule 3), received 1',
    ] == scenario.unmet([2, 9, 1])
