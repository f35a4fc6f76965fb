"""``patients``: the people a scripted query response tells of, as an author writes them, made into Person values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import Text, choice, read_text
from mockiis.message.person import AUTHORITY, Address, Coded, Identifier, Name, NextOfKin, Person, Phone
from mockiis.scenario.coded_values import YesNo, code
from mockiis.scenario.dose_entries import DoseEntry, ForecastEntry
from mockiis.scenario.values import Date, Part, every, list_of, mapping_of


def _name(type_code: str) -> Callable[[Any], Name]:
    def read(value: Any) -> Name:
        parts = read_text(value).split("^")
        if len(parts) > 4 or not parts[0]:
            raise complaint(f"'{value}' is not a name; write family^given^middle^suffix, such as Adams^Alice^Marie")
        family, given, middle, suffix = [*parts, "", "", ""][:4]
        return Name(family=family, given=given, middle=middle, suffix=suffix, type=type_code)

    return read


def _whole_name(value: Any) -> Name:
    name = _name("L")(value)
    if not name.given:
        raise complaint(f"'{value}' lacks a given name; write family^given, such as Adams^Alice")
    return name


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


def _email(value: Any) -> Phone:
    text = read_text(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise complaint(f"'{text}' is not an e-mail address; write one such as alice@example.org")
    return Phone(area="", number="", use="NET", equipment="X.400", email=text)


def _races(value: Any) -> tuple[Coded, ...]:
    """One, or a list of them."""
    return every(_race, "races")(value) if isinstance(value, list) else (_race(value),)


_race = code("CDCREC", r"\d{4}-\d", "2106-3^White")
Races = Annotated[tuple[Coded, ...], PlainValidator(_races)]
Ethnicity = Annotated[Coded, PlainValidator(code("CDCREC", r"\d{4}-\d", "2186-5^not Hispanic or Latino"))]
Aliases = Annotated[tuple[Name, ...], PlainValidator(every(_name("A"), "names"))]
Email = Annotated[Phone, PlainValidator(_email)]
PersonName = Annotated[Name, PlainValidator(_whole_name)]
MotherName = Annotated[Name, PlainValidator(_name("M"))]
PostalAddress = Annotated[Address, PlainValidator(_address)]
Telephone = Annotated[Phone, PlainValidator(_phone)]
Relationship = Annotated[Coded, PlainValidator(code("HL70063", "[A-Z]{3}", "MTH^Mother"))]
_sex = choice("a sex (table HL70001)", ("F", "M", "U"), {"FEMALE": "F", "MALE": "M", "UNKNOWN": "U"})
Sex = Annotated[Literal["F", "M", "U"], PlainValidator(_sex)]


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


def _birth_order(value: Any) -> str:
    text = read_text(value)
    if not re.fullmatch("[1-9]", text):
        raise complaint(f"'{text}' is not a birth order; write 1 for the first born, 2 for the second")
    return text


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
    aliases: Aliases = ()
    born: Date
    sex: Sex
    race: Races = ()
    ethnicity: Ethnicity | None = None
    multiple_birth: YesNo | None = None
    birth_order: Annotated[str, PlainValidator(_birth_order)] = ""
    died: Date = ""
    mother: MotherName | None = None
    address: PostalAddress | None = None
    phone: Telephone | None = None
    email: Email | None = None
    next_of_kin: Annotated[tuple[NextOfKinEntry, ...], list_of("relatives")] = ()
    protection: YesNo | None = None
    protection_date: Date = ""
    doses: Annotated[tuple[DoseEntry, ...], list_of("doses")] = ()
    forecast: Annotated[tuple[ForecastEntry, ...], list_of("forecasts")] = ()
    forecast_made: Date = ""

    @model_validator(mode="after")
    def _born_together(self) -> PatientEntry:
        if self.birth_order and self.multiple_birth == "N":
            raise complaint("a birth order goes with multiple_birth: Y, or leave that out", "birth_order")
        return self

    def person(self) -> Person:
        """The patient as the registry tells it."""
        identifiers = tuple(Identifier(entry.id, entry.authority, type_) for type_, entry in self.ids.items())
        return Person(
            identifiers=identifiers,
            name=self.name,
            aliases=self.aliases,
            birth_date=self.born,
            sex=self.sex,
            races=self.race,
            ethnicity=self.ethnicity,
            multiple_birth=self.multiple_birth or ("Y" if self.birth_order else ""),
            birth_order=self.birth_order,
            death="Y" if self.died else "",
            death_date=self.died,
            mother=self.mother,
            address=self.address,
            phone=self.phone,
            other_phones=(self.email,) if self.email else (),
            protection=self.protection or "",
            protection_date=self.protection_date,
            next_of_kin=tuple(entry.next_of_kin() for entry in self.next_of_kin),
            doses=tuple(entry.dose(f"{identifiers[0].id}-{n}") for n, entry in enumerate(self.doses, 1)),
            forecast=tuple(entry.forecast() for entry in self.forecast),
            forecast_made=self.forecast_made,
        )
