"""``mockiis certify`` as a person or a pipeline runs it: a process of its own, exit codes, files."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import scenarios
from certification.cli import certify as command

TIMEOUT = 120


def certify(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "mockiis", "certify", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )


@pytest.fixture
def serve() -> Iterator[object]:
    """Start mocks by their arguments; each gives its addresses and is stopped when the test ends."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> dict[str, str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockiis", "serve", *arguments, "--soap-port", "0", "--mllp-port", "0", "--quiet"],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout
        return json.loads(process.stdout.readline())  # type: ignore[no-any-return]

    yield started
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


def test_our_sender_is_certified(tmp_path: Path) -> None:
    """The whole suite against its own mock: 100 %, exit code 0, both reports written, nothing on standard error."""
    junit, report = tmp_path / "junit.xml", tmp_path / "report.json"
    done = certify("--junit", str(junit), "--json", str(report))

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.splitlines()[-1].startswith("Certified: 100 % of ")
    document = json.loads(report.read_text(encoding="utf-8"))
    assert (True, False, 0, 0) == (
        document["passed"],
        document["partial"],
        document["total"]["failed"],
        document["total"]["skipped"],
    )
    assert len(document["cases"]) == int(ET.parse(junit).getroot().attrib["tests"])


def test_a_broken_answer_is_not_certified(tmp_path: Path) -> None:
    """Exit code 1, and the field that differs is named."""
    file = tmp_path / "ndiis-examples.yaml"
    text = scenarios.path("ndiis-examples").read_text(encoding="utf-8")
    file.write_text(text.replace("lot: WR50599", "lot: WR50598"), encoding="utf-8")
    done = certify("--only", "ndiis-query", "--scenario", str(file))

    assert 1 == done.returncode
    assert (
        "  step 1: Vaccine 1: lot number (RXA[1]-15)\n    expected: WR50599\n    found:    WR50598\n"
    ) in done.stdout.replace("\r\n", "\n")


@pytest.mark.parametrize(("scenario", "expected"), [("reject-all", 1), ("ndiis-examples", 0)])
def test_another_iis_is_judged_by_the_same_cases(scenario: str, expected: int, serve: object) -> None:
    """A registry that rejects everything is not certified; what needs a scripted answer is skipped with the reason."""
    addresses = serve(scenario)  # type: ignore[operator]
    done = certify("--iis", addresses["soap"], "--iis", addresses["mllp"])

    assert expected == done.returncode
    assert "SKIPPED: needs an answer that only the built-in mock IIS can be told to give" in done.stdout
    assert ("FAILED ndiis-vxu-1-private over mllp" in done.stdout) == bool(expected)


def test_credentials_are_judged_where_there_are_some(serve: object) -> None:
    """With right credentials known, wrong ones must be refused."""
    account = ("--user", "clinic", "--password", "secret", "--facility", "04999")
    addresses = serve("ndiis-examples", *account)  # type: ignore[operator]
    done = certify("--iis", addresses["soap"], *account, "--only", "secure", "--only", "connect-echo")

    assert 0 == done.returncode
    assert "secret" not in done.stdout + done.stderr


def test_an_iis_that_cannot_be_reached_is_told_at_once(tmp_path: Path) -> None:
    """Exit code 3, one line, and not a failure for every case; earlier reports stay as they are."""
    report = tmp_path / "report.xml"
    report.write_text("earlier", encoding="utf-8")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"mllp://127.0.0.1:{unused.getsockname()[1]}"
        done = certify("--iis", address, "--junit", str(report))

    assert (3, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(f"mockiis: {address} cannot be reached: ")
    assert (1, "earlier") == (len(done.stderr.splitlines()), report.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("connections", [1, 2])
def test_an_interrupted_run_tells_how_far_it_came(tmp_path: Path, number: signal.Signals, connections: int) -> None:
    """By one line and exit code 130, in the first case and before it; an earlier report stays as it is."""
    report = tmp_path / "report.json"
    report.write_text("earlier", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        # Before its first case the run waits for the TLS of the other side, in it for the answer
        scheme = "mllps" if connections == 1 else "mllp"
        address = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        arguments = ["--iis", address, "--only", "ethnic-group-missing", "--json", str(report)]
        process = subprocess.Popen(
            [sys.executable, "-m", "mockiis", "certify", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        accepted = [listener.accept()[0] for _ in range(connections)]
        accepted[-1].recv(1)
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT)
        for connection in accepted:
            connection.close()

    assert (130, "") == (process.returncode, out)
    assert re.fullmatch(r"interrupted; 0 of [1-9]\d* cases judged\n", err)
    assert ("earlier", ["report.json"]) == (
        report.read_text(encoding="utf-8"),
        [path.name for path in tmp_path.iterdir()],
    )


def test_ctrl_c_before_there_is_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, while cases and Twisted are loaded."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("certification.command.run", interrupt)
    result = CliRunner().invoke(command, [])
    assert (130, "interrupted; no case was judged\n") == (result.exit_code, result.stderr)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "conect"], "mockiis: no case is named by 'conect'; did you mean 'connect'?\n"),
        (["--dialect", "soap"], "Invalid value for '--dialect'"),
    ],
)
def test_wrong_usage_stops_before_anything_is_sent(arguments: list[str], complaint: str) -> None:
    """Exit code 2, what is wrong on standard error, and never a traceback."""
    done = certify(*arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_scenario_file_is_named_with_its_place(tmp_path: Path) -> None:
    """File, line, column and the advice of the scenario loader."""
    file = tmp_path / "ndiis-examples.yaml"
    file.write_text("version: 1\nrules:\n  - {name: a, reply: {akc: AA}}\n", encoding="utf-8")
    done = certify("--scenario", str(file))

    assert (2, "") == (done.returncode, done.stdout)
    assert f"{file}:3:" in done.stderr
    assert "did you mean 'ack'?" in done.stderr


def test_the_other_dialect_is_certified_too() -> None:
    """The older North Dakota endpoint: SOAP 1.1 and another namespace."""
    done = certify("--dialect", "noridian", "--only", "connect", "--only", "secure", "--only", "ndiis-vxu-*")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.splitlines()[-1].startswith("Passed, chosen cases only: 100 % of ")
