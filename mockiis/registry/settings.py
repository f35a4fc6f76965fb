"""What differs from registry to registry."""

from __future__ import annotations

from dataclasses import dataclass

from mockiis.message.person import AUTHORITY
from mockiis.registry.acknowledging import WarningsPolicy

LIMIT = 10
"""Candidates that are told at most, whatever RCP-2 asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``warnings`` is MSA-1 of a message with warnings only. ``authority`` is who assigns this registry's own
    identifiers. ``forecast_in_history``: NDIIS tells the forecast with the history (Z32), the guide only with the
    evaluated history (Z42).
    """

    warnings: WarningsPolicy = "AE"
    limit: int = LIMIT
    authority: str = AUTHORITY
    forecast_in_history: bool = True
