"""``mockiis validate`` as a person or a pipeline runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockiis.cli import validate as module
from mockiis.cli.validate import validate
from mockiis.er7 import Location, Message
from mockiis.profile.finding import Finding
from mockiis.profile.validator import Judgement

ONE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||7||DOE^JANE\r"
TWO = ONE.replace("M1", "M2")


class Judge:
    """Finds in each message what its MSH-8 asks for: severities, or an error of its own."""

    def judge(self, message: Message, received: datetime) -> Judgement:
        """One finding for each letter."""
        asked = message.get("MSH-8")
        if asked == "raise":
            raise ValueError(message.get("PID-5.1"))
        assert received.tzinfo is not None
        findings = tuple(
            Finding(code="101", severity=letter, text="Missing", location=Location.parse("PID-22"))  # type: ignore[arg-type]
            for letter in asked
        )
        return Judgement(profile="Z22", findings=findings, rejected=False)


@pytest.fixture
def message(tmp_path: Path) -> Callable[..., str]:
    """Write a file and give its name."""

    def write(text: str = ONE, name: str = "one.hl7", asked: str = "") -> str:
        (tmp_path / name).write_text(text.replace("20240506||", f"20240506|{asked}|"), encoding="utf-8", newline="")
        return str(tmp_path / name)

    return write


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command with the judge above."""
    monkeypatch.setattr(module, "judge_by", lambda profile: Judge())
    return lambda *arguments, **options: CliRunner().invoke(validate, list(arguments), **options)


def real(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command itself, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "mockiis", "validate", *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode().replace("\r\n", "\n"), done.stderr.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("asked", "code"), [("", 0), ("WI", 0), ("WE", 1)])
def test_only_an_error_is_exit_code_1(
    run: Callable[..., Result], message: Callable[..., str], asked: str, code: int
) -> None:
    """Warnings and information are told, and pass."""
    result = run(message(asked=asked))

    assert (code, "") == (result.exit_code, result.stderr)
    assert f"1 message: {int(not asked)} with nothing found" in result.stdout


def test_what_cannot_be_read_does_not_stop_the_rest(run: Callable[..., Result], message: Callable[..., str]) -> None:
    """Exit code 2; each such input is told on standard error, and every message is judged."""
    first, bad, last = message(asked="E"), message("PID|1\r", "bad.hl7"), message(TWO, "last.hl7")
    result = run(first, "no-such.hl7", bad, last)

    assert 2 == result.exit_code
    assert [
        "mockiis: no-such.hl7: cannot be read: No such file or directory",
        f"mockiis: {bad}: expected HL7 messages that begin with MSH, found 'PID...'",
    ] == result.stderr.splitlines()
    assert [f"{first} #1", f"{last} #1"] == [line.split(":")[0] for line in result.stdout.splitlines() if " #" in line]
    assert result.stdout.endswith("; 2 inputs not read\n")


def test_an_error_of_ours_costs_one_message(run: Callable[..., Result], message: Callable[..., str]) -> None:
    """It is told without a traceback and without the patient's name; the others are judged."""
    result = run(message(asked="raise"), message(TWO, "two.hl7"))

    assert 2 == result.exit_code
    assert "message 1 could not be judged: internal error: ValueError at test_validate.py:" in result.stderr
    assert "two.hl7 #1: VXU^V04^VXU_V04, control id M2, Z22 of ndiis: nothing found" in result.stdout
    assert "DOE" not in result.output


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_scripts_get_one_document_and_nothing_else(
    run: Callable[..., Result], message: Callable[..., str], form: str
) -> None:
    """Also when something could not be read: that goes to standard error."""
    result = run(message(ONE + TWO, asked="E"), "no-such.hl7", "--format", form)
    found = json.loads(result.stdout)
    count = len(found["messages"]) if form == "json" else len(found["runs"][0]["results"])

    assert (2, 2) == (result.exit_code, count)
    assert result.stderr.startswith("mockiis: no-such.hl7: ")


def test_standard_input_folders_and_batches(
    run: Callable[..., Result], message: Callable[..., str], tmp_path: Path
) -> None:
    """All in the order given, numbered in their file."""
    message(f"FHS|^~\\&\rBHS|^~\\&\r{ONE}{TWO}BTS|2\rFTS|1\r", "batch.hl7")
    result = run("-", str(tmp_path), "--format", "json", input=TWO)
    found = [(entry["file"], entry["index"], entry["control_id"]) for entry in json.loads(result.stdout)["messages"]]
    batch = str(tmp_path / "batch.hl7")

    assert [("standard input", 1, "M2"), (batch, 1, "M1"), (batch, 2, "M2")] == found


def test_standard_input_twice_is_wrong_usage(run: Callable[..., Result]) -> None:
    """It can be read once."""

    assert "- stands twice; standard input can be read once" == str(run("-", "-").exception)


