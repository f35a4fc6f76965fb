"""A case in words, for ``certify --explain``: what is sent, what answers, what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from certification.case import Case, Expect, Send, Step
from certification.expected import Expectation
from mockiis.er7 import Location
from mockiis.profile.names import in_words


def describe(case: Case) -> Iterator[str]:
    """The lines that explain the case."""
    yield f"{case.id}: {case.title}"
    yield f"source:     {case.source}"
    yield f"capability: {case.capability}"
    yield f"transports: {', '.join(case.transports)}"
    yield f"answers by: {'rules of the case' if any(s.answer for s in case.steps) else case.scenario}"
    for number, step in enumerate(case.steps, 1):
        yield f"step {number}:"
        yield from (f"  {line}" for line in _step(step))


def _step(step: Step) -> Iterator[str]:
    yield f"send {_sent(step.send)}"
    if step.with_.credentials:
        yield f"with other credentials: {', '.join(step.with_.credentials)}"
    if step.with_.time_limit is not None:
        yield f"with a time limit of {step.with_.time_limit:g} s"
    if step.sent.same_as:
        yield f"the message equals messages/{step.sent.same_as}"
    yield from _values("the message holds", step.sent.values)
    if step.answer:
        names = (str(rule.get("name")) for rule in step.answer.rules if isinstance(rule, dict))
        yield f"answered by the rule: {'; '.join(names)}"
    yield from _expected(step.expect)


def _sent(send: Send) -> str:
    if send.connectivity:
        return f"a connectivity test with the text '{send.connectivity}'"
    if send.message:
        return f"the message of messages/{send.message}"
    release = f" in the form of Release {send.release}" if send.release else ""
    changes = [f"{path} = {value or 'nothing'}" for path, value in send.change.items()]
    changes += [f"{path} made {size} characters long" for path, size in send.enlarge.items()]
    changed = f", changed: {'; '.join(changes)}" if changes else ""
    return f"a message made of records/{send.record}{release}{changed}"


def _expected(expect: Expect) -> Iterator[str]:
    fault = f" ({expect.fault})" if expect.fault else ""
    yield f"the sender reports: {' or '.join(expect.outcome)}{fault}"
    yield from _values("the answer holds", expect.values)
    for name, entries in (("finding", expect.findings), ("patient", expect.persons)):
        if entries is not None and not entries:
            yield f"the sender lists no {name}"
        for entry in entries or ():
            facts = [f"{key} {_shown(getattr(entry, key))}" for key in type(entry).model_fields if _said(entry, key)]
            yield f"the sender lists a {name}: {'; '.join(facts)}"


def _said(entry: BaseModel, key: str) -> bool:
    return key in entry.model_fields_set


def _shown(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)


def _values(words: str, values: Mapping[Location, Expectation]) -> Iterator[str]:
    for place, expectation in values.items():
        yield f"{words} {in_words(place)}: {expectation.words}"
