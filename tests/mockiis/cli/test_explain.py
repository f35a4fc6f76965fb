"""``mockiis explain``: offline, which rule answers a message and why."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockiis.cli.explain import explain, sorted_names
from mockiis.console import plain_errors
from mockiis.errors import MockIISError

VXU = "MSH|^~\\&|A|B|C|D|20240101||VXU^V04^VXU_V04|M1|P|2.5.1\rPID|1||A100||Doe^Jane||{born}|F\r"
STATES = """\
version: 1
rules:
  - name: first submission is rejected
    when: {message: VXU, state: start, PID-7: {missing: true}}
    reply: {ack: AE, errors: [{at: PID-7, code: 101, text: "Birth date of {{ PID-5.1 }} is required"}]}
    then: waiting
  - name: corrected
    when: {message: VXU, state: waiting, PID-7: {present: true}}
    reply: {ack: AA}
    then: done
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with two messages and a scenario."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "without.hl7").write_text(VXU.format(born=""), newline="")
    (tmp_path / "with.hl7").write_text(VXU.format(born="20240101"), newline="")
    (tmp_path / "states.yaml").write_text(STATES)

    def invoked(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(_plainly, arguments, input=given)

    return invoked


_plainly = explain


def test_the_rule_its_conditions_its_answer_and_the_state(run: Run) -> None:
    """Everything that there is to say of a match; the next message finds the state that it left."""
    result = run("states.yaml", "without.hl7", "with.hl7")
    assert 0 == result.exit_code, result.output
    assert (
        """\
without.hl7:1:
  Rule "first submission is rejected" answers 'VXU^V04^VXU_V04'  MSH-10='M1'  (mllp)
    states.yaml, rule 1: all 3 conditions hold
      ok   message  want VXU      got 'VXU^V04^VXU_V04'
      ok   state    want start    got 'start'
      ok   PID-7    want missing  got nothing
      It answers: AE, error 101 at PID-7
      The state of 'A100' moves from 'start' to 'waiting'

with.hl7:1:
  Rule "corrected" answers"""
        in result.output
    )


def test_the_closest_rules_when_none_matches(run: Run) -> None:
    """Conditions that hold and fail, wanted and got, hints, what each would have answered; exit code 1."""
    result = run("with.hl7", "states.yaml")
    assert 1 == result.exit_code
    assert "No rule matched 'VXU^V04^VXU_V04'" in result.output
    assert "FAIL state    want waiting  got 'start'" in result.output
    assert "Hint: the rule is right but for the state, which is 'start'" in result.output
    assert "It would have answered: AE, error 101 at PID-7" in result.output
    assert "Answer: AR 207" in result.output


@pytest.mark.parametrize("state", ["waiting", "A100=waiting"])
def test_a_state_to_begin_with(run: Run, state: str) -> None:
    """Of all keys, or of one."""
    assert 0 == run("states.yaml", "with.hl7", "--state", state).exit_code
    assert 1 == run("states.yaml", "with.hl7", "--state", "B=waiting").exit_code


def test_the_answer_itself(run: Run) -> None:
    """With --answer, filled in from the message; a fault and no answer in words."""
    assert "|Birth date of Doe is required" in " ".join(
        run("states.yaml", "without.hl7", "--answer").output.split("\n")
    )
    fault = run("security-fault", "with.hl7", "--transport", "soap", "--answer")
    assert "fault: SecurityFault" in fault.output
    for reply, shown in (("{drop: hang}", "(no answer: hang)"), ("{http: {status: 503, body: Busy}}", "HTTP 503")):
        Path("one.yaml").write_text(f"version: 1\nrules: [{{name: a, when: {{transport: soap}}, reply: {reply}}}]\n")
        assert shown in run("one.yaml", "with.hl7", "--transport", "soap", "--answer").output


def test_otherwise_is_no_match(run: Run) -> None:
    """It is told that it answers, and the exit code is 1."""
    Path("one.yaml").write_text(
        "version: 1\nrules: [{name: a, when: {PID-8: M}, reply: {ack: AA}}]\notherwise: registry\n"
    )
    result = run("one.yaml", "with.hl7")
    assert 1 == result.exit_code
    assert "Answer: what 'otherwise' says" in result.output


def test_credentials_mean_soap(run: Run) -> None:
    """--username and --facility are of a SOAP request."""
    Path("one.yaml").write_text(
        "version: 1\nrules: [{name: a, when: {username: u, facility: f, transport: soap}, reply: {ack: AA}}]\n"
    )
    assert 0 == run("one.yaml", "with.hl7", "--username", "u", "--facility", "f").exit_code
    assert 2 == run("one.yaml", "with.hl7", "--username", "u", "--transport", "mllp").exit_code


def test_rules_for_soap_are_not_passed_over_in_silence(run: Run) -> None:
    """A message is taken to come over MLLP unless something says otherwise, and a miss may be owed to that."""
    Path("one.yaml").write_text("version: 1\nrules: [{name: a, when: {transport: soap}, reply: {ack: AA}}]\n")
    assert "Over SOAP it may differ: add --transport soap" in run("one.yaml", "with.hl7").output
    assert "Over SOAP" not in run("states.yaml", "with.hl7").output


def test_chance_follows_the_seed(run: Run) -> None:
    """The same seed tells the same; some seed tells otherwise."""
    Path("one.yaml").write_text("version: 1\nrules: [{name: a, reply: {ack: AA, chance: 50%}}]\n")
    codes = [run("one.yaml", "with.hl7", "--seed", str(seed)).exit_code for seed in range(8)]
    assert {0, 1} == set(codes)
    assert codes == [run("one.yaml", "with.hl7", "--seed", str(seed)).exit_code for seed in range(8)]


def test_standard_input_and_folders(run: Run) -> None:
    """- and a folder that holds scenarios and messages."""
    assert 0 == run("accept-all", "-", given=VXU).exit_code
    result = run(".")
    assert 1 == result.exit_code
    assert "with.hl7:1:" in result.output


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["with.hl7"], "no scenario is named"),
        (["accept-al", "with.hl7"], "no scenario is named; did you mean 'accept-all'?"),
        (["states.yaml"], "no message is named"),
        (["states.yaml", "missing.hl7"], "missing.hl7: cannot be read"),
        (["states.yaml", "with.hl7", "--state", "A100="], "the state is missing"),
    ],
)
def test_wrong_usage(run: Run, names: list[str], said: str) -> None:
    """Exit code 2, and a sentence."""
    result = run(*names)
    assert 2 == result.exit_code
    assert said in result.output


