"""Bytes -> text by MSH-18 (table 0211). Text that is not what its label says is still read, and noted."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from mockiis.er7.message import Note

_MSH = re.compile(rb"\s*MSH(.)([^\r\n]*)", re.DOTALL)

TABLE_0211 = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    **{f"8859/{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
"""Character sets of MSH-18 that can be carried in MLLP, and the codec for each."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the codec that read it (answer in the same one), and what was odd."""

    text: str
    codec: str
    notes: tuple[Note, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode one message. A byte order mark beats the label; UTF-8 is the default; Latin-1 the last resort.

    Never raises: every byte string has a Latin-1 reading.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _by_mark(data, codec)
    label = _label(data)
    codec = TABLE_0211.get(label, "utf-8")
    notes = [] if label in TABLE_0211 else [Note("charset-unknown", "MSH-18 names a character set not in table 0211")]
    for attempt in (codec, "utf-8", "latin-1"):
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if attempt != codec:
            notes.append(Note("charset-mismatch", f"the bytes are not {codec}, which MSH-18 implies; read as {attempt}"))
        return Decoded(text, attempt, tuple(notes))
    raise AssertionError("Latin-1 reads every byte")


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _by_mark(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, errors="replace")
    notes = [Note("charset-mismatch", f"bytes that are not {codec} were replaced")] if "\ufffd" in text else []
    return Decoded(text, codec, tuple(notes))


def _label(data: bytes) -> str:
    match = _MSH.match(data)
    if match is None:
        return ""
    fields = match[2].split(match[1], 17)
    field = fields[16] if len(fields) > 16 else b""
    return field.split(b"~")[0].decode("latin-1").strip().upper()
