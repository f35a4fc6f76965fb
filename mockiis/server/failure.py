"""What to say of an error of our own: where it happened, and nothing of the message that caused it."""

from __future__ import annotations

from pathlib import Path
from traceback import walk_tb


def internal_error(error: Exception) -> str:
    """What failed, and where in our code. The error's own text is left out: it may quote the message answered."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    code = frame.f_code
    return f"internal error: {type(error).__name__} at {Path(code.co_filename).name}:{line} in {code.co_name}"
