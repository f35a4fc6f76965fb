"""What ``mockiis serve --forward`` sends with: messages that are somebody else's, passed on as they are.

The mock finds it by the entry point ``mockiis.forwarders``. Its answers are replies of ``mockiis.message``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from twisted.internet import defer

from mockiis.errors import MockIISError
from mockiis.message.reply import FaultKind, FaultReply, MessageReply, Reply
from sender.answer import judge
from sender.destination import DEFAULT_TIMEOUT, parse_address
from sender.endpoint import certificates
from sender.outcome import Faulted, NotAcknowledgment, Outcome
from sender.send import Transport, transport

_MOST_IDLE = 8
"""Connections that are kept for the next messages."""


class Forwarder:
    """Asks one registry, over as many connections as there are messages under way."""

    def __init__(
        self,
        address: str,
        reactor: Any,
        *,
        username: str = "",
        password: str = "",
        facility: str = "",
        timeout: float = DEFAULT_TIMEOUT,
        ca: bytes = b"",
    ) -> None:
        """Credentials given here take the place of those that come with a message. Raises MockIISError."""
        self._to = replace(
            parse_address(address), username=username, password=password, facility=facility, timeout=timeout, ca=ca
        )
        if ca:
            certificates(ca)
        self.address = self._to.address
        self._reactor = reactor
        self._idle: list[Transport] = []

    def __call__(self, text: str, username: str, password: str, facility: str) -> defer.Deferred[Reply]:
        """The answer as it came, or a fault that says what there is in place of one."""
        return defer.Deferred.fromCoroutine(self._asked(text, username, password, facility))

    async def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            await self._idle.pop().close()

    async def _asked(self, text: str, username: str, password: str, facility: str) -> Reply:
        line: Transport = self._idle.pop() if self._idle else transport(self._to, self._reactor)
        own = self._to
        line.destination = replace(
            own,
            username=own.username or username,
            password=own.password if own.username else password,
            facility=own.facility or facility,
        )
        try:
            answer = await line.submit(text)
        except MockIISError as error:
            return _instead(str(error))
        finally:
            await self._put_back(line)
        if isinstance(answer, Outcome):
            return _reply(answer)
        if isinstance(judge(text, answer.text), NotAcknowledgment):
            line.out_of_step()
        return MessageReply(text=answer.text, keeps_charset=True)

    async def _put_back(self, line: Transport) -> None:
        if len(self._idle) < _MOST_IDLE:
            self._idle.append(line)
        else:
            await line.close()


def _reply(outcome: Outcome) -> Reply:
    if not isinstance(outcome, Faulted):
        return _instead(outcome.sentence)
    kinds = {kind.value: kind for kind in FaultKind}
    return FaultReply(
        kind=kinds.get(outcome.kind, FaultKind.UNKNOWN),
        reason=outcome.reason,
        detail=outcome.detail or outcome.reason,
        summary=outcome.sentence,
    )


def _instead(sentence: str) -> Reply:
    return FaultReply(kind=FaultKind.UNKNOWN, detail=sentence, summary=sentence)
