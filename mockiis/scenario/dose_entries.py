"""The doses and forecasts of ``patients``, as an author writes them, made into values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, choice
from mockiis.message.person import Coded, Dose, Evaluation, Forecast, Observation
from mockiis.scenario.coded_values import YesNo, code
from mockiis.scenario.values import Date, Number, Part


def _route(value: Any) -> Coded:
    found = code("NCIT", "[A-Z0-9]{2,6}", "C28161^Intramuscular")(value)
    return found if re.fullmatch(r"C\d{5}", found.code) else Coded(found.code, found.text, "HL70162")


Vaccine = Annotated[Coded, PlainValidator(code("CVX", r"\d{2,3}", "20^DTaP"))]
Manufacturer = Annotated[Coded, PlainValidator(code("MVX", "[A-Z]{2,4}", "PMC^sanofi pasteur"))]
Source = Annotated[Coded, PlainValidator(code("NIP001", r"0\d", "01^Historical information - source unspecified"))]
Refusal = Annotated[Coded, PlainValidator(code("NIP002", r"0\d", "00^Parental decision"))]
Route = Annotated[Coded, PlainValidator(_route)]
Site = Annotated[Coded, PlainValidator(code("HL70163", "[A-Z]{2,4}", "LT^Left Thigh"))]
Eligibility = Annotated[Coded, PlainValidator(code("HL70064", r"V\d\d", "V02^VFC eligible - Medicaid"))]
Funding = Annotated[Coded, PlainValidator(code("CDCPHINVS", r"PHC70|VXC\d{1,2}", "VXC2^State funds"))]
Status = Annotated[
    Literal["CP", "PA", "NA", "RE"], PlainValidator(choice("a completion status", ("CP", "PA", "NA", "RE")))
]

_ELIGIBILITY = Coded("64994-7", "Vaccine funding program eligibility category", "LN")
_PER_DOSE = Coded("VXC40", "Eligibility captured at the immunization level", "CDCPHINVS")
_FUNDING = Coded("30963-3", "Vaccine funding source", "LN")


class DoseEntry(Part):
    """One dose: what, when, and whatever else the history should tell."""

    cvx: Vaccine
    given: Date
    lot: Text = ""
    expires: Date = ""
    mvx: Manufacturer | None = None
    amount: Number = "999"
    units: Text = ""
    source: Source = Coded("01", "Historical information - source unspecified", "NIP001")
    facility: Text = ""
    route: Route | None = None
    site: Site | None = None
    order: Text = ""
    status: Status = "CP"
    refusal: Refusal | None = None
    eligibility: Eligibility | None = None
    funding: Funding | None = None
    valid: YesNo | None = None
    number: Number = ""
    series: Text = ""
    reason: Text = ""

    @model_validator(mode="after")
    def _refused_or_not(self) -> DoseEntry:
        """What was given was not refused."""
        if self.refusal and "status" in self.model_fields_set and self.status != "RE":
            raise complaint(f"a dose that was refused has the status RE, not {self.status}; leave it out", "status")
        return self

    def dose(self, order_number: str) -> Dose:
        """The dose as the registry tells it; ``order_number`` is used when the file gives none."""
        return Dose(
            given=self.given,
            vaccine=self.cvx,
            order_number=self.order or order_number,
            amount=self.amount,
            units=self.units,
            source=self.source,
            facility=self.facility,
            lot=self.lot,
            expires=self.expires,
            manufacturer=self.mvx,
            refusal=self.refusal,
            completion="RE" if self.refusal else self.status,
            route=self.route,
            site=self.site,
            observations=tuple(self._observations()),
            evaluations=self._evaluations(),
        )

    def _observations(self) -> Iterator[Observation]:
        if self.eligibility:
            yield Observation(code=_ELIGIBILITY, value=self.eligibility, date=self.given, method=_PER_DOSE)
        if self.funding:
            yield Observation(code=_FUNDING, value=self.funding, group="2", date=self.given)

    def _evaluations(self) -> tuple[Evaluation, ...]:
        if not (self.valid or self.number or self.series or self.reason):
            return ()
        said = Evaluation(dose_number=self.number, series=self.series, validity=self.valid or "", reason=self.reason)
        return (said,)


class ForecastEntry(Part):
    """One vaccine that is due, or is not: dates and status."""

    cvx: Vaccine
    due: Date = ""
    earliest: Date = ""
    latest: Date = ""
    overdue: Date = ""
    status: Text = ""

    def forecast(self) -> Forecast:
        """The forecast as the registry tells it."""
        return Forecast(
            vaccine=self.cvx,
            status=self.status,
            earliest=self.earliest,
            due=self.due,
            latest=self.latest,
            overdue=self.overdue,
        )
