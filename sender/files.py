"""What to send, from files: HL7 messages, batches, records, folders of them, and standard input.

Everything is read and checked before anything is sent; every problem is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from mockiis.console import read_bytes
from mockiis.er7 import decode, read
from mockiis.errors import DocumentError, MockIISError, Problem
from mockiis.inputs import MESSAGES, STANDARD_INPUT, Found, NotRead, check_names, files, messages
from mockiis.wire.xml import illegal_character
from sender.messages import message
from sender.record import load_record

RECORDS = (".yaml", ".yml", ".json")


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
    check_names(names)
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
    for name in names:
        if name == STANDARD_INPUT:
            yield "standard input", standard_input()
            continue
        for file in files(Path(name), (*MESSAGES, *RECORDS)):
            try:
                yield str(file), _bytes(file)
            except MockIISError as error:
                problems.append(str(error))


def _bytes(file: Path | NotRead) -> bytes:
    if isinstance(file, NotRead):
        raise MockIISError(str(file))
    return read_bytes(file)


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


def _from_hl7(name: str, data: bytes) -> list[Submission]:
    found = []
    for part in messages(name, BytesIO(data)):
        if isinstance(part, NotRead):
            raise MockIISError(str(part))
        found.append(part)
    return [_submission(f"{name}#{part.index}" if len(found) > 1 else name, part) for part in found]


def _submission(name: str, found: Found) -> Submission:
    parsed = read(found.text)
    # Files end their lines as editors do; in a message a segment ends with CR.
    text = "\r".join(line for line in parsed.lines if line.strip()) + "\r"
    control_id = parsed.get("MSH-10").strip()
    remarks = tuple(note.text for note in found.notes)
    if not control_id:
        remarks = (*remarks, "MSH-10 is empty, so an answer cannot be told from one to another message")
    return Submission(source=name, message=_sendable(name, text), control_id=control_id, remarks=remarks)


def _sendable(name: str, text: str) -> str:
    """Neither XML nor an MLLP frame carries every control character; escaped they can all be sent."""
    for number, segment in enumerate(text.split("\r"), 1):
        wrong = illegal_character(segment)
        if wrong:
            where = f"segment {number} ({segment[:3]})"
            raise MockIISError(f"{name}: {where} holds {wrong}, which cannot be sent; take it out or write \\Xhh\\")
    return text
