"""One vaccination of a record: a dose administered, a historical dose, or a refusal."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mockiis.document import complaint
from sender.dates import Day, Moment, Month
from sender.values import Coded, OneOrMore, OrderNumber, Part, Place, Provider, Quantity, Route, Vaccine

Kind = Literal["administered", "historical", "refused"]


class VIS(Part):
    """A vaccine information statement that was given: by its document code (bar code) or by vaccine and edition."""

    document: Coded | None = None
    vaccine: Vaccine | None = None
    published: Day = ""
    presented: Day = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.document or self.published or self.presented):
            raise complaint("write which statement it was: 'document', or 'published' and 'presented'")
        return self


class Observed(Part):
    """Any other observation (OBX): identifier, value, and what the value needs to be read."""

    code: Coded
    value: Coded
    type: Literal["CE", "DT", "ID", "NM", "ST", "TS", "TX"] = "CE"
    units: Coded | None = None


class Vaccination(Part):
    """One vaccination event: becomes ORC, RXA, RXR and OBX."""

    kind: Kind
    date: Moment
    vaccine: Vaccine
    ndc: Coded | None = None
    amount: Quantity = ""
    units: Coded = Coded(code="mL", text="mL")
    source: Coded | None = None
    placer_order_number: OrderNumber | None = None
    filler_order_number: OrderNumber | None = None
    entered_by: Provider | None = None
    ordering_provider: Provider | None = None
    entering_organization: Coded | None = None
    administered_by: Provider | None = None
    location: Place | None = None
    lot: str = ""
    expiry: Month = ""
    manufacturer: Coded | None = None
    refusal_reason: Coded | None = None
    completion: Literal["CP", "PA"] = "CP"
    action: Literal["A", "D", "U"] = "A"
    route: Route | None = None
    site: Coded | None = None
    eligibility: Coded | None = None
    eligibility_method: Coded = Coded(code="VXC40")
    funding: Coded | None = None
    vis: OneOrMore[VIS] = ()
    reactions: OneOrMore[Coded] = ()
    observations: OneOrMore[Observed] = ()
    observed: Day = Field(default="", description="OBX-14; the day of the vaccination unless written")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        check = self._refusal if self.kind == "refused" else self._dose
        check()
        if self.eligibility is None and "eligibility_method" in self.model_fields_set:
            raise complaint("an eligibility method needs the 'eligibility' it belongs to", "eligibility_method")
        if self.site and not self.route:
            raise complaint("a site needs the 'route' too, since RXR-1 is required", "site")
        return self

    def _refusal(self) -> None:
        if self.refusal_reason is None:
            raise complaint(
                "a refused vaccination needs a 'refusal_reason': 00 parents, 01 religion, 02 other, 03 patient"
            )
        for key in _OF_A_DOSE:
            if key in self.model_fields_set:
                raise complaint(f"nothing was given, so a refused vaccination has no '{key}'; leave it out", key)

    def _dose(self) -> None:
        if self.refusal_reason:
            raise complaint(
                f"this vaccination is {self.kind}; a refusal reason belongs to kind: refused", "refusal_reason"
            )
        if self.filler_order_number is None:
            raise complaint("'filler_order_number' is missing; it names the dose in later corrections (ORC-3)")
        if self.kind == "administered" and not self.amount:
            raise complaint("'amount' is missing; write the amount given, or 999 when it is not known")

    @property
    def day(self) -> str:
        """The day of the vaccination, without the time."""
        return self.date[:8]


_OF_A_DOSE = (
    "amount",
    "units",
    "source",
    "administered_by",
    "lot",
    "expiry",
    "manufacturer",
    "completion",
    "route",
    "site",
    "eligibility",
    "eligibility_method",
    "funding",
    "vis",
    "reactions",
)
