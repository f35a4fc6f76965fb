"""The mock itself, over the admin API."""

from __future__ import annotations

import re
import socket
import urllib.request
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import DeferredList
from twisted.internet.threads import deferToThread

from mockiis.testing import MockIIS, Settings

CHANCE = """\
version: 1
rules:
  - {name: sometimes, when: {message: VXU}, reply: {ack: AE, chance: 50%}}
  - {name: else, reply: {ack: AA}}
"""


@pytest_twisted.ensureDeferred
async def test_health_says_what_runs_where(api: Any) -> None:
    """Status, version, addresses and uptime."""
    status, found = await api.asked("GET", "/health")

    assert (200, "ok") == (status, found["status"])
    addresses = {"soap": api.iis.soap_url, "http": api.iis.http_url, "mllp": api.iis.mllp_url}
    assert {**addresses, "admin": api.iis.admin_url} == found["addresses"]
    assert found["uptime"] >= 0


@pytest_twisted.ensureDeferred
async def test_the_clock_stands_still_and_moves(api: Any) -> None:
    """Frozen, at a moment, by steps, and on its own again."""
    status, found = await api.asked("PUT", "/clock", {"at": "2024-04-03T12:00:00+00:00"})
    assert (200, "2024-04-03T12:00:00+00:00", True) == (status, found["now"], found["frozen"])
    _, found = await api.asked("PUT", "/clock", {"advance": "36h"})
    assert "2024-04-05T00:00:00+00:00" == found["now"]
    assert "|20240405000000+0000|" in await api.sent(1)
    _, found = await api.asked("PUT", "/clock", {"running": True})
    assert (False, "2024-04-05T00:00:0") == (found["frozen"], found["now"][:18])
    await api.asked("POST", "/reset", {"what": ["clock"]})
    _, found = await api.asked("GET", "/clock")
    assert not found["now"].startswith("2024")


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/clock", {}, 400, 'write {"frozen": true}, {"advance": "8s"} or {"running": true}'),
        ("/clock", {"advance": "8"}, 400, "advance: '8' is not a time; write one such as 250ms, 8s, 2m, 36h or 3d"),
        ("/clock", {"advance": "999999999d"}, 400, "the clock does not go beyond the year 2900"),
        ("/clock", {"at": "tomorrow"}, 400, "at: 'tomorrow' is not a date and time"),
        ("/clock", {"at": "9999-12-31"}, 400, "at: '9999-12-31' is not a date and time"),
        ("/clock", {"frozen": True, "running": True}, 400, "running: it cannot run and be frozen"),
        ("/clock", {"frozen": "perhaps"}, 400, "frozen: 'perhaps' is not true or false"),
        ("/seed", {"seed": "x"}, 400, "seed: 'x' is not a whole number"),
        ("/seed", {}, 400, "'seed' is missing"),
        ("/listeners", {}, 400, 'write what a listener does, such as {"mllp": "refuse"}'),
        ("/listeners", {"mllp": "silnt"}, 400, "mllp: 'silnt' is not something that a listener does; did you mean 's"),
        ("/listeners", {"tcp": "open"}, 400, "tcp: unknown key 'tcp'"),
        ("/listeners", {"mllp": "abort tls"}, 409, "the MLLP listener has no TLS that could be aborted"),
        ("/reset", {"what": ["jornal"]}, 405, "/reset knows POST, not 'PUT'"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_what_cannot_be_is_told_in_a_sentence(api: Any, path: str, body: Any, status: int, error: str) -> None:
    """And the mock goes on."""
    found = await api.asked("PUT", path, body)

    assert (status, error) == (found[0], found[1]["error"][: len(error)])
    assert "\rMSA|AA|1\r" in await api.sent(1)


@pytest_twisted.ensureDeferred
async def test_the_same_seed_has_the_same_luck(api: Any) -> None:
    """Whatever came before."""
    await api.asked("PUT", "/scenarios", [{"name": "chance.yaml", "text": CHANCE}])
    runs = []
    for _ in range(2):
        assert (200, {"seed": 7}) == await api.asked("PUT", "/seed", {"seed": 7})
        runs.append([re.findall(r"MSA\|(..)", await api.sent(number))[0] for number in range(12)])

    assert runs[0] == runs[1]
    assert {"AA", "AE"} == set(runs[0])


def knocked(url: str) -> str:
    """What happens to a new connection that sends a frame."""
    host, port = url.removeprefix("mllp://").rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), timeout=3) as connection:
            connection.sendall(b"\x0bhello\x1c\r")
            return "answered" if connection.recv(10) else "closed"
    except TimeoutError:
        return "silence"
    except ConnectionError:
        return "refused"


