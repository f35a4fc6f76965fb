"""The pytest plugin: a fixture ``mock_iis`` that answers, is asked what it received, and is strict.

The mock runs in a process of its own, once a session, on free ports; each test begins with it as it was started.
A test fails at its end when a message came that no rule answered, or an ``expect`` was not met; with
``@pytest.mark.mock_iis(strict=False)`` it does not.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from mockiis.process import running
from mockiis.remote import RemoteIIS, unmet_and_unmatched

MARKER = "mock_iis"


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
    scenarios: list[str] = pytestconfig.getini("mock_iis_scenarios")
    options: list[str] = pytestconfig.getini("mock_iis_options")
    with running(*scenarios, options=tuple(options)) as iis:
        yield iis


@pytest.fixture
def mock_iis(mock_iis_server: RemoteIIS, request: pytest.FixtureRequest) -> RemoteIIS:
    """A mock IIS as it was started: ``soap_url``, ``mllp_address``, ``load``, ``assert_received``, ``clock``."""
    mock_iis_server.reset()
    marker = request.node.get_closest_marker(MARKER)
    if marker is not None and marker.args:
        mock_iis_server.load(*marker.args)
    return mock_iis_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Be strict while the test can still fail, rather than at its teardown."""
    result = yield
    iis = getattr(item, "funcargs", {}).get("mock_iis")
    marker = item.get_closest_marker(MARKER)
    if isinstance(iis, RemoteIIS) and (marker is None or marker.kwargs.get("strict", True)):
        complaints = unmet_and_unmatched(iis)
        if complaints:
            pytest.fail("\n".join(complaints), pytrace=False)
    return result
