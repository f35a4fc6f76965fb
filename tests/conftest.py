"""What every test shares: a failure that Twisted only logs fails the test that caused it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.logger import LogEvent, globalLogPublisher


@pytest.fixture(autouse=True)
def observe_errors() -> Iterator[list[LogEvent]]:
    """Collect failures that Twisted logs; a test that expects some clears the list."""
    failures: list[LogEvent] = []

    def observer(event: LogEvent) -> None:
        if event.get("log_failure") is not None:
            failures.append(event)

    globalLogPublisher.addObserver(observer)
    yield failures
    if failures:
        gc.collect()
    globalLogPublisher.removeObserver(observer)
    assert [] == [event["log_failure"].getTraceback() for event in failures]


@pytest.fixture(scope="session", autouse=True)
def no_tables_of_one_s_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a developer keeps in ~/.mockiis changes no test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCKIIS_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))
        yield


@pytest.fixture
def data() -> Path:
    """The folder with the messages and records that tests read."""
    return Path(__file__).parent / "data"
