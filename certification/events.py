"""What happens in a certification run, as values. The runner yields them, reports listen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from certification.case import Case, Transport
from certification.exchange import Failure

Result = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One case over one transport. ``skip`` says why it does not apply; empty when it is run."""

    case: Case
    transport: Transport
    skip: str = ""

    @property
    def name(self) -> str:
        """The case and the transport: ``ndiis-vxu-1 over soap``."""
        return f"{self.case.id} over {self.transport}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """Before the first case. ``addresses`` are those of the IIS by transport; ``partial``: only some cases are run."""

    trials: tuple[Trial, ...]
    addresses: Mapping[Transport, str]
    vendor: str
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted:
    """Before one case is run over one transport."""

    trial: Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinished:
    """After it, or in its place when it is skipped."""

    trial: Trial
    result: Result
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """After the last case."""

    results: tuple[CaseFinished, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every case that applies passed, and at least one does."""
        judged = [finished.result for finished in self.results if finished.result != "skipped"]
        return bool(judged) and all(result == "passed" for result in judged)


Event = RunStarted | CaseStarted | CaseFinished | RunFinished
Listener = Callable[[Event], None]
