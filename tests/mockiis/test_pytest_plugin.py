"""The pytest plugin as its users have it: test files of their own, run by a pytest of their own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

EHR = '''
import socket
from urllib.parse import urlsplit

VXU = "MSH|^~\\\\&|EHR|CLINIC1|N|N|20240403||VXU^V04^VXU_V04|{}|P|2.5.1\\rPID|1||{}||Doe^Kim\\r"


def submit(iis, control_id="M1", patient="A100"):
    """What comes back over MLLP: the acknowledgment code."""
    address = urlsplit(iis.mllp_address)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(b"\\x0b" + VXU.format(control_id, patient).encode() + b"\\x1c\\r")
        answer = b""
        while not answer.endswith(b"\\x1c\\r"):
            answer += connection.recv(4096)
    return answer.decode().split("MSA|")[1][:2]
'''
INI = """
[pytest]
addopts = --strict-markers -p no:cacheprovider
filterwarnings = error
"""


def run(pytester: pytest.Pytester, tests: str, *options: str, ini: str = "", **files: str) -> pytest.RunResult:
    """The outcome of a test file."""
    pytester.makepyfile(ehr=EHR, test_ehr=tests)
    for name, text in files.items():
        pytester.path.joinpath(f"{name}.yaml").write_text(text)
    pytester.path.joinpath("pytest.ini").write_text(INI + ini)
    return pytester.runpytest_subprocess(*options)


def test_what_a_strict_test_complains_about(pytester: pytest.Pytester) -> None:
    """Unmatched messages, unmet expectations, wrong numbers: with the closest rule or exchange, and what differs."""
    result = run(
        pytester,
        """
        import pytest
        from ehr import submit

        RULE = {"name": "Kim", "when": {"message": "VXU", "PID-3.1": "A100"}, "reply": {"ack": "AA"}}
        ONCE = "{version: 1, rules: [{name: once, when: {message: VXU}, reply: {ack: AA}, expect: 1}]}"
        NOBODY = "{version: 1, rules: [{name: Zoe, when: {PID-3.1: Z}, reply: {ack: AA}}]}"

        def test_unmatched(mock_iis):
            mock_iis.load(NOBODY, RULE)
            assert submit(mock_iis, patient="A101") == "AR"

        def test_many_unmatched(mock_iis):
            mock_iis.load(NOBODY)
            for number in range(8):
                submit(mock_iis, f"M{number}")

        def test_unmet(mock_iis):
            mock_iis.load(ONCE)

        def test_count(mock_iis):
            mock_iis.load("accept-all")
            submit(mock_iis, patient="A101")
            mock_iis.assert_received({"PID-3.1": "A100"}, message="VXU", count=1)

        def test_told_when_it_fails_for_another_reason(mock_iis):
            mock_iis.load(NOBODY, RULE)
            assert submit(mock_iis, patient="A102") == "AA"

        @pytest.fixture
        def system(request):
            return request.getfixturevalue("mock_iis")

        def test_strict_however_it_came(system):
            system.load(NOBODY)
            submit(system, patient="A103")

        @pytest.mark.mock_iis(strict=False)
        def test_not_strict(mock_iis):
            mock_iis.load(NOBODY, ONCE)
            submit(mock_iis)

        @pytest.mark.mock_iis(strict=False)
        class TestMarkers:
            @pytest.mark.mock_iis("beside.yaml")
            def test_both_markers_count(self, mock_iis):
                assert submit(mock_iis) == "AE"
                assert submit(mock_iis, patient="A1") == "AR"

        @pytest.mark.mock_iis(stict=False)
        def test_misspelled(mock_iis):
            pass

        @pytest.mark.mock_iis("acept-all")
        def test_no_such_scenario(mock_iis):
            pass

        def test_it_begins_afresh(mock_iis):
            assert [] == mock_iis.exchanges()
            assert submit(mock_iis) == "AA"
        """,
        ini="mock_iis_scenarios = accept-all\n",
        beside="version: 1\nrules: [{name: Kim, when: {PID-3.1: A100}, reply: {ack: AE}}]\n",
    )
    result.assert_outcomes(passed=3, failed=6, errors=2)
    result.stdout.fnmatch_lines_random(
        [
            "No rule matched 'VXU^V04^VXU_V04'  MSH-10='M1'  (mllp)",
            '*Closest rule: "Kim"*',
            "*FAIL PID-3.1  want A100  got 'A101'",
            "and 3 more messages that no rule matched",
            'expected 1 of rule "once" (text-1.yaml, rule 1), received 0',
            "*Expected exactly 1 exchange with PID-3.1 A100 and message VXU, received none (of 1 exchange*",
            "*Captured mock IIS call*",
            "*got 'A102'",
            "*got 'A103'",
            "the marker mock_iis knows strict=True and strict=False, not 'stict'",
            "*'acept-all'*accept-all*",
        ]
    )
    result.stdout.no_fnmatch_line("*remote.py*")
    result.stdout.no_fnmatch_line("During handling of*")


def test_unittest_async_and_two_workers(pytester: pytest.Pytester) -> None:
    """Each worker has a mock of its own, so tests beside each other do not see each other's messages."""
    result = run(
        pytester,
        """
        import asyncio
        import os
        import pytest
        import unittest
        from ehr import submit

        @pytest.mark.parametrize("number", range(6))
        def test_side_by_side(mock_iis, number):
            assert submit(mock_iis, f"M{number}") == "AE"
            mock_iis.assert_received(count=1)
            mock_iis.assert_received({"MSH-10": f"M{number}"}, count=1)

        def test_async(mock_iis):
            async def both():
                mock_iis.load({"when": {"message": "VXU"}, "reply": {"ack": "AA", "delay": "60m"}})
                mock_iis.clock.freeze("2024-04-03T12:00:00+00:00")
                sent = asyncio.create_task(asyncio.to_thread(submit, mock_iis))
                await asyncio.to_thread(mock_iis.wait_for, message="VXU", timeout=20)
                mock_iis.clock.advance(3600)
                return await sent

            assert asyncio.run(both()) == "AA"

        def test_asking_while_another_thread_waits(mock_iis):
            async def both():
                waiting = asyncio.create_task(asyncio.to_thread(mock_iis.wait_for, message="VXU", timeout=20))
                await asyncio.sleep(0.1)
                await asyncio.to_thread(submit, mock_iis)
                await waiting

            asyncio.run(both())

        class TestEHR(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _mock(self, mock_iis):
                self.iis = mock_iis

            def test_answer(self):
                self.assertEqual("AE", submit(self.iis))

            @unittest.expectedFailure
            def test_strict(self):
                self.iis.load("{version: 1, rules: [{name: Z, when: {PID-3.1: Z}, reply: {ack: AA}}]}")
                submit(self.iis)
                self.fail("this is expected, so that nobody asks for the rules")

        def test_exchanges(mock_iis):
            submit(mock_iis)
            (exchange,) = mock_iis.exchanges()
            assert (exchange.control_id, exchange["acknowledgment"]) == ("M1", "AE")
            assert not hasattr(exchange, "no_such_column")
        """,
        "-n",
        "2",
        ini="mock_iis_scenarios = mine.yaml\nmock_iis_options = --quiet --user clinic1 --password invented\n",
        mine="version: 1\nrules: [{name: all, when: {message: VXU}, reply: {ack: AE}}]\n",
    )
    result.assert_outcomes(passed=10, xfailed=1)


