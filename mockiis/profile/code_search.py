"""Vaccines by the words people use for them: for did-you-mean, and for trade names in a description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from mockiis.profile.codes import CodeSets, Vaccine

LIKELY = 0.5
_SMALL = {
    "vaccine",
    "vaccination",
    "immunization",
    "shot",
    "injection",
    "dose",
    "of",
    "and",
    "or",
    "the",
    "for",
    "with",
}
_SAME = {
    "flu": "influenza",
    "hepatitis": "hep",
    "ped": "pediatric",
    "peds": "pediatric",
    "pneumonia": "pneumococcal",
    "poliovirus": "polio",
    "chickenpox": "varicella",
    "shingles": "zoster",
    "pf": "preservative free",
}


@lru_cache(maxsize=1000)
def closest(codes: CodeSets, text: str, limit: int = 3) -> tuple[Vaccine, ...]:
    """The vaccines whose name or trade name is most like ``text``, best first; none when nothing is like it."""
    wanted = words(text)
    if not wanted:
        return ()
    scored = [(_score(codes, vaccine, wanted), vaccine) for vaccine in codes.vaccines.values()]
    likely = [(score, vaccine) for score, vaccine in scored if score >= LIKELY]
    likely.sort(key=lambda pair: (-pair[0], pair[1].code.zfill(3)))
    return tuple(vaccine for _, vaccine in likely[:limit])


def brands(codes: CodeSets, text: str) -> dict[str, frozenset[str]]:
    """The trade names that a text mentions, each with all CVX codes that go with its first word.

    Words that vaccines' or manufacturers' names have as well, or begin with, are no sign of a trade name.
    """
    known = _brands(codes)
    return {word: known[word] for word in sorted(words(text)) if word in known}


def words(text: str) -> frozenset[str]:
    """The words of a name without case, small words and spelling habits."""
    text = re.sub(r"\bhep[\s-]?([ab])\b", r"hep \1", text.lower())
    found = (_SAME.get(word, word) for word in re.findall(r"[^\W\d_]+|\d+", text))
    return frozenset(word for one in found for word in one.split() if word not in _SMALL)


def _score(codes: CodeSets, vaccine: Vaccine, wanted: frozenset[str]) -> float:
    names = _names(codes).get(vaccine.code, ())
    best = max((2 * len(wanted & name) / (len(wanted) + len(name)) for name in names), default=0.0)
    return best + (0.05 if best and vaccine.is_active else 0)


@cache
def _names(codes: CodeSets) -> dict[str, tuple[frozenset[str], ...]]:
    found = {one.code: [words(one.name), words(one.full_name)] for one in codes.vaccines.values()}
    for trade_name in codes.trade_names:
        found.setdefault(trade_name.cvx, []).append(words(trade_name.name))
    return {code: tuple(filter(None, names)) for code, names in found.items()}


@cache
def _brands(codes: CodeSets) -> dict[str, frozenset[str]]:
    common = _words_of(one.name for one in codes.manufacturers.values())
    common |= _words_of(f"{one.name} {one.full_name}" for one in codes.vaccines.values())
    found: dict[str, set[str]] = {}
    for trade_name in codes.trade_names:
        first = re.match(r"[^\W\d_]{4,}", trade_name.name.lower())
        if first and not any(word.startswith(first[0]) for word in common):
            found.setdefault(first[0], set()).add(trade_name.cvx)
    return {word: frozenset(cvx) for word, cvx in found.items()}


def _words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words(text)}
