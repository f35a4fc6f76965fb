"""What to send, from files: HL7 messages, batches, records, folders of them, and standard input.

Everything is read and checked before anything is sent; every problem is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mockiis.console import read_bytes
from mockiis.er7 import decode, read, read_batch
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.wire.xml import illegal_character
from sender.messages import message
from sender.record import load_record

RECORDS = (".yaml", ".yml", ".json")
MESSAGES = (".hl7", ".er7")
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One message to send: where it is from, its text with CR line ends, its control id, what was odd about it."""

    source: str
    message: str
    control_id: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """Control id and time for messages made from records that have none."""

    control_id: Callable[[], str]
    time: Callable[[], datetime]


def read_submissions(names: Sequence[str], stamps: Stamps, standard_input: Callable[[], bytes]) -> list[Submission]:
    """Every message in the named files and folders, in order. Raises MockIISError with every problem found."""
    submissions: list[Submission] = []
    problems: list[str] = []
    for name, data in _inputs(names, standard_input, problems):
        try:
            submissions += _read(name, data, stamps)
        except MockIISError as error:
            problems.append(str(error))
    if problems:
        raise MockIISError("\n".join(problems))
    return submissions


def repeated(submissions: Iterable[Submission]) -> list[str]:
    """Control ids that stand in more than one message, which a registry may take for a repeat."""
    seen: dict[str, int] = {}
    for submission in submissions:
        if submission.control_id:
            seen[submission.control_id] = seen.get(submission.control_id, 0) + 1
    return [control_id for control_id, count in seen.items() if count > 1]


def _inputs(
    names: Sequence[str], standard_input: Callable[[], bytes], problems: list[str]
) -> Iterator[tuple[str, bytes]]:
    if names.count(STANDARD_INPUT) > 1:
        problems.append("- stands twice; standard input can be read once")
        return
    for name in names:
        if name == STANDARD_INPUT:
            yield "standard input", standard_input()
            continue
        try:
            for path in _paths(Path(name)):
                yield str(path), read_bytes(path)
        except MockIISError as error:
            problems.append(str(error))


def _paths(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    endings = (*MESSAGES, *RECORDS)
    hidden = [part for part in path.rglob(".*") if part.is_dir()]
    found = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in endings and file.is_file() and not any(part in file.parents for part in hidden)
    ]
    if not found:
        raise MockIISError(f"{path}: the folder holds no file that ends in {', '.join(endings)}")
    return found


def _read(name: str, data: bytes, stamps: Stamps) -> list[Submission]:
    if name.lower().endswith(RECORDS) or (name == "standard input" and not _looks_like_hl7(data)):
        return [_from_record(name, data, stamps)]
    return _from_hl7(name, data)


def _looks_like_hl7(data: bytes) -> bool:
    return decode(data).text.lstrip("\ufeff \t\r\n\x0b").startswith(("MSH", "FHS", "BHS"))


def _from_record(name: str, data: bytes, stamps: Stamps) -> Submission:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError([Problem(name, 1, 1, f"is not UTF-8 text (byte {error.start + 1})")]) from None
    record = load_record(text, name)
    made = message(record, stamps.control_id(), stamps.time())
    return Submission(source=name, message=_sendable(name, made), control_id=read(made).get("MSH-10"))


_BLOCK = re.compile("\x0b(?=MSH|FHS|BHS)|\x1c(?=[\r\n]|$)")
"""The MLLP bytes around a message, in a file that was captured from the wire."""


def _from_hl7(name: str, data: bytes) -> list[Submission]:
    decoded = decode(data)
    batch = read_batch(_BLOCK.sub("\r", decoded.text))
    texts = batch.messages
    if batch.stray or not texts:
        start = _shown((batch.stray or decoded.text).lstrip())
        raise MockIISError(f"{name}: expected HL7 messages that begin with MSH, found {start}")
    remarks = tuple(note.text for note in decoded.notes)
    return [
        _submission(f"{name}#{number}" if len(texts) > 1 else name, text, remarks)
        for number, text in enumerate(texts, 1)
    ]


def _submission(name: str, text: str, remarks: tuple[str, ...]) -> Submission:
    found = read(text)
    # Files end their lines as editors do; in a message a segment ends with CR.
    message = "\r".join(line for line in found.lines if line.strip()) + "\r"
    control_id = found.get("MSH-10").strip()
    if not control_id:
        remarks = (*remarks, "MSH-10 is empty, so an answer cannot be told from one to another message")
    return Submission(source=name, message=_sendable(name, message), control_id=control_id, remarks=remarks)


def _sendable(name: str, text: str) -> str:
    """Neither XML nor an MLLP frame carries every control character; escaped they can all be sent."""
    for number, segment in enumerate(text.split("\r"), 1):
        wrong = illegal_character(segment)
        if wrong:
            where = f"segment {number} ({segment[:3]})"
            raise MockIISError(f"{name}: {where} holds {wrong}, which cannot be sent; take it out or write \\Xhh\\")
    return text


def _shown(text: str) -> str:
    """How a file begins that is no message: enough to recognize it, too little to show a patient."""
    if not text:
        return "nothing"
    return "'" + "".join(character if character.isprintable() else "?" for character in text[:3]) + "...'"