def test_wrong_bytes_are_noted_once_for_a_file(run: Callable[..., Result], tmp_path: Path) -> None:
    """A file of a thousand messages in the wrong character set gets one line."""
    file = tmp_path / "latin.hl7"
    file.write_bytes((ONE + TWO).replace("DOE", "DØE").encode("latin-1"))
    result = run(str(file), str(file))

    assert 0 == result.exit_code
    assert [
        f"note: {file}: message 1: the bytes are not utf-8, which MSH-18 implies; read as latin-1"
    ] == result.stderr.splitlines()


def test_a_second_opinion_is_marked_and_does_not_decide(
    run: Callable[..., Result], message: Callable[..., str]
) -> None:
    """What hl7apy says stands with its name; the exit code is ours."""
    name = message(ONE.replace("PID|1||7||DOE^JANE", "NK1|1"))
    result = run(name, "--second-opinion")
    asked = json.loads(run(name, "--second-opinion", "--format", "json").stdout)["messages"][0]
    unasked = json.loads(run(name, "--format", "json").stdout)["messages"][0]

    assert 0 == result.exit_code
    assert "  hl7apy: error: Missing required child VXU_V04.PID\n" in result.stdout
    assert {"by": "hl7apy", "kind": "error", "text": "Missing required child VXU_V04.PID"} in asked["second_opinion"]
    assert "second_opinion" not in unasked


def test_the_judge_of_ndiis_is_the_default(data: Path) -> None:
    """A message without the ethnic group is rejected by NDIIS, and passes in the guide."""
    file = str(data / "messages" / "VXU_without_ethnic_group.hl7")
    code, out, err = real(file)

    assert (1, "") == (code, err)
    assert "Error: Patient ethnic group (PID-22): " in out
    assert "[101, message rejected]" in out
    assert "PID-22" not in real(file, "--profile", "cdc")[1]


def test_a_profile_of_ones_own(data: Path, tmp_path: Path) -> None:
    """A file that extends a shipped one; problems in it are told with file, line and column."""
    file = str(data / "messages" / "VXU_without_ethnic_group.hl7")
    own = tmp_path / "state.yaml"
    own.write_text('extends: ndiis\nfields:\n  PID-22: {usage: "RE[0..1]", profiles: [Z22]}\n', encoding="utf-8")
    code, out, err = real(file, "--profile", str(own))
    own.write_text("extends: ndiis\nfields:\n  PID-22: {usagee: R}\n", encoding="utf-8")

    assert (0, "") == (code, err)
    assert f"Z22 of {own}" in out
    assert (2, "") == real(file, "--profile", str(own))[:2]
    assert f"mockiis: {own}:3:" in real(file, "--profile", str(own))[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "--profile", "ndis"], "mockiis: ndis: there is no such file or shipped profile; shipped are ndiis and"),
        (["-", "--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif'"),
        ([], "Missing argument 'FILE...'"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], said: str) -> None:
    """Exit code 2, nothing on standard output."""
    code, out, err = real(*arguments)

    assert (2, "") == (code, out)
    assert said in err
    assert "Traceback" not in err


HEADER = "MSH|^~\\&|A|B|C|D|20240506111600-0500||VXU^V04^VXU_V04|M1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(b"", 2, id="nothing"),
        pytest.param(bytes(range(256)) * 400, 2, id="garbage"),
        pytest.param(b"\0" * 100_000, 2, id="zeros"),
        pytest.param(b"MSH|", 1, id="a-header-of-nothing"),
        pytest.param(b"MSH|^~\\&|\r" * 50, 1, id="many-headers"),
        pytest.param(HEADER.replace("^~\\&", "||||").encode(), 1, id="wrong-encoding-characters"),
        pytest.param(HEADER.replace("^~\\&", "").encode(), 1, id="no-encoding-characters"),
        pytest.param(HEADER.replace("2.5.1", "2.3.1").encode(), 1, id="version-2.3.1"),
        pytest.param(HEADER.replace("2.5.1", "2.8").encode(), 1, id="version-2.8"),
        pytest.param(HEADER.replace("Z22^", "Z99^").encode(), 1, id="unknown-profile"),
        pytest.param(HEADER.encode() + b"OBX|1|CE|\r" * 20_000, 1, id="many-segments"),
        pytest.param(HEADER.encode() + b"PID|1||" + b"x" * 1_000_000, 1, id="a-large-field"),
        pytest.param(HEADER.encode() + b"PID|1||" + b"\xff^~\\&" * 2_000, 1, id="delimiters"),
    ],
)
def test_bad_input_is_told(given: bytes, code: int) -> None:
    """Findings or one clear error, never a traceback, and never all well."""
    found, out, err = real("-", "--second-opinion", given=given)

    assert code == found, err
    assert "Traceback" not in err
    assert "internal error" not in err
    assert ("1 input not read" in out) == (code == 2)


def test_a_message_without_end_is_refused(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """More than any registry takes; what comes after it is judged."""
    monkeypatch.setattr("mockiis.inputs.LARGEST", 1000)
    result = run("-", input=ONE + "OBX|" + "x" * 100_000 + "\r" + TWO)

    assert 2 == result.exit_code
    assert "mockiis: standard input: message 1 has more than 1,000 characters; it is not read\n" == result.stderr
    assert "standard input #2: VXU^V04^VXU_V04, control id M2" in result.stdout
