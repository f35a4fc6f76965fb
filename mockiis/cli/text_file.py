"""Tables as people keep them: text of any usual encoding, with line ends of any system."""

from __future__ import annotations

import codecs

from mockiis.errors import MockIISError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_TEXT = (
    (b"PK\x03\x04", "is an Excel workbook or a zip archive; save the table as CSV or text"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook; save the table as CSV or text"),
    (b"%PDF", "is a PDF; the table is needed as text"),
)


def decoded(data: bytes, name: str) -> str:
    """The text: UTF-8, UTF-16 with its mark, or Windows-1252. Raises MockIISError that says what the file is."""
    for beginning, complaint in _NOT_TEXT:
        if data.startswith(beginning):
            raise MockIISError(f"{name}: {complaint}")
    text = _text(data, name)
    if "\0" in text:
        raise MockIISError(
            f"{name}: is not text: there is a zero byte in line {text[: text.index(chr(0))].count(chr(10)) + 1}"
        )
    if not text.strip():
        raise MockIISError(f"{name}: is empty")
    return text


def _text(data: bytes, name: str) -> str:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(codec)
            except UnicodeDecodeError as error:
                raise MockIISError(f"{name}: is not {codec} text (byte {error.start + 1})") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
