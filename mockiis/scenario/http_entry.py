"""``http``: a response of HTTP alone, as an author writes it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import PlainValidator, model_validator

from mockiis.document import complaint
from mockiis.entry_types import read_text
from mockiis.scenario.model import HTTPScript, Script
from mockiis.scenario.template import Template, read_template
from mockiis.scenario.values import Part

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_VALUE = re.compile(r"[\x20-\x7e]{1,1000}", re.ASCII)
_OURS = frozenset({"content-length", "transfer-encoding", "connection"})


def _status(value: Any) -> int:
    text = read_text(value)
    if not re.fullmatch(r"[2-5]\d\d", text, re.ASCII):
        raise complaint(f"'{text}' is not an HTTP status; write one from 200 to 599, such as 503")
    return int(text)


def _type(value: Any) -> str:
    text = read_text(value)
    if not re.fullmatch(r"[A-Za-z0-9.+-]{1,40}/[A-Za-z0-9.+-]{1,60}(;[\x20-\x7e]{0,100})?", text, re.ASCII):
        raise complaint(f"'{text}' is not a content type; write one such as text/html or application/xml")
    return text


def _body(value: Any) -> Template:
    if not isinstance(value, str):
        raise complaint("write the body as text; quote text that begins with {, or put it after |")
    return read_template(value)


def _headers(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise complaint("write headers here, such as {Retry-After: 120}")
    for name, text in value.items():
        if not _TOKEN.fullmatch(name):
            raise complaint(f"'{name}' is not the name of a header; write one such as Retry-After", name)
        if name.lower() in _OURS:
            raise complaint(f"{name} is filled in; 'wire' has misbehaviours that make it wrong", name)
        if not isinstance(text, str) or not _VALUE.fullmatch(text):
            raise complaint("write one line of plain text as the value of a header", name)
    return tuple(value.items())


class HTTPEntry(Part):
    """A status alone (``http: 503``), or with a body, its type, and headers."""

    status: Annotated[int, PlainValidator(_status)]
    body: Annotated[Template, PlainValidator(_body)] = Template(())
    type: Annotated[str, PlainValidator(_type)] = "text/html; charset=utf-8"
    headers: Annotated[tuple[tuple[str, str], ...], PlainValidator(_headers)] = ()

    @model_validator(mode="before")
    @classmethod
    def _status_alone(cls, value: Any) -> Any:
        return {"status": value} if isinstance(value, str) and value.strip() else value

    def script(self, common: dict[str, Any]) -> Script:
        """The reply as data; ``common`` is what every reply has."""
        return HTTPScript(status=self.status, body=self.body, content_type=self.type, headers=self.headers, **common)
