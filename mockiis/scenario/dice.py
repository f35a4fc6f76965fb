"""Chance without a random generator: a number from the request's seed and the name of what is decided.

The same seed and name always give the same number, so a reply is a function of its request, and what one rule
decides does not shift what another does.
"""

from __future__ import annotations

from hashlib import blake2b

_BITS = 53
"""As many as a float holds, so that rounding never makes a 1 of what is a little less."""


def roll(seed: int, *purpose: str) -> float:
    """A number from 0 up to 1, evenly spread over seeds and purposes."""
    text = "\0".join((str(seed), *purpose))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 64 - _BITS) / (1 << _BITS)
