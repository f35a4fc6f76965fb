"""HL7 messages in the files that people name: any line ends, batches, MLLP captures, folders, standard input.

Files are read piece by piece, so that a batch of any size takes the memory of its largest message.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mockiis.er7 import Note, decode
from mockiis.er7.batch import kind, lines_of, parts_of
from mockiis.er7.charset import codec_of_mark
from mockiis.er7.reader import LEAD
from mockiis.errors import MockIISError, printable

MESSAGES = (".hl7", ".er7")
"""Endings of the files that are taken from a folder."""
STANDARD_INPUT = "-"
LARGEST = 4 * 1024 * 1024
"""Characters of the largest message that is read. Real ones have some thousand, and registries take a million."""
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message: its file, its number there from 1, the line it begins at, its text, what was odd about the bytes."""

    file: str
    index: int
    line: int
    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """A file, or a part of one, that holds no message that can be read, and why."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


def check_names(names: Sequence[str]) -> None:
    """Raises MockIISError when standard input is named twice."""
    if names.count(STANDARD_INPUT) > 1:
        raise MockIISError("- stands twice; standard input can be read once")


def read_messages(names: Sequence[str], standard_input: BinaryIO) -> Iterator[Found | NotRead]:
    """Every message of the named files and folders, in order, one at a time."""
    for name in names:
        if name == STANDARD_INPUT:
            yield from messages("standard input", standard_input)
            continue
        for file in files(Path(name), MESSAGES):
            if isinstance(file, NotRead):
                yield file
            else:
                yield from _in_file(file)


def files(path: Path, endings: Sequence[str]) -> Iterator[Path | NotRead]:
    """The file itself; of a folder all files with these endings, in order and in depth, hidden folders left out."""
    if not _true(path.is_dir, otherwise=False):
        yield path
        return
    empty = True
    for file in _in_folder(path, tuple(endings)):
        empty = False
        yield file
    if empty:
        yield NotRead(file=_name(path), reason=f"the folder holds no file that ends in {', '.join(endings)}")


def _in_folder(folder: Path, endings: tuple[str, ...]) -> Iterator[Path | NotRead]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _cannot_be_read(folder, error)
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith("."):
                yield from _in_folder(folder / entry.name, endings)
        elif entry.name.lower().endswith(endings) and _true(entry.is_file, otherwise=True):
            yield folder / entry.name


def _true(question: Callable[[], bool], *, otherwise: bool) -> bool:
    """The answer; ``otherwise`` where the system gives none, since opening the file then says why."""
    try:
        return question()
    except OSError:
        return otherwise


def _in_file(path: Path) -> Iterator[Found | NotRead]:
    try:
        with path.open("rb") as stream:
            yield from messages(_name(path), stream)
    except OSError as error:
        yield _cannot_be_read(path, error)


def _cannot_be_read(path: Path, error: OSError) -> NotRead:
    return NotRead(file=_name(path), reason=f"cannot be read: {error.strerror or error}")


def _name(path: Path) -> str:
    """The name of a file as it can be printed: what is not UTF-8 in it is replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def messages(file: str, stream: BinaryIO) -> Iterator[Found | NotRead]:
    """The messages of one file; whatever else stands there is told, envelopes of batches excepted."""
    start = stream.read(_CHUNK)
    codec = codec_of_mark(start)
    lines = _Numbered(_blocks(lines_of(_text(start, stream, codec), LARGEST)))
    line, index, problems, first = 1, 0, 0, ""
    for part in parts_of(lines, LARGEST + 1):
        first = first or part
        lead = part[: len(part) - len(part.lstrip(LEAD))]
        match kind(part):
            case "MSH":
                index += 1
                yield _found(file, index, line + _line_ends(lead), part, codec)
            case "" if len(lead) < len(part):
                problems += 1
                yield _not_hl7(file, part)
        line = lines.number  # by now the first line of the next part is read
    if not index and not problems:
        yield _not_hl7(file, first)


class _Numbered:
    """Lines; ``number`` is that of the last one given."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        following = 1
        for line in self._lines:
            self.number, following = following, following + _line_ends(line)
            yield line


def _text(start: bytes, stream: BinaryIO, codec: str) -> Iterator[str]:
    """The bytes as text. Without a byte order mark each message names its character set, so bytes must come back."""
    decoder = codecs.getincrementaldecoder(codec or "utf-8")("replace" if codec else "surrogateescape")
    chunk = start
    while chunk:
        yield decoder.decode(chunk)
        chunk = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True)


def _found(file: str, index: int, line: int, part: str, codec: str) -> Found | NotRead:
    if len(part) > LARGEST:
        return NotRead(file=file, reason=f"message {index} has more than {LARGEST:,} characters; it is not read")
    text = _FRAME.sub("", part) if "\x0b" in part or "\x1c" in part else part
    if codec:
        replaced = Note("charset-mismatch", f"bytes that are not {codec} were replaced")
        return Found(file=file, index=index, line=line, text=text, notes=(replaced,) if "\ufffd" in text else ())
    decoded = decode(text.encode("utf-8", "surrogateescape"))
    return Found(file=file, index=index, line=line, text=decoded.text, notes=decoded.notes)


def _not_hl7(file: str, part: str) -> NotRead:
    reason = f"expected HL7 messages that begin with MSH, found {_shown(part.lstrip(LEAD))}"
    if file.lower().endswith((".yaml", ".yml")):
        reason += "; records are for mockiis send, scenarios for serve and lint"
    return NotRead(file=file, reason=reason)


def _shown(text: str) -> str:
    """How a file begins that is no message: enough to recognize it, too little to show a patient."""
    if not text:
        return "nothing"
    return f"'{printable(text[:3])}...'"


def _line_ends(text: str) -> int:
    return text.count("\r") + text.count("\n") - text.count("\r\n")


_BLOCK = re.compile("(?=\x0b(?:MSH|FHS|BHS))")
_FRAME = re.compile("\\A\x0b|\x1c[\r\n]*\\Z")
"""The MLLP bytes around a message, in a file that was captured from the wire."""


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """A block of MLLP begins a line, whatever stands before it."""
    for line in lines:
        if "\x0b" in line:
            yield from filter(None, _BLOCK.split(line))
        else:
            yield line
