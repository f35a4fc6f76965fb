"""A person's immunization record as a registry tells it: the values that RSP messages are built from and read into.

Text is plain (no escape sequences), dates are as HL7 writes them (YYYYMMDD), empty means not known.
"""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITY = "NDIIS"
"""Who assigned an identifier or order number when nobody says: this registry."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded value: code, text, coding system (data type CE)."""

    code: str
    text: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A patient identifier (CX): the id, who assigned it, its type (table HL70203)."""

    id: str
    authority: str = AUTHORITY
    type: str = "SR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name (XPN); type of table HL70200."""

    family: str
    given: str = ""
    middle: str = ""
    suffix: str = ""
    type: str = "L"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address (XAD); type of table HL70190."""

    street: str = ""
    other: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    type: str = "L"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number: area code and local number; or an e-mail address (``use`` NET). Tables HL70201, HL70202."""

    area: str
    number: str
    use: str = "PRN"
    equipment: str = "PH"
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOfKin:
    """A relative (NK1); relationship of table HL70063."""

    name: Name
    relationship: Coded
    address: Address | None = None
    phone: Phone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the registry says about one dose: observations 30956-7, 59779-9, 30973-2, 59780-7, 59781-5, 30982-3.

    One for each vaccine group that the dose counts for: a combination vaccine has several.
    """

    vaccine: Coded | None = None
    schedule: Coded | None = None
    dose_number: str = ""
    series: str = ""
    validity: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What an OBX says of a dose: eligibility, funding, VIS, reaction, contraindication, evidence of immunity.

    A value that is not coded (a date, a number) is the code of ``value``. ``group`` is OBX-4, ``method`` OBX-17.
    """

    code: Coded
    value: Coded
    type: str = "CE"
    group: str = "1"
    units: Coded | None = None
    date: str = ""
    method: Coded | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One immunization event: ORC, RXA, RXR, what was observed and what was evaluated.

    ``order_number`` and ``order_authority`` are ORC-3: whose number it is.
    """

    given: str
    vaccine: Coded
    order_number: str = ""
    order_authority: str = AUTHORITY
    amount: str = "999"
    units: str = ""
    source: Coded = Coded("01", "Historical information - source unspecified", "NIP001")
    facility: str = ""
    lot: str = ""
    expires: str = ""
    manufacturer: Coded | None = None
    refusal: Coded | None = None
    completion: str = "CP"
    route: Coded | None = None
    site: Coded | None = None
    observations: tuple[Observation, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is due: observations 30956-7, 59779-9, 59783-1, 30981-5, 30980-7, 59777-3, 59778-1."""

    vaccine: Coded
    schedule: Coded | None = None
    status: str = ""
    earliest: str = ""
    due: str = ""
    latest: str = ""
    overdue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient with history and forecast. ``forecast_made`` is the day the forecast was worked out; empty is today.

    ``aliases`` are the names in PID-5 after the first, ``other_addresses`` and ``other_phones`` likewise. ``death`` is
    PID-30 and ``death_date`` PID-29; ``publicity`` PD1-11, ``status`` PD1-16, each with the date since when.
    """

    identifiers: tuple[Identifier, ...]
    name: Name
    birth_date: str
    sex: str
    mother: Name | None = None
    races: tuple[Coded, ...] = ()
    address: Address | None = None
    phone: Phone | None = None
    ethnicity: Coded | None = None
    multiple_birth: str = ""
    birth_order: str = ""
    aliases: tuple[Name, ...] = ()
    other_addresses: tuple[Address, ...] = ()
    other_phones: tuple[Phone, ...] = ()
    death: str = ""
    death_date: str = ""
    publicity: Coded | None = None
    publicity_date: str = ""
    status: str = ""
    status_date: str = ""
    protection: str = ""
    protection_date: str = ""
    next_of_kin: tuple[NextOfKin, ...] = ()
    doses: tuple[Dose, ...] = ()
    forecast: tuple[Forecast, ...] = ()
    forecast_made: str = ""
