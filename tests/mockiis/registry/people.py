"""Persons as the tables of the tests write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mockiis.message.person import Address, Coded, Identifier, Name, NextOfKin, Person, Phone

FOLDER = Path(__file__).parents[2] / "data" / "registry"


def name_of(text: str, kind: str = "L") -> Name:
    """``family^given^middle^suffix``."""
    family, given, middle, suffix = [*text.split("^"), "", "", ""][:4]
    return Name(family=family, given=given, middle=middle, suffix=suffix, type=kind)


def person_of(entry: dict[str, Any]) -> Person:
    """A person of an entry such as ``{name: Larson^Erik, born: 20240115, sex: M}``."""
    street, other, city, state, zip_code = [*entry.get("address", "").split("^"), "", "", "", ""][:5]
    digits = entry.get("phone", "").replace("-", "")
    kin = entry.get("kin")
    return Person(
        identifiers=tuple(Identifier(*one.split("/")) for one in entry.get("ids", ())),
        name=name_of(entry["name"]),
        aliases=(name_of(entry["alias"], "A"),) if "alias" in entry else (),
        birth_date=entry["born"],
        sex=entry["sex"],
        mother=name_of(entry["mother"], "M") if "mother" in entry else None,
        address=Address(street=street, other=other, city=city, state=state, zip=zip_code) if street else None,
        phone=Phone(area=digits[:3], number=digits[3:]) if digits else None,
        multiple_birth=entry.get("multiple", ""),
        birth_order=entry.get("order", ""),
        next_of_kin=(NextOfKin(name=name_of(kin), relationship=Coded("MTH", "Mother", "HL70063")),) if kin else (),
    )


def table(name: str) -> list[dict[str, Any]]:
    """The entries of a file of ``data/registry``; every scalar is text."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = yaml.load(text, Loader=yaml.BaseLoader)
    return entries
