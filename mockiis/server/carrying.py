"""Answers to HTTP requests on their way: held until they are there, delayed, in pieces, or none at all.

What ``soap`` and ``plain_http`` share; each of them says what the response is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeVar

from twisted.internet.interfaces import IReactorTime

from mockiis.server.held import Held
from mockiis.server.http import hang_up, send_response
from mockiis.server.sending import FLUSH, Sending
from mockiis.wire.delivery import Delivery, Ending
from mockiis.wire.http_delivery import Response

T = TypeVar("T")


class Carrier:
    """``clock`` is the time of sockets, ``delays`` that of replies, which tests may move."""

    def __init__(self, clock: IReactorTime, delays: IReactorTime) -> None:
        self._clock = clock
        self._delays = delays

    def when_free(self, request: Any, answer: T | Held[T], carry_out: Callable[[T], object]) -> None:
        """Carry it out as soon as it may leave, unless the sender has gone by then."""
        if not isinstance(answer, Held):
            carry_out(answer)
            return
        gone: list[object] = []
        request.notifyFinish().addCallbacks(lambda _sent: answer.left(), gone.append)
        answer.when_free(lambda answer: None if gone else carry_out(answer))

    def in_time(self, request: Any, delay: float, carry_out: Callable[[], object]) -> None:
        """Carry it out after so many seconds."""
        if delay <= 0:
            carry_out()
            return
        waiting = self._delays.callLater(delay, carry_out)
        request.notifyFinish().addErrback(lambda _lost: waiting.cancel() if waiting.active() else None)

    def send(self, request: Any, response: Response, delivery: Delivery | None) -> None:
        """Write a response as HTTP has it, or past twisted.web, which would mend what is to be wrong; nothing more is
        taken on this connection then.
        """
        if delivery is None:
            send_response(request, response)
            return
        sending = Sending(self._delays, delivery, request.channel.write, partial(self._end, request))
        request.notifyFinish().addErrback(lambda _lost: sending.cancel())
        sending.start()

    def drop(self, request: Any, how: Literal["close", "reset", "hang"]) -> None:
        """Give no answer."""
        if how != "hang":
            hang_up(request, how)

    def _end(self, request: Any, ending: Ending) -> None:
        if ending == "close":
            hang_up(request, "close")
        elif ending == "reset":
            flushing = self._clock.callLater(FLUSH, hang_up, request, "reset")
            request.notifyFinish().addErrback(lambda _lost: flushing.cancel() if flushing.active() else None)
