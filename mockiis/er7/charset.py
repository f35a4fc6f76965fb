"""Bytes -> text by MSH-18 (table 0211). Text that is not what its label says is still read, and noted."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from mockiis.er7.message import Note

_MSH = re.compile(rb"(?:^|[\r\n])[ \t\x00\x0b]*MSH(.)([^\r\n]*)", re.DOTALL)

TABLE_0211 = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    **{f"8859/{n}": f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
"""Character sets of MSH-18 that can be carried in MLLP, and the codec for each; empty means UTF-8."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the codec that read it (answer in the same one), and what was odd."""

    text: str
    codec: str
    notes: tuple[Note, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode one message, or a batch by its first. A byte order mark beats the label; UTF-8 is the default.

    Never raises: bytes that are not what they should be are read as UTF-8 if they are that, else as Latin-1,
    which every byte string is.
    """
    marked = codec_of_mark(data)
    if marked:
        return _by_mark(data, marked)
    label = _label(data)
    codec = TABLE_0211.get(label, "utf-8")
    notes = [] if label in TABLE_0211 else [_UNKNOWN]
    try:
        return Decoded(data.decode(codec), codec, tuple(notes))
    except UnicodeDecodeError:
        text, found = _as_it_is(data)
    said = f"MSH-18 ({label})" if label in TABLE_0211 and label else "MSH-18"
    notes.append(Note("charset-mismatch", f"the bytes are not {codec}, which {said} implies; read as {found}"))
    return Decoded(text, found, tuple(notes))


def codec_of_mark(data: bytes) -> str:
    """The codec that the byte order mark at the start names; empty without one."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), "")


_UNKNOWN = Note("charset-unknown", "MSH-18 names a character set that is not read here; UTF-8 is tried")


def _as_it_is(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _by_mark(data: bytes, codec: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), codec)
    except UnicodeDecodeError:
        note = Note("charset-mismatch", f"bytes that are not {codec} were replaced")
        return Decoded(data.decode(codec, errors="replace"), codec, (note,))


def _label(data: bytes) -> str:
    """MSH-18 of the first message, its first repetition, in upper case."""
    match = _MSH.search(data)
    if match is None:
        return ""
    fields = match[2].split(match[1], 17)
    field = fields[16] if len(fields) > 16 else b""
    repetition = fields[0][1:2] or b"~"
    return field.split(repetition)[0].decode("latin-1").strip().upper()
