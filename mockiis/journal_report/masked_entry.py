"""An entry of the journal with its messages masked, and all else that may repeat a value of them."""

from __future__ import annotations

from dataclasses import replace

from mockiis.er7 import ER7Error, read
from mockiis.journal_report.masking import MASK, masked
from mockiis.store.entry import JournalEntry


def masked_entry(entry: JournalEntry) -> JournalEntry:
    """The entry without values of patients. The details of faults, bodies of HTTP and what a connectivityTest echoes
    are free text, and so masked as a whole; why no rule answered stays in the words that hold no values.
    """
    answer = masked(entry.answer)
    return replace(
        entry,
        request=masked(entry.request),
        answer=answer,
        findings=_errors(answer) if entry.findings else (),
        explanation=(entry.summary or MASK) if entry.unmatched else "",
    )


def _errors(answer: str) -> tuple[str, ...]:
    try:
        return tuple(segment.text for segment in read(answer).named("ERR"))
    except ER7Error:
        return ()
