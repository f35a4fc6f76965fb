"""The columns of a table of persons and doses: what ``registry export`` writes and ``serve --preload`` reads."""

from __future__ import annotations

from collections.abc import Mapping

IDENTIFIER = ("id", "authority", "type")
PERSON: Mapping[str, tuple[str, ...]] = {
    "name": ("family", "given", "middle", "suffix"),
    "born": ("born",),
    "sex": ("sex",),
    "mother": ("mother_family", "mother_given"),
    "race": ("race",),
    "ethnicity": ("ethnicity",),
    "address": ("street", "street_2", "city", "state", "zip", "country"),
    "phone": ("phone",),
    "email": ("email",),
    "multiple_birth": ("multiple_birth",),
    "birth_order": ("birth_order",),
    "died": ("died",),
    "protection": ("protection",),
}
"""Keys of a patient, and the columns that they are written in."""
DOSE: Mapping[str, str] = {
    "date": "given",
    **{
        name: name
        for name in (
            *("cvx", "status", "source", "order", "lot", "expires", "mvx", "amount", "units", "facility"),
            *("route", "site", "refusal", "eligibility", "funding"),
        )
    },
}
"""Columns of a dose, and the keys that they fill."""
COLUMNS = (*IDENTIFIER, *(column for columns in PERSON.values() for column in columns), *DOSE)
