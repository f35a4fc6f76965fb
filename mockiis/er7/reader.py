"""Text -> Message. What is odd becomes a note on the message; only a missing MSH is an error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mockiis.er7.delimiters import STANDARD, Delimiters
from mockiis.er7.message import Message, Note

LEAD = "\ufeff \t\r\n\x00\x0b"
"""What may stand before MSH: a byte order mark, blanks, and what is left of MLLP framing."""

_END = re.compile("(\r\n|\r|\n)")
_USUAL = "MSH|^~\\&|"


class ER7Error(ValueError):
    """The text does not begin with a readable MSH segment, so it cannot be taken as an HL7 message."""


def read(text: str) -> Message:
    """Read one message; ``write(read(text)) == text``.

    Line ends may be CR, LF or CRLF, the last one may be missing, a byte order mark or blanks may come first:
    each is kept and noted. Raises ER7Error when there is no readable MSH, and never anything else.
    """
    body = text if text.startswith("MSH") else text.lstrip(LEAD)
    prefix = text[: len(text) - len(body)]
    delimiters, notes = (STANDARD, ()) if body.startswith(_USUAL) else _delimiters(body)
    lines, ends = _split(body)
    if prefix or ends is not None or "" in lines or "\rMSH" in body:
        notes = (*_odd(prefix, lines, ends), *notes)
    return Message(lines, ends, prefix=prefix, delimiters=delimiters, notes=notes)


def write(message: Message) -> str:
    """The message's text, exactly as it was read."""
    if message.ends is None:
        return message.prefix + "\r".join(message.lines) + "\r"
    return message.prefix + "".join(line + end for line, end in zip(message.lines, message.ends, strict=True))


def _split(text: str) -> tuple[list[str], list[str] | None]:
    if "\n" not in text and text[-1] == "\r":
        return text[:-1].split("\r"), None
    pieces = _END.split(text)
    lines, ends = pieces[::2], pieces[1::2]
    if lines[-1]:
        ends.append("")
    else:
        lines.pop()
    return lines, ends


def _delimiters(text: str) -> tuple[Delimiters, tuple[Note, ...]]:
    if not _is_header(text):
        raise ER7Error(_unreadable(text))
    mark = text[3]
    encoding = _END.split(text[4:], maxsplit=1)[0].partition(mark)[0]
    return _read_encoding(mark, encoding[:4], len(encoding))


def _is_header(text: str) -> bool:
    return text.startswith("MSH") and can_delimit(text[3:4])


def can_delimit(character: str) -> bool:
    """Whether the character may separate: printable, and no letter, digit or blank."""
    return character != "" and character.isprintable() and not character.isalnum() and not character.isspace()


_QUOTABLE = re.compile(r"[A-Z][A-Z0-9]{2}\||(?i:MSH|FHS|BHS|BTS|FTS)(?:[\W_]|\Z)")
"""The name of a segment and what separates it. The sentence is logged, so it quotes no word that may be a name."""


def _unreadable(text: str) -> str:
    start = _QUOTABLE.match(text)
    found = f"{start[0]!a}" if start else "text that is no segment" if text else "nothing"
    hint = ""
    if text.startswith(("FHS", "BHS", "BTS", "FTS")):
        hint = "; this is part of a batch, whose messages are read one by one"
    elif text[:3].upper() == "MSH" != text[:3]:
        hint = "; segment names are written in upper case"
    return f"expected a message that begins with MSH and a field separator, found {found}{hint}"


@lru_cache(maxsize=64)
def _read_encoding(mark: str, given: str, length: int) -> tuple[Delimiters, tuple[Note, ...]]:
    """Encoding characters of MSH-2, the first four of ``length``; a small cache, since a sender uses one set."""
    notes = []
    if not given:
        notes.append(Note("encoding-missing", "MSH-2 is empty; ^~\\& is assumed"))
        given = "^~\\&"
    elif length not in (4, 5):
        notes.append(Note("encoding-length", f"MSH-2 has {length} characters; 4 are expected: ^~\\&"))
    usable: list[str] = []
    for character in given:
        usable.append(character if can_delimit(character) and character not in {*usable, mark} else "")
    if "" in usable:
        notes.append(Note("encoding-unusable", "MSH-2 has a character that cannot be a delimiter; it is ignored"))
    usable += [""] * (4 - len(usable))
    delimiters = Delimiters(mark, *usable)
    if delimiters == STANDARD:
        return STANDARD, tuple(notes)
    return delimiters, (*notes, Note("encoding-other", "the encoding characters are not |^~\\&"))


def _odd(prefix: str, lines: Sequence[str], ends: Sequence[str] | None) -> list[Note]:
    notes = []
    if "\ufeff" in prefix:
        notes.append(Note("byte-order-mark", "a byte order mark comes before MSH"))
    if prefix.replace("\ufeff", ""):
        notes.append(Note("leading-blanks", "blank characters come before MSH"))
    kinds = set(ends or ())
    if "\r\n" in kinds:
        notes.append(Note("line-ends-crlf", "segments end with CR LF; CR is expected"))
    if "\n" in kinds:
        notes.append(Note("line-ends-lf", "segments end with LF; CR is expected"))
    if "" in kinds:
        notes.append(Note("last-terminator-missing", "the last segment has no CR after it"))
    if "" in lines:
        notes.append(Note("blank-lines", "there are blank lines between segments"))
    if any(map(_is_header, lines[1:])):
        notes.append(Note("several-messages", "another MSH segment follows; it is read as part of the same message"))
    return notes
