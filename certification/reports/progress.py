"""Progress on standard error: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from certification.events import CaseFinished, Event, Listener
from mockiis.console import progress


@contextmanager
def progress_report(total: int) -> Iterator[Listener]:
    """A listener that advances the bar by each case."""
    with progress("certifying", total) as advance:

        def listener(event: Event) -> None:
            if isinstance(event, CaseFinished):
                advance()

        yield listener
