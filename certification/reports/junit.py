"""The report for CI systems: JUnit XML, a suite for each capability, a test case for each case and transport."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from certification.events import CaseFinished, Event, RunFinished
from certification.reports.summary import by_capability, summary
from mockiis.wire.xml import carried


class JUnitReport:
    """Writes the document when the run has finished."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunFinished):
            self._write(document(event))


def document(event: RunFinished) -> str:
    """The whole document."""
    root = ET.Element("testsuites", {"name": "mockiis certify", **_counts(event.results)})
    for capability, found in by_capability(event.results):
        suite = ET.SubElement(root, "testsuite", {"name": capability, **_counts(found)})
        for finished in found:
            _case(suite, finished)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(results: tuple[CaseFinished, ...]) -> dict[str, str]:
    counts = summary(results)
    return {
        "tests": str(len(results)),
        "failures": str(counts.failed),
        "errors": "0",
        "skipped": str(counts.skipped),
        "time": _seconds(sum(finished.seconds for finished in results)),
    }


def _case(suite: ET.Element, finished: CaseFinished) -> None:
    trial = finished.trial
    name = f"{trial.case.id} [{trial.transport}] {trial.case.title}"
    attributes = {
        "classname": f"certification.{trial.case.capability}",
        "name": name,
        "time": _seconds(finished.seconds),
    }
    element = ET.SubElement(suite, "testcase", {key: carried(value) for key, value in attributes.items()})
    if finished.result == "skipped":
        ET.SubElement(element, "skipped", {"message": carried(trial.skip)})
    if finished.failures:
        first = finished.failures[0]
        message = f"{first.words}: expected {first.expected}, found {first.found}"
        failure = ET.SubElement(element, "failure", {"type": carried(first.field), "message": carried(message)})
        failure.text = carried("\n".join([f"source: {trial.case.source}", *map(str, finished.failures)]))


def _seconds(value: float) -> str:
    return f"{value:.3f}"
