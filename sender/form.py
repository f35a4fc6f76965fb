"""The two forms a message can take, each as one value: nothing else in the sender asks for the release.

``CDC_1_5`` is the CDC guide 1.5 with its 2015 addendum. ``NDIIS_1_4`` is what the NDIIS specification prints in its
examples (Release 1.4, January 2023): times to the minute, names without a type, ISO+ units, routes of table 0162.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Release = Literal["1.5", "1.4"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one release writes what the releases write differently."""

    time_length: int | None
    """How many characters of MSH-7 are sent; None sends seconds and zone too."""
    profile_identifier: bool
    """Whether MSH-21 names the profile."""
    vxu_acknowledgments: tuple[str, str]
    """MSH-15 and MSH-16 of a VXU, unless the record says otherwise."""
    qbp_acknowledgments: tuple[str, str]
    """MSH-15 and MSH-16 of a QBP."""
    typed_names: bool
    """Whether XPN.7 is sent; names without it always show family, given and middle name."""
    units_system: str
    """Coding system of RXA-7."""
    expiry_time: str
    """What follows the day in RXA-16."""
    ncit_route: bool
    """Whether RXR-1 carries the NCIT code, with that of table 0162 as the alternate."""
    site_text: bool
    """Whether RXR-2 carries the text of the site."""
    funding_system: str
    """Coding system of the funding source (OBX-5 of 30963-3)."""
    date_value_type: str
    """OBX-2 of an observation that is a date."""
    query_name_system: str
    """Coding system of QPD-1."""
    query_priority: str
    """RCP-1, unless the record says otherwise."""
    limit_units: str
    """What follows the number in RCP-2, separator included."""


CDC_1_5 = Form(
    time_length=None,
    profile_identifier=True,
    vxu_acknowledgments=("ER", "AL"),
    qbp_acknowledgments=("ER", "AL"),
    typed_names=True,
    units_system="UCUM",
    expiry_time="",
    ncit_route=True,
    site_text=True,
    funding_system="CDCPHINVS",
    date_value_type="DT",
    query_name_system="CDCPHINVS",
    query_priority="I",
    limit_units="^RD&records&HL70126",
)

NDIIS_1_4 = Form(
    time_length=12,
    profile_identifier=False,
    vxu_acknowledgments=("NE", "AL"),
    qbp_acknowledgments=("", ""),
    typed_names=False,
    units_system="ISO+",
    expiry_time="0000",
    ncit_route=False,
    site_text=False,
    funding_system="HL70396",
    date_value_type="TS",
    query_name_system="HL70471",
    query_priority="",
    limit_units="^RD^HL70126",
)

FORMS: dict[Release, Form] = {"1.5": CDC_1_5, "1.4": NDIIS_1_4}
