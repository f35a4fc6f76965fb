"""``mockiis serve --admin-port`` as another program uses it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockiis.cli.serve import instance
from mockiis.message import MessageReply, Request
from mockiis.process import running
from mockiis.remote import RemoteIIS
from mockiis.store.database import Database
from mockiis.store.sql_journal import SQLJournal

SCENARIO = "version: 1\nrules:\n  - {name: all, when: {message: VXU}, reply: {ack: AE}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one scenario."""
    made = tmp_path / "scenarios"
    made.mkdir()
    (made / "one.yaml").write_text(SCENARIO)
    return made


@pytest.fixture
def iis(folder: Path) -> Iterator[RemoteIIS]:
    """A mock in a process of its own."""
    with running(folder, options=("--quiet",)) as started:
        yield started


def asked(url: str, body: Any = None, method: str = "GET") -> Any:
    """The JSON at the URL."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.loads(response.read())


def test_its_address_is_in_the_line_of_json(iis: RemoteIIS, folder: Path) -> None:
    """It can be asked; scenarios may be read again from the folder that was given."""
    assert iis.admin_url.startswith("http://127.0.0.1:")
    assert "ok" == asked(f"{iis.admin_url}/health")["status"]
    (folder / "two.yaml").write_text(SCENARIO.replace("AE", "AA"))
    found = asked(f"{iis.admin_url}/scenarios", [{"path": "two.yaml"}], "PUT")
    assert [str(folder / "two.yaml")] == [entry["source"] for entry in found["scenarios"]]
    asked(f"{iis.admin_url}/reset", {}, "POST")
    found = asked(f"{iis.admin_url}/scenarios")
    assert ["one"] == [entry["name"] for entry in found["scenarios"]]


def test_nothing_of_it_is_loaded_without_the_option() -> None:
    """Start-up time is a feature."""
    program = (
        "import sys; from twisted.internet import reactor\n"
        "from mockiis.server.clock import Clock\n"
        "from mockiis.server.listeners import Settings\n"
        "from mockiis.server.opening import opened\n"
        "from mockiis.server.service import Service\n"
        "opened(Service(scenarios=()), Settings(), reactor, Clock(reactor))\n"
        "assert not [name for name in sys.modules if name.startswith(('mockiis.server.admin', 'mockiis.verification', "
        "'sqlalchemy'))]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (0, "") == (done.returncode, done.stderr)


def test_a_reset_leaves_what_an_earlier_run_wrote(tmp_path: Path) -> None:
    """Host and process may be the same again, as in a container; and a long name of the host fits the column."""
    kept = str(tmp_path / "journal.db")
    numbers, journals = [], []
    for start in (1_700_000_000.0, 1_700_000_100.0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("mockiis.cli.serve.gethostname", lambda: "host" * 60)
            patch.setattr("mockiis.cli.serve.time", lambda: start)  # noqa: B023
            name = instance()
        assert len(name) <= 80
        journal = SQLJournal(Database(kept), name)
        request = Request(transport="mllp", received=datetime.now(UTC), control_id="1", text="?")
        journal.note(request, MessageReply(text="!"), "peer")
        journal.commit()
        numbers.append(journal.last())
        journals.append(journal)
    journals[1].clear()

    assert numbers[:1] == [entry.number for entry in journals[1].entries()]
    for journal in journals:
        journal.close()


def test_garbage_is_collected_once_it_runs() -> None:
    """It is not while it starts."""
    program = (
        "import gc; from twisted.internet import reactor; from mockiis.cli.serve import serve\n"
        "reactor.callWhenRunning(lambda: (print(gc.isenabled()), reactor.callLater(0, reactor.stop)))\n"
        "serve(['reject-all', '--soap-port', 'off', '--mllp-port', '0', '--quiet'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (0, "", "True") == (done.returncode, done.stderr, done.stdout.splitlines()[0])
