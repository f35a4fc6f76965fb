"""``mockiis serve``: start the mock IIS and run until it is told to stop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import scenarios as shipped
from mockiis.console import read_text
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.scenario import Scenario, load
from mockiis.server.accounts import Account, load_accounts
from mockiis.server.exchange import Exchange

PORT = click.IntRange(0, 65535)


class _Port(click.ParamType):  # type: ignore[type-arg]
    name = "port|off"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """A port number, 0 for a free one, or None for ``off``."""
        return None if value == "off" else int(PORT.convert(value, param, ctx))


@click.command(short_help="Start the mock IIS (SOAP and MLLP).")
@click.argument("scenario", nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--soap-port", type=_Port(), default=8080, show_default=True, help="0 takes a free port, off opens none.")
@click.option("--mllp-port", type=_Port(), default=2575, show_default=True, help="0 takes a free port, off opens none.")
@click.option("--user", help="The user name to accept over SOAP; without --user or --credentials any is accepted.")
@click.option("--password", envvar="MOCKIIS_PASSWORD", help="Its password (or the variable MOCKIIS_PASSWORD).")
@click.option("--facility", help="The facilityID it may send for; any when not given.")
@click.option("--credentials", type=click.Path(path_type=Path), help="YAML file with several accounts.")
@click.option(
    "--dialect", type=click.Choice(["cdc", "noridian"]), default="cdc", show_default=True, help="SOAP interface."
)
@click.option(
    "--fault-status",
    type=click.Choice(["500", "200"]),
    default="500",
    show_default=True,
    help="HTTP status of SOAP faults.",
)
@click.option(
    "--on-unreadable",
    type=click.Choice(["ack", "close", "silent"]),
    default="ack",
    show_default=True,
    help="What an MLLP frame without a readable message gets.",
)
@click.option(
    "--max-size", type=click.IntRange(1024), default=1_048_576, show_default=True, help="Characters in one message."
)
@click.option(
    "--idle-limit",
    type=click.FloatRange(1),
    default=300,
    show_default=True,
    help="Seconds an MLLP connection may be silent.",
)
@click.option("--tls-cert", type=click.Path(path_type=Path), help="PEM certificate (with its chain): https and mllps.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="PEM private key of the certificate.")
@click.option("--quiet", is_flag=True, help="No line per exchange.")
@click.option(
    "--phi", is_flag=True, help="Also log why no rule matched, with the values compared (invented patients only!)."
)
def serve(
    scenario: tuple[str, ...], tls_cert: Path | None, tls_key: Path | None, quiet: bool, phi: bool, **options: Any
) -> None:
    """Start the mock IIS with SCENARIO files, folders of them, or names of shipped ones (default: ndiis-examples).

    When it is ready one line of JSON with its addresses goes to standard output; a line per exchange goes to
    standard error. Ctrl-C stops it.
    """
    loaded = load_scenarios(scenario or ("ndiis-examples",))
    accounts = _accounts(options)
    # Twisted takes a third of the start-up time: it is loaded only when the files and options are right
    from twisted.internet import reactor

    from mockiis.server.listeners import Listeners, Settings, certificate_options
    from mockiis.server.service import Service
    from mockiis.wire.soap import DIALECTS

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    service = Service(
        scenarios=loaded,
        accounts=accounts,
        max_message=options["max_size"],
        on_unreadable=options["on_unreadable"],
        remarks=[_say],
    )
    if not quiet:
        service.observers.append(_say_phi if phi else _say_exchange)
    settings = Settings(
        host=options["host"],
        soap_port=options["soap_port"],
        mllp_port=options["mllp_port"],
        dialect=DIALECTS[options["dialect"]],
        fault_status=int(options["fault_status"]),
        idle_limit=options["idle_limit"],
        tls=certificate_options(tls_cert, tls_key) if tls_cert and tls_key else None,
    )
    listeners = Listeners(service, settings, reactor)
    reactor.addSystemEventTrigger("before", "shutdown", listeners.stop)
    reactor.callWhenRunning(lambda: click.echo(json.dumps(listeners.addresses)))
    reactor.run()


def _accounts(options: dict[str, Any]) -> tuple[Account, ...]:
    user, password, facility, file = (options[name] for name in ("user", "password", "facility", "credentials"))
    if file is not None and user:
        raise click.UsageError("use --user or --credentials, not both")
    if file is not None:
        return load_accounts(read_text(file), str(file))
    if user and password:
        return (Account(username=user, password=password, facilities=(facility,) if facility else ()),)
    if user or facility:
        raise click.UsageError("--user goes with --password, and --facility with both")
    return ()


def _say(text: str) -> None:
    click.echo(text, err=True)


def _say_exchange(exchange: Exchange) -> None:
    _say("\n    ".join(filter(None, (exchange.line(), exchange.why()))))


def _say_phi(exchange: Exchange) -> None:
    _say("\n".join(filter(None, (exchange.line(), exchange.reply.explanation))))


def load_scenarios(names: tuple[str, ...]) -> list[Scenario]:
    """Read every file, the .yaml files of every folder, and shipped scenarios by name.

    Raises DocumentError with the problems of all files, MockIISError for what cannot be found.
    """
    problems: list[Problem] = []
    loaded: list[Scenario] = []
    for path in [path for name in names for path in _paths(name)]:
        try:
            loaded.append(load(read_text(path), str(path)))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return loaded


def _paths(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
        if not found:
            raise MockIISError(f"{name}: the folder holds no .yaml file")
        return found
    if path.exists():
        return [path]
    plain = name.removesuffix(".yaml")
    if plain in shipped.names():
        return [Path(str(shipped.path(plain)))]
    raise MockIISError(
        f"{name}: there is no such file, folder or shipped scenario; shipped are {', '.join(shipped.names())}"
    )
