"""The judge as a check: what the sender made, and what the registry answered, must hold what the standard asks.

A message that is expected to be rejected is wrong on purpose, and an answer that the case scripts may be: neither is
judged. Only findings of severity E count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from certification.case import Step
from certification.exchange import Exchange, Failure
from mockiis.er7 import Message
from mockiis.profile.names import in_words
from mockiis.profile.validator import validator

STANDARD = "ndiis"
_ACCEPTED = {"accepted", "accepted with warnings"}


def judged(step: Step, exchange: Exchange) -> Iterator[Failure]:
    """The message that a record became has no error, and neither has the registry's own answer."""
    if step.send.record and step.answer is None and _ACCEPTED.intersection(step.expect.outcome):
        yield from _errors(exchange.message, exchange, "The message: ")
    if step.answer is None and not step.send.connectivity:
        yield from _errors(exchange.answer, exchange, "The answer: ")


def _errors(message: Message | None, exchange: Exchange, whose: str) -> Iterator[Failure]:
    if message is None:
        return
    for finding in validator(STANDARD).judge(message, datetime.now(UTC)).findings:
        if finding.severity == "E":
            field = str(finding.location) if finding.location else "message"
            text = f"{whose}{in_words(finding.location)}: {finding.text}"
            yield exchange.failure(field, text, finding.expected or "as the standard asks", finding.found, finding.fix)
