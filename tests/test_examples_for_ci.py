"""Examples that no test runs are held to what there is: YAML, commands, options, paths of the admin API."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mockiis.cli import command
from mockiis.server.admin.routes import find

DOCS = Path(__file__).parent.parent / "docs"
_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SHELL = {"python", "pytest", "kill", "wait", "until", "mock=$!", "./run-interface-tests"}
PUBLISHED = {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}


def blocks(page: str, *kinds: str) -> Iterator[tuple[str, str]]:
    """The name of its file (empty when it has none) and the text of each block."""
    for block in _BLOCK.finditer((DOCS / page).read_text("utf-8")):
        if block["kind"] in kinds:
            yield block["file"] or "", block["text"]


def commands(text: str) -> Iterator[list[str]]:
    """The words of each ``mockiis`` command, up to a redirection or the next command."""
    for found in re.finditer(r"\bmockiis (?:serve|lint|certify|validate|send|journal|explain)\b[^\n>|;&#`]*", text):
        yield shlex.split(found[0])[1:]


def check(words: list[str]) -> None:
    """A command that there is, with options that it has."""
    found: click.Command = command
    context = click.Context(found)
    while isinstance(found, click.Group) and words:
        name, *words = words
        under = found.get_command(context, name)
        assert under is not None, f"there is no command {name}"
        found = under
    known = {option for parameter in found.params for option in parameter.opts}
    assert [] == [word for word in words if word.startswith("-") and word not in known], found.name


def pipelines() -> list[Any]:
    """The pipelines of docs/ci.md, read."""
    return [yaml.safe_load(text) for file, text in blocks("ci.md", "yaml") if not file]


def test_the_pipelines_are_what_their_hosts_read() -> None:
    """Jobs with steps for one, a job with a script for the other; every line is a text, as YAML reads it."""
    github, gitlab = pipelines()
    steps = github["jobs"]["interface"]["steps"]

    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert PUBLISHED == {step["uses"].partition("@")[0] for step in steps if "uses" in step}
    assert all(isinstance(line, str) for line in [*gitlab["interface"]["script"], *gitlab["interface"]["after_script"]])
    assert "certify.xml" == gitlab["interface"]["artifacts"]["reports"]["junit"]


def test_their_commands_exist() -> None:
    """With every option."""
    github, gitlab = pipelines()
    lines = [step["run"] for step in github["jobs"]["interface"]["steps"] if "run" in step]
    lines += gitlab["interface"]["script"] + gitlab["interface"]["after_script"]
    for line in lines:
        first = line.split()[0]
        assert first == "mockiis" or first in SHELL, line
    assert 7 == len([words for line in lines for words in commands(line)])


@pytest.mark.parametrize("page", ["ci.md", "other-languages.md", "journal.md", "pytest.md"])
def test_options_on_these_pages_exist(page: str) -> None:
    """In examples and in text."""
    text = (DOCS / page).read_text("utf-8")
    found = list(commands(text))

    assert found
    for words in found:
        check(words)


def test_snippets_start_the_mock_with_options_that_it_has() -> None:
    """In whichever language the words are quoted."""
    snippets = [text for _, text in blocks("other-languages.md", "java", "csharp", "js")]

    assert 3 == len(snippets)
    for text in snippets:
        check(["serve", *re.findall(r"--[a-z-]+", text.replace("--test", ""))])
        assert {"--admin-port", "--stop-with-stdin"} <= set(re.findall(r"--[a-z-]+", text))


def test_what_snippets_ask_can_be_asked() -> None:
    """Every path of the admin API."""
    paths = {
        path
        for _, text in blocks("other-languages.md", "java", "csharp", "js", "sh")
        for path in re.findall(r"\"(/[a-z]+)\"|(?:GET|POST|PUT) (/[a-z]+)", text)
        for path in path
        if path
    }

    assert {"/reset", "/rules", "/verify", "/unmatched", "/clock"} <= paths
    for path in paths:
        find(path.split("/")[1:])
