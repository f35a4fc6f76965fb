"""What is stored of a VXU: whose record it is, what becomes of it, and what there is to say besides the judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mockiis.er7 import Location
from mockiis.profile import Finding, Severity
from mockiis.profile.codes import CodeSets
from mockiis.registry.borrowing import borrowed
from mockiis.registry.doses import Doses
from mockiis.registry.merging import Merge, begun
from mockiis.registry.reading import Submission
from mockiis.registry.records import Keep, Records
from mockiis.registry.search import Found, find


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The change to be made, None if nothing changes; and what to say."""

    keep: Keep | None
    findings: tuple[Finding, ...]


def stored(report: Submission, records: Records, codes: CodeSets, authority: str) -> Stored:
    """Decide what becomes of the records. The same message again changes nothing."""
    found = find(report.person, records, authority, candidates=False)
    known = found.one
    doses = Doses(list(known.doses) if known else [], report.origin, codes)
    for one in report.reports:
        doses.take(one)
    if known is None and report.reports and all(one.action == "D" for one in report.reports):
        return Stored(keep=None, findings=tuple(doses.findings))
    merge = Merge(known or begun(report), report)
    record = replace(merge.merged(), doses=tuple(doses.kept))
    keep = Keep(record=record, borrowed=borrowed(record.doses)) if record != known else None
    return Stored(keep=keep, findings=(*_about(found), *_about_merge(merge), *doses.findings))


def _about(found: Found) -> Iterator[Finding]:
    if found.disputed:
        yield _finding(
            "205",
            "W",
            Location(segment="PID", field=3),
            "An identifier is already that of another person; they are kept apart.",
            "Check the identifier, and name and birth date. Do not use an identifier again for somebody else.",
        )
    certain = sum(comparison.grade == "same" for _, comparison in found.compared)
    if found.one is None and certain > 1:
        yield _finding(
            "0",
            "I",
            Location(segment="PID"),
            "Several persons could be meant; the message is stored as a person of its own.",
            "Send an identifier, the mother's maiden name, address and telephone, so that they can be told apart.",
        )


def _about_merge(merge: Merge) -> Iterator[Finding]:
    if merge.stale:
        yield _finding(
            "0",
            "I",
            Location(segment="MSH", field=7),
            f"The message is older than what is stored; newer values stay ({', '.join(merge.stale)}).",
            "Send messages in their order, each with the time it was made in MSH-7.",
        )
    if merge.guarded:
        yield _finding(
            "0",
            "I",
            Location(segment="PD1", field=12),
            "The record is protected at another facility's request, which alone can lift it; it stays protected.",
            "Ask that facility, or the registry.",
        )


def _finding(code: str, severity: Severity, location: Location, text: str, fix: str) -> Finding:
    return Finding(code=code, severity=severity, location=location, text=text, fix=fix)
