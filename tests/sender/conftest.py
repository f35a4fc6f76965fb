"""Records ready-made for the sender's tests: the smallest valid one, changed by keyword."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from sender.record import QueryRecord, Record, VaccinationRecord, load_record

PATIENT = {
    "identifiers": {"id": "123", "type": "MR"},
    "name": {"family": "Winter", "given": "Nora"},
    "birth_date": "2020-02-29",
    "sex": "F",
}
DOSE = {
    "kind": "administered",
    "date": "2024-05-06",
    "vaccine": "94",
    "amount": "0.5",
    "filler_order_number": "A1",
}
REFUSAL = {"kind": "refused", "date": "2024-05-06", "vaccine": "94", "refusal_reason": "00"}
HEADER = {"sending_facility": "CLINIC"}


@pytest.fixture
def vaccination_record() -> Callable[..., VaccinationRecord]:
    """Make a vaccination record: ``patient`` and ``dose`` are changes to the smallest ones; None is no dose."""

    def make(patient: dict[str, Any] | None = None, dose: dict[str, Any] | None = None, **header: Any) -> Any:
        base = REFUSAL if (dose or {}).get("kind") == "refused" else DOSE
        doses = [] if dose is None else [{**base, **dose}]
        data = {**HEADER, **header, "patient": {**PATIENT, **(patient or {})}, "vaccinations": doses}
        return VaccinationRecord.model_validate(data)

    return make


@pytest.fixture
def query_record() -> Callable[..., QueryRecord]:
    """Make a query record; ``patient`` replaces the patient sought."""

    def make(patient: dict[str, Any] | None = None, **header: Any) -> QueryRecord:
        sought = patient or {key: PATIENT[key] for key in ("name", "birth_date")}
        return QueryRecord.model_validate({"query": "Z34", **HEADER, **header, "patient": sought})

    return make


@pytest.fixture
def shipped_record() -> Callable[..., Record]:
    """Load a record that ships with the certification suite, in the form of a release."""

    def make(name: str, release: str = "1.5") -> Record:
        text = files("certification").joinpath("records", f"{name}.yaml").read_text(encoding="utf-8")
        record = load_record(text, name)
        return record.model_copy(update={"release": release})

    return make


@pytest.fixture
def now() -> datetime:
    """A time for messages whose record has none."""
    return datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
