"""Households of invented patients: children with their mother, address and telephone, and what they were given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count as counting
from itertools import islice
from random import Random

from mockiis.invented import words
from mockiis.invented.doses import history
from mockiis.message.person import Address, Coded, Identifier, Name, NextOfKin, Person, Phone

TODAY = date(2026, 1, 1)
"""The day on which everybody is looked at, unless another is given: nothing here reads a clock."""
_OLDEST = 18 * 365
_TWINS, _NEWBORN, _PROTECTED = 0.03, 0.02, 0.01
"""Parts of all births, and of all persons."""
_MOTHER = Coded("MTH", "Mother", "HL70063")
_RACES = (
    Coded("2106-3", "White", "CDCREC"),
    Coded("1002-5", "American Indian or Alaska Native", "CDCREC"),
    Coded("2028-9", "Asian", "CDCREC"),
    Coded("2054-5", "Black or African American", "CDCREC"),
)
_ETHNICITIES = (Coded("2186-5", "not Hispanic or Latino", "CDCREC"), Coded("2135-2", "Hispanic or Latino", "CDCREC"))


def people(count: int, seed: int = 0, today: date = TODAY) -> Iterator[Person]:
    """So many persons, household by household."""
    return islice((person for number in counting(1) for person in household(number, seed, today)), count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """What the children of a household share."""

    family: str
    mother: Name
    kin: NextOfKin
    address: Address
    phone: Phone
    race: Coded
    ethnicity: Coded
    clinic: str


def household(number: int, seed: int = 0, today: date = TODAY) -> tuple[Person, ...]:
    """The children of one household, the oldest first. Twins have neighbouring numbers and the same birth date."""
    random = Random(f"{seed}/{number}")  # noqa: S311  # nothing secret
    home = _home(random)
    ages = sorted((int(_OLDEST * random.random()) for _ in range(random.choice((1, 1, 2, 2, 3, 4)))), reverse=True)
    found: list[Person] = []
    for age in ages:
        born = today - timedelta(days=age)
        twins = 2 if random.random() < _TWINS else 1
        for order in range(1, twins + 1):
            child = _child(random, home, f"{number}{len(found)}", born)
            found.append(replace(child, multiple_birth="Y", birth_order=str(order)) if twins > 1 else child)
    return tuple(replace(child, doses=history(random, child, home.clinic, today)) for child in found)


def _home(random: Random) -> _Home:
    family = words.family_name(random)
    city, code = words.city(random)
    address = Address(street=words.street(random), city=city, state="ND", zip=code, country="USA")
    phone = Phone(area="701", number=f"{random.randrange(5_550_000, 5_560_000)}")
    mother = words.given_name(random, "F")
    return _Home(
        family=family,
        mother=Name(family=words.family_name(random), given=mother, type="M"),
        kin=NextOfKin(name=Name(family=family, given=mother), relationship=_MOTHER, address=address, phone=phone),
        address=address,
        phone=phone,
        race=random.choice(_RACES),
        ethnicity=random.choice(_ETHNICITIES),
        clinic=f"CLINIC{random.randrange(1, 40)}",
    )


def _child(random: Random, home: _Home, number: str, born: date) -> Person:
    sex = random.choice("FM")
    newborn = random.random() < _NEWBORN
    given = ("Baby Girl" if sex == "F" else "Baby Boy") if newborn else words.given_name(random, sex)
    return Person(
        identifiers=(Identifier(number, home.clinic, "MR"),),
        name=Name(family=home.family, given=given, middle="" if newborn else words.given_name(random, sex)),
        birth_date=f"{born:%Y%m%d}",
        sex=sex,
        mother=home.mother,
        next_of_kin=(home.kin,),
        races=(home.race,),
        ethnicity=home.ethnicity,
        address=home.address,
        phone=home.phone,
        protection="Y" if random.random() < _PROTECTED else "N",
        protection_date=f"{born:%Y%m%d}",
        status="A",
        status_date=f"{born:%Y%m%d}",
    )
