"""National Drug Codes in the forms people write them: 10 or 11 digits, with dashes or without.

CDC's tables print 11 digits as 5-4-2. A package prints 10 digits as 4-4-2, 5-3-2 or 5-4-1: the segment that is one
digit short gets a zero in front. Ten digits without dashes do not say which segment that is, so they may stand for
three codes. Source: CDC's notes on its NDC tables.
"""

from __future__ import annotations

import re

_DASHED = re.compile(r"(\d{4,5})-(\d{3,4})-(\d{1,2})", re.ASCII)
_PLAIN = re.compile(r"\d{10,11}", re.ASCII)
_SHORT = ((4, 4, 2), (5, 3, 2), (5, 4, 1))
"""Lengths of the segments as a package prints them."""


def forms(code: str) -> tuple[str, ...]:
    """The 11-digit codes, written 5-4-2, that ``code`` may stand for; empty when it is no NDC."""
    code = code.strip()
    if dashed := _DASHED.fullmatch(code):
        labeler, product, package = dashed.groups()
        full = f"{labeler:0>5}-{product:0>4}-{package:0>2}"
        return (full,) if len(code) >= 12 else ()  # at most one segment is short
    if not _PLAIN.fullmatch(code):
        return ()
    if len(code) == 11:
        return (_joined(code, 5, 4),)
    return tuple(_filled(code, *lengths) for lengths in _SHORT)


def _joined(digits: str, labeler: int, product: int) -> str:
    return f"{digits[:labeler]}-{digits[labeler : labeler + product]}-{digits[labeler + product :]}"


def _filled(digits: str, labeler: int, product: int, package: int) -> str:
    return f"{digits[:labeler]:0>5}-{digits[labeler : labeler + product]:0>4}-{digits[-package:]:0>2}"
