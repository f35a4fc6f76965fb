"""A mock in a process of its own, asked from a program that has neither Twisted nor an event loop."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import mockiis
from mockiis.errors import MockIISError, UnreachedError
from mockiis.remote import Exchange, Mismatch, RemoteIIS

VXU = "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403||VXU^V04^VXU_V04|{}|P|2.5.1\rPID|1||{}^^^CLINIC1^MR||Doe^Kim\r"


@pytest.fixture(scope="module")
def started() -> Iterator[RemoteIIS]:
    with mockiis.running("accept-all") as iis:
        yield iis


@pytest.fixture
def iis(started: RemoteIIS) -> RemoteIIS:
    started.reset()
    return started


def send(iis: RemoteIIS, control_id: str, patient: str = "A100", wait: float = 10.0) -> str:
    """One message over MLLP; what came back, empty when nothing did in time."""
    address = urlsplit(iis.mllp_address)
    with socket.create_connection((address.hostname, address.port), timeout=wait) as connection:
        connection.sendall(b"\x0b" + VXU.format(control_id, patient).encode() + b"\x1c\r")
        answer = b""
        try:
            while not answer.endswith(b"\x1c\r") and (piece := connection.recv(4096)):
                answer += piece
        except TimeoutError:
            return ""
    return answer.decode()


def test_it_answers_and_tells_what_it_received(iis: RemoteIIS) -> None:
    """By the conditions of rules, as a mapping or as keywords."""
    assert "MSA|AA|M1" in send(iis, "M1")
    send(iis, "M2", "A101")

    assert ["M1", "M2"] == [exchange["control_id"] for exchange in iis.exchanges()]
    (second,) = iis.exchanges({"PID-3.1": "A101"}, message="VXU")
    assert isinstance(second, Exchange)
    assert ("M2", "AA", VXU.format("M2", "A101")) == (second.control_id, second.acknowledgment, second.request)
    iis.assert_received(message="VXU", count=2)
    iis.assert_in_order({"PID-3.1": "A100"}, {"PID-3.1": "A101"})


def test_a_mismatch_names_the_closest_exchange(iis: RemoteIIS) -> None:
    """And the field that differs, with what was wanted and got."""
    send(iis, "M1")
    with pytest.raises(Mismatch) as caught:
        iis.assert_received({"PID-3.1": "A101"}, message="VXU")

    assert "Expected at least 1 exchange with PID-3.1 A101 and message VXU, received none" in str(caught.value)
    assert "FAIL PID-3.1  want A101  got 'A100'" in str(caught.value)
    with pytest.raises(Mismatch, match="Expected exactly 2 exchanges"):
        iis.assert_received(message="VXU", count=2)
    with pytest.raises(AssertionError, match="order"):
        iis.assert_in_order({"PID-3.1": "A101"}, {"PID-3.1": "A100"})


def test_more_exchanges_than_fit_on_a_page(iis: RemoteIIS) -> None:
    """All of them are told."""
    for number in range(1, 4):
        send(iis, f"M{number}")
    asked = iis.ask

    def small(method: str, path: str, body: object = None) -> object:
        return asked(method, path, {**body, "limit": 2} if isinstance(body, dict) else body)

    iis.ask = small  # type: ignore[method-assign]
    try:
        assert ["M1", "M2", "M3"] == [exchange.control_id for exchange in iis.exchanges(message="VXU")]
    finally:
        del iis.ask  # type: ignore[method-assign]


def test_waiting_for_a_message_whose_answer_is_delayed(iis: RemoteIIS) -> None:
    """It counts from its receipt; the clock of the mock decides when the answer leaves."""
    iis.load({"when": {"message": "VXU"}, "reply": {"ack": "AA", "delay": "1m"}})
    iis.clock.freeze()
    assert "" == send(iis, "M1", wait=0.2)
    iis.wait_for({"PID-3.1": "A100"}, timeout=5)
    iis.clock.advance(60)
    iis.clock.run()


def test_what_no_rule_answered(iis: RemoteIIS) -> None:
    """Told with the closest rule; unmet expectations too."""
    iis.load("version: 1\nrules:\n  - {name: one, when: {message: VXU, PID-3.1: A101}, reply: {ack: AA}, expect: 1}\n")
    assert "MSA|AR|M1" in send(iis, "M1")

    (explained,) = iis.unmatched()
    assert "FAIL PID-3.1  want A101  got 'A100'" in explained
    assert ['expected 1 of rule "one" (text-1.yaml, rule 1), received 0'] == iis.unmet()


def test_files_names_and_rules_can_be_loaded(iis: RemoteIIS, tmp_path: Path) -> None:
    """Rules go in front, in the order given; files take the place of what was there."""
    path = tmp_path / "mine.yaml"
    path.write_text("version: 1\nrules:\n  - {name: mine, reply: {ack: AE}}\n", encoding="utf-8")
    first = {"when": {"PID-3.1": "A100"}, "reply": {"ack": "AR"}}
    iis.load(path, first, {"when": {"PID-3.1": ["A100", "A101"]}, "reply": {"ack": "AA"}})

    answers = [send(iis, "M1", patient).split("MSA|")[1][:2] for patient in ("A100", "A101", "A102")]
    assert ["AR", "AA", "AE"] == answers
    iis.load("accept-all")
    iis.reset()
    assert "MSA|AA" in send(iis, "M2")


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("acept-all", "accept-all"),
        ("nowhere.yaml", r"nowhere\.yaml: cannot be read"),
        ("{version: 1, rules: []}", "text-1.yaml"),
        ("a" * 300, "is shipped"),
        ("version: 1\nrules:\n  - {name: a, reply: {akc: AA}}\n", r"text-1\.yaml:3:23: .*unknown key 'akc'"),
        ({"reply": {"ack": "ZZ"}}, "'ZZ' is not an acknowledgment code"),
    ],
)
def test_what_cannot_be_loaded(iis: RemoteIIS, scenario: str | dict[str, object], said: str) -> None:
    """The sentence of the mock, with line and column."""
    with pytest.raises(MockIISError, match=said):
        iis.load(scenario)


def test_listeners_and_seed(iis: RemoteIIS) -> None:
    """Connections are refused until the next reset."""
    iis.seed(7)
    iis.listeners(mllp="refuse")
    with pytest.raises(OSError, match="refused"):
        send(iis, "M1")
    iis.reset()
    assert "MSA|AA" in send(iis, "M1")


def test_a_mock_that_cannot_start_says_why() -> None:
    """In the words of ``serve``."""
    with (
        pytest.raises(MockIISError, match=r"did not start: .*no-such-scenario: there is no such file"),
        mockiis.running("no-such-scenario"),
    ):
        pass


def test_modules_of_the_present_folder_are_not_the_library_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may be named as they like."""
    (tmp_path / "constantly.py").write_text("raise SystemExit('not the one that Twisted needs')")
    monkeypatch.chdir(tmp_path)
    with mockiis.running("accept-all", options=("--admin-port", "off")) as iis:
        assert "MSA|AA|M1" in send(iis, "M1")


