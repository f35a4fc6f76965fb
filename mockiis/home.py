"""The user's own folder: ``~/.mockiis``, or the one MOCKIIS_HOME names. It is made when it is written to."""

from __future__ import annotations

import os
from pathlib import Path

from mockiis.profile.codes import CodeSets


def home() -> Path:
    """Where the user's own settings and tables are."""
    named = os.environ.get("MOCKIIS_HOME", "").strip()
    return Path(named).expanduser() if named else Path("~").expanduser() / ".mockiis"


def code_folder() -> Path:
    """Where the user's own code sets are; it need not exist."""
    return home() / "codes"


def code_sets() -> CodeSets:
    """The shipped code sets, overridden by the user's own."""
    return CodeSets(code_folder())
