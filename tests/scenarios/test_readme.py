"""Every example in the reference of the language works as it stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from mockiis.er7 import read
from mockiis.errors import DocumentError
from mockiis.message import MessageReply, Request, read_answer
from mockiis.respond import respond
from mockiis.scenario import load

README = files("scenarios").joinpath("README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_readme_has_examples() -> None:
    """The examples were found at all."""
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("example", EXAMPLES, ids=[re.findall("name: (.*)", example)[0] for example in EXAMPLES])
def test_example_loads_and_answers(data: Path, example: str) -> None:
    """An example is a whole scenario, and answers the messages of the specification one way or another."""
    scenario = load(example, "README.md")
    for file in sorted((data / "ndiis-examples").glob("[VQ]*.hl7")):
        text = file.read_text(encoding="utf-8")
        message = read(text)
        moment = datetime(2024, 4, 3, tzinfo=UTC)
        request = Request(transport="mllp", received=moment, control_id="1", message=message, text=text)
        reply = respond(request, [scenario])
        if isinstance(reply, MessageReply) and reply.text != text:
            assert message.get("MSH-10") == read_answer(read(reply.text)).message_control_id


def test_first_example_does_what_it_says(data: Path) -> None:
    """An update without a birth date is rejected, every other one accepted, and queries find nobody."""
    scenario = load(EXAMPLES[0], "README.md")
    update = read((data / "ndiis-examples/VXU_ex1_V01_private.hl7").read_text(encoding="utf-8"))
    query = read((data / "ndiis-examples/QBP_Q11_Z34.hl7").read_text(encoding="utf-8"))
    answers = []
    for message in (update, update.replace("PID-7", ""), query):
        moment = datetime(2024, 4, 3, tzinfo=UTC)
        reply = respond(Request(transport="mllp", received=moment, control_id="1", message=message), [scenario])
        assert isinstance(reply, MessageReply)
        answer = read_answer(read(reply.text))
        answers.append((answer.acknowledgment_code, answer.query_status, [entry.err_2 for entry in answer.findings]))
    assert [("AA", "", []), ("AE", "", ["PID^1^7"]), ("AA", "NF", [])] == answers


def test_the_mistakes_shown_are_told_so() -> None:
    """The two complaints of the page are what the loader says, but for the place."""
    shown = re.findall(r"^my-scenario\.yaml:\d+:\d+: (.*)$", README, re.MULTILINE)
    text = "version: 1\nrules:\n  - name: a\n    when: {PID.7: x}\n    reply: {akc: AA}\n"
    with pytest.raises(DocumentError) as caught:
        load(text, "my-scenario.yaml")
    assert shown == [problem.text for problem in caught.value.problems]
