"""Message text -> bytes by its own MSH-18 (table 0211). The counterpart of ``mockiis.er7.decode``."""

from __future__ import annotations

from mockiis.er7 import ER7Error, read
from mockiis.er7.charset import TABLE_0211


def encode(message: str) -> bytes:
    """The bytes to put into a frame: in the character set MSH-18 names where that can carry them, else in UTF-8."""
    try:
        label = read(message).header.repetitions(18)[0].strip().upper()
    except ER7Error:
        label = ""
    try:
        return message.encode(TABLE_0211.get(label, "utf-8"))
    except UnicodeEncodeError:
        return message.encode("utf-8", errors="surrogatepass")
