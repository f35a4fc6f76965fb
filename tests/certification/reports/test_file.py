"""Files that reports go to."""

from __future__ import annotations

from pathlib import Path

import pytest

from certification.reports.file import report_file
from mockiis.errors import MockIISError


def test_a_report_takes_the_place_of_the_earlier_one_at_the_end(tmp_path: Path) -> None:
    """And not before; nothing else is left in the folder."""
    path = tmp_path / "report.json"
    path.write_text("earlier", encoding="utf-8")
    with report_file(path) as write:
        write("new \u00f8\n")
        assert "earlier" == path.read_text(encoding="utf-8")
    assert (b"new \xc3\xb8\n", [path]) == (path.read_bytes(), list(tmp_path.iterdir()))


@pytest.mark.parametrize("written", ["", "half"])
@pytest.mark.parametrize("error", [None, KeyboardInterrupt, MockIISError])
def test_an_earlier_report_stays_when_there_is_no_new_one(
    tmp_path: Path, written: str, error: type[BaseException] | None
) -> None:
    """Nothing was written, or the run was broken off before all was."""
    path = tmp_path / "report.json"
    path.write_text("earlier", encoding="utf-8")
    try:
        with report_file(path) as write:
            write(written)
            if error is not None:
                raise error
    except (KeyboardInterrupt, MockIISError):
        pass
    expected = written if written and error is None else "earlier"
    assert (expected, [path]) == (path.read_text(encoding="utf-8"), list(tmp_path.iterdir()))


def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    """By its name, and with the reason; a folder, too."""
    for path in (tmp_path / "no-such-folder" / "report.json", tmp_path):
        with pytest.raises(MockIISError, match="cannot be written: "), report_file(path):
            pytest.fail("nothing may begin")
