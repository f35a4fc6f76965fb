"""``errors``: what an author wrote about the ERR segments of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import PlainValidator

from mockiis.document import complaint
from mockiis.entry_types import choice, read_location, read_text
from mockiis.er7 import Location, LocationError
from mockiis.profile import Finding
from mockiis.profile.tables import HL70357, HL70533
from mockiis.scenario.model import ScriptedError
from mockiis.scenario.template import Template, read_template
from mockiis.scenario.values import Part

Severity = Literal["E", "W", "I"]
_severity = choice(
    "a severity (table HL70516)",
    ("E", "W", "I"),
    {"ERROR": "E", "FATAL": "E", "F": "E", "WARNING": "W", "INFORMATION": "I", "INFO": "I"},
)


def _table(what: str, table: Mapping[str, str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = read_text(value)
        if text in table:
            return text
        named = [f"{number} ({name})" for number, name in table.items() if name.casefold() == text.casefold()]
        advice = f"write its number: {named[0]}" if named else f"write one of: {', '.join(table)}"
        raise complaint(f"'{text}' is not {what}; {advice}")

    return read


def _place(value: Any) -> Location | str:
    """A location, or ERR-2 word for word (``PID^1^11^5``)."""
    text = read_text(value)
    if "^" in text:
        try:
            Location.from_erl(text)
        except LocationError:
            raise complaint(
                f"'{text}' is not an error location; write one such as PID-7, or as in ERR-2: PID^1^7"
            ) from None
        return text
    location = read_location(text)
    if location.key or location.repetition_key:
        raise complaint(f"an error stands at one place; count it, as in {location.segment}[2]-5")
    return location


def read_text_template(value: Any) -> Template:
    """Text for people, with references to the request."""
    return read_template(read_text(value))


class ErrorEntry(Part):
    """One entry of ``errors``: an ERR segment."""

    at: Annotated[Location | str | None, PlainValidator(_place)] = None
    code: Annotated[str, PlainValidator(_table("an error code of table HL70357", HL70357))]
    severity: Annotated[Severity, PlainValidator(_severity)] = "E"
    app: Annotated[str, PlainValidator(_table("an application error code of table HL70533", HL70533))] = ""
    text: Annotated[Template, PlainValidator(read_text_template)] = Template(())

    def error(self) -> ScriptedError:
        """The finding, complete where nothing depends on the request."""
        location, erl = (None, self.at) if isinstance(self.at, str) else (self.at, "")
        finding = Finding(code=self.code, severity=self.severity, location=location, erl=erl, application_code=self.app)
        return scripted(finding, self.text)


def scripted(finding: Finding, text: Template) -> ScriptedError:
    """The finding with its text, complete where the text refers to nothing."""
    if text.constant:
        return ScriptedError(finding=replace(finding, text=text.literal))
    return ScriptedError(finding=finding, text=text)
