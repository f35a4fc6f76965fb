"""What ``mockiis serve`` does not start with: one clear sentence and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def refused(*arguments: str) -> tuple[int, str]:
    """Exit code and standard error of a mock that should not start."""
    done = subprocess.run(
        [sys.executable, "-m", "mockiis", "serve", *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert "" == done.stdout
    return done.returncode, done.stderr


def test_a_scenario_with_errors_does_not_start(tmp_path: Path) -> None:
    """Every problem with file, line and column; exit code 2."""
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nname: x\nrules:\n  - name: a\n    replay: {ack: AA}\n", encoding="utf-8")
    code, said = refused(str(file))

    assert 2 == code
    assert f"mockiis: {file}:5:5: " in said
    assert "did you mean 'reply'?" in said
    assert "Traceback" not in said


def test_a_scenario_that_is_not_there_is_one_clear_line() -> None:
    """The shipped ones are named."""
    code, said = refused("no-such-thing")

    assert (2, 1) == (code, said.count("\n"))
    assert "no-such-thing: there is no such file, folder or shipped scenario; shipped are accept-all, " in said


def test_a_scenario_with_a_slip_in_its_name_is_told_the_nearest(tmp_path: Path) -> None:
    """Of those that ship, and of those in the same folder."""
    (tmp_path / "lot-number.yaml").write_text("version: 1\nrules: []\n")

    assert "did you mean 'reject-all'?" in refused("reject-al")[1]
    assert f"did you mean '{tmp_path / 'lot-number.yaml'}'?" in refused(str(tmp_path / "lotnumber.yaml"))[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--soap-port", "99999"], "99999 is not in the range"),
        (["--soap-port", "ninety"], "'ninety' is not a valid integer"),
        (["--tls-cert", "x.pem"], "--tls-cert and --tls-key go together"),
        (["--soap-port", "off", "--mllp-port", "off"], "leave nothing to listen on; open one of them"),
        (["--host", "192.0.2.1", "--mllp-port", "0"], "give --host an address of this machine"),
        (["--idle-limit", "nan"], "write seconds, at least 1 and at most 86400"),
        (["--idle-limit", "0"], "write seconds, at least 1 and at most 86400"),
        (["--idle-limit", "inf"], "write seconds, at least 1 and at most 86400"),
        (["--user", "u"], "an account is --user with --password"),
        (["--password", "p"], "an account is --user with --password"),
        (["--facility", "f"], "an account is --user with --password"),
        (["--user", "", "--password", ""], "neither of them empty"),
        (["--user", "u", "--password", ""], "neither of them empty"),
        (["--user", "u", "--password", "p", "--facility", ""], "--facility is empty; leave it out to accept any"),
        (["--user", "u", "--credentials", "f"], "use --user or --credentials, not both"),
        (["--password", "p", "--credentials", "f"], "use --password or --credentials, not both"),
        (["--facility", "x", "--credentials", "f"], "use --facility or --credentials, not both"),
        (["--credentials", "no-file.yaml"], "no-file.yaml: cannot be read"),
        (["--tls-cert", "no.pem", "--tls-key", "no.key"], "no.pem: cannot be read"),
        (["--nonsense"], "No such option"),
    ],
)
def test_a_wrong_option_is_refused(arguments: list[str], said: str) -> None:
    """Exit code 2 and a sentence, never a traceback."""
    code, error = refused(*arguments)

    assert 2 == code
    assert said in error
    assert "Traceback" not in error
