"""``mockiis explain``: which rule of a scenario answers a message and why, or why none does. Without a network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import click

import scenarios as shipped
from mockiis.cli.scenario_files import load_scenarios
from mockiis.console import ExitCode
from mockiis.document import closest
from mockiis.er7 import ER7Error, read
from mockiis.errors import printable
from mockiis.inputs import MESSAGES, STANDARD_INPUT, Found, NotRead, check_names, files, read_messages
from mockiis.message import FaultReply, MessageReply, NoReply, Reply, Request
from mockiis.message.reply import HTTPReply
from mockiis.respond import OTHERWISE, respond
from mockiis.scenario import Scenario, explanation
from mockiis.scenario.matcher import first_match
from mockiis.scenario.memory import Memory
from mockiis.scenario.subject import Subject

SCENARIOS = (".yaml", ".yml", ".json")
"""Endings of the files that are scenarios; every other file holds messages."""


@click.command(short_help="Say which rule answers a message and why, or why none does.")
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO... MESSAGE...")
@click.option("--transport", type=click.Choice(["mllp", "soap", "http"]), help="How the message comes (default: mllp).")
@click.option("--username", help="Of the SOAP or HTTP request.")
@click.option("--facility", help="The facility id of the SOAP or HTTP request.")
@click.option(
    "--state", "states", multiple=True, metavar="[KEY=]STATE", help="The state before: of one key, or of all of them."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what is left to chance.")
@click.option("--answer", is_flag=True, help="Also print the answer itself.")
def explain(
    names: tuple[str, ...],
    transport: str | None,
    username: str | None,
    facility: str | None,
    states: tuple[str, ...],
    seed: int,
    answer: bool,
) -> None:
    """Say of each message which rule answers it, why, what the answer is, and which state it moves to; or else which
    three rules came closest, and what differs.

    Files that end in .yaml, .yml or .json and names of shipped scenarios are the SCENARIOs, wherever they stand;
    every other file, and - for standard input, holds MESSAGEs (line ends and batches as in validate). Of a folder
    the .yaml files are scenarios and the .hl7 and .er7 files messages.

    The messages come one after another, as to `mockiis serve`: what one changes, the next one finds. Nothing is sent.
    Values of the messages are shown, so the output may hold what they hold.

    Exit code: 0 a rule matched every message; 1 none matched some; 2 an input could not be read or is wrong.
    """
    credentials = {"username": username or "", "facility": facility or ""}
    if any(credentials.values()) and transport == "mllp":
        raise click.UsageError("MLLP has no --username and --facility; write --transport soap or http")
    transport = transport or ("soap" if any(credentials.values()) else "mllp")
    scripts, messages = sorted_names(names)
    session = Session(
        scenarios=load_scenarios(scripts),
        common={
            "transport": transport,
            "operation": "submitSingleMessage" if transport == "soap" else "",
            **credentials,
        },
        states=[state_given(text) for text in states],
        dice=Random(seed),  # noqa: S311  # what a script leaves to chance, nothing secret
    )
    found = read_messages(messages, sys.stdin.buffer if sys.stdin else BytesIO())
    sys.exit(max((told(item, session, answer) for item in found), default=ExitCode.USAGE))


def sorted_names(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The scenarios and the messages among the arguments. Raises UsageError where one of the two is missing."""
    check_names(names)
    scripts = tuple(name for name in names if _has_scenarios(name))
    messages = [name for name in names if _has_messages(name)]
    if not scripts:
        near = [meant for name in messages if not Path(name).exists() and (meant := closest(name, shipped.names()))]
        shown = f"name a file that ends in .yaml, or a shipped one: {', '.join(shipped.names())}"
        instead = f"did you mean '{near[0]}'?" if near else shown
        raise click.UsageError(f"no scenario is named; {instead}")
    if not messages:
        raise click.UsageError("no message is named; name a file with HL7 messages, or - for standard input")
    return scripts, messages


def _has_scenarios(name: str) -> bool:
    path = Path(name)
    if path.is_dir():
        return any(next(path.glob(f"*{ending}"), None) for ending in SCENARIOS[:2])
    return path.suffix.lower() in SCENARIOS or (not path.exists() and name in (*shipped.names(), *shipped.families()))


