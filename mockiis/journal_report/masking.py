"""A message with everything that is about a patient replaced by ``***``; its structure, codes and answer stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from mockiis.er7 import NULL, Delimiters, ER7Error, Segment, read
from mockiis.er7.reader import LEAD
from mockiis.journal_report.kept import CODED_OBSERVATIONS, CODES, DATED_OBSERVATIONS, KEPT, YEAR, Keep

MASK = "***"
"""Where the star separates components it is written with the letter x."""
_STAR = "\ufdd0"
"""The star until then: no character of any text."""
_HEADERS = ("MSH", "FHS", "BHS")
_END = re.compile("(\r\n|\r|\n)")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+\-]{0,29}|[A-Za-z0-9]?")
_DATE = re.compile(r"(\d{4})\d{2,10}(?:\.\d{1,4})?(?:[+-]\d{4})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_DELIMITERS = 5
"""Characters that MSH-2 may have, with the one for truncation; what follows is no delimiter."""


def masked(text: str) -> str:
    """The message or batch, masked. What is neither is masked as a whole: it may hold anything."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    delimiters: Delimiters | None = None
    pieces = _END.split(text)
    for line, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        body = line.lstrip(LEAD)
        if body.startswith(_HEADERS):
            delimiters = _delimiters(body)
        yield _line(body, delimiters) + end


def _delimiters(header: str) -> Delimiters | None:
    """What a header says; that of a batch is written as that of a message."""
    try:
        return read(f"MSH{header[3:]}").delimiters
    except ER7Error:
        return None


def _line(text: str, delimiters: Delimiters | None) -> str:
    if delimiters is None or not text:
        return _component(text).replace(_STAR, "*")
    segment = Segment(text, delimiters)
    known = segment.id in KEPT
    fields = [_field(segment, number) for number in range(1, len(segment.fields))]
    if segment.id in _HEADERS:
        fields = fields[1:]  # the first one is the separator itself
    whole = delimiters.field.join([segment.id if known else _component(segment.id), *fields])
    return whole.replace(_STAR, "x" if "*" in _all(delimiters) else "*")


def _all(marks: Delimiters) -> str:
    return marks.field + marks.component + marks.repetition + marks.escape + marks.subcomponent


def _field(segment: Segment, number: int) -> str:
    text = segment.raw(number)
    if text in ("", NULL):
        return text
    if segment.names_delimiters(number):
        return text[:_DELIMITERS]
    keep = _keep(segment, number)
    if keep is not None and keep.how == "whole":
        return text
    if text.isalnum():
        return _part(text, 1, keep)
    repetitions = (_repetition(part, segment.delimiters.component, keep) for part in segment.repetitions(number))
    return segment.delimiters.repetition.join(repetitions)


def _keep(segment: Segment, number: int) -> Keep | None:
    if segment.id == "OBX" and number == 5:
        observed = segment.get(3, 1)
        return CODES if observed in CODED_OBSERVATIONS else YEAR if observed in DATED_OBSERVATIONS else None
    return KEPT.get(segment.id, {}).get(number)


def _repetition(text: str, mark: str, keep: Keep | None) -> str:
    parts = text.split(mark) if mark else [text]
    return mark.join(_part(part, number, keep) for number, part in enumerate(parts, 1))


def _part(text: str, number: int, keep: Keep | None) -> str:
    if keep is None or text == NULL:
        return _component(text)
    return _KEEPERS[keep.how](text, number, keep)


def _component(text: str) -> str:
    """Empty is empty, and null is null: neither tells of anybody."""
    return text if text in ("", NULL) else _STAR * 3


def _code(text: str, number: int, keep: Keep) -> str:
    return text if number in keep.components and _CODE.fullmatch(text) else _component(text)


def _year(text: str, number: int, _keep: Keep) -> str:
    date = _DATE.fullmatch(text) if number == 1 else None
    return f"{date[1]}{_STAR * 4}" if date else _component(text)


def _location(text: str, _number: int, _keep: Keep) -> str:
    return text if text in KEPT or _NUMBER.fullmatch(text) else _component(text)


_KEEPERS: Mapping[str, Callable[[str, int, Keep], str]] = {"codes": _code, "year": _year, "location": _location}
