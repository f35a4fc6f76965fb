"""The exchange that came closest to what was asked for, and how it differs. The words are those of a scenario's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockiis.scenario.explanation import Score, score, table
from mockiis.scenario.hints import hint
from mockiis.scenario.matcher import differences
from mockiis.store.entry import JournalEntry
from mockiis.verification.inquiry import EntrySubject, Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An exchange that does not match, and its distance."""

    inquiry: Inquiry
    subject: EntrySubject
    score: Score

    @property
    def entry(self) -> JournalEntry:
        """The exchange."""
        return self.subject.exchange.entry()

    def lines(self) -> list[str]:
        """The exchange, every condition with what was wanted and got, and hints."""
        found = differences(self.inquiry.conditions, self.subject)
        held = sum(entry.held for entry in found)
        title = f"  Closest: {named(self.entry)}  {held} of {len(found)} conditions hold"
        return [title, *table(found), *(f"    Hint: {text}" for text in self.hints())]

    def hints(self) -> list[str]:
        """The usual slips that may explain it."""
        failed = [each for each in self.inquiry.conditions if not each.holds(self.subject)]
        return list(filter(None, (hint(each, self.subject) for each in failed)))

    def as_data(self) -> dict[str, Any]:
        """The same for programs."""
        conditions = [
            {"condition": entry.condition.key, "held": entry.held, "want": entry.wanted, "got": list(entry.got)}
            for entry in differences(self.inquiry.conditions, self.subject)
        ]
        return {"number": self.entry.number, "conditions": conditions, "hints": self.hints()}


def nearer(best: Near | None, inquiry: Inquiry, subject: EntrySubject) -> Near | None:
    """The closer of the best so far and this one; of two as close the later."""
    if subject.message is None:
        return best
    distance = score(inquiry.conditions, subject)
    if best is not None and best.score < distance:
        return best
    return Near(inquiry=inquiry, subject=subject, score=distance)


def named(entry: JournalEntry) -> str:
    """``exchange 2, VXU^V04^VXU_V04 MSH-10='M1' over mllp, answered AE by rule "no birth date"``."""
    what = f"{entry.message_type} MSH-10={entry.control_id!r}" if entry.message_type else entry.operation or "not read"
    answer = " ".join(filter(None, (entry.acknowledgment or entry.status, entry.query_status))) or entry.outcome
    rule = f' by rule "{entry.rule}"' if entry.rule else ""
    return f"exchange {entry.number}, {what} over {entry.transport}, answered {answer}{rule}"
