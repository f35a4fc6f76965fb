"""Plain HTTP: the message as the body of a POST request, or in the form that many registries take.

``mockiis.wire.http_post`` writes credentials and form, ``web`` carries them; here is what the response means.
"""

from __future__ import annotations

import re
from typing import Any

from mockiis.er7 import decode
from mockiis.wire.http_post import HL7, URL_ENCODED, body_as_form, credential_headers
from sender.charset import encode
from sender.destination import Destination
from sender.outcome import Faulted, NotAcknowledgment, Outcome, Reached, Received
from sender.web import Page, Web

_MESSAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:MSH|FHS|BHS)\W")
_SOAP = re.compile(rb"<(?:[\w.-]+:)?Envelope\s")
_REFUSALS = (401, 403)
_ADVICE = {
    404: "nothing is there: check the path of the address",
    405: "it takes no POST: check the path of the address",
    415: "it takes no such Content-Type: try http+form:// in place of http+hl7://, or the other way round",
}
"""What to do about an HTTP status, where a response is no answer."""


class HTTPTransport:
    """Sends one message at a time to one address."""

    def __init__(self, destination: Destination, reactor: Any) -> None:
        """Raises MockIISError when the certificates to trust cannot be read."""
        self.destination = destination
        self._web = Web(destination, reactor)

    async def submit(self, message: str) -> Received | Outcome:
        """What came back, or why nothing did. Never raises for what the network does."""
        to, data = self.destination, encode(message)
        if to.form:
            headers = {"Content-Type": URL_ENCODED}
            body = body_as_form(data, to.username, to.password, to.facility)
        else:
            headers = {"Content-Type": HL7[0], **credential_headers(to.username, to.password, to.facility)}
            body = data
        page = await self._web.ask(b"POST", headers, body)
        return read_page(page) if isinstance(page, Page) else page

    async def connectivity_test(self, text: str) -> Outcome:  # noqa: ARG002 - there is nothing to carry it in
        """Whether something answers at the address; plain HTTP has no operation for more."""
        page = await self._web.ask(b"GET", {}, b"")
        return Reached(echoed=False, transport="plain HTTP") if isinstance(page, Page) else page

    async def close(self) -> None:
        """Close the kept connection."""
        await self._web.close()

    def out_of_step(self) -> None:
        """HTTP tells answers apart by itself."""


def read_page(page: Page) -> Received | Outcome:
    """What a response says. HL7 is an answer whatever the status, which is remarked on."""
    decoded = decode(page.body)
    if _MESSAGE.match(page.body):
        remarks = [note.text for note in decoded.notes]
        if not 200 <= page.status < 300:
            remarks.append(f"the answer came with HTTP status {page.status}")
        return Received(text=decoded.text, remarks=tuple(remarks))
    if page.status in _REFUSALS:
        return Faulted(kind=f"HTTP status {page.status}", detail=_words(page, decoded.text))
    found = "an empty body" if not page.body.strip() else "a body that is no HL7 message"
    said = f" ({_words(page, decoded.text)})" if _words(page, decoded.text) else ""
    soap = "it answers in SOAP: check the path, or send with SOAP (http:// in place of http+hl7://)"
    usual = soap if _SOAP.search(page.body) else "expected an HL7 message"
    advice = _ADVICE.get(page.status, usual)
    return NotAcknowledgment(reason=f"HTTP status {page.status} with {found}{said}; {advice}")


def _words(page: Page, text: str) -> str:
    """The first line of a plain text; other bodies may be anything."""
    if page.content_type.partition(";")[0].strip().lower() != "text/plain":
        return ""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return "".join(character for character in line[:200] if character.isprintable())
