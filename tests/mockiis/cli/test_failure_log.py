"""An error that nobody caught is told of without its text."""

from __future__ import annotations

import subprocess
import sys

import pytest
from twisted.logger import LogLevel
from twisted.python.failure import Failure

from mockiis.cli.failure_log import tell

PROGRAM = """\
import sys
from twisted.internet import reactor
from mockiis.cli import failure_log
def fails():
    raise ValueError("Doe^Jane")
failure_log.begin()
reactor.callLater(0, fails)
reactor.callLater(0.1, reactor.stop)
reactor.run()
"""


def test_an_error_in_the_reactor_is_one_line_without_its_text() -> None:
    """Where Twisted would print a traceback that quotes it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)

    assert (0, "", "mockiis: internal error: ValueError at <string>:5 in fails\n") == (
        done.returncode,
        done.stdout,
        done.stderr,
    )


def test_what_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Failures and what is critical; nothing of everyday events."""
    tell({"log_level": LogLevel.info, "log_format": "Starting factory"})
    tell({"log_level": LogLevel.critical, "log_format": "no more {what}", "what": "files"})
    tell({"log_level": LogLevel.critical, "log_failure": Failure(KeyboardInterrupt("Doe"))})

    assert "mockiis: no more files\nmockiis: KeyboardInterrupt\n" == capsys.readouterr().err