@pytest_twisted.ensureDeferred
async def test_listeners_turn_people_away(api: Any) -> None:
    """From one way to another, and all is well after a reset."""
    found = []
    for how in ("refuse", "silent", "down", "open", "silent"):
        status, doing = await api.asked("PUT", "/listeners", {"mllp": how})
        found.append((status, doing["soap"], doing["mllp"], await deferToThread(knocked, api.iis.mllp_url)))
    await api.asked("POST", "/reset")

    assert [
        (200, "open", "refuse", "refused"),
        (200, "open", "silent", "silence"),
        (200, "open", "refuse", "refused"),
        (200, "open", "open", "answered"),
        (200, "open", "silent", "silence"),
    ] == found
    assert (200, {"soap": "open", "mllp": "open"}) == await api.asked("GET", "/listeners")
    assert "\rMSA|AA|1\r" in await api.sent(1)


@pytest_twisted.ensureDeferred
async def test_a_listener_that_was_never_opened_cannot_change(ask: Any) -> None:
    """It is told so; the admin API cannot close itself."""
    iis = MockIIS(settings=Settings(admin_port=0, soap_port=None))
    api = ask(iis)
    try:
        status, found = await api.asked("PUT", "/listeners", {"soap": "refuse"})
        itself = await api.asked("PUT", "/listeners", {"admin": "refuse"})
    finally:
        await iis.stop()

    assert (400, "the mock was started without a listener for SOAP") == (status, found["error"])
    assert 400 == itself[0]


@pytest_twisted.ensureDeferred
async def test_a_reset_brings_everything_back(api: Any) -> None:
    """Scenarios, rules, states, counts, the journal, the clock, listeners and the seed."""
    await api.sent(1, lot="")
    await api.asked("PUT", "/clock", {"frozen": True})
    await api.asked("POST", "/rules", {"reply": {"ack": "AR"}})
    await api.asked("PUT", "/scenarios", [{"shipped": "reject-all"}])
    await api.asked("PUT", "/listeners", {"mllp": "refuse"})
    status, found = await api.asked("POST", "/reset", {})
    everything = ["answers", "scenarios", "rules", "state", "journal", "registry", "clock", "seed", "listeners"]
    assert (200, {"reset": everything}) == (status, found)

    _, scenarios = await api.asked("GET", "/scenarios")
    _, journal = await api.asked("GET", "/journal")
    assert ["lots.yaml"] == [entry["source"] for entry in scenarios["scenarios"]]
    assert {0} == {rule["answers"] for rule in scenarios["scenarios"][0]["rules"]}
    assert [] == journal["exchanges"]
    assert (False, False) == (api.iis.clock.frozen, bool((await api.asked("GET", "/state"))[1]["states"]))
    assert "\rMSA|AE|1\r" in await api.sent(1, lot="")


