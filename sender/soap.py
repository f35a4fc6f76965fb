"""The SOAP transport: connectivityTest and submitSingleMessage over HTTP.

``mockiis.wire.soap_client`` writes the envelope and reads the answer, ``web`` carries them.
"""

from __future__ import annotations

from typing import Any

from mockiis.errors import MockIISError
from mockiis.wire.soap import CONNECTIVITY_TEST, SUBMIT_SINGLE_MESSAGE, Operation
from mockiis.wire.soap_client import Fault, NotSOAP, Returned, UnsendableError, envelope, read_response
from sender.destination import Destination
from sender.outcome import Faulted, NotAcknowledgment, Outcome, Reached, Received
from sender.web import Page, Web


class SOAPTransport:
    """Sends one call at a time to one address."""

    def __init__(self, destination: Destination, reactor: Any) -> None:
        """Raises MockIISError when the certificates to trust cannot be read."""
        self.destination = destination
        self._web = Web(destination, reactor)

    async def submit(self, message: str) -> Received | Outcome:
        """What came back, or why nothing did. Never raises for what the network does.

        Raises MockIISError for a message that XML cannot carry.
        """
        to = self.destination
        return await self._call(
            SUBMIT_SINGLE_MESSAGE, message, username=to.username, password=to.password, facility=to.facility
        )

    async def connectivity_test(self, text: str) -> Outcome:
        """Whether the interface answers and echoes the text unchanged."""
        answer = await self._call(CONNECTIVITY_TEST, text)
        if isinstance(answer, Outcome):
            return answer
        if answer.text == text:
            return Reached(echoed=True, text=text)
        reason = "the connectivity test came back with another text than was sent"
        return NotAcknowledgment(reason=reason, text=answer.text)

    async def close(self) -> None:
        """Close the kept connection."""
        await self._web.close()

    def out_of_step(self) -> None:
        """HTTP tells answers apart by itself."""

    async def _call(self, operation: Operation, text: str, **credentials: str) -> Received | Outcome:
        try:
            headers, body = envelope(self.destination.dialect, operation.name, text, **credentials)
        except UnsendableError as error:
            raise MockIISError(str(error)) from None
        page = await self._web.ask(b"POST", headers, body)
        return self._read(operation, page) if isinstance(page, Page) else page

    def _read(self, operation: Operation, page: Page) -> Received | Outcome:
        dialect = self.destination.dialect
        result = read_response(
            page.body, page.content_type, status=page.status, dialect=dialect, operation=operation.name
        )
        match result:
            case Returned(text=text):
                return Received(text=text)
            case Fault():
                kind = result.kind.value if result.kind else result.name or f"SOAP fault {result.code}".strip()
                return Faulted(kind=kind, reason=result.reason, detail=result.detail)
            case NotSOAP(reason=reason):
                return NotAcknowledgment(reason=reason)
