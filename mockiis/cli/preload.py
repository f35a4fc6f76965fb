"""``serve --preload``: messages, tables and scenario files whose persons the registry knows from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import scenarios as shipped
from mockiis.cli.person_table import read_table
from mockiis.console import read_text
from mockiis.er7 import ER7Error, Message, read
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.inputs import MESSAGES, NotRead, files, messages
from mockiis.message import MessageReply, Request, read_answer
from mockiis.message.person import Person
from mockiis.profile import Finding
from mockiis.registry.preloading import PRELOADED
from mockiis.registry.registry import Registry
from mockiis.scenario.loader import load_entry
from mockiis.server.known import know

_TABLES, _SCENARIOS = (".csv",), (".yaml", ".yml")
_MOST = 50
"""Problems that are told; a folder of something else has one for each file."""


class Preload:
    """Files, read again whenever the registry begins again: whoever is known already stays as it is."""

    def __init__(self, names: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._names, self._clock = names, clock
        self._problems: list[Problem] = []

    def __call__(self, registry: Registry) -> None:
        """Make the registry know them. Raises DocumentError that names file and line of what it does not take."""
        self._problems = []
        for path in [path for name in self._names for path in _paths(name)]:
            if len(self._problems) < _MOST:
                self._one(path, registry)
        if self._problems:
            raise DocumentError(self._problems[:_MOST])

    def _one(self, path: Path, registry: Registry) -> None:
        try:
            if path.suffix.lower() in (*_TABLES, *_SCENARIOS):
                know(_persons(path), registry, self._clock(), control_id=path.name)
            else:
                self._messages(path, registry)
        except DocumentError as error:
            self._problems += error.problems

    def _messages(self, path: Path, registry: Registry) -> None:
        try:
            with path.open("rb") as stream:
                for found in messages(str(path), stream):
                    if isinstance(found, NotRead):
                        self._problems.append(Problem(found.file, 1, 1, found.reason))
                    elif len(self._problems) < _MOST:
                        self._problems += self._taken(found.text, found.file, found.line, registry)
        except OSError as error:
            raise MockIISError(f"{path}: cannot be read: {error.strerror or error}") from None

    def _taken(self, text: str, file: str, line: int, registry: Registry) -> Iterator[Problem]:
        """Let the registry answer, which is how it learns; and what it does not take."""
        try:
            message = read(text)
        except ER7Error as error:
            yield Problem(file, line, 1, f"not a readable HL7 message: {error}")
            return
        if message.header.get(9, 1) != "VXU":
            yield Problem(file, line, 1, f"is {message.header.get(9, 1) or 'of no type'}; only VXU tells of a person")
            return
        request = Request(transport="mllp", received=self._clock(), control_id=PRELOADED, message=message, text=text)
        reply = registry.answer(request)
        registry.keep(reply.changes)
        assert isinstance(reply, MessageReply)
        for finding in read_answer(read(reply.text)).findings:
            if finding.severity == "E":
                yield Problem(file, line + _below(message, finding), 1, finding.text)


def _below(message: Message, finding: Finding) -> int:
    """How many lines below its first one the message has what a finding is about."""
    at = finding.location
    if at is None:
        return 0
    places = [n for n, segment in enumerate(message.segments) if segment.id == at.segment]
    occurrence = (at.occurrence or 1) - 1
    return places[occurrence] if occurrence < len(places) else 0


def _paths(name: str) -> Iterator[Path]:
    """The files that a name stands for; also a shipped scenario's. Raises MockIISError where there are none."""
    path = Path(name)
    if not path.exists() and name in shipped.names():
        path = shipped.path(name)
    for file in files(path, (*MESSAGES, *_TABLES, *_SCENARIOS)):
        if isinstance(file, NotRead):
            raise MockIISError(str(file))
        yield file


def _persons(path: Path) -> tuple[Person, ...]:
    text = read_text(path)
    if path.suffix.lower() in _TABLES:
        return read_table(text, str(path))
    entry, _ = load_entry(text, str(path))
    return tuple(patient.person() for patient in entry.patients.values())
