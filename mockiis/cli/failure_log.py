"""What the library underneath logs of errors that nobody has caught, without their text: it may quote a message."""

from __future__ import annotations

from twisted.logger import LogEvent, LogLevel, formatEvent, globalLogBeginner
from twisted.python.failure import Failure

from mockiis.cli.exchange_log import say
from mockiis.server.failure import internal_error


def begin() -> None:
    """Tell of them in a line each, in place of a traceback."""
    globalLogBeginner.beginLoggingTo([tell], redirectStandardIO=False, discardBuffer=True)  # type: ignore[list-item]


def tell(event: LogEvent) -> None:
    """Tell of one event, if it is a failure."""
    failure = event.get("log_failure")
    if isinstance(failure, Failure):
        error = failure.value
        say(f"mockiis: {internal_error(error) if isinstance(error, Exception) else type(error).__name__}")
    elif event.get("log_level") is LogLevel.critical:
        say(f"mockiis: {formatEvent(event)}")
