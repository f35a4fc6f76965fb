"""The whole way, from outside: every request of the specification, sent by other people's MLLP and SOAP software.

python-hl7 sends over MLLP; zeep calls what our own WSDL describes. Both block, so they run in a thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
import requests
import zeep
from hl7.client import MLLPClient
from twisted.internet.threads import deferToThread

import scenarios
from mockiis.er7 import read
from mockiis.scenario import load
from mockiis.testing import MockIIS

DATA = Path(__file__).parent / "data"
REQUESTS = sorted(file for folder in ("ndiis-examples", "ndiis-examples-1.4") for file in (DATA / folder).glob("[QV]*"))
EXPECTED = {
    # MSA, segments after it
    "QBP_Q11_Z34": ("MSA|AA|4766546", "QAK QPD PID PD1 NK1 ORC RXA RXR ORC RXA OBX OBX OBX OBX"),
    "QBP_Q11_Z34_no_such_date": ("MSA|AE|4766547", "ERR QAK QPD"),
    "VXU_ex1_V01_private": ("MSA|AA|26999999-1", ""),
    "VXU_ex2_V02_state": ("MSA|AA|26999999-2", ""),
    "VXU_ex3_two_vaccinations": ("MSA|AA|26999999-3", ""),
    "VXU_ex4_historical": ("MSA|AA|26999999-4", ""),
}
TIME_LIMIT = 30


def by_mllp(url: str, data: bytes) -> str:
    """What comes back in the block that answers a block with these bytes."""
    host, _, port = url.removeprefix("mllp://").rpartition(":")
    with MLLPClient(host, int(port)) as connection:
        connection.socket.settimeout(TIME_LIMIT)
        answer = bytes(connection.send_message(data))
    return answer.decode("utf-8").removeprefix("\v").removesuffix("\x1c\r")


def by_zeep(url: str, data: bytes) -> str:
    """What comes back when these bytes are the text of hl7Message."""
    with requests.Session() as session:
        transport = zeep.Transport(session=session, timeout=TIME_LIMIT, operation_timeout=TIME_LIMIT)
        service = zeep.Client(f"{url}?wsdl", transport=transport).service
        account = {"username": "ann", "password": "secret", "facilityID": "04999"}
        return str(service.submitSingleMessage(**account, hl7Message=data.decode("utf-8")))


def segments(answer: str) -> list[str]:
    """The segments of an answer, without what is new in each: its time and its message control id."""
    return [segment.text for segment in read(answer).replace("MSH-7", "").replace("MSH-10", "").segments]


@pytest.mark.parametrize("file", REQUESTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
@pytest_twisted.inlineCallbacks
def test_each_request_of_the_specification_gets_the_same_answer_on_both_ways(file: Path) -> Any:
    """It arrives as the file has it, line ends too; the answers differ in nothing but MSH-7 and MSH-10."""
    sent, scenario = file.read_bytes(), scenarios.path("ndiis-examples")
    iis = MockIIS(load(scenario.read_text(encoding="utf-8"), scenario.name))
    try:
        one = yield deferToThread(by_mllp, iis.mllp_url, sent)
        other = yield deferToThread(by_zeep, iis.soap_url, sent)
    finally:
        yield iis.stop()

    assert [sent.decode("utf-8")] * 2 == [exchange.request.text for exchange in iis.exchanges]
    assert segments(one) == segments(other)
    _, acknowledgment, *rest = segments(one)
    assert EXPECTED[file.stem] == (acknowledgment, " ".join(segment[:3] for segment in rest))


def test_every_request_of_the_specification_is_there() -> None:
    """Five of release 1.5 with LF, six of release 1.4 with CR."""
    ends = [("1.4" if file.parent.name.endswith("1.4") else "1.5", b"\n" in file.read_bytes()) for file in REQUESTS]

    assert [("1.4", False)] * 6 + [("1.5", True)] * 5 == sorted(ends)
