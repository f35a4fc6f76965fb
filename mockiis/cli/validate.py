"""``mockiis validate``: judge messages as a registry would, and say of each finding where, why and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from mockiis.console import progress, read_text
from mockiis.er7 import Message, read
from mockiis.errors import MockIISError
from mockiis.inputs import Found, NotRead, check_names, read_messages

if TYPE_CHECKING:
    from mockiis.judge_report.tally import Item, Tally
    from mockiis.profile.opinion import Opinion
    from mockiis.profile.validator import Judgement

FORMATS = ("text", "json", "sarif")


class Judge(Protocol):
    """What is asked of ``mockiis.profile.validator.Validator``."""

    def judge(self, message: Message, received: datetime) -> Judgement:
        """Every finding about a message."""


@click.command(short_help="Judge messages as NDIIS and the CDC guide would.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--profile", default="ndiis", show_default=True, metavar="ndiis|cdc|FILE", help="What to judge by.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Of the report.")
@click.option("--second-opinion", is_flag=True, help="Add what the library hl7apy says; slow.")
def validate(files: tuple[str, ...], profile: str, form: str, second_opinion: bool) -> None:
    """Judge each message in FILE... and report every finding with its place, its effect and how to fix it.

    FILE is an HL7 file with any line ends, a batch, a folder of these (.hl7, .er7), or - for standard input. FILE of
    --profile extends ndiis or cdc. What cannot be read is told on standard error; the rest is judged all the same.

    Exit code: 0 no finding is an error; 1 some are; 2 an input could not be read or is no HL7.
    """
    from mockiis.judge_report.tally import Tally

    check_names(files)
    judge = judge_by(profile)
    found = read_messages(files, sys.stdin.buffer if sys.stdin else BytesIO())
    tally = Tally(profile)
    _print(_writer(form), judged(found, judge, _second_opinion() if second_opinion else None), tally)
    sys.exit(tally.exit_code)


def judge_by(profile: str) -> Judge:
    """The judge of a shipped standard or of a user's file. Raises MockIISError for one that is not right."""
    from mockiis.home import code_sets
    from mockiis.profile.standard import SHIPPED, shipped
    from mockiis.profile.validator import Validator

    codes = code_sets()  # the user's own tables too; one that cannot be read is told now, not at the first message
    assert codes.vaccines
    assert codes.manufacturers
    if profile in SHIPPED:
        return Validator(shipped(profile), codes)
    if not Path(profile).exists():
        raise MockIISError(f"{profile}: there is no such file or shipped profile; shipped are {' and '.join(SHIPPED)}")
    from mockiis.profile.extension import read_standard

    return Validator(read_standard(read_text(profile), profile), codes)


def judged(
    found: Iterable[Found | NotRead], judge: Judge, second_opinion: Callable[[Message], tuple[Opinion, ...]] | None
) -> Iterator[Item]:
    """Each message with what the judge says of it. Notes about the bytes and what was not read go to standard error."""
    from mockiis.judge_report.judged import Judged
    from mockiis.server.failure import internal_error

    received = datetime.now().astimezone()
    noted: set[tuple[str, str]] = set()
    for item in found:
        if isinstance(item, NotRead):
            yield item
            continue
        message = read(item.text)
        _note(item, message, noted)
        try:
            judgement = judge.judge(message, received)
        except Exception as error:  # noqa: BLE001 (one error of ours must not cost the report on all other messages)
            yield NotRead(file=item.file, reason=f"message {item.index} could not be judged: {internal_error(error)}")
            continue
        yield Judged(
            file=item.file,
            index=item.index,
            line=item.line,
            message=message,
            profile=judgement.profile,
            findings=judgement.findings,
            opinions=second_opinion(message) if second_opinion else None,
        )


def _note(found: Found, message: Message, noted: set[tuple[str, str]]) -> None:
    """What was odd about the characters and encoding characters of a file, once: the judge sees what was read."""
    from mockiis.judge_report.text import plain

    for note in (*found.notes, *(note for note in message.notes if note.code.startswith("encoding"))):
        noted &= {(found.file, other) for _, other in noted}  # files come one after another
        if (found.file, note.code) not in noted:
            noted.add((found.file, note.code))
            click.echo(plain(f"note: {found.file}: message {found.index}: {note.text}"), err=True)


def _second_opinion() -> Callable[[Message], tuple[Opinion, ...]]:
    from mockiis.profile.hl7apy_tables import second_opinion

    return second_opinion


def _writer(form: str) -> Callable[[Iterable[Item], Tally], Iterator[str]]:
    from mockiis.judge_report import as_json, sarif, text

    return {"text": text.written, "json": as_json.written, "sarif": sarif.written}[form]


def _print(writer: Callable[[Iterable[Item], Tally], Iterator[str]], items: Iterator[Item], tally: Tally) -> None:
    """The report on standard output as it comes; on a terminal it is its own progress."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console may lack characters that a message has
    with nullcontext(_nothing) if sys.stdout.isatty() else progress("Messages judged") as advance:
        for piece in writer(_told(tally.counted(items), advance), tally):
            sys.stdout.write(piece)


def _told(items: Iterable[Item], advance: Callable[[], None]) -> Iterator[Item]:
    """The same items; each advances the progress, and what was not read is told on standard error."""
    from mockiis.judge_report.text import plain

    for item in items:
        if isinstance(item, NotRead):
            click.echo(f"mockiis: {plain(str(item))}", err=True)
        advance()
        yield item


def _nothing() -> None:
    """No progress to advance."""
