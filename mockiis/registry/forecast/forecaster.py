"""Who says which doses count and what is due: the protocol, and the forecasters that are built in.

``SeriesForecaster`` works it out from a schedule, ``Scripted`` says what a script says, ``NoForecaster`` nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from mockiis.message.person import Dose, Evaluation, Person
from mockiis.registry.forecast.evaluation import evaluated, not_judged
from mockiis.registry.forecast.history import Unfit, known_day, sorted_out
from mockiis.registry.forecast.projection import hl7_date, projected
from mockiis.registry.forecast.schedule import Schedule, shipped_schedule


class Forecaster(Protocol):
    """Anything that can judge doses and say what is due. It must not change anything else of a person."""

    def assess(self, person: Person, today: date) -> Person:
        """The person with the evaluations of each dose, ``forecast`` and ``forecast_made`` filled in."""


@dataclass(frozen=True, slots=True)
class SeriesForecaster:
    """Works evaluations and forecast out from a schedule. Never raises, whatever a person's dates are."""

    schedule: Schedule

    def assess(self, person: Person, today: date) -> Person:
        """The person as the schedule judges it; what was there before is replaced.

        Without a birth date that is known to the day and not after today there is no forecast.
        """
        birth = known_day(person.birth_date)
        if birth is None or birth > today:
            reason = "the birth date is not known to the day" if birth is None else "born after today"
            unfit = dict.fromkeys(range(len(person.doses)), Unfit(validity="", reason=f"not evaluated: {reason}"))
            return replace(person, doses=self._told(person, {}, unfit), forecast=(), forecast_made="")
        given, unfit = sorted_out(person.doses, birth, today)
        judged = [evaluated(series, self.schedule, birth, given) for series in self.schedule.series]
        evaluations = {series.name: told for series, (told, _) in zip(self.schedule.series, judged, strict=True)}
        return replace(
            person,
            doses=self._told(person, evaluations, unfit),
            forecast=tuple(projected(standing, self.schedule, given, today) for _, standing in judged),
            forecast_made=hl7_date(today),
        )

    def _told(
        self, person: Person, evaluations: dict[str, dict[int, Evaluation]], unfit: dict[int, Unfit]
    ) -> tuple[Dose, ...]:
        """The doses, in their order, each with an evaluation for every series that it is of."""

        def of(position: int, dose: Dose) -> Iterator[Evaluation]:
            for series in self.schedule.series:
                if dose.vaccine.code in series.vaccines:
                    if position in unfit:
                        yield not_judged(series, unfit[position])
                    else:
                        yield evaluations[series.name][position]

        return tuple(replace(dose, evaluations=tuple(of(n, dose))) for n, dose in enumerate(person.doses))


class Scripted:
    """Says of some persons what a script says, and of all others what another forecaster works out.

    A person is known by any of its identifiers, a dose by its day and vaccine; a scripted dose without an evaluation
    has none.
    """

    def __init__(self, persons: Iterable[Person], otherwise: Forecaster) -> None:
        self._scripts = {identifier: person for person in persons for identifier in person.identifiers}
        self._otherwise = otherwise

    def assess(self, person: Person, today: date) -> Person:
        """The person as the script tells it, or as the other forecaster does."""
        script = next((self._scripts[one] for one in person.identifiers if one in self._scripts), None)
        if script is None:
            return self._otherwise.assess(person, today)
        said = {(dose.given[:8], dose.vaccine.code): dose.evaluations for dose in script.doses}
        return replace(
            person,
            doses=tuple(
                replace(dose, evaluations=said.get((dose.given[:8], dose.vaccine.code), ())) for dose in person.doses
            ),
            forecast=script.forecast,
            forecast_made=script.forecast_made or hl7_date(today),
        )


@dataclass(frozen=True, slots=True)
class NoForecaster:
    """Says nothing: a registry without a forecaster."""

    def assess(self, person: Person, today: date) -> Person:  # noqa: ARG002 - the protocol's
        """The person without evaluations and forecast."""
        doses = tuple(replace(dose, evaluations=()) for dose in person.doses)
        return replace(person, doses=doses, forecast=(), forecast_made="")


def shipped() -> SeriesForecaster:
    """The forecaster of this package: the child schedule in ``series.yaml``, for interface testing, not for care."""
    return SeriesForecaster(shipped_schedule())
