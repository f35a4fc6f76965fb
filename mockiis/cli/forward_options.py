"""``mockiis serve --forward``: its options, and whether a message may go there at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from mockiis.console import read_bytes

if TYPE_CHECKING:
    from mockiis.server.forwarding import Forwarding

F = TypeVar("F", bound=Callable[..., Any])
GROUP = "mockiis.forwarders"
_OPTIONS = (
    click.option("--forward", metavar="URL", help="Pass on what no rule answers, to an address as in send --to."),
    click.option("--forward-user", help="User name there, in place of the sender's own."),
    click.option("--forward-password", envvar="MOCKIIS_FORWARD_PASSWORD", help="(or MOCKIIS_FORWARD_PASSWORD)"),
    click.option("--forward-facility", help="Facility id there, in place of the sender's own."),
    click.option("--forward-ca", type=click.Path(path_type=Path), help="PEM file of the authorities to trust there."),
    click.option(
        "--forward-timeout",
        type=click.FloatRange(0.1, 3600),
        default=30,
        show_default=True,
        help="Seconds for an answer from there.",
    ),
    click.option("--i-may-forward-to", metavar="HOST", help="Allows a host that is not this machine."),
)

_FOR_AN_ADDRESS = ("forward_user", "forward_facility", "forward_ca", "i_may_forward_to")


def forward_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def forwarding(options: Mapping[str, Any], reactor: Any) -> Forwarding | None:
    """What passes messages on; None without --forward. Raises UsageError for an address that is not allowed."""
    address = options["forward"]
    if address is None:
        needless = [name for name in _FOR_AN_ADDRESS if options[name] is not None]
        if needless:
            raise click.UsageError(f"--{needless[0].replace('_', '-')} is about --forward URL, which is not given")
        return None
    if options["forward_password"] and not options["forward_user"]:
        raise click.UsageError("--forward-password goes with --forward-user; without it the sender's own are passed on")
    _check_host(address, options["i_may_forward_to"])
    from mockiis.server.forwarding import Forwarding

    entry = next(iter(entry_points(group=GROUP)), None)
    if entry is None:
        raise click.UsageError("nothing that can forward is installed; install mockiis whole")
    ca = options["forward_ca"]
    carry = entry.load()(
        address,
        reactor,
        username=options["forward_user"] or "",
        password=options["forward_password"] or "",
        facility=options["forward_facility"] or "",
        timeout=options["forward_timeout"],
        ca=read_bytes(ca) if ca else b"",
    )
    return Forwarding(carry)


def _check_host(address: str, allowed: str | None) -> None:
    """Messages hold patients: they stay on this machine unless the host is named once more."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        host = ""
    if _is_loopback(host) or (allowed and host.lower() == allowed.strip().lower()):
        return
    raise click.UsageError(
        f"--forward goes to {host or 'no host that can be read'}, which is not this machine; messages may hold"
        f" patients, so say that they may go there: --i-may-forward-to {host or 'HOST'}"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
