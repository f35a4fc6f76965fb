"""Where ``mockiis journal`` reads: a running mock, one that is not there, and what is none."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner, Result

import mockiis
from mockiis.cli.journal import followed, journal
from mockiis.cli.journal_source import MockSource, open_source
from mockiis.errors import MockIISError, UnreachedError
from mockiis.journal_report import Selection
from mockiis.remote import RemoteIIS

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{}|P|2.5.1\rPID|1||A100||Doe^Kim\r"


def run(*arguments: str) -> Result:
    """Run a subcommand."""
    return CliRunner().invoke(journal, arguments, env={"COLUMNS": "160"})


def send(iis: RemoteIIS, control_id: str) -> None:
    """A message, and its answer awaited."""
    address = urlsplit(iis.mllp_address)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(b"\x0b" + VXU.format(control_id).encode() + b"\x1c\r")
        assert connection.recv(4096)


@pytest.fixture(scope="module")
def mock() -> Iterator[RemoteIIS]:
    """With three exchanges."""
    with mockiis.running("accept-all") as iis:
        for number in (1, 2, 3):
            send(iis, f"M{number}")
        yield iis


def test_a_running_mock_is_read_as_a_file_is(mock: RemoteIIS) -> None:
    """By the address of its admin API."""
    assert "3 of 3 exchanges" in run("list", mock.admin_url + "/", "--when", "PID-5.1: Doe").output
    assert "family name: ***" in run("show", mock.admin_url, "2").output
    assert "the last is 3" in run("show", mock.admin_url, "4").output
    assert 3 == len(run("export", mock.admin_url).output.splitlines())
    source = open_source(mock.admin_url)
    assert isinstance(source, MockSource)
    assert [2, 3] == [entry.number for entry in source.entries(1)]
    source.close()


ENVELOPE = """<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:urn="urn:cdc:iisb:2011">
<soap:Body><urn:submitSingleMessage><urn:username>clinic1</urn:username><urn:password>a-Secret-Of-Clinic-1</urn:password>
<urn:facilityID>C1</urn:facilityID><urn:hl7Message>{}</urn:hl7Message></urn:submitSingleMessage></soap:Body>
</soap:Envelope>"""


@pytest.mark.parametrize("text", [VXU.format("S1"), "no message"])
def test_no_password_is_written_down(text: str, tmp_path: Path) -> None:
    """Neither in the journal nor in its file; the user name is."""
    body = ENVELOPE.format(escape(text, {"\r": "&#13;"})).encode()
    path = tmp_path / "journal.db"
    with mockiis.running("accept-all", options=("--phi", "--journal", str(path))) as iis:
        request = Request(iis.soap_url, body, {"Content-Type": "application/soap+xml"})
        with suppress(HTTPError), urlopen(request, timeout=20) as response:
            response.read()
    told = run("export", str(path), "--phi").output

    assert "clinic1" in told
    assert "Secret" not in told
    assert not [file for file in tmp_path.iterdir() if b"Secret" in file.read_bytes()]


def test_following_a_mock_until_it_ends() -> None:
    """What comes is told; that it has ended is told too."""
    with ExitStack() as stack:
        iis = stack.enter_context(mockiis.running("accept-all"))
        send(iis, "M1")
        rounds = iter([lambda: send(iis, "M2"), stack.close])
        found = followed(open_source(iis.admin_url), Selection(), 5, lambda _: next(rounds)())
        assert ["M1", "M2"] == [next(found).control_id for _ in range(2)]
        with pytest.raises(UnreachedError, match="does not answer"):
            next(found)


@pytest.mark.parametrize(
    "name", ["http://x:abc", "http://", "https://127.0.0.1:1", "http:x", "http://[::1", "http://x:99999"]
)
def test_what_is_no_address(name: str) -> None:
    """A sentence with an address that might be one."""
    with pytest.raises(MockIISError, match="is no address of an admin API; write one such as"):
        open_source(name)


def test_a_mock_that_is_not_there_and_one_that_is_none() -> None:
    """Not reached, or not understood."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        result = run("list", f"http://127.0.0.1:{port}")
    assert isinstance(result.exception, UnreachedError)

    class Another(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers.pop())

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    answers = [b'{"exchanges": [{"number": 1}], "next": null}', b"[]", b"<html>"]
    with HTTPServer(("127.0.0.1", 0), Another) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for said in ("does not answer in JSON", "is not the admin API of a mock IIS", "of another version?"):
            result = run("list", f"http://127.0.0.1:{server.server_port}")
            assert said in str(result.exception)
        server.shutdown()


@pytest.mark.parametrize("name", ["http://127.0.0.1:1", "postgresql://127.0.0.1:1/x"])
def test_exit_code_3_when_nobody_answers(name: str, tmp_path: Path) -> None:
    """And one sentence."""
    if name.startswith("postgresql"):
        pytest.importorskip("psycopg")
    done = subprocess.run(
        [sys.executable, "-m", "mockiis", "journal", "list", name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (3, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
