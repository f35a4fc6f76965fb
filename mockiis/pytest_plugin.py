"""The pytest plugin: a fixture ``mock_iis`` that answers, is asked what it received, and is strict.

The mock runs in a process of its own, once a session, on free ports; each test begins with it as it was started.
A test fails at its end when a message came that no rule answered, or an ``expect`` was not met; with
``@pytest.mark.mock_iis(strict=False)`` it does not. A test that fails for another reason is told of them too.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockiis.errors import MockIISError
from mockiis.process import running
from mockiis.remote import RemoteIIS, unmet_and_unmatched

MARKER = "mock_iis"
_LONGEST = 255
"""Characters of a file's name; what is longer is a text."""
_USED = pytest.StashKey[tuple[RemoteIIS, bool]]()
"""The mock, and whether to be strict, on every test that has asked for it, however it came to it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the mock of a session is started with."""
    parser.addini("mock_iis_scenarios", "scenarios that the mock IIS starts with (files or names)", "args", [])
    parser.addini("mock_iis_options", "further options of 'mockiis serve'", "args", [])


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "mock_iis(*scenarios, strict=True): load these scenarios first; strict=False passes unmatched messages",
    )


@pytest.fixture(scope="session")
def mock_iis_server(pytestconfig: pytest.Config) -> Iterator[RemoteIIS]:
    """The mock of this session (of each worker, with pytest-xdist). Use ``mock_iis`` in tests."""
    folder = pytestconfig.inipath.parent if pytestconfig.inipath else pytestconfig.rootpath
    scenarios = [_near(folder, name) for name in pytestconfig.getini("mock_iis_scenarios")]
    options: list[str] = pytestconfig.getini("mock_iis_options")
    with ExitStack() as stack:
        try:
            iis = stack.enter_context(running(*scenarios, options=tuple(options)))
        except MockIISError as error:
            raise _failure(str(error)) from None
        yield iis


@pytest.fixture
def mock_iis(mock_iis_server: RemoteIIS, request: pytest.FixtureRequest) -> RemoteIIS:
    """A mock IIS as it was started: ``soap_url``, ``mllp_address``, ``load``, ``assert_received``, ``clock``."""
    try:
        scenarios, strict = _marked(request.node)
        mock_iis_server.reset()
        if scenarios:
            mock_iis_server.load(*scenarios)
    except MockIISError as error:
        raise _failure(str(error)) from None
    request.node.stash[_USED] = mock_iis_server, strict
    return mock_iis_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Be strict while the test can still fail, rather than at its teardown."""
    try:
        result = yield
    except (Exception, pytest.fail.Exception):
        _tell_of(item)
        raise
    iis, strict = item.stash.get(_USED, (None, False))
    try:
        complaints = unmet_and_unmatched(iis) if iis is not None and strict else []
    except MockIISError as error:  # it has ended
        complaints = [str(error)]
    if complaints:
        raise _failure("\n".join(complaints))
    return result


def _failure(text: str) -> BaseException:
    """A failure whose text says it all: nobody needs to see where in the plugin it was found."""
    failure: BaseException = pytest.fail.Exception(text, pytrace=False)
    return failure


def _tell_of(item: pytest.Item) -> None:
    """A message that no rule answered is often why a test fails."""
    iis, _ = item.stash.get(_USED, (None, False))
    if iis is None:
        return
    try:
        complaints = unmet_and_unmatched(iis)
    except MockIISError as error:
        complaints = [str(error)]
    if complaints:
        item.add_report_section("call", "mock IIS", "\n".join(complaints))


def _marked(item: pytest.Item) -> tuple[list[Any], bool]:
    """The scenarios of the closest marker that names some, and what the closest one that says so says of strictness."""
    scenarios: list[Any] = []
    strict: bool | None = None
    for marker in item.iter_markers(MARKER):
        unknown = set(marker.kwargs) - {"strict"}
        if unknown:
            raise MockIISError(f"the marker {MARKER} knows strict=True and strict=False, not {min(unknown)!r}")
        scenarios = scenarios or [_near(item.path.parent, name) for name in marker.args]
        if strict is None:
            strict = marker.kwargs.get("strict")
    return scenarios, strict is not False


def _near(folder: Path, name: Any) -> Any:
    """A file is looked for beside what names it, and then where pytest was started; what is no file stays as it is."""
    if not isinstance(name, str | Path) or "\n" in str(name) or len(str(name)) > _LONGEST:
        return name
    beside = folder / name
    return beside if beside.is_file() or (beside.is_dir() and len(Path(name).parts) > 1) else name
