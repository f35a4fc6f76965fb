"""What every command shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockiis.console import ExitCode, plain_errors, print_table, progress, read_bytes, read_text
from mockiis.errors import MockIISError, UnreachedError


def test_an_error_is_a_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Every line of it names the command; nothing goes to standard output."""
    with pytest.raises(SystemExit) as stopped, plain_errors():
        raise MockIISError("first\nsecond")

    assert ExitCode.USAGE == stopped.value.code
    assert ("", "mockiis: first\nmockiis: second\n") == tuple(capsys.readouterr())


def test_somebody_who_does_not_answer_is_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence, as other errors are."""
    with pytest.raises(SystemExit) as stopped, plain_errors():
        raise UnreachedError("nobody is there")

    assert ExitCode.UNREACHED == stopped.value.code
    assert "mockiis: nobody is there\n" == capsys.readouterr().err


def test_other_errors_are_not_swallowed() -> None:
    """A mistake of ours is no mistake of the user's."""
    with pytest.raises(ZeroDivisionError), plain_errors():
        raise ZeroDivisionError


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    """A byte order mark is no part of the text."""
    file = tmp_path / "f.txt"
    file.write_bytes(b"\xef\xbb\xbfZo\xc3\xab\n")

    assert ("Zo\u00eb\n", b"\xef\xbb\xbfZo\xc3\xab\n") == (read_text(file), read_bytes(file))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Which one and why."""
    wrong = tmp_path / "latin.txt"
    wrong.write_bytes(b"Zo\xeb")
    for path, said in ((wrong, f"{wrong}: is not UTF-8 text (byte 3)"), (tmp_path / "no", "cannot be read: ")):
        with pytest.raises(MockIISError) as refused:
            read_text(path)
        assert said in str(refused.value)


def test_a_table_shows_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A cell in brackets is no markup, and it goes to standard output."""
    print_table(("code", "name"), [("[red]1[/red]", "one")], title="Codes")
    out, said = capsys.readouterr()

    assert "" == said
    assert ["Codes", "[red]1[/red]", "one"] == [word for word in ("Codes", "[red]1[/red]", "one") if word in out]


@pytest.mark.parametrize("total", [None, 3])
def test_progress_without_a_terminal_is_silent(capsys: pytest.CaptureFixture[str], total: int | None) -> None:
    """A pipeline's log gets no bar."""
    with progress("Working", total) as advance:
        advance()

    assert ("", "") == tuple(capsys.readouterr())
