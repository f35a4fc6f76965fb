"""Findings -> the acknowledgment: MSA-1, and one ERR for each of them, in the order of the message, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from mockiis.er7 import Message
from mockiis.message import MessageReply, Request, acknowledgment
from mockiis.message.change import Change
from mockiis.profile import Finding
from mockiis.profile.names import in_words

WarningsPolicy = Literal["AE", "AA"]
"""MSA-1 of a message that has warnings and no error."""
_SEVERITIES = "EWI"


def code_of(findings: Iterable[Finding], warnings: WarningsPolicy = "AE") -> str:
    """MSA-1: AE for an error, what the policy says for a warning, AA for information or nothing."""
    found = {finding.severity for finding in findings}
    if "E" in found:
        return "AE"
    return warnings if "W" in found else "AA"


def acknowledged(
    request: Request, findings: Sequence[Finding], warnings: WarningsPolicy, changes: tuple[Change, ...] = ()
) -> MessageReply:
    """The ACK of an update, with what is to be stored."""
    ordered = in_order(findings, request.message)
    text = acknowledgment(request, code_of(ordered, warnings), [told(finding) for finding in ordered])
    return MessageReply(text=text, changes=changes)


def refused(request: Request, findings: Sequence[Finding]) -> MessageReply:
    """AR, always an ACK: what the message is cannot be taken here at all."""
    text = acknowledgment(request, "AR", [told(finding) for finding in findings])
    return MessageReply(text=text, summary=" ".join(finding.text for finding in findings))


def says_accepted(finding: Finding) -> bool:
    """Whether it tells what was taken and becomes of it (ERR-3 0), which is no word on what was rejected."""
    return finding.code == "0"


def told(finding: Finding) -> Finding:
    """The finding with ERR-8 for the person who reads it: what, what is wrong, what to do. It quotes no value."""
    where = f"{in_words(finding.location)}: " if finding.location else ""
    lost = f" {_LOST[finding.effect]}" if finding.effect in _LOST else ""
    return replace(finding, text=f"{where}{finding.text}{lost} {finding.fix}".rstrip())


_LOST = {"message rejected": "The message is rejected.", "dose rejected": "The dose is not stored."}


def in_order(findings: Iterable[Finding], message: Message | None) -> list[Finding]:
    """By place in the message, the worst first at one place."""
    segments = message.segments if message else ()
    index = {(segment.id, segment.occurrence): number for number, segment in enumerate(segments)}

    def key(finding: Finding) -> tuple[int, int, int, int, int]:
        at = finding.location
        if at is None:
            return -1, 0, 0, 0, _SEVERITIES.index(finding.severity)
        segment = index.get((at.segment, at.occurrence or 1), len(index))
        return segment, at.field or 0, at.repetition or 0, at.component or 0, _SEVERITIES.index(finding.severity)

    return sorted(findings, key=key)
