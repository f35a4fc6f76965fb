"""How long a reply waits: a fixed time, or one drawn from a distribution.

A distribution turns a roll (0 to 1) into seconds, so that the same roll always waits as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, log, pi, sqrt
from typing import Protocol

from mockiis.scenario.dice import roll

MOST = 3600.0
"""Seconds. A distribution without a bound of its own may be unlucky, but not beyond all patience."""


class Delay(Protocol):
    """Seconds to wait for a request. ``str(delay)`` says how long in words that follow "after"."""

    def seconds(self, seed: int, rule: str) -> float:
        """The wait for the request that has this seed, answered by this rule."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same."""

    wait: float = 0.0

    def seconds(self, _seed: int, _rule: str) -> float:
        """That time."""
        return self.wait

    def __str__(self) -> str:
        return f"{self.wait:g} s"


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two times, each equally likely."""

    low: float
    high: float

    def seconds(self, seed: int, rule: str) -> float:
        """A time between the two."""
        return self.low + (self.high - self.low) * roll(seed, rule, "delay")

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g} s"


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Around ``median``, seldom much longer: 95 of 100 waits are below ``median * exp(1.645 * sigma)``."""

    median: float
    sigma: float
    most: float = MOST

    def seconds(self, seed: int, rule: str) -> float:
        """A time of the distribution, cut off at ``most``."""
        radius = sqrt(-2.0 * log(1.0 - roll(seed, rule, "delay")))
        normal = radius * cos(2.0 * pi * roll(seed, rule, "angle"))
        return min(self.median * exp(min(self.sigma * normal, 60.0)), self.most)

    def __str__(self) -> str:
        return f"about {self.median:g} s"


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Measured latency: pairs of share and seconds, rising; between two of them evenly spread."""

    points: tuple[tuple[float, float], ...]

    def seconds(self, seed: int, rule: str) -> float:
        """The time below which that share of all waits lies."""
        drawn = roll(seed, rule, "delay")
        for (low, shortest), (high, longest) in zip(self.points, self.points[1:], strict=False):
            if drawn <= high:
                return shortest + (longest - shortest) * (drawn - low) / (high - low)
        return self.points[-1][1]

    def __str__(self) -> str:
        return f"{self.points[0][1]:g} to {self.points[-1][1]:g} s, as measured"


IIS = Quantiles(
    ((0, 0.05), (0.25, 0.41), (0.5, 1.6), (0.75, 3.0), (0.9, 4.8), (0.95, 6.1), (0.99, 8.75), (0.999, 12.0), (1, 50.0))
)
"""Latency of production registries: the quantiles of the histogram in the IZ Gateway's performance simulator
(AbstractPerformanceSimulator, izgw-hub), where one answer in a thousand takes up to 50 seconds.
"""
NONE = Fixed()
