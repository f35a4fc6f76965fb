"""The report for people: a heading for each message, its findings with the worst first, a summary at the end.

Of a patient nothing is shown but the one value that a finding is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mockiis.inputs import NotRead
from mockiis.judge_report.judged import Judged
from mockiis.judge_report.tally import Item, Tally
from mockiis.profile.finding import Finding
from mockiis.profile.names import in_words

WORDS = {"E": "Error", "W": "Warning", "I": "Information"}
SHOWN = 100
"""Findings of one message that are listed; the rest is counted. JSON and SARIF list all."""
_LONGEST = 200


def written(items: Iterable[Item], tally: Tally) -> Iterator[str]:
    """The report, piece by piece. What could not be read is told on standard error, and counted here."""
    for item in items:
        if isinstance(item, Judged):
            yield "".join(f"{line}\n" for line in _message(item, tally.standard))
    yield f"{_summary(tally)}\n"


def _message(judged: Judged, standard: str) -> Iterator[str]:
    profile = f"{judged.profile or 'no profile'} of {standard}"
    parts = [judged.type or "no type", f"control id {judged.control_id or 'missing'}", profile]
    heading = f"{plain(judged.file)} #{judged.index}: {plain(', '.join(parts))}"
    yield f"{heading}: nothing found" if not judged.findings else heading
    ordered = sorted(judged.findings, key=lambda finding: "EWI".index(finding.severity))
    for finding in ordered[:SHOWN]:
        yield from _finding(finding)
    if ordered[SHOWN:]:
        yield f"  ... and {_counts(Counter(finding.severity for finding in ordered[SHOWN:]))} more"
    for opinion in judged.opinions or ():
        yield f"  hl7apy: {plain(str(opinion))}"


def _finding(finding: Finding) -> Iterator[str]:
    codes = f"{finding.code}, HL70533 {finding.application_code}" if finding.application_code else finding.code
    where = plain(in_words(finding.location))
    yield f"  {WORDS[finding.severity]}: {where}: {plain(finding.text)} [{codes}]"
    origin = ", ".join(filter(None, (finding.statement, finding.source)))
    for name, value in (
        ("expected", finding.expected),
        ("found", finding.found),
        ("effect", finding.effect),
        ("fix", finding.fix),
        ("source", origin),
    ):
        if value:
            yield f"    {name}: {plain(value)}"


def _summary(tally: Tally) -> str:
    text = _plural(tally.messages, "message")
    if tally.messages:
        text += f": {tally.clean} with nothing found, {tally.with_errors} with errors; {_counts(tally.findings)}"
    return f"{text}; {_plural(len(tally.not_read), 'input')} not read" if tally.not_read else text


def _counts(severities: Counter[str]) -> str:
    return ", ".join(
        (_plural(severities["E"], "error"), _plural(severities["W"], "warning"), f"{severities['I']} information")
    )


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def plain(text: str) -> str:
    """One line that is safe to print: what a terminal would obey is shown as a question mark, and the rest is cut."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return short if short.isprintable() else "".join(c if c.isprintable() else "?" for c in short)


def not_read(item: NotRead) -> str:
    """What is said on standard error about an input that holds no message that can be read."""
    return plain(str(item))
