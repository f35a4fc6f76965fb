"""References to the request in texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockiis.er7 import read
from mockiis.message import Request
from mockiis.scenario.template import Source, read_template


def source(text: str) -> Source:
    moment = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
    return Source(
        request=Request(transport="mllp", received=moment, control_id="R1", message=read(text), facility="C&1")
    )


MESSAGE = source(
    "MSH|^~\\&|EHR|C1|||20240403||VXU^V04^VXU_V04|77|P|2.5.1\r"
    "PID|1||A1^^^C1^MR~B2^^^ND^SR||O\\T\\Neil^Kim\\S\\J&x\r"
    "RXA|0|1|20240403||08^Hep B^CVX\rRXA|0|1|20240403||10^IPV^CVX\r"
)
OTHER = source("MSH#$*!%#EHR#C1###20240403##VXU$V04#77#P#2.5.1\rPID#1##A1$$$C1$MR*B2##O!S!N$Kim^J%x\r")


@pytest.mark.parametrize(
    ("text", "plain", "er7"),
    [
        ("no reference", "no reference", "no reference"),
        ("{{ MSH-10 }}", "77", "77"),
        ("{{MSH-10}}-{{ MSH-11 }}", "77-P", "77-P"),
        ("vaccine {{ RXA-5.1 }}", "vaccine 08", "vaccine 08"),
        ("{{ RXA[2]-5.2 }}", "IPV", "IPV"),
        ("{{ PID-3[5=SR].1 }}", "B2", "B2"),
        ("{{ PID-3 }}", "A1^^^C1^MR", "A1^^^C1^MR"),
        ("{{ PID-5.1 }}", "O&Neil", "O\\T\\Neil"),
        ("{{ PID-5.2 }}", "Kim^J&x", "Kim\\S\\J&x"),
        ("{{ PID-5 }}", "O&Neil^Kim^J&x", "O\\T\\Neil^Kim\\S\\J&x"),
        ("{{ RXA[2] }}", "RXA|0|1|20240403||10^IPV^CVX", "RXA|0|1|20240403||10^IPV^CVX"),
        ("{{ now }} {{ today }} {{control_id}}", "20240403101530+0000 20240403 R1", "20240403101530+0000 20240403 R1"),
        ("{{ facility }}{{ username }}", "C&1", "C\\T\\1"),
        ("<{{ PID-30 }}{{ ZZZ-1 }}{{ ZZZ }}>", "<>", "<>"),
    ],
)
def test_filled_in(text: str, plain: str, er7: str) -> None:
    """In a text for people values are decoded; in an HL7 text they stay as received."""
    template = read_template(text)
    assert (plain, er7) == (template.plain(MESSAGE), template.er7(MESSAGE))
    assert ("{{" not in text) == template.constant


@pytest.mark.parametrize(
    ("text", "er7"),
    [
        ("{{ PID-3 }}", "A1^^^C1^MR"),
        ("{{ PID-5 }}", "O$N^Kim\\S\\J&x"),
        ("{{ PID-5.2 }}", "Kim\\S\\J&x"),
    ],
)
def test_other_encoding_characters_become_the_standard_ones(text: str, er7: str) -> None:
    """An HL7 text is written in the standard encoding characters, whichever the request has."""
    assert er7 == read_template(text).er7(OTHER)
