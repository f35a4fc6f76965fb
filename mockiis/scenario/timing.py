"""Delays and chances as authors write them: ``8s``, ``iis``, ``{uniform: [1s, 3s]}``, ``10%``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator

from mockiis.document import complaint, unknown_key
from mockiis.entry_types import kind, read_duration, read_text
from mockiis.scenario.delay import IIS, MOST, Delay, Fixed, Lognormal, Uniform
from mockiis.scenario.values import read_share

PRESETS: Mapping[str, Delay] = {"iis": IIS}
"""Distributions by name; ``iis`` is the latency of production registries."""
_FORMS = "write a duration such as 8s, iis, {uniform: [1s, 3s]} or {lognormal: {median: 1.6s, sigma: 0.8}}"


def read_delay(value: Any) -> Delay:
    """A fixed duration, a preset, or a distribution."""
    if isinstance(value, str):
        return PRESETS.get(value) or Fixed(read_duration(value))
    if not isinstance(value, dict) or len(value) != 1:
        raise complaint(f"{_FORMS}, not {kind(value)}")
    [(name, wanted)] = value.items()
    if name not in _DISTRIBUTIONS:
        raise unknown_key(name, list(_DISTRIBUTIONS))
    return _DISTRIBUTIONS[name](wanted)


def _uniform(value: Any) -> Delay:
    if not isinstance(value, list) or len(value) != 2:
        raise complaint("write the shortest and the longest wait, as in {uniform: [1s, 3s]}", "uniform")
    low, high = (read_duration(entry) for entry in value)
    if low > high:
        raise complaint("the shortest wait comes first, as in {uniform: [1s, 3s]}", "uniform")
    return Uniform(low, high)


def _lognormal(value: Any) -> Delay:
    if not isinstance(value, dict):
        raise complaint("write {lognormal: {median: 1.6s, sigma: 0.8}}, and max: 30s if wanted", "lognormal")
    for key in value:
        if key not in ("median", "sigma", "max"):
            raise unknown_key(key, ["median", "sigma", "max"])
    if not {"median", "sigma"} <= set(value):
        raise complaint("median and sigma are needed, as in {lognormal: {median: 1.6s, sigma: 0.8}}", "lognormal")
    sigma = read_text(value["sigma"])
    if not re.fullmatch(r"\d(\.\d{1,6})?", sigma, re.ASCII):
        raise complaint(f"'{sigma}' is not a sigma; write a number below 10, such as 0.8", "sigma")
    most = read_duration(value["max"]) if "max" in value else MOST
    return Lognormal(read_duration(value["median"]), float(sigma), most)


_DISTRIBUTIONS: Mapping[str, Callable[[Any], Delay]] = {"uniform": _uniform, "lognormal": _lognormal}


def read_chance(value: Any) -> float:
    """``10%`` or ``0.5%`` as a share of 1; what never happens is not worth a line."""
    share = read_share(value)
    if not share:
        raise complaint("a chance of 0% never comes; leave the entry out")
    return share


ScriptDelay = Annotated[Delay, PlainValidator(read_delay)]
Chance = Annotated[float, PlainValidator(read_chance)]
