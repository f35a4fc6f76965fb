"""The user's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockiis.home import code_folder, code_sets, home


def test_it_is_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Unless MOCKIIS_HOME names another one."""
    monkeypatch.delenv("MOCKIIS_HOME", raising=False)
    assert Path.home() / ".mockiis" == home()
    monkeypatch.setenv("MOCKIIS_HOME", str(tmp_path))
    assert (tmp_path, tmp_path / "codes") == (home(), code_folder())
    monkeypatch.setenv("MOCKIIS_HOME", " ")
    assert Path.home() / ".mockiis" == home()


def test_it_need_not_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The code sets are then the shipped ones, and nothing is made."""
    monkeypatch.setenv("MOCKIIS_HOME", str(tmp_path / "none"))
    assert code_sets().cvx("03")
    assert [] == list(tmp_path.iterdir())
