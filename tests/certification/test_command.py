"""What ``mockiis certify`` does with its options, in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted

import scenarios
from certification.case import Case
from certification.command import Options, judge, run
from certification.events import Event, RunFinished, RunStarted
from certification.iis import Access
from mockiis.console import ExitCode
from mockiis.errors import MockIISError
from mockiis.scenario import load
from mockiis.testing import MockIIS


@pytest.fixture
def mocks() -> Iterator[Any]:
    """Mocks by the name of their scenario; stopped when the test ends."""
    from twisted.internet import reactor

    running: list[MockIIS] = []

    def started(name: str) -> MockIIS:
        text = scenarios.path(name).read_text(encoding="utf-8")
        running.append(MockIIS(load(text, f"{name}.yaml"), reactor=reactor))
        return running[-1]

    yield started
    for mock in running:
        pytest_twisted.blockon(mock.stop())


async def judged(cases: dict[str, Case], *ids: str, **options: Any) -> tuple[ExitCode, list[Event]]:
    """The exit code and the events of judging these cases."""
    from twisted.internet import reactor

    events: list[Event] = []
    chosen = tuple(cases[each] for each in ids)
    return await judge(chosen, Access(), Options(**options), [events.append], reactor), events


@pytest_twisted.ensureDeferred
async def test_the_built_in_mock_serves_when_no_other_is_named(cases: dict[str, Case]) -> None:
    """Over both transports."""
    code, events = await judged(cases, "connect-echo", "ndiis-query")

    assert ExitCode.OK == code
    assert isinstance(events[0], RunStarted)
    assert {"soap", "mllp", "http"} == set(events[0].addresses)
    assert not events[0].partial
    assert isinstance(events[-1], RunFinished)
    assert ["passed"] * 4 == [finished.result for finished in events[-1].results]


@pytest_twisted.ensureDeferred
async def test_chosen_cases_are_called_a_part(cases: dict[str, Case]) -> None:
    """So that nobody takes them for the whole."""
    _, events = await judged(cases, "connect-echo", only=("connect-echo",))

    assert isinstance(events[0], RunStarted)
    assert events[0].partial


@pytest.mark.parametrize(
    ("scenario", "case", "expected"),
    [
        ("ndiis-examples", "ndiis-query", ExitCode.OK),
        ("reject-all", "ndiis-query", ExitCode.NO),
        ("accept-all", "ethnic-group-missing", ExitCode.NO),
        ("ndiis-examples", "too-many-found", ExitCode.NO),
    ],
)
@pytest_twisted.ensureDeferred
async def test_another_iis_is_judged(
    scenario: str, case: str, expected: ExitCode, cases: dict[str, Case], mocks: Any
) -> None:
    """By the cases that apply to it; when none applies, nothing is certified."""
    mock = mocks(scenario)
    code, _ = await judged(cases, case, iis=(mock.soap_url, mock.mllp_url))

    assert expected == code


@pytest_twisted.ensureDeferred
async def test_one_address_that_cannot_be_reached_is_enough(
    cases: dict[str, Case], mocks: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is sent to the other; the report does not begin."""
    mock, gone = mocks("ndiis-examples"), mocks("ndiis-examples")
    await gone.stop()
    code, events = await judged(cases, "ndiis-query", iis=(mock.soap_url, gone.mllp_url))

    assert (ExitCode.UNREACHED, []) == (code, events)
    assert f"mockiis: {gone.mllp_url} cannot be reached: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"only": ("query", "conect")}, "no case is named by 'conect'; did you mean 'connect'?"),
        ({"explain": "ndiis-qery"}, "no case is named by 'ndiis-qery'; did you mean 'ndiis-query'?"),
        ({"iis": ("mllp://a:1",), "scenario": ("x.yaml",)}, "--scenario goes with the built-in mock"),
        ({"user": "me"}, "--user and --password go together"),
        ({"password": "me"}, "--user and --password go together"),
        ({"insecure": True}, "--ca and --insecure go with --iis; the built-in mock uses no TLS"),
        ({"iis": ("https://a",), "ca": Path("no-such-file.pem")}, "no-such-file.pem: cannot be read"),
        ({"junit": Path("no-such-folder/junit.xml")}, "junit.xml: cannot be written"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], complaint: str) -> None:
    """Before anything is sent, by one sentence."""
    with pytest.raises(MockIISError) as caught:
        run(Options(**options))

    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"iis": ("ftp://iis",)}, "'ftp://iis' is not an address to send to; write http"),
        ({"iis": ("mllp://a:1", "mllp://b:1")}, "--iis is given twice for MLLP"),
        ({"scenario": ("no-such-file.yaml",)}, "no-such-file.yaml: cannot be read"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_addresses_and_files_that_cannot_be_used_are_refused(
    options: dict[str, Any], complaint: str, cases: dict[str, Case]
) -> None:
    """The same, where the run would have begun."""
    with pytest.raises(MockIISError) as caught:
        await judged(cases, "ndiis-query", **options)

    assert complaint in str(caught.value)


def test_a_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts only when a user is named."""
    monkeypatch.setenv("MOCKIIS_PASSWORD", "secret")

    assert ExitCode.OK == run(Options(listing=True, only=("connect",)))
    with pytest.raises(MockIISError, match="cannot be written"):
        run(Options(user="me", junit=Path("no-such-folder/junit.xml")))


def test_cases_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Id, capability, transports, title and source of those chosen; nothing is run."""

    assert ExitCode.OK == run(Options(listing=True, only=("site-*",)))
    said = capsys.readouterr().out
    assert all(text in said for text in ("site-MO-route-PO", "site-NO-route-NS", "submit", "soap, mllp"))
    assert "connect-echo" not in said


def test_a_case_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """By its id; nothing is run."""

    assert ExitCode.OK == run(Options(explain="site-MO-*"))
    assert capsys.readouterr().out.startswith("site-MO-route-PO: A dose by mouth has route PO and the local site MO\n")


def test_a_password_is_never_shown() -> None:
    """Not even in a traceback."""

    assert "p4ss" not in repr(Options(password="p4ss"))