def test_a_mock_that_was_stopped_is_told() -> None:
    """And a connection that the mock closed meanwhile is not used again."""
    with mockiis.running("accept-all") as iis:
        iis.ask("GET", "/health")
        iis._here._used -= 1000
        iis.ask("GET", "/health")
        found = iis._here._kept
        assert found.sock is not None
        iis.assert_received(count=0, wait=0.05)
        assert found.sock.gettimeout() > 30
    with pytest.raises(UnreachedError, match="does not answer: it was stopped when its 'with' block ended"):
        iis.reset()


def test_a_mock_that_is_gone_is_told(iis: RemoteIIS) -> None:
    """With its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(MockIISError, match=f"{address} does not answer"):
        RemoteIIS({"admin": address}).reset()


def test_it_ends_with_the_program_that_started_it() -> None:
    """Even when that is killed: nothing is left listening."""
    program = (
        "import mockiis, sys, time\n"
        "with mockiis.running('accept-all') as iis:\n"
        "    print(iis.mllp_address, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        address = urlsplit(starter.stdout.readline().strip())
        starter.kill()
    for _ in range(200):
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.05)
    raise AssertionError("the mock still listens")


def test_the_package_offers_nothing_else() -> None:
    """A misspelled name is told as usual."""
    with pytest.raises(AttributeError, match="has no attribute 'runing'"):
        mockiis.runing  # noqa: B018
