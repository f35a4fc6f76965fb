"""Text with references to the request: ``{{ MSH-10 }}``. Locations only, no code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mockiis.document import complaint
from mockiis.entry_types import read_location
from mockiis.er7 import Location, Message
from mockiis.er7.compose import in_standard

_REFERENCE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and locations in turn. A location that the request does not have gives nothing."""

    parts: tuple[str | Location, ...]

    @property
    def constant(self) -> bool:
        """Whether it refers to nothing, so that every request gets the same text."""
        return not any(isinstance(part, Location) for part in self.parts)

    @property
    def literal(self) -> str:
        """The text around the references."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def plain(self, message: Message) -> str:
        """Filled in as a person reads it, escape sequences decoded."""
        return "".join(part if isinstance(part, str) else message.get(part) for part in self.parts)

    def er7(self, message: Message) -> str:
        """Filled in as received, in the standard encoding characters."""
        return "".join(part if isinstance(part, str) else _as_received(message, part) for part in self.parts)


def read_template(text: str) -> Template:
    """Take the references out of the text; complains about what is none."""
    pieces = _REFERENCE.split(text)
    for literal in pieces[::2]:
        if "{{" in literal or "}}" in literal:
            raise complaint("a reference is written {{ MSH-10 }}; one of its ends is missing here")
    return Template(tuple(_reference(piece) if number % 2 else piece for number, piece in enumerate(pieces)))


def _reference(text: str) -> Location:
    location = read_location(text.strip())
    if location.segment == "MSH" and location.field is None:
        raise complaint("{{ MSH }} cannot stand in an answer; name a field of it, such as {{ MSH-10 }}")
    return location


def _as_received(message: Message, where: Location) -> str:
    marks = message.delimiters
    undecoded = Message(message.lines, None, delimiters=replace(marks, escape=""))
    found = undecoded.get(where)
    fields = found.split(marks.field) if where.field is None else [found]
    return "|".join(in_standard(marks, field) for field in fields)
