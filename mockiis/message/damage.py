"""Damage to the text of an answer. What cannot be done to a text leaves it as it is; nothing here raises."""

from __future__ import annotations

from mockiis.er7 import ER7Error, read, write


def replaced(text: str, location: str, value: str) -> str:
    """The message with another value at a place; any other text as it is."""
    try:
        return write(read(text).replace(location, value))
    except (ER7Error, LookupError):
        return text


def control_character(text: str, character: str) -> str:
    """The character in place of the CR before the last segment; after a text of one segment."""
    body = text.rstrip("\r\n")
    place = max(body.rfind("\r"), body.rfind("\n"))
    return text[:place] + character + text[place + 1 :] if place >= 0 else body + character + text[len(body) :]
