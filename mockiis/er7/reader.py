"""Text -> Message. What is odd becomes a note on the message; only a missing MSH is an error."""

from __future__ import annotations

import re

from mockiis.er7.delimiters import STANDARD, Delimiters
from mockiis.er7.message import Message, Note

_END = re.compile("\r\n|\r|\n")
_LEAD = re.compile("\ufeff?[ \t\r\n\x00\x0b]*")
_KNOWN: dict[str, tuple[Delimiters, tuple[Note, ...]]] = {}


class ER7Error(ValueError):
    """The text does not begin with a readable MSH segment, so it cannot be taken as an HL7 message."""


def read(text: str) -> Message:
    """Read one message; ``write(read(text)) == text``.

    Line ends may be CR, LF or CRLF, the last one may be missing, a byte order mark or blanks may come first:
    each is kept and noted. Raises ER7Error when there is no readable MSH, and never anything else.
    """
    prefix = ""
    if not text.startswith("MSH"):
        lead = _LEAD.match(text)
        prefix = lead[0] if lead else ""
        text = text[len(prefix) :]
    delimiters, notes = _delimiters(text)
    lines, ends = _split(text)
    if prefix or ends is not None or "" in lines:
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
    lines, ends, start = [], [], 0
    for match in _END.finditer(text):
        lines.append(text[start : match.start()])
        ends.append(match[0])
        start = match.end()
    if start < len(text):
        lines.append(text[start:])
        ends.append("")
    return lines, ends


def _delimiters(text: str) -> tuple[Delimiters, tuple[Note, ...]]:
    """Encoding characters of MSH-1 and MSH-2; a small cache, since a sender uses one set."""
    mark = text[3:4]
    if not text.startswith("MSH") or not mark or mark.isalnum() or mark.isspace() or not mark.isprintable():
        found = text.lstrip()[:3].encode("unicode_escape").decode("ascii")
        raise ER7Error(f"expected a message that begins with MSH and a field separator, found '{found}'")
    end = _END.search(text, 4)
    stop = text.find(mark, 4, end.start() if end else len(text))
    encoding = text[4 : stop if stop >= 0 else (end.start() if end else len(text))]
    known = _KNOWN.get(mark + encoding)
    if known is None:
        known = _read_encoding(mark, encoding)
        if len(_KNOWN) < 64:
            _KNOWN[mark + encoding] = known
    return known


def _read_encoding(mark: str, encoding: str) -> tuple[Delimiters, tuple[Note, ...]]:
    notes = []
    given = encoding[:4]
    if not encoding:
        notes.append(Note("encoding-missing", "MSH-2 is empty; ^~\\& is assumed"))
        given = "^~\\&"
    elif len(encoding) not in (4, 5):
        notes.append(Note("encoding-length", f"MSH-2 has {len(encoding)} characters; 4 are expected: ^~\\&"))
    usable: list[str] = []
    for character in given:
        if character in {*usable, mark} or character.isalnum() or character.isspace():
            notes.append(Note("encoding-unusable", "MSH-2 has a character that cannot be a delimiter; it is ignored"))
            character = ""
        usable.append(character)
    usable += [""] * (4 - len(usable))
    delimiters = Delimiters(mark, *usable)
    if delimiters == STANDARD:
        delimiters = STANDARD
    else:
        notes.append(Note("encoding-other", "the encoding characters are not |^~\\&"))
    return delimiters, tuple(notes)


def _odd(prefix: str, lines: list[str], ends: list[str] | None) -> list[Note]:
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
    return notes
