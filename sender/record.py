"""Vaccination records and query records: what a vendor writes in YAML or JSON, read and checked.

A file with a ``query`` key is a query for a patient's history (QBP); any other is a vaccination record (VXU).
Every complaint names file, line and column. What a registry would think of the data is not judged here.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mockiis.document import complaint, load, parse
from mockiis.errors import DocumentError, Problem
from sender.dates import Day, Timestamp
from sender.form import FORMS, Form, Release
from sender.vaccination import Vaccination
from sender.values import (
    Address,
    Authority,
    Coded,
    Count,
    Identifier,
    MaidenName,
    Name,
    OneOrMore,
    Part,
    Phone,
    YesNo,
)

Sex = Literal["F", "M", "U"]
Condition = Literal["AL", "NE", "ER", "SU"]
"""When an acknowledgment is wanted (table 0155)."""


class MessageRecord(Part):
    """What every message needs. Without ``control_id`` and ``time`` the sender gives both when it makes the message."""

    release: Release = "1.5"
    sending_application: Authority = Authority()
    sending_facility: Authority = Authority()
    receiving_application: Authority = Authority()
    receiving_facility: Authority = Authority()
    control_id: str = ""
    time: Timestamp = ""
    processing_id: Literal["P", "T", "D"] = "P"
    accept_acknowledgment: Condition | None = None
    application_acknowledgment: Condition | None = None

    @property
    def form(self) -> Form:
        """How the release writes what the releases write differently."""
        return FORMS[self.release]


class Person(Part):
    """What describes a patient in a vaccination record and in a query alike."""

    mothers_maiden_name: MaidenName | None = None
    sex: Sex | None = None
    multiple_birth: YesNo = ""
    birth_order: Count = ""

    @model_validator(mode="after")
    def _birth_order_fits(self) -> Self:
        if self.birth_order and self.multiple_birth != "Y":
            raise complaint("a birth order needs 'multiple_birth: yes'", "birth_order")
        return self


class Patient(Person):
    """The patient of a vaccination record: becomes PID and PD1."""

    identifiers: OneOrMore[Identifier] = Field(min_length=1)
    name: Name
    other_names: OneOrMore[Name] = ()
    birth_date: Day
    sex: Sex
    race: OneOrMore[Coded] = ()
    ethnicity: Coded | None = None
    addresses: OneOrMore[Address] = ()
    phones: OneOrMore[Phone] = ()
    emails: OneOrMore[str] = ()
    language: Coded | None = None
    marital_status: Coded | None = None
    deceased: YesNo = ""
    death_date: Day = ""
    publicity: Coded | None = None
    publicity_date: Day = ""
    protected: YesNo = ""
    protected_date: Day = ""
    registry_status: str = ""
    registry_status_date: Day = ""

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        if self.death_date and self.deceased != "Y":
            raise complaint("a death date needs 'deceased: yes'", "death_date")
        for key in ("publicity", "protected", "registry_status"):
            if getattr(self, f"{key}_date") and not getattr(self, key):
                raise complaint(f"'{key}_date' needs '{key}', whose date it is", f"{key}_date")
        return self


class NextOfKin(Part):
    """A relative or guardian: becomes NK1."""

    name: Name
    relationship: Coded
    addresses: OneOrMore[Address] = ()
    phones: OneOrMore[Phone] = ()
    emails: OneOrMore[str] = ()
    birth_date: Day = ""


class VaccinationRecord(MessageRecord):
    """One patient with vaccinations: becomes a VXU (Z22). Without vaccinations it reports demographics only."""

    patient: Patient
    next_of_kin: OneOrMore[NextOfKin] = ()
    vaccinations: OneOrMore[Vaccination] = ()

    @model_validator(mode="after")
    def _own_order_numbers(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for dose in self.vaccinations:
            number = dose.filler_order_number
            if number is None or number.number == "9999":
                continue
            key = (number.number, number.authority.name if number.authority else "")
            if key in seen:
                raise complaint(
                    f"filler order number {number.number} stands twice; each dose needs its own", "vaccinations"
                )
            seen.add(key)
        return self


class Sought(Person):
    """The patient a query asks for; whatever is left out matches anyone."""

    identifiers: OneOrMore[Identifier] = ()
    name: Name | None = None
    birth_date: Day = ""
    address: Address | None = None
    phone: Phone | None = None


class QueryRecord(MessageRecord):
    """A query: Z34 asks for the complete history, Z44 for the evaluated history and forecast. Becomes a QBP."""

    query: Literal["Z34", "Z44"]
    patient: Sought
    query_tag: str = Field(default="", description="QPD-2; the message control id unless written")
    limit: Count = "10"
    priority: Literal["I"] | None = None

    @model_validator(mode="after")
    def _asks_for_somebody(self) -> Self:
        if not self.patient.model_fields_set:
            raise complaint(
                "write whom the query asks for: at least 'identifiers', or 'name' and 'birth_date'", "patient"
            )
        return self


Record = VaccinationRecord | QueryRecord


def load_record(text: str, name: str) -> Record:
    """Read the record file ``name``. Raises DocumentError with every problem found."""
    data, _ = parse(text, name)
    if isinstance(data, dict) and "rules" in data and "patient" not in data:
        scenario = "this is a scenario, for mockiis serve; what is sent is a record (patient, vaccinations) or HL7"
        raise DocumentError([Problem(name, 1, 1, scenario)])
    if isinstance(data, dict) and "query" in data:
        return load(text, name, QueryRecord)
    return load(text, name, VaccinationRecord)
