"""``mockiis send`` as people run it: a process of its own against servers in this one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from click.testing import CliRunner
from twisted.internet import defer, utils
from twisted.internet.protocol import ProcessProtocol

from mockiis.wire.mllp import frame
from sender.cli import send

ONE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||DOE^JANE\r"
PROGRAM = "from mockiis.console import plain_errors\nfrom sender.cli import send\nwith plain_errors(): send()"


async def run(*arguments: str, **environment: str) -> tuple[str, str, int]:
    """Standard output, standard error and exit code of the command."""
    settings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment}
    out, err, code = await utils.getProcessOutputAndValue(
        sys.executable, ["-c", PROGRAM, *arguments], env=settings, path="."
    )
    return out.decode(), err.decode(), code


@pytest.fixture
def message(tmp_path: Path) -> Callable[..., str]:
    """Write a message file and give its name."""

    def write(name: str = "one.hl7", text: str = ONE) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return str(tmp_path / name)

    return write


def ack(code: str, *errors: str) -> Callable[[bytes], bytes]:
    """What a server answers: an ACK for the control id of the message, with these ERR segments."""

    def answer(request: bytes) -> bytes:
        control_id = request.split(b"|")[9].decode()
        segments = ["MSH|^~\\&|C|D|A|B|20240506||ACK^V04^ACK|X|P|2.5.1", f"MSA|{code}|{control_id}", *errors]
        return frame("".join(f"{segment}\r" for segment in segments).encode())

    return answer


@pytest_twisted.ensureDeferred
async def test_prints_in_words_what_came_back(listen: Any, message: Callable[..., str]) -> None:
    """A rejected message exits with 1; the finding has its place in words; no patient is shown."""
    error = "ERR||PID^1^22|101^Required field missing^HL70357|E||||Ethnic group is required"
    script = listen("mllp", ack("AE", error))
    out, err, code = await run(message(), "--to", f"mllp://127.0.0.1:{script.port}")
    assert (code, err) == (1, "")
    assert "Error: Patient ethnic group (PID-22): Ethnic group is required [101]" in " ".join(out.split())
    assert out.splitlines()[-1] == "1 message: 1 rejected"
    assert "DOE" not in out


@pytest_twisted.ensureDeferred
async def test_prints_json_for_scripts(listen: Any, message: Callable[..., str]) -> None:
    """--json prints one document and nothing else."""
    script = listen("mllp", ack("AA"))
    name = message(text=ONE.replace("\r", "\n") + ONE.replace("M1", "M2"))
    out, err, code = await run(name, "--json", "--to", f"mllp://127.0.0.1:{script.port}")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert [(entry["control_id"], entry["outcome"]) for entry in found["messages"]] == [
        ("M1", "accepted"),
        ("M2", "accepted"),
    ]
    assert (found["summary"], found["exit_code"], len(script.connections)) == ({"accepted": 2}, 0, 1)


@pytest.mark.parametrize(("arguments", "expected"), [((), 0), (("--strict",), 1)])
@pytest_twisted.ensureDeferred
async def test_warnings_are_accepted_unless_strict(
    listen: Any, message: Callable[..., str], arguments: tuple[str, ...], expected: int
) -> None:
    """Accepted with warnings exits with 0, with --strict with 1."""
    script = listen("mllp", ack("AE", "ERR||PID^1^11|999^Application error^HL70357|W||||ZIP code"))
    out, _, code = await run(message(), *arguments, "--to", f"mllp://127.0.0.1:{script.port}")
    assert (expected, "1 message: 1 accepted with warnings") == (code, out.splitlines()[-1])


@pytest_twisted.ensureDeferred
async def test_nothing_listening_is_exit_code_3(free_port: int, message: Callable[..., str]) -> None:
    """What could not be delivered exits with 3 and says why."""
    address = f"mllp://127.0.0.1:{free_port}"
    out, _, code = await run(message(), "--to", address)
    assert code == 3
    assert f"connection refused: nothing listens at {address}" in " ".join(out.split())


@pytest_twisted.ensureDeferred
async def test_takes_the_password_from_the_environment(listen: Any, message: Callable[..., str]) -> None:
    """MOCKIIS_PASSWORD keeps it out of the process list; it is never printed."""
    script = listen("soap", lambda _: b"no SOAP")
    out, err, code = await run(
        message(), "--user", "clinic", "--to", f"http://127.0.0.1:{script.port}", MOCKIIS_PASSWORD="Geheim1"
    )
    assert b"<username>clinic</username><password>Geheim1</password>" in script.requests[0]
    assert ("Geheim1" in out + err, code) == (False, 3)


@pytest_twisted.ensureDeferred
async def test_nothing_is_sent_when_something_cannot_be_read(listen: Any, message: Callable[..., str]) -> None:
    """Every problem has its line, and the good messages are not sent either."""
    script = listen("mllp", ack("AA"))
    bad = message("bad.yaml", "query: Z35\npatient: {sex: F}\n")
    out, err, code = await run(message(), bad, "no-such.hl7", "--to", f"mllp://127.0.0.1:{script.port}")
    expected = [
        f"mockiis: {bad}:1:1: query: write one of: 'Z34' or 'Z44'",
        "mockiis: no-such.hl7: cannot be read: No such file or directory",
    ]
    assert (code, out, expected, script.connections) == (2, "", err.splitlines(), [])


@pytest_twisted.ensureDeferred
async def test_remarks_on_control_ids_that_are_not_unique(listen: Any, message: Callable[..., str]) -> None:
    """A registry may take the second message for a repeat, so it is said, and sent all the same."""
    script = listen("mllp", ack("AA"))
    _, err, code = await run(message(text=ONE + ONE), "--to", f"mllp://127.0.0.1:{script.port}")
    assert (code, err) == (0, "note: message control id 'M1' stands in several messages\n")


class Running(ProcessProtocol):
    """A run that can be interrupted, and what it printed."""

    def __init__(self) -> None:
        self.out = self.err = b""
        self.ended: defer.Deferred[int] = defer.Deferred()

    def outReceived(self, data: bytes) -> None:
        self.out += data

    def errReceived(self, data: bytes) -> None:
        self.err += data

    def processEnded(self, reason: Any) -> None:
        self.ended.callback(reason.value.exitCode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("kind", ["mllp", "soap"])
@pytest.mark.parametrize("signal", ["INT", "TERM"])
@pytest_twisted.ensureDeferred
async def test_an_interrupted_run_tells_how_far_it_came(
    listen: Any, message: Callable[..., str], kind: str, signal: str
) -> None:
    """By one line and exit code 130; what came back so far is printed, and what may have arrived is not called lost."""
    from twisted.internet import reactor

    first = ack("AA")
    script = listen(kind, lambda request: first(request) if b"|M1|" in request else None)
    run = Running()
    name = message(text=ONE + ONE.replace("M1", "M2") + ONE.replace("M1", "M3"))
    address = f"{'http' if kind == 'soap' else kind}://127.0.0.1:{script.port}"
    arguments = ["-c", PROGRAM, name, "--to", address, "--json"]
    process = reactor.spawnProcess(run, sys.executable, [sys.executable, *arguments], env=os.environ, path=".")
    await script.second
    process.signalProcess(signal)
    code = await run.ended
    found = json.loads(run.out)
    # Over SOAP the first answer is no SOAP, so that it answers nothing
    answered = 1 if kind == "mllp" else 0
    assert (f"interrupted; {answered} of 3 answered\n", 130) == (run.err.decode(), code)
    assert 130 == found["exit_code"]
    assert [(entry["control_id"], entry["outcome"]) for entry in found["messages"]] == [
        ("M1", "accepted" if answered else "not an acknowledgment"),
        ("M2", "interrupted"),
        ("M3", "not sent"),
    ]
    assert ("may have it already" in found["messages"][1]["next_step"], "DOE" in run.err.decode()) == (True, False)


@pytest.mark.parametrize(
    ("step", "expected"),
    [("_submissions", "interrupted; nothing was sent\n"), ("_run", "interrupted; 0 of 1 answered\n")],
)
def test_ctrl_c_before_anything_is_sent(
    message: Callable[..., str], monkeypatch: pytest.MonkeyPatch, step: str, expected: str
) -> None:
    """While files are read, or Twisted is loaded, the same."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"sender.cli.{step}", interrupt)
    result = CliRunner().invoke(send, [message(), "--to", "mllp://127.0.0.1:1"])
    assert (130, expected) == (result.exit_code, result.stderr)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--to", "ftp://x"], "'ftp://x' is not an address to send to"),
        (
            ["--to", "mllp://x", "--user", "u", "--facility", "f"],
            "--user and --facility belong to SOAP; MLLP carries no",
        ),
        (["--to", "mllp://x", "--user", "u"], "--user belongs to SOAP; MLLP carries no credentials"),
        (["--to", "http://x", "--insecure"], "--ca and --insecure are about TLS, which http://x:80/soap does not use"),
        (["--to", "https://x", "--insecure", "--ca", "x.pem"], "--ca and --insecure exclude each other"),
        (["--to", "https://x", "--ca", "no-such.pem"], "no-such.pem: cannot be read: No such file or directory"),
    ],
)
def test_options_that_do_not_fit_are_refused(message: Callable[..., str], arguments: list[str], complaint: str) -> None:
    """One sentence says what is wrong, before any file is read."""
    result = CliRunner().invoke(send, [message(), *arguments])
    assert complaint in str(result.exception)


@pytest.mark.parametrize("pem", ["", "hello", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_refused(message: Callable[..., str], pem: str) -> None:
    """--ca needs PEM certificates."""
    name = message("ca.pem", pem)
    result = CliRunner().invoke(send, [message(), "--to", "https://x", "--ca", name])
    assert str(result.exception).startswith(f"{name}: ")


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "3601", "x"])
def test_a_time_limit_must_be_one(message: Callable[..., str], value: str) -> None:
    """Seconds, more than none and no more than an hour."""
    result = CliRunner().invoke(send, [message(), "--to", "http://x", "--timeout", value])
    assert (result.exit_code, "Invalid value for '--timeout'" in result.output) == (2, True)
