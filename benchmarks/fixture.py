"""What the pytest fixture costs: a session of pytest with it, and one without, timed test by test."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

import tables
from rich.table import Table
from servers import BenchmarkError, last_line

TEST_AIM = 5.0
"""Milliseconds that the fixture adds to a test after the first one."""
START_AIM = 1.0
"""Seconds that it adds to the first one."""

_CONFTEST = """
import json, time
import pytest

taken = {}

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    started = time.perf_counter()
    result = yield
    taken.setdefault(item.function.__name__, []).append(time.perf_counter() - started)
    return result

def pytest_sessionfinish():
    with open("taken.json", "w") as file:
        json.dump(taken, file)
"""
_TESTS = """
import socket
from urllib.parse import urlsplit
import pytest

MESSAGE = b"\\x0bMSH|^~\\\\&|EHR|C|N|N|20240403||VXU^V04^VXU_V04|M1|P|2.5.1\\rPID|1||A100\\r\\x1c\\r"
RULE = {"when": {"message": "VXU"}, "reply": {"ack": "AA"}}

@pytest.mark.parametrize("number", range(COUNT))
def test_first(mock_iis, number):
    pass

@pytest.fixture
def nothing():
    return None

@pytest.mark.parametrize("number", range(COUNT))
def test_nothing(nothing, number):
    pass

@pytest.mark.parametrize("number", range(COUNT))
def test_message(mock_iis, number):
    mock_iis.load(RULE)
    address = urlsplit(mock_iis.mllp_address)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(MESSAGE)
        assert b"MSA|AA" in connection.recv(4096)
    mock_iis.assert_received(message="VXU", count=1)
"""


def measure(count: int) -> Mapping[str, Sequence[float]]:
    """Seconds that each test took, by the name of its function."""
    with tempfile.TemporaryDirectory(prefix="mockiis-fixture-") as name:
        folder = Path(name)
        (folder / "conftest.py").write_text(_CONFTEST)
        (folder / "test_fixture.py").write_text(_TESTS.replace("COUNT", str(count)))
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider -p no:twisted\n")
        command = [sys.executable, "-m", "pytest", "-q"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise BenchmarkError(f"the tests with the fixture failed: {last_line(done.stdout + done.stderr)}")
        found: Mapping[str, Sequence[float]] = json.loads((folder / "taken.json").read_text())
        return found


def section(rounds: int, count: int) -> Sequence[Table]:
    """The fixture alone, and with a rule, a message and an assertion; next to a fixture that does nothing."""
    sessions = [measure(count) for _ in range(rounds)]
    starts = [session["test_first"][0] for session in sessions]
    tests = {name: [taken for session in sessions for taken in session[name][1:-1]] for name in sessions[0]}
    nothing = median(tests["test_nothing"])
    added = (median(tests["test_first"]) - nothing) * 1000
    ratios = [
        ("each test after the first", f"{TEST_AIM:g} ms", tables.judged(TEST_AIM / added)),
        ("the first test: the mock starts", f"{START_AIM:g} s", tables.judged(START_AIM / median(starts))),
    ]
    named = {
        "test_nothing": "a fixture of nothing",
        "test_first": "mock_iis",
        "test_message": "and a message over MLLP",
    }
    numbers = [(words, *(f"{value * 1000:.2f}" for value in _spread(tests[name]))) for name, words in named.items()]
    stops = [session["test_message"][-1] for session in sessions]
    numbers.append(("the last test: the mock stops", f"{median(stops) * 1000:.0f}", f"{max(stops) * 1000:.0f}"))
    numbers.append(("the first test", f"{median(starts) * 1000:.0f}", f"{max(starts) * 1000:.0f}"))
    return (
        tables.table("The pytest fixture", ("added by it", "aim", ""), ratios),
        tables.table("", ("milliseconds", "median", "p99, or most"), numbers),
    )


def _spread(taken: Sequence[float]) -> tuple[float, float]:
    return median(taken), quantiles(taken, n=100)[98]
