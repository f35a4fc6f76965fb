"""``mockiis registry``: what it shows, writes and forgets, of a durable store and of a running mock."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockiis.cli.preload import Preload
from mockiis.cli.registry import registry
from mockiis.er7 import read
from mockiis.message import Request
from mockiis.process import running
from mockiis.registry.doses import told
from mockiis.registry.records import MemoryRecords, Record
from mockiis.registry.registry import Registry
from mockiis.registry_report import exported
from mockiis.store.database import Database
from mockiis.store.sql_records import SQLRecords

from ..registry.talk import MMR, NOW, update

Run = Callable[..., Result]
MESSAGES = (
    update(),
    update(*MMR, patient="girl", PID_5="=Larson^Erica^^^^^L", MSH_4="Clinic=2"),
    update(PID_3="99^^^OTHER^MR", PID_5="Larson^Eric^Q^^^^L"),
)


def filled(records: Any) -> Registry:
    """A registry that was told of some people, and of a refusal that is protected."""
    made = Registry(records=records)
    for number, draft in enumerate(MESSAGES):
        request = Request(transport="mllp", received=NOW, control_id=str(number), message=read(draft.text))
        made.keep(made.answer(request).changes)
    return made


@pytest.fixture
def journal(tmp_path: Path) -> str:
    """A store of three people."""
    path = str(tmp_path / "journal.db")
    database = Database(path)
    filled(SQLRecords(database))
    database.commit()
    database.close()
    return path


@pytest.fixture
def run() -> Run:
    """Run the command in this process."""
    runner = CliRunner()

    def asked(*arguments: str, **options: Any) -> Result:
        return runner.invoke(registry, arguments, **options)

    return asked


def test_a_record_with_the_origin_of_each_value(run: Run, journal: str) -> None:
    """Message, facility, time; doses, observations, and who is alike."""
    shown = run("show", journal, "1", "--phi").output
    for line in ("Record 1", "PID-7   birth date", "OBX-5", "Compared with", "record 3: "):
        assert line in shown, shown
    control_id = read(MESSAGES[0].text).get("MSH-10")
    assert f"(message {control_id} of DAKOTA CLINIC, received 2026-10-02 12:00:00)" in shown
    assert "Dose 1: message" in shown


def test_what_is_about_a_patient_is_masked(run: Run, journal: str) -> None:
    """Unless it is asked for; where it came from is not masked."""
    shown = run("show", journal, "1").output
    person = read(MESSAGES[0].text)
    for place in ("PID-5.1", "PID-5.2", "PID-7", "PID-3.1"):
        assert person.get(place) not in shown.replace("received 2026", "")
    assert "--phi shows it" in shown


@pytest.mark.parametrize(
    ("options", "code", "numbers"),
    [
        (["--id", "99"], 0, ["3"]),
        (["--id", "99^OTHER^MR"], 0, ["3"]),
        (["--id", "99^CLINIC"], 1, []),
        (["--name", "larson^eric"], 0, ["3"]),
        (["--born", "2024-01-15"], 0, ["1", "3"]),
        (["--name", "Nobody"], 1, []),
        (["7"], 1, []),
    ],
)
def test_whose_record(run: Run, journal: str, options: list[str], code: int, numbers: list[str]) -> None:
    """By number, identifier, name and birth date."""
    done = run("show", journal, *options)
    assert (code, numbers) == (done.exit_code, [line[7:] for line in done.output.splitlines() if line[:6] == "Record"])


def test_why_two_records_do_not_match(run: Run, journal: str) -> None:
    """In a sentence."""
    assert "record 2: Somebody else: " in run("show", journal, "1", "--with", "2").output


def test_wrong_usage(run: Run, journal: str) -> None:
    """Told what to say."""
    assert "say whose record: a NUMBER, --id, --name or --born" in run("show", journal).output
    assert "say --phi to write it" in run("export", journal).output
    assert "name a folder with --output" in run("export", journal, "--phi", "--format", "hl7").output


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "1"),
        (OSError(errno.ENOSPC, "No space left"), "standard output: cannot be written: No space left"),
    ],
)
def test_an_export_that_cannot_be_written_out(
    run: Run, journal: str, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    """Whoever reads only the beginning (`| head`) is told nothing."""

    def full(_records: object) -> Iterator[str]:
        raise error

    monkeypatch.setattr(exported, "json_lines", full)
    done = run("export", journal, "--phi")
    assert ("", said) == (done.output, str(done.exception))


def everybody(records: Any) -> list[tuple[Any, ...]]:
    """What matters of each record: whatever number it has, and whoever told it in which message."""

    def plain(record: Record) -> tuple[Any, ...]:
        doses = told(record.doses, Registry().judge().codes)
        kept = [(replace(each.dose, facility=each.dose.facility), each.order, each.origin.facility) for each in doses]
        return record.person, record.owner, kept

    return sorted(map(plain, records.every()), key=str)


def test_messages_that_are_written_can_be_preloaded_again(run: Run, journal: str, tmp_path: Path) -> None:
    """The same persons, identifiers, doses and observations, reported by the same facilities."""
    folder = tmp_path / "out"
    assert 0 == run("export", journal, "--phi", "--format", "hl7", "-o", str(folder)).exit_code
    again = Registry(records=MemoryRecords())
    Preload([str(folder)], lambda: datetime.now(UTC))(again)
    assert everybody(filled(MemoryRecords()).records) == everybody(again.records)


def test_the_table_that_is_written_can_be_preloaded_again(run: Run, journal: str, tmp_path: Path) -> None:
    """Persons and doses; no cell is carried out by a spreadsheet."""
    table = tmp_path / "people.csv"
    assert 0 == run("export", journal, "--phi", "--format", "csv", "-o", str(table)).exit_code
    assert "'=Larson" in table.read_text("utf-8")
    again = Registry(records=MemoryRecords())
    Preload([str(table)], lambda: datetime.now(UTC))(again)
    names = [record.person.name.family for record in again.records.every()]
    doses = [len(record.doses) for record in again.records.every()]
    assert (["=Larson" in names, 3], [1, 1, 1]) == ([True, len(names)], doses)


def test_json_lines_and_a_reset(run: Run, journal: str) -> None:
    """An object for each; then nobody, after a question."""
    lines = run("export", journal, "--phi").output.splitlines()
    assert [1, 2, 3] == [json.loads(line)["number"] for line in lines]
    assert 1 == run("reset", journal, input="n\n").exit_code
    assert 3 == len(run("export", journal, "--phi").output.splitlines())
    assert 0 == run("reset", journal, "--yes").exit_code
    assert "" == run("export", journal, "--phi").output


def test_a_running_mock(run: Run, tmp_path: Path) -> None:
    """The same of its admin API; it keeps whom it knew from the beginning."""
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "eric.hl7").write_text(MESSAGES[0].text)
    with running("registry", options=("--preload", str(folder))) as mock:
        shown = run("show", mock.admin_url, "1", "--phi").output
        assert ("DOE" in shown, "(preloaded, received" in shown) == (True, True)
        assert 4 == len(run("export", mock.admin_url, "--phi").output.splitlines())
        assert "Compared with" in run("show", mock.admin_url, "2").output
        assert "4 known from the beginning" in run("reset", mock.admin_url, "--yes").output