@pytest_twisted.ensureDeferred
async def test_a_reset_drops_answers_that_are_under_way(api: Any) -> None:
    """A delayed one, and none at all, over every transport; whoever waits for nothing keeps its connection."""
    silence = {"when": {"PID-5.1": "Nobody"}, "reply": {"drop": "hang"}}
    await api.asked("POST", "/rules", silence)
    host, port = api.iis.mllp_url.removeprefix("mllp://").rsplit(":", 1)
    idle = socket.create_connection((host, int(port)), timeout=20)
    waiting = [api.sent(1, name="Slow"), api.sent(2, name="Nobody")]
    posts = [api.message(3, "Slow"), api.message(4, "Nobody")]
    waiting += [deferToThread(_posted, api.iis.http_url, post) for post in posts]
    await api.iis.received(4)
    assert 2 == (await api.asked("GET", "/clock"))[1]["waiting"]
    assert 200 == (await api.asked("POST", "/reset"))[0]

    outcomes = await DeferredList(waiting, consumeErrors=True)
    assert [(False, ConnectionResetError)] * 4 == [(done, outcome.type) for done, outcome in outcomes]
    assert 0 == (await api.asked("GET", "/clock"))[1]["waiting"]
    idle.sendall(f"\x0b{api.message(9)}\x1c\r".encode())
    assert b"MSA|AA|9" in await deferToThread(idle.recv, 4096)
    idle.close()


def _posted(url: str, text: str) -> bytes:
    request = urllib.request.Request(url, text.encode(), {"Content-Type": "application/hl7-v2"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return bytes(response.read())


@pytest_twisted.ensureDeferred
async def test_a_reset_can_be_of_a_part(api: Any) -> None:
    """The rest stays."""
    await api.sent(1, lot="")
    assert (200, {"reset": ["journal"]}) == await api.asked("POST", "/reset", {"what": ["journal"]})

    assert [] == (await api.asked("GET", "/journal"))[1]["exchanges"]
    assert ["asked for it"] == [entry["state"] for entry in (await api.asked("GET", "/state"))[1]["states"]]
    status, found = await api.asked("POST", "/reset", {"what": ["jornal"]})
    assert (400, "what.1: 'jornal' is not something to reset; did you mean 'journal'?") == (status, found["error"])


@pytest_twisted.ensureDeferred
async def test_metrics_count_and_name_nobody(api: Any) -> None:
    """Labels have a few values known beforehand, whatever a message says."""
    await api.sent(1)
    await api.sent(2, lot="")
    await api.raw("MSH|^~\\&|A|B|C|D|20240403||SMITH^JOHN|Q1|P|2.5.1\r")
    await api.raw("hello")
    status, text, headers = await api.answer("GET", "/metrics")

    assert (200, "text/plain; version=0.0.4; charset=utf-8") == (status, headers["Content-Type"])
    line = 'mockiis_exchanges_total{{transport="mllp",message_type="{}",acknowledgment="{}",outcome="message"}} 1'
    for kind, code in (("VXU^V04", "AA"), ("VXU^V04", "AE"), ("other", "AR"), ("none", "AR")):
        assert line.format(kind, code) in text
    assert "mockiis_unmatched_total 1\n" in text
    assert "mockiis_answers_waiting 0\n" in text
    assert 'mockiis_answer_seconds_bucket{le="+Inf"} 4\nmockiis_answer_seconds_sum' in text
    assert not re.search("Doe|SMITH|JOHN|hello", text)
    assert all(
        re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? \S+', each)
        for each in text.splitlines()
    )


@pytest_twisted.ensureDeferred
async def test_the_api_is_plain_where_listeners_speak_tls(ask: Any, issue: Any) -> None:
    """Their handshakes can be broken off."""
    iis = MockIIS(settings=Settings(admin_port=0, tls=issue("localhost").options))
    api = ask(iis)
    try:
        changed = await api.asked("PUT", "/listeners", {"mllp": "abort tls", "soap": "abort tls"})
    finally:
        await iis.stop()

    assert (200, {"soap": "abort tls", "mllp": "abort tls"}) == changed
    assert ("https", "mllps", "http") == tuple(
        url.partition(":")[0] for url in (iis.soap_url, iis.mllp_url, iis.admin_url)
    )
