"""``mockiis serve`` with scenarios that change, expect something, or leave something to chance."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from mockiis.console import ExitCode

VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||1||Doe^Jane\r"
RULE = "version: 1\nrules:\n  - {{name: a, when: {{message: {message}}}, reply: {{ack: {code}}}, {more}}}\n"


@contextmanager
def serving(file: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running mock on a free MLLP port, and its address."""
    command = [sys.executable, "-m", "mockiis", "serve", str(file), "--soap-port", "off", "--mllp-port", "0", *options]
    mock = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert mock.stdout
        yield mock, json.loads(mock.stdout.readline())["mllp"]
    finally:
        if mock.poll() is None:
            mock.terminate()
            mock.communicate(timeout=20)


def answer(address: str) -> str:
    """MSA-1 of the answer to a VXU."""
    import socket

    host, port = address.split("//")[1].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"\x0b" + VXU.encode() + b"\x1c\r")
        data = b""
        while not data.endswith(b"\x1c\r"):
            data += connection.recv(65536)
    return data.decode().split("\rMSA|")[1][:2]


def said_until(words: str, mock: subprocess.Popen[str]) -> str:
    """What it said, up to the line with these words; everything when they do not come within a minute."""
    limit = Timer(60, mock.kill)
    limit.start()
    lines: list[str] = []
    assert mock.stderr
    for line in mock.stderr:
        lines.append(line)
        if words in line:
            break
    limit.cancel()
    return "".join(lines)


def ended(mock: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and what it said."""
    mock.terminate()
    _, said = mock.communicate(timeout=20)
    return mock.returncode, said


def test_a_changed_file_answers_without_a_new_start(tmp_path: Path) -> None:
    """It is read within seconds; one that is wrong changes nothing and is told of."""
    file = tmp_path / "a.yaml"
    file.write_text(RULE.format(message="VXU", code="AA", more="expect: {min: 0}"))
    with serving(file, "--watch") as (mock, address):
        assert "AA" == answer(address)
        file.write_text(RULE.format(message="VXU", code="AE", more="expect: {min: 0, max: 999}"))
        until = time.monotonic() + 20
        while answer(address) != "AE" and time.monotonic() < until:
            time.sleep(0.1)
        assert "AE" == answer(address)
        file.write_text("version: 1\nrules: []\n")
        said = said_until("not loaded", mock)
        assert "AE" == answer(address)
    assert f"{file}: reloaded" in said
    assert f"{file}:2:" in said
    assert "the last good version stays in force" in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without a signal")
@pytest.mark.parametrize(("expected", "code"), [("1", ExitCode.OK), ("2", ExitCode.NO), ("{max: 0}", ExitCode.NO)])
def test_what_is_expected_is_told_at_the_end(tmp_path: Path, expected: str, code: ExitCode) -> None:
    """Each expectation that is not met, and exit code 1."""
    file = tmp_path / "a.yaml"
    file.write_text(RULE.format(message="VXU", code="AA", more=f"expect: {expected}"))
    with serving(file, "--quiet") as (mock, address):
        answer(address)
        found, said = ended(mock)
    assert code == found
    assert (code == ExitCode.NO) == ('of rule "a" (a.yaml, rule 1), received 1' in said)


def test_a_miss_says_how_to_reproduce_it(tmp_path: Path) -> None:
    """The last line is a command, without anything of the message."""
    file = tmp_path / "a b.yaml"
    file.write_text(RULE.format(message="QBP", code="AA", more="then: x"))
    with serving(file) as (mock, address):
        answer(address)
        _, said = ended(mock)
    assert f'    Reproduce with: mockiis explain "{file}" MESSAGE.hl7' == said.rstrip().splitlines()[-1]
    assert "Doe" not in said


def test_a_seed_makes_chance_the_same(tmp_path: Path) -> None:
    """Two runs with the same seed answer alike."""
    file = tmp_path / "a.yaml"
    mix = "rules: [{name: a, reply: {mix: [{ack: AA, share: 1}, {ack: AE, share: 1}, {ack: AR, share: 1}]}}]"
    file.write_text(f"version: 1\n{mix}\n")
    runs = []
    for _ in range(2):
        with serving(file, "--quiet", "--seed", "7") as (_, address):
            runs.append([answer(address) for _ in range(8)])
    assert runs[0] == runs[1]
    assert 1 < len(set(runs[0]))
