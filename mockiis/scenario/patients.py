"""``patients``: the people a scripted query response tells of, as an author writes them, made into Person values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, choice, read_text
from mockiis.message.person import (
    Address,
    Coded,
    Dose,
    Evaluation,
    Forecast,
    Identifier,
    Name,
    NextOfKin,
    Person,
    Phone,
)
from mockiis.scenario.values import Date, Number, Part, list_of, mapping_of

AUTHORITY = "NDIIS"
"""Who assigned an identifier when the file does not say."""


def _name(type_code: str) -> Callable[[Any], Name]:
    def read(value: Any) -> Name:
        parts = read_text(value).split("^")
        if len(parts) > 4 or not parts[0]:
            raise complaint(f"'{value}' is not a name; write family^given^middle^suffix, such as Adams^Alice^Marie")
        family, given, middle, suffix = [*parts, "", "", ""][:4]
        return Name(family=family, given=given, middle=middle, suffix=suffix, type=type_code)

    return read


def _address(value: Any) -> Address:
    parts = read_text(value).split("^")
    street, other, city, state, zip_code, country = [*parts, *[""] * 6][:6]
    if len(parts) > 6 or (state and not re.fullmatch("[A-Z]{2,3}", state)):
        raise complaint(
            f"'{value}' is not an address; write street^other^city^state^zip^country,"
            " such as 2341 West Main St^^Fargo^ND^58103"
        )
    return Address(street=street, other=other, city=city, state=state, zip=zip_code, country=country)


def _phone(value: Any) -> Phone:
    digits = re.sub(r"[ ().-]", "", read_text(value))
    if not re.fullmatch(r"\d{10}", digits, re.ASCII):
        raise complaint(f"'{value}' is not a telephone number; write ten digits, such as 701-555-0101")
    return Phone(area=digits[:3], number=digits[3:])


def code(system: str, pattern: str, example: str) -> Callable[[Any], Coded]:
    """A reader for ``20`` or ``20^DTaP``: a code of ``system``, and its text if wanted."""

    def read(value: Any) -> Coded:
        name, _, text = read_text(value).partition("^")
        if re.fullmatch(pattern, name, re.ASCII) and "^" not in text:
            return Coded(name, text, system)
        if system == "CVX" and re.fullmatch(r"\d", name, re.ASCII):
            raise complaint(f"CVX codes have two digits at least; write 0{name}")
        shown = example.partition("^")[0]
        raise complaint(f"'{value}' is not a code of {system}; write the code, such as {shown}, or {example}")

    return read


def _route(value: Any) -> Coded:
    found = code("NCIT", "[A-Z0-9]{2,6}", "C28161^Intramuscular")(value)
    return found if re.fullmatch(r"C\d{5}", found.code) else Coded(found.code, found.text, "HL70162")


PersonName = Annotated[Name, PlainValidator(_name("L"))]
MotherName = Annotated[Name, PlainValidator(_name("M"))]
PostalAddress = Annotated[Address, PlainValidator(_address)]
Telephone = Annotated[Phone, PlainValidator(_phone)]
Vaccine = Annotated[Coded, PlainValidator(code("CVX", r"\d{2,3}", "20^DTaP"))]
Manufacturer = Annotated[Coded, PlainValidator(code("MVX", "[A-Z]{2,4}", "PMC^sanofi pasteur"))]
Source = Annotated[Coded, PlainValidator(code("NIP001", r"0\d", "01^Historical information - source unspecified"))]
Refusal = Annotated[Coded, PlainValidator(code("NIP002", r"0\d", "00^Parental decision"))]
Route = Annotated[Coded, PlainValidator(_route)]
Site = Annotated[Coded, PlainValidator(code("HL70163", "[A-Z]{2,4}", "LT^Left Thigh"))]
Relationship = Annotated[Coded, PlainValidator(code("HL70063", "[A-Z]{3}", "MTH^Mother"))]
Status = Annotated[
    Literal["CP", "PA", "NA", "RE"], PlainValidator(choice("a completion status", ("CP", "PA", "NA", "RE")))
]
_sex = choice("a sex (table HL70001)", ("F", "M", "U"), {"FEMALE": "F", "MALE": "M", "UNKNOWN": "U"})
Sex = Annotated[Literal["F", "M", "U"], PlainValidator(_sex)]
YesNo = Annotated[
    Literal["Y", "N"], PlainValidator(choice("Y or N", ("Y", "N"), {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N"}))
]


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
    valid: YesNo | None = None
    number: Number = ""
    series: Text = ""
    reason: Text = ""

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
            completion=self.status,
            route=self.route,
            site=self.site,
            evaluations=self._evaluations(),
        )

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


class IdentifierEntry(Part):
    """An identifier whose assigning authority is not the registry."""

    id: Text
    authority: Text = AUTHORITY

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) else value


class NextOfKinEntry(Part):
    """A relative."""

    name: PersonName
    relationship: Relationship
    address: PostalAddress | None = None
    phone: Telephone | None = None

    def next_of_kin(self) -> NextOfKin:
        """The relative as the registry tells it."""
        return NextOfKin(name=self.name, relationship=self.relationship, address=self.address, phone=self.phone)


def _identifier_type(value: Any) -> str:
    text = read_text(value)
    if not re.fullmatch("[A-Z]{2,5}", text):
        raise complaint(f"'{text}' is not an identifier type (table HL70203); write one such as SR, MR or PI")
    return text


IdentifierType = Annotated[str, PlainValidator(_identifier_type)]


class PatientEntry(Part):
    """One patient under ``patients``."""

    ids: Annotated[dict[IdentifierType, IdentifierEntry], mapping_of("identifiers by type, such as {SR: 77001},")]
    name: PersonName
    born: Date
    sex: Sex
    mother: MotherName | None = None
    address: PostalAddress | None = None
    phone: Telephone | None = None
    next_of_kin: Annotated[tuple[NextOfKinEntry, ...], list_of("relatives")] = ()
    protection: YesNo | None = None
    protection_date: Date = ""
    doses: Annotated[tuple[DoseEntry, ...], list_of("doses")] = ()
    forecast: Annotated[tuple[ForecastEntry, ...], list_of("forecasts")] = ()
    forecast_made: Date = ""

    def person(self) -> Person:
        """The patient as the registry tells it."""
        identifiers = tuple(Identifier(entry.id, entry.authority, type_) for type_, entry in self.ids.items())
        return Person(
            identifiers=identifiers,
            name=self.name,
            birth_date=self.born,
            sex=self.sex,
            mother=self.mother,
            address=self.address,
            phone=self.phone,
            protection=self.protection or "",
            protection_date=self.protection_date,
            next_of_kin=tuple(entry.next_of_kin() for entry in self.next_of_kin),
            doses=tuple(entry.dose(f"{identifiers[0].id}-{n}") for n, entry in enumerate(self.doses, 1)),
            forecast=tuple(entry.forecast() for entry in self.forecast),
            forecast_made=self.forecast_made,
        )
