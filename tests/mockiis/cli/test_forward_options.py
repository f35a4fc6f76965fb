"""Where ``serve --forward`` may go, and what it is told when it may not."""

from __future__ import annotations

from typing import Any

import click
import pytest

from mockiis.cli.forward_options import forwarding

OPTIONS: dict[str, Any] = {
    "forward": None,
    "forward_user": None,
    "forward_password": None,
    "forward_facility": None,
    "forward_ca": None,
    "forward_timeout": 30.0,
    "i_may_forward_to": None,
}


def made(address: str | None, allowed: str | None = None) -> Any:
    return forwarding({**OPTIONS, "forward": address, "i_may_forward_to": allowed}, None)


def test_without_an_address_nothing_is_forwarded() -> None:
    """The mock is the last in the chain."""
    assert made(None) is None


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("mllp://127.0.0.1:2575", None),
        ("http://localhost:8080/soap", None),
        ("http+hl7://[::1]:8080", None),
        ("https://iis.example/soap", "IIS.example"),
    ],
)
def test_this_machine_and_a_host_that_is_named_twice(address: str, allowed: str | None) -> None:
    """Every transport of the sender."""
    assert made(address, allowed) is not None


@pytest.mark.parametrize(
    ("address", "allowed", "host"),
    [
        ("http://iis.example/soap", None, "iis.example"),
        ("http://iis.example/soap", "other.example", "iis.example"),
        ("http://127.0.0.1.example/", None, "127.0.0.1.example"),
        ("mllp://10.0.0.1", None, "10.0.0.1"),
    ],
)
def test_any_other_host_is_refused(address: str, allowed: str | None, host: str) -> None:
    """The sentence says why, and how to allow it."""
    with pytest.raises(click.UsageError) as refused:
        made(address, allowed)
    assert refused.value.message == (
        f"--forward goes to {host}, which is not this machine; messages may hold patients, so say that they may go"
        f" there: --i-may-forward-to {host}"
    )


@pytest.mark.parametrize("name", ["forward_user", "forward_facility", "forward_ca", "i_may_forward_to"])
def test_what_is_about_an_address_needs_one(name: str) -> None:
    """Who means to forward hears that nothing is."""
    with pytest.raises(click.UsageError, match=f"--{name.replace('_', '-')} is about --forward URL, which is not"):
        forwarding({**OPTIONS, name: "x"}, None)


def test_a_password_without_a_user_is_refused() -> None:
    """It would never be sent."""
    with pytest.raises(click.UsageError, match="--forward-password goes with --forward-user"):
        forwarding({**OPTIONS, "forward": "mllp://127.0.0.1", "forward_password": "secret"}, None)
