"""What is wrong with one repetition of a field, wherever the field stands: the half of a fault that can be remembered.

Values repeat from message to message (codes above all), so what was found in one is kept and used again.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.profile.finding import Severity

SHOWN = 60
"""Characters of a value that a finding shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Kind, codes and words of a fault, and the component it is in. ``severity`` is set where a tolerance says so.

    ``breaks`` tells whether the field counts as empty because of it (CDC guide 1.5, table 3-1).
    """

    kind: str
    code: str
    text: str
    expected: str
    found: str
    application_code: str = ""
    repetition: int | None = None
    component: int | None = None
    subcomponent: int | None = None
    severity: Severity | None = None
    breaks: bool = True
    fix: str = ""
    statement: str = ""
    source: str = ""


def shown(value: str) -> str:
    """A value as a finding shows it: one line, cut when it is long."""
    plain = "".join(character if character.isprintable() else " " for character in value[: SHOWN + 1])
    return f"{plain[:SHOWN]}..." if len(value) > SHOWN else plain
