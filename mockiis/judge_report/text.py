"""The report for people: a heading for each message, its findings with the worst first, a summary at the end.

A finding that is the same at several places stands there once, with all of them.

Of a patient nothing is shown but the one value that a finding is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mockiis.errors import printable
from mockiis.judge_report.judged import Judged
from mockiis.judge_report.tally import Item, Tally
from mockiis.profile.finding import Finding
from mockiis.profile.names import in_words

WORDS = {"E": "Error", "W": "Warning", "I": "Information"}
SHOWN = 100
PLACES = 10
"""Kinds of findings in one message, and places of one kind, that are listed; the rest is counted. JSON lists all."""
_LONGEST = 400


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
    yield heading if judged.findings else f"{heading}: nothing found"
    groups = _grouped(judged.findings)
    for same in groups[:SHOWN]:
        yield from _group(same)
    rest = [finding for same in groups[SHOWN:] for finding in same]
    if rest:
        yield f"  ... and {_counts(Counter(finding.severity for finding in rest))} more"
    for opinion in judged.opinions or ():
        yield f"  hl7apy: {plain(str(opinion))}"


def _grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same about several places together; the worst come first."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, location=None, erl="", found=""), []).append(finding)
    return sorted(groups.values(), key=lambda same: "EWI".index(same[0].severity))


def _group(same: list[Finding]) -> Iterator[str]:
    first, *others = same
    codes = [first.code, f"HL70533 {first.application_code}" if first.application_code else "", first.effect]
    yield f"  {WORDS[first.severity]}: {_where(first)}: {plain(first.text)} [{', '.join(filter(None, codes))}]"
    for other in others[:PLACES]:
        found = f", found: {plain(other.found)}" if other.found != first.found else ""
        yield f"    also: {_where(other)}{found}"
    if others[PLACES:]:
        yield f"    also: {_plural(len(others) - PLACES, 'place')} more"
    compared = {"expected": first.expected, "found": first.found}
    yield from _line("; ".join(f"{name}: {plain(value)}" for name, value in compared.items() if value))
    yield from _line(f"fix: {plain(first.fix)}" if first.fix else "")
    origin = (first.statement, first.source) if not first.source.startswith(first.statement) else (first.source,)
    yield from _line(f"source: {plain(', '.join(filter(None, origin)))}" if any(origin) else "")


def _line(text: str) -> Iterator[str]:
    if text:
        yield f"    {text}"


def _where(finding: Finding) -> str:
    return plain(in_words(finding.location))


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
    return printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
