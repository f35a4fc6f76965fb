"""Every page of the docs, carried out as a reader would: files saved, commands run, output compared.

In a page, a fenced block after ``<!-- file: NAME -->`` is a file to save, and a ``console`` block is a session: ``$``
begins a command, what follows is what it prints. ``...`` stands for anything, ``# exit code N`` for the exit code.
``mockiis serve`` runs in the background on free ports, and the default addresses in later commands mean those.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@dataclass
class Reader:
    """Someone who follows a page in an empty folder."""

    folder: Path
    mock: subprocess.Popen[str] | None = None
    behind: subprocess.Popen[str] | None = None
    addresses: dict[str, str] = field(default_factory=dict)

    def follow(self, page: str) -> None:
        """Save every file and run every session, in order."""
        for block in _BLOCK.finditer(page):
            if block["file"]:
                (self.folder / block["file"]).write_text(block["text"], encoding="utf-8")
            elif block["kind"] == "console":
                for command, expected in _commands(block["text"]):
                    self.run(command, expected)

    def run(self, command: str, expected: list[str]) -> None:
        """Run one command and compare what it prints."""
        if command.startswith("mockiis serve"):
            self.serve(command.removesuffix("&").split()[2:], expected)
            return
        name, *arguments = shlex.split(self.here(command))
        assert name in _PROGRAMS, f"{command} cannot be run; these can: {', '.join(_PROGRAMS)}"
        if not _is_here(name):
            return
        done = subprocess.run(
            [*_PROGRAMS[name], *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=_environment(self.folder),
            timeout=60,
            check=False,
        )
        codes = [line for line in expected if line.startswith("# exit code")]
        assert codes in ([], [f"# exit code {done.returncode}"]), f"{command}\n{done.stdout}"
        assert codes or done.returncode == 0, f"{command}: exit code {done.returncode}\n{done.stdout}"
        _compare(command, [line for line in expected if line not in codes], self.as_printed(done.stdout))

    def serve(self, arguments: list[str], expected: list[str]) -> None:
        """Start a mock in place of the one before; one that forwards, in front of it."""
        front = "--forward" in arguments
        if front:
            self.behind, self.mock = self.mock, None
        self.close(behind=not front)
        arguments = [self.here(argument) for argument in arguments]
        ports = [
            "--soap-port",
            "0",
            "--mllp-port",
            "0",
            *(["--admin-port", "0"] if "--admin-port" in arguments else []),
        ]
        self.mock = subprocess.Popen(
            [sys.executable, "-m", "mockiis", "serve", *arguments, *ports],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert self.mock.stdout
        ready = self.mock.stdout.readline()
        found = json.loads(ready)
        found["http"] = found["http"].removeprefix("http")  # follows http and http+hl7 alike
        self.addresses = self.addresses | {f"front {name}": at for name, at in found.items()} if front else found
        _compare("mockiis serve", expected, self.as_printed(ready))

    def here(self, text: str) -> str:
        """The default addresses of the docs as the addresses of this mock."""
        for printed, name in _ADDRESSES:
            text = text.replace(printed, self.addresses.get(name, printed))
        return text

    def as_printed(self, text: str) -> str:
        """The addresses of this mock as the docs print them."""
        for printed, name in _ADDRESSES:
            if name in self.addresses:
                text = text.replace(self.addresses[name], printed)
        return text

    def close(self, *, behind: bool = True) -> None:
        """Stop the mock, and the one behind it."""
        for mock in (self.mock, self.behind if behind else None):
            if mock is not None:
                mock.terminate()
                mock.communicate(timeout=20)
        self.mock, self.behind = None, None if behind else self.behind


_PROGRAMS = {
    "mockiis": [sys.executable, "-m", "mockiis"],
    "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
    "python": [sys.executable],
    "curl": ["curl"],
    "sh": ["sh"],
    "node": ["node"],
}


def _is_here(name: str) -> bool:
    """Whether a program that is no part of Python's can be run here; scripts for the shell ask for curl too."""
    if name == "sh":
        return os.name == "posix" and bool(shutil.which("curl"))
    if name == "node":
        found = shutil.which("node")
        return bool(found) and _major(subprocess.check_output(["node", "--version"], text=True)) >= 20
    return True


def _major(version: str) -> int:
    return int(version.removeprefix("v").partition(".")[0])


_ADDRESSES = (
    ("http://127.0.0.1:8080/soap", "soap"),
    ("://127.0.0.1:8080/hl7", "http"),
    ("mllp://127.0.0.1:2575", "mllp"),
    ("http://127.0.0.1:8090", "admin"),
    ("http://127.0.0.1:8081/soap", "front soap"),
    ("://127.0.0.1:8081/hl7", "front http"),
    ("mllp://127.0.0.1:2576", "front mllp"),
)


def _environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {
        **os.environ,
        "PATH": path,
        "COLUMNS": "120",
        "PYTHONIOENCODING": "utf-8",
        "MOCKIIS_HOME": str(folder / "home"),
    }


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    command, expected = "", list[str]()
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, expected
            command, expected = line[2:], []
        elif line.strip():
            expected.append(line)
    if command:
        yield command, expected


def _compare(command: str, expected: list[str], printed: str) -> None:
    lines = [_plain(line) for line in printed.splitlines()]
    for line in expected:
        if _plain(line) != "...":
            pattern = re.escape(_plain(line)).replace(re.escape("..."), ".*")
            assert any(re.fullmatch(pattern, found) for found in lines), f"{command}\nno line {line!r} in:\n{printed}"


def _plain(line: str) -> str:
    return " ".join(re.sub("[│┃|]", " ", line).split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_can_be_followed(page: Path, tmp_path: Path) -> None:
    """What a page tells its reader to do works, and prints what the page says."""
    reader = Reader(tmp_path)
    text = page.read_text("utf-8")
    if "$ curl" in text and not shutil.which("curl"):
        pytest.skip("there is no curl here")
    try:
        reader.follow(text)
    finally:
        reader.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the project names one that is there; files of a package are where it is installed."""
    for link in _LINK.findall(page.read_text("utf-8")):
        target = (page.parent / link).resolve()
        package = target.relative_to(ROOT).parts[0]
        found = importlib.util.find_spec(package) if "." not in package else None
        if found is not None and found.origin is not None:
            target = Path(found.origin).parent.joinpath(*target.relative_to(ROOT).parts[1:])
        assert target.exists(), f"{page.name} links to {link}"


def test_the_example_of_the_readme_is_the_one_that_is_run() -> None:
    """The test file that the README shows is the one of docs/pytest.md, and short."""
    (example,) = re.findall("```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)

    assert example in (ROOT / "docs" / "pytest.md").read_text("utf-8")
    assert len(example.splitlines()) < 40
