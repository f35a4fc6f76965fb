"""``mockiis lint``: every problem of scenario files, and the JSON Schema of the language for editors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from mockiis.cli.scenario_files import scenario_paths
from mockiis.console import ExitCode, read_text
from mockiis.errors import printable

if TYPE_CHECKING:
    from pathlib import Path

    from mockiis.scenario.remark import Remark


def _print_schema(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from mockiis.scenario.schema import schema_text

    click.echo(schema_text(), nl=False)
    context.exit()


@click.command(short_help="Check scenario files: what is wrong, and what is probably not meant.")
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--profile", default="ndiis", show_default=True, metavar="ndiis|cdc|FILE", help="What answers are judged by."
)
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of the language, and do nothing else.",
)
def lint(names: tuple[str, ...], strict: bool, form: str, profile: str) -> None:
    """Check SCENARIO files, folders of them, or shipped ones, and say of each problem where it is and what to write.

    An error is what `mockiis serve` refuses, or what can never come true. A warning is about what is probably not
    meant: a rule that never answers, a state that nobody asks for, an answer that breaks its own profile (write
    `broken: on purpose` beside it if it is meant to), a patient that no reply tells of.

    Exit code: 0 no errors; 1 some, or with --strict warnings; 2 a file could not be read.
    """
    from mockiis.cli.validate import judge_by
    from mockiis.home import code_sets
    from mockiis.scenario import lint as checker

    paths = list(dict.fromkeys(path for name in names for path in scenario_paths(name)))
    texts = [(path, read_text(path)) for path in paths]
    judge, codes = judge_by(profile), code_sets()
    remarks = [remark for path, text in texts for remark in checker.lint(text, str(path), codes, judge)]
    write = {"text": _as_text, "json": _as_json}[form]
    write(paths, remarks)
    sys.exit(exit_code(remarks, strict=strict))


def exit_code(remarks: Iterable[Remark], *, strict: bool) -> ExitCode:
    """1 when there are errors; with ``strict`` when there is anything."""
    return ExitCode.NO if any(strict or remark.severity == "error" for remark in remarks) else ExitCode.OK


def _as_text(paths: Sequence[Path], remarks: Sequence[Remark]) -> None:
    for remark in remarks:
        click.echo(printable(str(remark)))
    counts = [_counted(sum(remark.severity == kind for remark in remarks), kind) for kind in ("error", "warning")]
    click.echo(f"{_counted(len(paths), 'file')}: {', '.join(counts)}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _as_json(paths: Sequence[Path], remarks: Sequence[Remark]) -> None:
    entries = [
        {
            "file": remark.problem.file,
            "line": remark.problem.line,
            "column": remark.problem.column,
            "severity": remark.severity,
            "code": remark.code,
            "text": remark.problem.text,
        }
        for remark in remarks
    ]
    click.echo(json.dumps({"files": [str(path) for path in paths], "remarks": entries}, indent=2, ensure_ascii=False))
