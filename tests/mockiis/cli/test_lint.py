"""``mockiis lint``: exit codes, formats, the schema."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockiis.cli.lint import lint

GOOD = "version: 1\nrules:\n  - {name: a, reply: {ack: AA}}\n"
WARNED = GOOD + "  - {name: b, reply: {ack: AE}}\n"
WRONG = GOOD + "  - {name: a, reply: {ack: AE}}\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(lint, arguments)


@pytest.mark.parametrize(
    ("text", "options", "code", "last"),
    [
        (GOOD, [], 0, "1 file: 0 errors, 0 warnings"),
        (WARNED, [], 0, "1 file: 0 errors, 1 warning"),
        (WARNED, ["--strict"], 1, "1 file: 0 errors, 1 warning"),
        (WRONG, [], 1, "1 file: 2 errors, 0 warnings"),
    ],
)
def test_exit_codes(tmp_path: Path, text: str, options: list[str], code: int, last: str) -> None:
    """Errors are 1, warnings only with --strict."""
    file = tmp_path / "a.yaml"
    file.write_text(text)
    result = run(str(file), *options)
    assert (code, last) == (result.exit_code, result.output.splitlines()[-1])
    assert all(line.startswith(f"{file}:") for line in result.output.splitlines()[:-1])


def test_folders_and_shipped_scenarios(tmp_path: Path) -> None:
    """As serve takes them; a file that is named twice is checked once."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    result = run(str(tmp_path), str(tmp_path / "a.yaml"), "accept-all")
    assert "3 files: 0 errors, 0 warnings" == result.output.splitlines()[-1]


def test_json(tmp_path: Path) -> None:
    """For scripts."""
    file = tmp_path / "a.yaml"
    file.write_text(WARNED)
    found = json.loads(run(str(file), "--format", "json").output)
    assert [str(file)] == found["files"]
    (remark,) = found["remarks"]
    assert ("warning", "unreachable-rule", 4, 6, str(file)) == tuple(
        remark[key] for key in ("severity", "code", "line", "column", "file")
    )


def test_the_schema() -> None:
    """Is printed as it is published, and needs no scenario."""
    result = run("--schema")
    assert 0 == result.exit_code
    published = files("scenarios").joinpath("scenario.schema.json").read_text("utf-8")
    assert json.loads(published) == json.loads(result.output)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Is told by the command line, with exit code 2."""
    from mockiis.errors import MockIISError

    result = run(str(tmp_path / "missing.yaml"))
    assert isinstance(result.exception, MockIISError)
