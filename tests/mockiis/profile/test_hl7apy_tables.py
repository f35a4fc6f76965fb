"""The base tables are hl7apy's definitions, no more and no less."""

from __future__ import annotations

from mockiis.profile.data import read
from mockiis.profile.hl7apy_tables import base_tables


def test_the_base_tables_are_what_hl7apy_defines() -> None:
    """Made again from the installed hl7apy, they are the same: an upgrade that changes them is seen."""

    assert base_tables() == read("base")
