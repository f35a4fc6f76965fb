"""Children with their doses, written short: ``2024-01-15 08, 2024-03-15 110`` is a day and a CVX code for each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockiis.message.person import Coded, Dose, Identifier, Name, Person

Child = Callable[[str, str], Person]


def dose(text: str) -> Dose:
    """``2024-01-15 08``, or with a completion status ``2024-01-15 08 RE``."""
    given, cvx, *completion = text.split()
    return Dose(
        given=given.replace("-", ""),
        vaccine=Coded(cvx, "", "CVX"),
        order_number=text.replace(" ", "-"),
        completion=completion[0] if completion else "CP",
        refusal=Coded("00", "Parental decision", "NIP002") if completion == ["RE"] else None,
        source=Coded("01", "Historical information - source unspecified", "NIP001") if not completion else Coded(""),
    )


@pytest.fixture
def child() -> Child:
    """A child born on a day, with doses."""

    def make(born: str, doses: str = "") -> Person:
        return Person(
            identifiers=(Identifier("77001"),),
            name=Name(family="Adams", given="Alice"),
            birth_date=born.replace("-", ""),
            sex="F",
            doses=tuple(dose(text.strip()) for text in doses.split(",") if text),
        )

    return make
