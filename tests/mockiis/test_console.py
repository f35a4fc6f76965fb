"""What commands share: progress that shows on a terminal and never in the way of a result."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

from mockiis.console import progress


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stderr: StringIO, total: int | None) -> tuple[str, str]:
    """What goes to standard output and to standard error while three steps are made."""
    stdout = StringIO()
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with progress("Messages judged", total) as advance:
        for _ in range(3):
            advance()
        sys.stdout.write("the result\n")
    return stdout.getvalue(), stderr.getvalue()


@pytest.mark.parametrize(("total", "expected"), [(None, "Messages judged: 3"), (3, "100%")])
def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, total: int | None, expected: str) -> None:
    """A bar, or a count where the total is not known; a result that goes to a file meanwhile gets there."""
    out, err = shown(monkeypatch, Terminal(), total)

    assert "the result\n" == out
    assert expected in err


def test_without_a_terminal_there_is_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of a pipeline holds none of it."""

    assert ("the result\n", "") == shown(monkeypatch, StringIO(), None)