def test_a_mock_that_cannot_start(pytester: pytest.Pytester) -> None:
    """One sentence, in the words of ``serve``, and no trace of the plugin."""
    result = run(pytester, "def test_one(mock_iis):\n    pass", ini="mock_iis_scenarios = nothing-of-that-name\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the mock IIS did not start: *nothing-of-that-name: there is no such file*"])
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_mock_that_ends(pytester: pytest.Pytester) -> None:
    """Each test after that says how."""
    result = run(
        pytester,
        """
        import subprocess

        started = []

        class Popen(subprocess.Popen):
            def __init__(self, *arguments, **more):
                super().__init__(*arguments, **more)
                started.append(self)

        subprocess.Popen = Popen

        def test_kill(mock_iis):
            started[0].kill()
            mock_iis.wait_for(message="VXU")

        def test_after(mock_iis):
            pass
        """,
    )
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*does not answer: it ended with exit code *; the last it said: *"])


def test_what_is_told_beside_another_failure(pytester: pytest.Pytester) -> None:
    """Of a test that fails on purpose, too; and of a mock that has ended when strictness asks it, without a trace."""
    result = run(
        pytester,
        """
        import pytest
        from ehr import submit

        def test_fail(mock_iis):
            mock_iis.load("{version: 1, rules: [{name: Zoe, when: {PID-3.1: Z}, reply: {ack: AA}}]}")
            submit(mock_iis)
            pytest.fail("no dose was shown")

        def test_ended(mock_iis):
            mock_iis.unmatched = lambda: mock_iis.ask("GET", "/nothing")
        """,
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["*Failed: no dose was shown", "*mock IIS*", "*PID-3.1*", "there is nothing at '/nothing'*"]
    )
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")
