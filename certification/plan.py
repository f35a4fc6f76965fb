"""Which cases are run over which transports, and why the others do not apply. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from certification.case import CAPABILITIES, Case
from certification.events import Trial
from certification.iis import IIS
from mockiis.document import closest
from mockiis.errors import MockIISError


def plan(cases: Sequence[Case], iis: IIS) -> tuple[Trial, ...]:
    """Every case over each of its transports that the IIS offers."""
    return tuple(
        Trial(case=case, transport=transport, skip=_skip(case, iis))
        for case in cases
        for transport in case.transports
        if transport in iis.addresses
    )


def _skip(case: Case, iis: IIS) -> str:
    """Why the case does not apply; empty when it does."""
    if case.mock_only and not iis.scripted:
        return case.mock_only
    if case.scripted and not iis.scripted:
        return "needs an answer that only the built-in mock IIS can be told to give"
    missing = sorted(f"--{name}" for name in case.other_credentials.difference(iis.credentials))
    if missing:
        return f"sends wrong credentials, which takes right ones to be told from: give {' and '.join(missing)}"
    return ""


def chosen(cases: Sequence[Case], patterns: Sequence[str]) -> tuple[Case, ...]:
    """The cases that one of the patterns names: a capability, or an id with ``*``. No patterns name them all.

    Raises MockIISError for a pattern that names none.
    """
    for pattern in patterns:
        if not any(_named(case, pattern) for case in cases):
            near = closest(pattern, [*CAPABILITIES, *(case.id for case in cases)])
            advice = f"did you mean '{near}'?" if near else _ADVICE
            raise MockIISError(f"no case is named by '{pattern}'; {advice}")
    return tuple(case for case in cases if not patterns or any(_named(case, pattern) for pattern in patterns))


_ADVICE = f"name a capability ({', '.join(CAPABILITIES)}) or case ids as --list shows them, with * for any text"


def _named(case: Case, pattern: str) -> bool:
    return case.capability == pattern or fnmatchcase(case.id.lower(), pattern.lower())
