"""JUnit XML, read back by a parser of XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from certification.events import Event
from certification.reports.junit import JUnitReport


@pytest.fixture
def root(events: list[Event]) -> ET.Element:
    """The document of the run."""
    written: list[str] = []
    report = JUnitReport(written.append)
    for event in events:
        report(event)
    [text] = written
    return ET.fromstring(text)


def test_a_suite_stands_for_each_capability(root: ET.Element) -> None:
    """With its counts, and the counts of all at the top."""

    assert "testsuites" == root.tag
    assert {
        "name": "mockiis certify",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
        "time": "0.750",
    } == (root.attrib)
    assert [("submit", "2", "1", "0"), ("query", "1", "0", "1")] == [
        (suite.attrib["name"], suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"])
        for suite in root.findall("testsuite")
    ]


def test_a_test_case_stands_for_each_case_and_transport(root: ET.Element) -> None:
    """The class name groups, the name tells cases apart."""

    assert [
        ("certification.submit", "one [soap] Title of one", "0.250"),
        ("certification.submit", "two [mllp] Title of two", "0.500"),
        ("certification.query", "three [soap] Title of three", "0.000"),
    ] == [(case.attrib["classname"], case.attrib["name"], case.attrib["time"]) for case in root.iter("testcase")]


def test_a_failure_names_the_field(root: ET.Element) -> None:
    """Markup is escaped, and what XML cannot hold is replaced."""
    [failure] = root.iter("failure")

    assert {
        "type": "PID-22",
        "message": "Patient ethnic group (PID-22): expected 2186-5, found <missing> & ? \u00f8",
    } == failure.attrib
    assert failure.text
    assert failure.text.startswith(
        "source: Guide, section 1\nstep 1: Patient ethnic group (PID-22)\n  expected: 2186-5\n"
    )


def test_a_skipped_case_has_its_reason(root: ET.Element) -> None:
    """As CI systems show it."""

    assert ["does not apply"] == [skipped.attrib["message"] for skipped in root.iter("skipped")]
