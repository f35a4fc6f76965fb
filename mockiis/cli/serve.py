"""``mockiis serve``: start the mock IIS and run until it is told to stop."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from socket import gethostname
from threading import Thread
from time import time
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mockiis.cli.forward_options import forward_options, forwarding
from mockiis.cli.registry_options import preload, registry_of, registry_options
from mockiis.cli.scenario_files import load_scenarios
from mockiis.console import ExitCode, read_text
from mockiis.scenario import Scenario
from mockiis.server.accounts import Account, load_accounts

if TYPE_CHECKING:
    from mockiis.server.listeners import Settings
    from mockiis.server.scripts import Scripts
    from mockiis.server.service import Service

PORT = click.IntRange(0, 65535)
DAY = 86_400
ACCOUNT = ("user", "password", "facility")


class _Port(click.ParamType):  # type: ignore[type-arg]
    name = "port|off"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """A port number, 0 for a free one, or None for ``off``."""
        return None if value == "off" else int(PORT.convert(value, param, ctx))


def _idle_limit(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not 1 <= value <= DAY:  # written so that "nan" is refused
        raise click.BadParameter(f"write seconds, at least 1 and at most {DAY}")
    return value


@click.command(short_help="Start the mock IIS (SOAP, MLLP, plain HTTP).")
@click.argument("scenario", nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--soap-port", type=_Port(), default=8080, show_default=True, help="0 takes a free port, off opens none.")
@click.option("--mllp-port", type=_Port(), default=2575, show_default=True, help="0 takes a free port, off opens none.")
@click.option("--admin-port", type=_Port(), help="Open the admin API on this port of 127.0.0.1; 0 takes a free one.")
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
    type=float,
    default=300,
    show_default=True,
    callback=_idle_limit,
    help="Seconds an MLLP connection may be silent.",
)
@click.option("--tls-cert", type=click.Path(path_type=Path), help="PEM certificate (with its chain): https and mllps.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="PEM private key of the certificate.")
@click.option(
    "--journal", help="Keep the exchanges: a file (SQLite), or postgresql://user@host/name. In memory when not given."
)
@registry_options
@click.option("--stop-with-stdin", is_flag=True, help="Stop when standard input ends: for programs.")
@click.option("--quiet", is_flag=True, help="No line per exchange.")
@click.option(
    "--phi", is_flag=True, help="Also log why no rule matched, with the values compared (invented patients only!)."
)
@click.option("--watch", is_flag=True, help="Read scenario files again when they change.")
@click.option("--seed", type=click.IntRange(0), help="Makes what scenarios leave to chance the same in each run.")
@forward_options
@click.pass_context
def serve(context: click.Context, /, scenario: tuple[str, ...], **options: Any) -> None:
    """Start the mock IIS with SCENARIO files, folders of them, or names of shipped ones (default: registry).

    When it is ready one line of JSON with its addresses goes to standard output; a line per exchange goes to
    standard error. Ctrl-C stops it.

    Exit code: 0 when it is stopped; 1 when a rule has then not answered as often as it is expected to; 2 when it
    cannot start.
    """
    if (options["tls_cert"] is None) != (options["tls_key"] is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if options["soap_port"] is None and options["mllp_port"] is None:
        raise click.UsageError("--soap-port off and --mllp-port off leave nothing to listen on; open one of them")
    _collect_no_garbage(context)
    names = scenario or (() if options["forward"] else ("registry",))
    loaded = load_scenarios(names)
    given = {name for name in ACCOUNT if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    accounts = _accounts(options, given)
    # Twisted takes a third of the start-up time: it is loaded only when the files and options are right
    from twisted.internet import reactor

    from mockiis.cli import failure_log
    from mockiis.server.clock import Clock
    from mockiis.server.opening import opened

    clock = Clock(reactor)
    service = _service(names, loaded, accounts, options)
    if options["journal"]:
        _keep_in(options["journal"], service, reactor)
    service.clock = clock.now
    service.forwarding = forwarding(options, reactor)
    listeners = opened(service, _settings(options, names), reactor, clock)
    preload(options, listeners.scripts)
    reactor.addSystemEventTrigger("before", "shutdown", listeners.stop)
    reactor.addSystemEventTrigger("after", "shutdown", service.ledger.close)
    reactor.callWhenRunning(lambda: click.echo(json.dumps(listeners.addresses)))
    if options["stop_with_stdin"]:
        Thread(target=_stop_with_stdin, args=(reactor,), daemon=True).start()
    if options["watch"]:
        _watch(names, loaded, listeners.scripts, reactor)
    failure_log.begin()
    gc.freeze()
    gc.enable()
    reactor.run()
    sys.exit(_verified(service))


def _collect_no_garbage(context: click.Context) -> None:
    """Until it is ready: what is loaded stays, and to look through it again and again takes a tenth of the start."""
    gc.disable()
    context.call_on_close(gc.enable)


def _stop_with_stdin(reactor: Any) -> None:
    """Stop when whoever started the mock lets go of it, on purpose or by ending.

    Past Python's buffer: its lock, held by this thread, would abort the process when a signal stops it first.
    """
    with suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    reactor.callFromThread(reactor.stop)


def instance() -> str:
    """The name of this run in a journal that others share: in a container host and process are the same each time."""
    return f"{gethostname()[:50]}:{os.getpid()}:{int(time())}"


def _keep_in(url: str, service: Service, reactor: Any) -> None:
    """Keep the journal and the records in a database rather than in memory."""
    from mockiis.cli.exchange_log import say
    from mockiis.server.ledger import Ledger
    from mockiis.store.database import Database
    from mockiis.store.sql_journal import SQLJournal
    from mockiis.store.sql_records import SQLRecords

    database = Database(url)
    journal = SQLJournal(database, instance=instance())
    service.ledger = Ledger(journal, later=reactor.callLater)
    service.ledger.failed = lambda trouble: say(f"exchanges could not be written down, and were refused: {trouble}")
    service.registry = replace(service.registry, records=SQLRecords(database))


def _watch(names: tuple[str, ...], loaded: list[Scenario], scripts: Scripts, reactor: Any) -> None:
    """Look for changed files every second. States of a file that says something else now begin again."""
    from twisted.internet.task import LoopingCall

    from mockiis.cli.exchange_log import say
    from mockiis.cli.scenario_watch import EVERY, ScenarioWatch

    watch = ScenarioWatch(names, loaded, say)

    def look() -> None:
        found = watch.look()
        if found is not None:
            scripts.files_changed(*found)

    looking = LoopingCall(look)
    looking.clock = reactor
    looking.start(EVERY, now=False).addErrback(lambda failure: say(f"--watch has ended: {failure.getErrorMessage()}"))


def _verified(service: Service) -> ExitCode:
    """Tell of every rule that has not answered as often as its ``expect`` says."""
    from mockiis.cli.exchange_log import say
    from mockiis.verification.as_data import unmet

    found = unmet(service.scenarios, service.memory)
    for sentence in found:
        say(f"mockiis: {sentence}")
    return ExitCode.NO if found else ExitCode.OK


def _service(
    names: tuple[str, ...],
    loaded: list[Scenario],
    accounts: tuple[Account, ...],
    options: dict[str, Any],
) -> Service:
    from mockiis.cli.exchange_log import ExchangeLog, say
    from mockiis.server.service import Service

    service = Service(
        scenarios=loaded,
        accounts=accounts,
        max_message=options["max_size"],
        on_unreadable=options["on_unreadable"],
        remarks=[say],
        registry=registry_of(options),
        seed=options["seed"],
    )
    if not options["quiet"]:
        service.observers.append(ExchangeLog(names, service, phi=options["phi"]))
    return service


def _settings(options: dict[str, Any], names: tuple[str, ...]) -> Settings:
    from mockiis.server.listeners import Settings, certificate_options
    from mockiis.wire.soap import DIALECTS

    certificate, key = options["tls_cert"], options["tls_key"]
    return Settings(
        host=options["host"],
        soap_port=options["soap_port"],
        mllp_port=options["mllp_port"],
        dialect=DIALECTS[options["dialect"]],
        fault_status=int(options["fault_status"]),
        idle_limit=options["idle_limit"],
        tls=certificate_options(certificate, key) if certificate else None,
        admin_port=options["admin_port"],
        scenario_folders=tuple(Path(name).resolve() for name in names if Path(name).is_dir()),
    )


def _accounts(options: dict[str, Any], given: set[str]) -> tuple[Account, ...]:
    """Who may send. Without accounts anybody may, so an option about one is never passed over in silence.

    The password of the environment alone is no option: it may be meant for the sender.
    """
    user, password, facility, file = (options[name] for name in (*ACCOUNT, "credentials"))
    if file is not None:
        if given:
            named = " and ".join(f"--{name}" for name in ACCOUNT if name in given)
            raise click.UsageError(f"use {named} or --credentials, not both")
        return load_accounts(read_text(file), str(file))
    if not given:
        return ()
    if not user or not password:
        raise click.UsageError("an account is --user with --password, neither of them empty; --facility goes with both")
    if facility == "":
        raise click.UsageError("--facility is empty; leave it out to accept any")
    return (Account(username=user, password=password, facilities=(facility,) if facility else ()),)
