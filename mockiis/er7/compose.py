"""Values -> ER7 text in the standard encoding characters: what answers and messages are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mockiis.er7.delimiters import STANDARD, Delimiters


def components(*values: str) -> str:
    """``a^b^c`` with every value escaped; empty components at the end are left out."""
    return "^".join(STANDARD.escaped(value) if value else "" for value in values).rstrip("^")


def repetitions(values: list[str]) -> str:
    """``a~b``: fields already composed, empty ones left out."""
    return "~".join(value for value in values if value)


def segment(segment_id: str, fields: Mapping[int, str]) -> str:
    """A segment with the given fields (number -> composed text) at their places; ends at the last valued one."""
    last = max((number for number, text in fields.items() if text), default=0)
    return "|".join([segment_id, *(fields.get(number, "") for number in range(1, last + 1))])


def message(segments: list[str]) -> str:
    """The message text: each segment ends with CR."""
    return "\r".join(segments) + "\r"


def in_standard(marks: Delimiters, raw: str) -> str:
    """A field written in these encoding characters, written again in the standard ones; the same text if they are."""
    if marks is STANDARD:  # the reader gives this one value for them, and identity costs nothing
        return raw
    theirs = [(marks.repetition, "~"), (marks.component, "^"), (marks.subcomponent, "&")]
    return _rejoined(raw, theirs, lambda text: STANDARD.escaped(marks.unescape(text)))


def _rejoined(text: str, marks: Sequence[tuple[str, str]], leaf: Callable[[str], str]) -> str:
    if not marks:
        return leaf(text)
    (theirs, ours), *rest = marks
    pieces = text.split(theirs) if theirs else [text]
    return ours.join(_rejoined(piece, rest, leaf) for piece in pieces)
