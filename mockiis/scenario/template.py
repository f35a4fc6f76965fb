"""Text with references to the request: ``{{ MSH-10 }}``, ``{{ today }}``. Places and a few words only, no code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mockiis.document import advice, complaint
from mockiis.entry_types import probable_location, read_location
from mockiis.er7 import STANDARD, Location, Message
from mockiis.er7.compose import in_standard
from mockiis.message.acknowledgment import timestamp
from mockiis.message.request import Request

_REFERENCE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

WORDS: Mapping[str, Callable[[Request], str]] = {
    "now": lambda request: timestamp(request.received),
    "today": lambda request: request.received.strftime("%Y%m%d"),
    "control_id": lambda request: request.control_id,
    "username": lambda request: request.username,
    "facility": lambda request: request.facility,
}
"""What a reference may name besides a location: the time of the answer, the number that the registry would give it
(MSH-10), and the credentials of a SOAP request without the password.
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A reference to one of WORDS."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What references are filled in from: a request, and the part of it that the rule found for a segment."""

    request: Request
    parts: Mapping[str, Message] = field(default_factory=dict)

    def message(self, where: Location) -> Message | None:
        """Where to look: in the part that was found, unless the location counts segments itself."""
        if where.occurrence is None and where.segment in self.parts:
            return self.parts[where.segment]
        return self.request.message


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and references in turn. A location that the request does not have gives nothing."""

    parts: tuple[str | Location | Word, ...]

    @property
    def constant(self) -> bool:
        """Whether it refers to nothing, so that every request gets the same text."""
        return all(isinstance(part, str) for part in self.parts)

    @property
    def literal(self) -> str:
        """The text around the references."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def plain(self, source: Source) -> str:
        """Filled in as a person reads it, escape sequences decoded."""
        return self._filled(source, lambda message, where: message.get(where), str)

    def er7(self, source: Source) -> str:
        """Filled in as received, in the standard encoding characters."""
        return self._filled(source, _as_received, STANDARD.escaped)

    def _filled(self, source: Source, located: Callable[[Message, Location], str], said: Callable[[str], str]) -> str:
        def text(part: str | Location | Word) -> str:
            if isinstance(part, str):
                return part
            if isinstance(part, Word):
                return said(WORDS[part.name](source.request))
            message = source.message(part)
            return located(message, part) if message else ""

        return "".join(map(text, self.parts))


EMPTY = Template(())


def read_template(text: str) -> Template:
    """Take the references out of the text; complains about what is none."""
    pieces = _REFERENCE.split(text)
    for literal in pieces[::2]:
        if "{{" in literal or "}}" in literal:
            raise complaint("a reference is written {{ MSH-10 }}; one of its ends is missing here")
    return Template(tuple(_reference(piece.strip()) if number % 2 else piece for number, piece in enumerate(pieces)))


def _reference(text: str) -> Location | Word:
    if text in WORDS:
        return Word(text)
    if not probable_location(text) and not re.fullmatch(r"[A-Z][A-Z0-9]{2}\b.*", text):
        raise complaint(f"'{text}' is not a location or one of the words of a reference; {advice(text, list(WORDS))}")
    location = read_location(text)
    if location.segment == "MSH" and location.field is None:
        raise complaint("{{ MSH }} cannot stand in an answer; name a field of it, such as {{ MSH-10 }}")
    return location


def _as_received(message: Message, where: Location) -> str:
    marks = message.delimiters
    undecoded = Message(message.lines, None, delimiters=replace(marks, escape=""))
    found = undecoded.get(where)
    fields = found.split(marks.field) if where.field is None else [found]
    return "|".join(in_standard(marks, field) for field in fields)
