"""``mockiis send``: send messages and records to a registry and say in words what came back."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mockiis.console import ExitCode, print_table, progress, read_bytes, stderr
from mockiis.errors import MockIISError
from mockiis.wire.soap import DIALECTS
from sender.destination import DEFAULT_TIMEOUT, Destination, parse_address

if TYPE_CHECKING:
    from sender.files import Submission
    from sender.run import Result

LONGEST = 3600
UNFIT: Mapping[str, Sequence[str]] = {
    "mllp": ("username", "password", "facility", "dialect"),
    "http": ("dialect",),
    "soap": (),
}
"""Options that mean nothing over a transport."""


def _time_limit(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    if not 0 < value <= LONGEST:  # written so that "nan" is refused
        raise click.BadParameter(f"write seconds, more than 0 and at most {LONGEST}")
    return value


@click.command(short_help="Send messages and records to a registry.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--to",
    "address",
    required=True,
    metavar="URL",
    help="http(s):// (SOAP), mllp(s)://, http(s)+hl7:// or http(s)+form://.",
)
@click.option("--user", "username", default="", help="User name over SOAP and plain HTTP.")
@click.option("--password", default="", envvar="MOCKIIS_PASSWORD", help="Better: the variable MOCKIIS_PASSWORD.")
@click.option("--facility", default="", help="Facility id over SOAP and plain HTTP.")
@click.option("--dialect", type=click.Choice(list(DIALECTS)), default="cdc", show_default=True, help="SOAP interface.")
@click.option(
    "--timeout",
    type=float,
    default=DEFAULT_TIMEOUT,
    show_default=True,
    callback=_time_limit,
    help="Seconds to connect and get one answer.",
)
@click.option("--ca", type=click.Path(path_type=Path), help="PEM file of the authorities to trust for TLS.")
@click.option("--insecure", is_flag=True, help="Take any TLS certificate. For tests only.")
@click.option("--strict", is_flag=True, help="Exit code 1 also for messages accepted with warnings.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
@click.pass_context
def send(context: click.Context, /, files: tuple[str, ...], *, strict: bool, as_json: bool, **options: Any) -> None:
    """Send each message in FILE... and wait for its answer before the next one goes out.

    FILE is an HL7 file with any line ends, a batch, a vaccination or query record (.yaml, .yml, .json), a folder of
    these, or - for standard input. Nothing is sent unless all of it can be read.

    Exit code: 0 all accepted; 1 a message was rejected; 2 nothing was sent; 3 a message could not be delivered;
    130 interrupted.
    """
    given = {name for name in options if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    submissions: list[Submission] = []
    results: list[Result] = []
    try:
        destination = _destination(options, given)
        submissions += _submissions(files)
        _run(submissions, destination, results)
    except KeyboardInterrupt:
        _broken_off(submissions, results, as_json=as_json)
        sys.exit(ExitCode.INTERRUPTED)
    from sender.run import exit_code

    code = exit_code(results, strict=strict)
    _show(results, code, as_json=as_json)
    sys.exit(code)


def _destination(options: dict[str, Any], given: set[str]) -> Destination:
    """Raises MockIISError for options that do not fit together."""
    from sender.endpoint import certificates

    to = parse_address(options["address"])
    unfit = [f"--{'user' if name == 'username' else name}" for name in UNFIT[to.transport] if name in given]
    if unfit:
        belong = "belong" if len(unfit) > 1 else "belongs"
        carries = "carries no credentials" if to.transport == "mllp" else "has no dialects"
        named = "MLLP" if to.transport == "mllp" else "plain HTTP"
        raise MockIISError(f"{' and '.join(unfit)} {belong} to SOAP; {named} {carries}")
    if not to.tls and (options["ca"] or options["insecure"]):
        raise MockIISError(f"--ca and --insecure are about TLS, which {to.address} does not use")
    if options["ca"] and options["insecure"]:
        raise MockIISError("--ca and --insecure exclude each other: give the authority to trust, or trust any")
    if options["insecure"]:
        stderr().print("warning: --insecure takes any certificate; anyone could be at the other end", style="yellow")
    trusted = b""
    if options["ca"]:
        trusted = read_bytes(options["ca"])
        try:
            certificates(trusted)
        except MockIISError as error:
            raise MockIISError(f"{options['ca']}: {error}") from None
    return replace(
        to,
        username=options["username"],
        password=options["password"],
        facility=options["facility"],
        dialect=DIALECTS[options["dialect"]],
        timeout=options["timeout"],
        verify=not options["insecure"],
        ca=trusted,
    )


def _submissions(files: Sequence[str]) -> list[Submission]:
    from sender.files import Stamps, read_submissions, repeated

    stamps = Stamps(control_id=_control_ids(), time=lambda: datetime.now().astimezone())
    submissions = read_submissions(files, stamps, _standard_input)
    console = stderr()
    for submission in submissions:
        for remark in submission.remarks:
            console.print(f"note: {submission.source}: {remark}", markup=False)
    for control_id in repeated(submissions):
        console.print(f"note: message control id '{control_id}' stands in several messages", markup=False)
    return submissions


def _standard_input() -> bytes:
    return sys.stdin.buffer.read()


def _control_ids() -> Callable[[], str]:
    """Control ids of at most 20 characters (MSH-10) that no other run makes."""
    run, numbers = secrets.token_hex(5).upper(), count(1)
    return lambda: f"{run}-{next(numbers)}"


def _run(submissions: list[Submission], destination: Destination, results: list[Result]) -> None:
    """Send every message. Raises KeyboardInterrupt when somebody breaks it off; ``results`` has what came before."""
    from twisted.internet import defer

    from sender.foreground import work_through
    from sender.outcome import Interrupted
    from sender.run import Result, send_all
    from sender.send import Session

    with progress(f"Sending to {destination.address}", len(submissions)) as advance:

        async def work(reactor: Any) -> None:
            async with Session(destination, reactor) as session:
                try:
                    await send_all(submissions, session, results, advance)
                except defer.CancelledError:
                    results.append(Result(submission=submissions[len(results)], outcome=Interrupted()))
                    raise

        work_through(work)


def _broken_off(submissions: list[Submission], results: list[Result], *, as_json: bool) -> None:
    """Say in one line how far the run came; the results as always, where there are any."""
    from sender.run import answered, not_sent

    far = f"{answered(results)} of {len(submissions)} answered" if submissions else "nothing was sent"
    click.echo(f"interrupted; {far}", err=True)
    not_sent(submissions, results, "not sent: interrupted")
    if results:
        _show(results, ExitCode.INTERRUPTED, as_json=as_json)


def _show(results: list[Result], code: ExitCode, *, as_json: bool) -> None:
    from sender import report

    if as_json:
        click.echo(json.dumps(report.as_json(results, code), indent=2))
    else:
        print_table(report.COLUMNS, report.rows(results))
        click.echo(report.summary(results))