def test_a_folder_of_messages_only(run: Run, tmp_path: Path) -> None:
    """A folder is what it holds."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "scripts").mkdir()
    (tmp_path / "messages" / "a.hl7").write_text(VXU)
    (tmp_path / "scripts" / "a.yaml").write_text(STATES)
    assert (("scripts",), ["messages"]) == sorted_names(["messages", "scripts"])


def test_a_wrong_scenario_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With file, line and column; exit code 2."""
    scenario, message = tmp_path / "a.yaml", tmp_path / "a.hl7"
    scenario.write_text("version: 1\nrules: [{name: a, replay: {ack: AA}}]\n")
    message.write_text(VXU)
    with pytest.raises(SystemExit) as caught, plain_errors():
        explain([str(scenario), str(message)], standalone_mode=False)
    assert 2 == caught.value.code
    assert f"{scenario}:2:19: rules.1.replay: unknown key 'replay'; did you mean 'reply'?" in capsys.readouterr().err


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=200), st.text("|^~\\&\r\nMSHPIDRXA0123456789 ", max_size=120).map(VXU.__add__)))
def test_any_message_is_told_of(tmp_path: Path, text: str) -> None:
    """Broken messages give a sentence, never a traceback."""
    (tmp_path / "states.yaml").write_text(STATES)
    (tmp_path / "any.hl7").write_bytes(text.encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(explain, [str(tmp_path / "states.yaml"), str(tmp_path / "any.hl7"), "--answer"])
    assert result.exit_code in (0, 1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=150), st.text("-{}[]:,'\"|>&*!? \nrulesvion1ameck", max_size=120).map(STATES.__add__)
    )
)
def test_any_scenario_is_told_of(tmp_path: Path, text: str) -> None:
    """Broken YAML gives a sentence, never a traceback."""
    (tmp_path / "any.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    (tmp_path / "a.hl7").write_text(VXU)
    result = CliRunner().invoke(explain, [str(tmp_path / "any.yaml"), str(tmp_path / "a.hl7")])
    assert isinstance(result.exception, SystemExit | MockIISError)


def test_nothing_of_twisted_is_imported() -> None:
    """It starts as fast as it can."""
    import subprocess

    code = (
        "import sys, mockiis.cli.explain; sys.exit(any(name.startswith(('twisted', 'rich')) for name in sys.modules))"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
