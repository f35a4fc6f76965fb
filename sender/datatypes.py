"""Values -> components: the HL7 data types that segments are filled with. CDC guide 1.5, chapter 4.

Everything a person wrote is escaped here, and nowhere else; what these functions return is ER7 text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockiis.er7.compose import components, repetitions
from sender.form import Form
from sender.values import Address, Authority, Coded, Identifier, MaidenName, Name, OrderNumber, Phone, Place, Provider


def ce(value: Coded | None, system: str, texts: Mapping[str, str] | None = None) -> str:
    """Coded element: code, text, coding system. The usual text and system are used where the record has none."""
    if value is None:
        return ""
    return components(value.code, value.text or (texts or {}).get(value.code, ""), value.system or system)


def all_of(values: Iterable[str]) -> str:
    """Repetitions of a field."""
    return repetitions(list(values))


def hd(value: Authority) -> str:
    """Hierarchic designator as a field: name, OID, ISO."""
    return components(value.name, value.oid, "ISO" if value.oid else "")


def cx(value: Identifier, usual: Authority) -> str:
    """Patient identifier: id, assigning authority, type."""
    return _joined(components(value.id), "", "", _designator(value.authority or usual), components(value.type))


def ei(value: OrderNumber | None, usual: Authority) -> str:
    """Order number: number and namespace."""
    if value is None:
        return ""
    authority = value.authority or usual
    return components(value.number, authority.name, authority.oid, "ISO" if authority.oid else "")


def xpn(value: Name, form: Form) -> str:
    """A person's name. Without a type (Release 1.4) family, given and middle name always have their place."""
    if form.typed_names:
        return _name(value, value.type)
    parts = _name(value, "").split("^")
    return "^".join([*parts, "", ""][: max(3, len(parts))])


def maiden_name(value: MaidenName | None, form: Form) -> str:
    """Mother's maiden name; its type is always M."""
    return _name(value, "M" if form.typed_names else "") if value else ""


def xad(value: Address | None) -> str:
    """Address: street, other designation, city, state, zip code, country, type, county."""
    if value is None:
        return ""
    return components(
        value.street, value.other, value.city, value.state, value.zip, value.country, value.type, "", value.county
    )


def telecoms(phones: Iterable[Phone], emails: Iterable[str]) -> str:
    """Telephone numbers, then e-mail addresses, one a repetition."""
    return all_of([*(xtn(phone) for phone in phones), *(components("", "NET", "Internet", mail) for mail in emails)])


def xtn(value: Phone) -> str:
    """Telephone: use, equipment, area code, local number, extension."""
    return components("", value.use, value.equipment, "", "", value.area, value.number, value.extension)


def xcn(value: Provider | None) -> str:
    """Provider: id, name, assigning authority, name type, identifier type."""
    if value is None:
        return ""
    return _joined(
        components(value.id),
        components(value.family),
        components(value.given),
        components(value.middle),
        components(value.suffix),
        "",
        "",
        "",
        _designator(value.authority) if value.authority else "",
        components(value.name_type),
        "",
        "",
        components(value.id_type),
    )


def la2(value: Place | None) -> str:
    """Administered-at location: facility in component 4, address from component 9."""
    if value is None:
        return ""
    address = value.address or Address()
    return components(
        "",
        "",
        "",
        value.facility,
        "",
        "",
        "",
        "",
        address.street,
        address.other,
        address.city,
        address.state,
        address.zip,
        address.country,
        address.type,
    )


def _name(value: MaidenName, kind: str) -> str:
    return components(value.family, value.given, value.middle, value.suffix, value.prefix, "", kind)


def _designator(value: Authority) -> str:
    """A hierarchic designator inside a component, where subcomponents separate its parts."""
    return hd(value).replace("^", "&")


def _joined(*composed: str) -> str:
    return "^".join(composed).rstrip("^")
