"""The parts that records are made of: coded values, names, identifiers, addresses, providers.

Each can be written as a mapping; the ones with a natural short form (a code, a number) as plain text too. A key
with an empty value, or null, counts as not written.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BeforeValidator, model_validator

from mockiis.document import Entry, advice, complaint
from sender import codes

_NOT_WRITTEN = ("", "null", "~")
"""YAML and JSON write nothing in these ways; the loader gives them as text."""


class Part(Entry):
    """A mapping in a record. ``short`` names the key that plain text stands for, where there is one."""

    short: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _shape(cls, value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, str) and value and cls.short:
            return cls.from_text(value)
        if not isinstance(value, dict):
            raise complaint(f"write keys and values here, such as {cls._usual_keys()}")
        return {key: item for key, item in value.items() if item not in _NOT_WRITTEN}

    @classmethod
    def from_text(cls, text: str) -> dict[str, str]:
        """The mapping that plain text stands for."""
        return {cls.short: text}

    @classmethod
    def _usual_keys(cls) -> str:
        """The first keys, those that must be there before the others."""
        names = sorted(cls.model_fields, key=lambda name: not cls.model_fields[name].is_required())
        return ", ".join(f"'{name}'" for name in names[:3])


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


T = TypeVar("T")
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_listed)]
"""A list of values; one value may stand without the list."""


def _yes_no(value: Any) -> str:
    if str(value).lower() in ("yes", "y", "true"):
        return "Y"
    if str(value).lower() in ("no", "n", "false"):
        return "N"
    raise complaint(f"'{value}' is neither yes nor no; write yes or no")


def _count(value: Any) -> str:
    if not re.fullmatch("[1-9][0-9]{0,4}", str(value)):
        raise complaint(f"'{value}' is not a whole number from 1; write one such as 5")
    return str(value)


def _quantity(value: Any) -> str:
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", str(value), re.ASCII):
        raise complaint(f"'{value}' is not an amount; write a number such as 0.5, or 999 when it is not known")
    return str(value)


YesNo = Annotated[str, BeforeValidator(_yes_no)]
"""Y or N (table 0136), written yes or no."""
Count = Annotated[str, BeforeValidator(_count)]
Quantity = Annotated[str, BeforeValidator(_quantity)]
"""An amount, kept as it was written."""


class Coded(Part):
    """A code, or a mapping of code, text and coding system where the usual text or system will not do."""

    short: ClassVar[str] = "code"
    code: str = ""
    text: str = ""
    system: str = ""

    @model_validator(mode="after")
    def _valued(self) -> Self:
        if not self.code and not self.text:
            raise complaint("a coded value needs a 'code', or a 'text' where there is no code")
        return self


class Vaccine(Coded):
    """A CVX code: two or three digits, kept as text so that 03 stays 03."""

    @model_validator(mode="after")
    def _is_cvx(self) -> Self:
        if self.system in ("", "CVX") and not re.fullmatch("[0-9]{2,3}", self.code):
            digits = self.code.isascii() and self.code.isdigit()
            meant = f"; did you mean {self.code.zfill(2)}?" if digits and len(self.code) == 1 else ""
            raise complaint(f"'{self.code}' is not a CVX code, which has two or three digits{meant}")
        return self


class Route(Coded):
    """A route by its code in table 0162 or NCIT. It must be a known one, since the releases write it differently."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        known = [*codes.NCIT_ROUTE, *codes.NCIT_ROUTE.values(), *codes.ROUTE]
        if not self.system and self.code not in known:
            raise complaint(f"unknown route '{self.code}'; {advice(self.code, [*codes.NCIT_ROUTE])}")
        return self


class Authority(Part):
    """Who assigns an id, or a sending or receiving application or facility: a name, an OID or both (HD)."""

    short: ClassVar[str] = "name"
    name: str = ""
    oid: str = ""


class Identifier(Part):
    """A patient identifier (CX). Without an authority it is one of the sending facility."""

    id: str
    type: str
    authority: Authority | None = None


class OrderNumber(Part):
    """An order number (EI). Without an authority it is one of the sending facility."""

    short: ClassVar[str] = "number"
    number: str
    authority: Authority | None = None


class MaidenName(Part):
    """The mother's name before marriage (XPN of type M)."""

    family: str
    given: str = ""
    middle: str = ""
    suffix: str = ""
    prefix: str = ""


class Name(MaidenName):
    """A person's name (XPN); type of table 0200, legal unless said otherwise."""

    given: str
    type: str = "L"


class Address(Part):
    """An address (XAD); type of table 0190."""

    street: str = ""
    other: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    county: str = ""
    type: str = ""


class Phone(Part):
    """A telephone number (XTN); a number of ten digits may be written as plain text: (701) 555-0100."""

    short: ClassVar[str] = "number"
    area: str = ""
    number: str
    extension: str = ""
    use: str = "PRN"
    equipment: str = "PH"

    @classmethod
    def from_text(cls, text: str) -> dict[str, str]:
        """Area code and local number of ten digits, however they are punctuated."""
        digits = re.sub(r"[^0-9]", "", text)
        if len(digits) != 10 or re.search(r"[^0-9()+./ -]", text):
            raise complaint(f"'{text}' is not a telephone number of ten digits; write one such as (701) 555-0100")
        return {"area": digits[:3], "number": digits[3:]}


class Provider(Part):
    """Who ordered, entered or gave a dose (XCN)."""

    id: str = ""
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    authority: Authority | None = None
    name_type: str = ""
    id_type: str = ""

    @model_validator(mode="after")
    def _valued(self) -> Self:
        if not self.id and not self.family:
            raise complaint("a provider needs an 'id' or a 'family' name")
        return self


class Place(Part):
    """Where a dose was given (LA2): the facility, and its address if need be."""

    short: ClassVar[str] = "facility"
    facility: str
    address: Address | None = None
