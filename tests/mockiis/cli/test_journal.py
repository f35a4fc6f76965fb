"""``mockiis journal`` on a file, on PostgreSQL's absence, and on a running mock."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockiis.cli.journal import followed, journal
from mockiis.cli.journal_source import DatabaseSource, open_source
from mockiis.er7 import read
from mockiis.errors import MockIISError
from mockiis.journal_report import Selection
from mockiis.journal_report.selection import read_conditions
from mockiis.message import MessageReply, Request
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal

VXU = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||{type}|{control_id}|P|2.5.1\r"
    "PID|1||A100^^^CLINIC1^MR||{family}^Kim||20240105\r"
)
ACK = "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403||ACK|1|P|2.5.1\rMSA|{code}|M\r{error}"
ERROR = "ERR||PID^1^22|101|E||||Kim has no ethnic group\r"
Run = Callable[..., Result]


def exchanged(
    control_id: str, family: str = "Doe", code: str = "AA", *, rule: str = "fine", type_: str = "VXU^V04"
) -> tuple[Request, MessageReply, str]:
    """A request with its reply and peer."""
    text = VXU.format(control_id=control_id, family=family, type=type_)
    moment = datetime(2024, 4, 3, 10, 15, int(control_id[1:]), tzinfo=UTC)
    request = Request(transport="mllp", received=moment, control_id="R", message=read(text), text=text)
    reply = MessageReply(text=ACK.format(code=code, error=ERROR if code == "AE" else ""), rule=rule)
    if not rule:
        reply = MessageReply(text=reply.text, summary="PID-5.1 differs", explanation=f"No rule matched: got '{family}'")
    return request, reply, "127.0.0.1:9"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SQLJournal]:
    """The file ``journal.db`` with four exchanges, still open for more."""
    monkeypatch.chdir(tmp_path)
    kept = SQLJournal(Database("journal.db"), "here")
    kept.note(*exchanged("M1"))
    kept.note(*exchanged("M2", code="AE"))
    kept.note(*exchanged("M3", "Roe", "AR", rule=""))
    kept.note(*exchanged("M4", type_="QBP^Q11"))
    kept.commit()
    yield kept
    kept.close()


@pytest.fixture
def run(written: SQLJournal) -> Run:
    """Run a subcommand."""
    return lambda *arguments: CliRunner().invoke(journal, arguments, env={"COLUMNS": "160"})


def numbers(result: Result) -> list[str]:
    """The exchanges of a table."""
    assert 0 == result.exit_code, result.output
    return [line.split("│")[1].strip() for line in result.output.splitlines() if line.startswith("│")]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), "1234"),
        (("--last", "2"), "34"),
        (("--last", "0"), "1234"),
        (("--message", "VXU"), "123"),
        (("--when", "PID-5.1: doe", "--message", "VXU"), "12"),
        (("--rejected",), "23"),
        (("--unmatched",), "3"),
        (("--since", "2024-04-03T10:15:03+00:00"), "34"),
        (("--when", "acknowledgment: AA", "--when", "PID-3[5=MR].1: A100"), "14"),
    ],
)
def test_a_list_of_those_that_are_meant(options: tuple[str, ...], found: str, run: Run) -> None:
    """By conditions, time and answer."""
    assert list(found) == numbers(run("list", "journal.db", *options))


def test_a_list_shows_no_patient(run: Run) -> None:
    """And says how many there are."""
    told = run("list", "journal.db", "--last", "3").output

    assert "3 of 4 exchanges" in told
    assert "PID-5.1 differs" in told
    assert "Doe" not in told
    assert "Kim" not in told


def test_nothing_to_list(run: Run, tmp_path: Path) -> None:
    """An empty journal is no error, and neither is one without such an exchange."""
    assert "journal.db: no exchange that is meant" in run("list", "journal.db", "--since", "1s").output
    Database("new.db").close()
    result = run("list", "new.db")
    assert (0, "mockiis: new.db: no exchange\n") == (result.exit_code, result.output)


def test_one_exchange(run: Run) -> None:
    """Masked, unless it is asked for whole."""
    masked, whole = run("show", "journal.db", "2"), run("show", "journal.db", "2", "--phi")

    assert (0, 0) == (masked.exit_code, whole.exit_code)
    assert "Error: Patient ethnic group (PID-22): Required field missing [101]" in masked.output
    assert "Kim" not in masked.output
    assert "Error: Patient ethnic group (PID-22): Kim has no ethnic group [101]" in whole.output
    assert "got 'Roe'" in run("show", "journal.db", "3", "--phi").output


def test_an_exchange_that_is_not_there(run: Run) -> None:
    """The answer is no."""
    result = run("show", "journal.db", "9")

    assert (1, "mockiis: there is no exchange 9 in journal.db; the last is 4\n") == (result.exit_code, result.output)
    assert 2 == run("show", "journal.db", "0").exit_code


def test_lines_of_json(run: Run) -> None:
    """Masked, unless asked for whole."""
    masked = [json.loads(line) for line in run("export", "journal.db").output.splitlines()]
    whole = [json.loads(line) for line in run("export", "journal.db", "--phi", "--message", "QBP").output.splitlines()]

    assert [1, 2, 3, 4] == [entry["number"] for entry in masked]
    assert "Doe" not in json.dumps(masked)
    assert [VXU.format(control_id="M4", family="Doe", type="QBP^Q11")] == [entry["request"] for entry in whole]


def test_a_file_for_a_spreadsheet(run: Run) -> None:
    """That its owner alone can read, also where everybody could read what it takes the place of."""
    Path("all.csv").write_text("old")
    Path("all.csv").chmod(0o644)
    assert 0 == run("export", "journal.db", "--format", "csv", "--output", "all.csv").exit_code
    rows = list(csv.DictReader(StringIO(Path("all.csv").read_text("utf-8"), newline="")))

    assert ["M1", "M2", "M3", "M4"] == [row["control_id"] for row in rows]
    if os.name == "posix":
        assert 0o600 == Path("all.csv").stat().st_mode & 0o777


def test_a_folder_of_messages(run: Run) -> None:
    """A file each; what is there already is left alone."""
    assert (
        "2 messages written to out"
        in run("export", "journal.db", "--format", "hl7", "-o", "out", "--message", "QBP", "--phi").output
    )
    assert ["00000004-answer.hl7", "00000004-request.hl7"] == sorted(path.name for path in Path("out").iterdir())
    assert (
        VXU.format(control_id="M4", family="Doe", type="QBP^Q11").encode()
        == Path("out/00000004-request.hl7").read_bytes()
    )
    again = run("export", "journal.db", "--format", "hl7", "-o", "out")
    assert isinstance(again.exception, MockIISError)
    assert "the folder is not empty" in str(again.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "journal.db", "--format", "hl7"), "name a folder with --output"),
        (("export", "journal.db", "--output", "no/such/file"), "no/such/file: cannot be written"),
        (("export", "journal.db", "--format", "hl7", "-o", "journal.db"), "journal.db: cannot be written"),
        (("list", "nowhere.db"), "nowhere.db: there is no such file"),
        (("list", "."), ".: is a folder"),
        (("list", "text.db"), "text.db: file is not a database; name another file"),
        (("list", "other.db"), "other.db: it is no journal of mockiis"),
        (("list", "empty.db"), "empty.db: it is no journal of mockiis"),
        (("list", "old.db"), "tables have number 0, and this one reads"),
        (("list", "mysql://x/y"), "there is no driver for it here"),
        (("list", "journal.db", "--when", "PID.5: x"), "did you mean 'PID-5'?"),
        (("list", "journal.db", "--since", "yesterday"), "'yesterday' is no moment; write one such as 2024-04-03"),
        (("list", "journal.db", "--since", "999999999d"), "is no moment"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], said: str, run: Run) -> None:
    """In a sentence; no file is made."""
    Path("text.db").write_text("no database, but long enough to be taken for one" * 30)
    Path("empty.db").touch()
    for name, statement in (
        ("other.db", "create table exchange (x)"),
        ("old.db", "create table mockiis_version (version); insert into mockiis_version values (0)"),
    ):
        made = sqlite3.connect(name)
        made.executescript(statement)
        made.close()
    before = sorted(path.name for path in Path().iterdir())
    result = run(*arguments)

    assert said in (result.output if isinstance(result.exception, SystemExit) else str(result.exception))
    assert isinstance(result.exception, SystemExit | MockIISError)
    assert result.exit_code
    assert before == sorted(path.name for path in Path().iterdir())


def test_reading_changes_nothing(written: SQLJournal) -> None:
    """Not even how a database of somebody else is kept; and it does not wait for the mock that writes."""
    made = sqlite3.connect("other.db")
    made.executescript("create table t (x)")
    made.close()
    before = Path("other.db").read_bytes()
    with pytest.raises(MockIISError):
        open_source("other.db")
    assert before == Path("other.db").read_bytes()

    written.database.connection.exec_driver_sql("SELECT 1")  # begins what writes
    source = open_source("journal.db")
    assert 4 == source.last()
    source.close()
    written.database.commit()


def test_following_a_file(written: SQLJournal) -> None:
    """The last ones first, then what comes, each once, and only what is meant."""
    source = open_source("journal.db")
    rounds = iter([["M5"], [], ["M6", "M7"]])

    def wait(seconds: float) -> None:
        assert seconds >= 1
        for control_id in next(rounds):
            written.note(*exchanged(control_id, "Roe" if control_id == "M6" else "Doe"))
        written.commit()

    chosen = Selection(inquiry=read_conditions(["PID-5.1: Doe"]))
    found = followed(source, chosen, 1, wait)
    assert ["M4", "M5", "M7"] == [next(found).control_id for _ in range(3)]
    source.close()


def test_following_what_is_committed_out_of_order(written: SQLJournal) -> None:
    """As several mocks on one PostgreSQL do: nothing is passed over, nothing told twice."""
    source = open_source("journal.db")
    assert isinstance(source, DatabaseSource)
    entries = list(source.entries(0))

    class Late:
        overlap = 10

        def __init__(self) -> None:
            self.there = [entries[0], entries[2]]

        def entries(self, after: int) -> Iterator[object]:
            return iter([entry for entry in self.there if entry.number > after])

    late = Late()
    found = followed(late, Selection(), 5, lambda _: setattr(late, "there", entries))  # type: ignore[arg-type]
    assert [1, 3, 2, 4] == [next(found).number for _ in range(4)]
    source.close()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_tail_ends_with_ctrl_c(written: SQLJournal) -> None:
    """Cleanly: what is new was told, and it is no failure."""
    command = [sys.executable, "-m", "mockiis", "journal", "tail", "journal.db", "--last", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "QBP^Q11 M4 -> AA" in process.stdout.readline()
        written.note(*exchanged("M5", code="AE"))
        written.commit()
        assert "VXU^V04 M5 -> AE" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (0, "") == (process.returncode, errors.strip())
