"""Which exchanges are meant: a rule's conditions, and what the journal knows besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import PlainValidator

from mockiis import document
from mockiis.document import Entry
from mockiis.errors import DocumentError, MockIISError
from mockiis.store.entry import JournalEntry, seen
from mockiis.verification import EVERYTHING, EntrySubject, Inquiry, read_inquiry

REJECTED = frozenset({"AE", "AR", "CE", "CR"})


class _Conditions(Entry):
    when: Annotated[Inquiry, PlainValidator(read_inquiry)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Exchanges for which everything holds."""

    inquiry: Inquiry = EVERYTHING
    since: datetime | None = None
    unmatched: bool = False
    rejected: bool = False

    @property
    def everything(self) -> bool:
        """Whether no exchange is left out."""
        return self == Selection()

    def holds(self, entry: JournalEntry) -> bool:
        """Whether the exchange is meant."""
        if (self.unmatched and not entry.unmatched) or (self.rejected and not is_rejected(entry)):
            return False
        if self.since is not None and entry.received < self.since:
            return False
        return not self.inquiry.conditions or self.inquiry.holds(EntrySubject(seen(entry)))

    def of(self, entries: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
        """Those of them that are meant."""
        return filter(self.holds, entries)


def is_rejected(entry: JournalEntry) -> bool:
    """Whether the sender was told of an error: AE, AR, or a SOAP fault."""
    return entry.outcome == "fault" or entry.acknowledgment in REJECTED


def read_conditions(texts: Iterable[str], message: str = "") -> Inquiry:
    """Conditions in YAML, as in ``PID-5.1: Doe`` or ``{message: VXU}``; all of them together. Raises MockIISError."""
    read = [_read(text) for text in texts]
    if message:
        read.append(_checked({"message": message}, "--message"))
    return Inquiry(conditions=tuple(condition for inquiry in read for condition in inquiry.conditions))


def _read(text: str) -> Inquiry:
    if not text.strip():
        raise MockIISError("--when is empty; write a condition as in a rule, such as 'PID-5.1: Doe'")
    try:
        data, _ = document.parse(text, "--when")
    except DocumentError as error:
        raise _wrong(f"--when '{text}'", error) from None
    return _checked(data, f"--when '{text}'")


def _checked(data: Any, name: str) -> Inquiry:
    try:
        return document.check({"when": data}, {(): (1, 1), ("when",): (1, 1)}, name, _Conditions).when
    except DocumentError as error:
        raise _wrong(name, error) from None


def _wrong(name: str, error: DocumentError) -> MockIISError:
    """There is one line, so its number says nothing."""
    return MockIISError(f"{name}: {'; '.join(problem.text.removeprefix('when: ') for problem in error.problems)}")
