"""The tables of docs/misbehaviour.md are those of the code."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from mockiis.message.misbehaviour import KINDS, Answers, Kind

PAGE = Path(__file__).parent.parent / "docs" / "misbehaviour.md"
_ANSWERS = {"message": "messages", "fault": "faults", "http": "pages"}


def row(kind: Kind) -> str:
    """A line of the table: name, what the sender sees, what may be written, and for which replies."""
    about = kind.about.replace("|", "\\|")
    return f"| `{kind.name}` | {about} | {written(kind)} | {answers(kind)} |"


def written(kind: Kind) -> str:
    if kind.form == "nothing":
        return ""
    default = {
        "amount": f"{kind.share or 0:.0%}",
        "bytes": f"{kind.count} bytes",
        "times": f"{kind.count}",
        "duration": f"{kind.seconds or 0:g}s",
        "pace": f"{kind.count} chunks over {kind.seconds or 0:g}s",
        "character": f"0x{(kind.text or '').encode().hex()}",
        "text": repr(kind.text)[1:-1] if kind.text else "",
    }[kind.form]
    return f"`{{{kind.name}: {kind.example}}}`" + (f"; without: {default}" if default else "")


def answers(kind: Kind) -> str:
    named = [_ANSWERS[one] for one in get_args(Answers) if one in kind.answers]
    return "all" if len(named) == len(_ANSWERS) else ", ".join(named)


@pytest.mark.parametrize(
    ("heading", "transport"), [("## MLLP", "mllp"), ("## SOAP", "soap"), ("## Plain HTTP", "http")]
)
def test_the_tables_are_those_of_the_code(heading: str, transport: str) -> None:
    """Every kind, in the order in which they are done."""
    section = PAGE.read_text("utf-8").partition(f"{heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]

    assert [row(kind) for kind in KINDS.values() if transport in kind.transports] == rows
