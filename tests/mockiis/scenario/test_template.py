"""References to the request in texts."""

from __future__ import annotations

import pytest

from mockiis.er7 import read
from mockiis.scenario.template import read_template

MESSAGE = read(
    "MSH|^~\\&|EHR|C1|||20240403||VXU^V04^VXU_V04|77|P|2.5.1\r"
    "PID|1||A1^^^C1^MR~B2^^^ND^SR||O\\T\\Neil^Kim\\S\\J&x\r"
    "RXA|0|1|20240403||08^Hep B^CVX\rRXA|0|1|20240403||10^IPV^CVX\r"
)
OTHER = read("MSH#$*!%#EHR#C1###20240403##VXU$V04#77#P#2.5.1\rPID#1##A1$$$C1$MR*B2##O!S!N$Kim^J%x\r")


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
