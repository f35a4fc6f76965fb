"""Which doses of a person count, and what is due: by a small schedule for interface testing, not for care.

``shipped().assess(person, today)`` fills in evaluations and forecast. Anything with that method can take its place.
"""

from mockiis.registry.forecast.forecaster import Forecaster, NoForecaster, Scripted, SeriesForecaster, shipped
from mockiis.registry.forecast.schedule import Schedule, read_schedule, shipped_schedule

__all__ = [
    "Forecaster",
    "NoForecaster",
    "Schedule",
    "Scripted",
    "SeriesForecaster",
    "read_schedule",
    "shipped",
    "shipped_schedule",
]