def _has_messages(name: str) -> bool:
    """A folder holds messages unless it holds scenarios only, so that an empty one is told of."""
    if name == STANDARD_INPUT or not Path(name).is_dir():
        return name == STANDARD_INPUT or not _has_scenarios(name)
    return not _has_scenarios(name) or any(isinstance(file, Path) for file in files(Path(name), MESSAGES))


def state_given(text: str) -> tuple[str | None, str]:
    """The key (None: all of them) and its state."""
    key, separator, state = text.rpartition("=")
    if not state.strip():
        raise click.UsageError(f"--state {text}: the state is missing; write STATE, or KEY=STATE as in A100=waiting")
    return (key if separator else None), state


@dataclass(kw_only=True)
class Session:
    """The scenarios and what they remember from one message to the next. ``common`` is what every request has."""

    scenarios: list[Scenario]
    common: dict[str, Any]
    states: list[tuple[str | None, str]]
    dice: Random
    memory: Memory = field(default_factory=Memory)
    begun: set[tuple[str, str]] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def request(self, text: str) -> Request:
        """The message as the server would hand it over. Raises ER7Error."""
        return Request(
            received=datetime.now().astimezone(),
            control_id=f"EXPLAIN-{next(self.numbers)}",
            message=read(text),
            text=text,
            seed=self.dice.getrandbits(64),
            **self.common,
        )

    def answered(self, request: Request) -> tuple[bool, str, Reply]:
        """Whether a rule matched, why or why not, and the reply; its changes are remembered."""
        self._begin(request)
        subject = Subject(request)
        match = first_match(self.scenarios, subject, self.memory)
        why = explanation.match_in_full(match, subject) if match else ""
        reply = respond(request, self.scenarios, self.memory)
        self.memory.apply(reply.changes, request.received)
        return match is not None, why or reply.explanation, reply

    def reservation(self) -> list[str]:
        """What to try when the scenarios speak of SOAP and the message was taken to come over MLLP."""
        rules = [rule for scenario in self.scenarios for rule in scenario.rules]
        about_soap = any(
            rule.plain("operation") or any("soap" in check.folded for check in rule.plain("transport"))
            for rule in rules
        )
        if self.common["transport"] == "soap" or not about_soap:
            return []
        return ["  Over SOAP it may differ: add --transport soap"]

    def _begin(self, request: Request) -> None:
        """Put the key of this message into the state that was asked for, the first time it comes."""
        for scenario in self.scenarios:
            key = scenario.key(request.message)
            given = [state for of, state in self.states if of in (None, key)]
            if given and (scenario.source, key) not in self.begun:
                self.memory.move(scenario.source, key, given[-1], request.received)
            self.begun.add((scenario.source, key))


def told(item: Found | NotRead, session: Session, answer: bool) -> ExitCode:
    """Print what there is to say of one message."""
    if isinstance(item, NotRead):
        click.echo(f"mockiis: {printable(str(item))}", err=True)
        return ExitCode.USAGE
    try:
        request = session.request(item.text)
    except ER7Error as error:
        click.echo(f"mockiis: {printable(f'{item.file}: message {item.index}: {error}')}", err=True)
        return ExitCode.USAGE
    matched, why, reply = session.answered(request)
    click.echo(f"{printable(item.file)}:{item.line}:")
    lines = why.splitlines()
    if not matched:
        lines += [f"  Answer: {_otherwise(reply)}", *session.reservation()]
    for line in [*lines, *(in_lines(reply) if answer else ())]:
        click.echo(f"  {printable(line)}")
    click.echo()
    return ExitCode.OK if matched else ExitCode.NO


def _otherwise(reply: Reply) -> str:
    if reply.rule == OTHERWISE:
        return "what 'otherwise' says"
    return "AR 207, which tells the sender of the closest rule"


def in_lines(reply: Reply) -> Iterable[str]:
    """The answer itself, a segment or an element of it on each line."""
    match reply:
        case MessageReply(text=text):
            return [f"    {line}" for line in text.splitlines()]
        case FaultReply():
            told = ("fault", reply.kind.value), ("reason", reply.reason), ("detail", reply.detail)
            return [f"    {name}: {text}" for name, text in told if text]
        case HTTPReply():
            headers = [f"{name}: {text}" for name, text in reply.headers]
            lines = [
                f"HTTP {reply.status}",
                f"Content-Type: {reply.content_type}",
                *headers,
                "",
                *reply.body.splitlines(),
            ]
            return [f"    {line}" for line in lines]
        case NoReply(how=how):
            return [f"    (no answer: {how})"]
    return ()
