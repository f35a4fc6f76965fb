"""The judge finds what no case asks for: an error in any message that should be accepted."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ("|20131001|M|", "|20131001|X|", "PID-8"),
        ("|20131001|M|", "|20131301|M|", "PID-7"),
        ("|U5018AA|", "||", "RXA[1]-15"),
        ("RXA|0|1|", "RXA|1|1|", "RXA[1]-1"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_an_error_in_an_accepted_message_fails_the_case(
    judge: Any, broken: Any, right: str, wrong: str, field: str
) -> None:
    """The mock accepts it, the case does not look there, and the judge names the field."""

    def make(sender: Any, record: Any) -> str:
        return str(sender.make(record)).replace(right, wrong)

    (finished,) = await judge("eligibility-V02-funding-VXC2", vendor=broken(making=make))

    assert "failed" == finished.result
    assert field in [failure.field for failure in finished.failures]
