"""The six situations that the docs begin with: each in fifteen lines at most, and as the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockiis.er7 import read
from mockiis.message import FaultReply, MessageReply, Request, read_answer
from mockiis.respond import respond
from mockiis.scenario import load
from mockiis.scenario.memory import Memory

PAGE = (Path(__file__).parent.parent.parent / "docs" / "script-a-rejection.md").read_text("utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+\.yaml) -->\n```yaml\n(.*?)```", PAGE, re.DOTALL))
WITHOUT = "MSH|^~\\&|EHR|C1|IIS|ND|||VXU^V04^VXU_V04|1|P|2.5.1\rPID|1||A1^^^C1^MR||Larsen^Nora\r"
WITH = WITHOUT.replace("Nora", "Nora||20240105")
OTHER = WITHOUT.replace("A1^", "B2^")


def query(name: str, born: str = "") -> str:
    """A query for a person."""
    return f"MSH|^~\\&|EHR|C1|IIS|ND|||QBP^Q11^QBP_Q11|2|P|2.5.1\rQPD|Z34^R^C|t|A1^^^C1^MR|{name}||{born}\r"


Say = Callable[[str], str]


@pytest.fixture
def talk_to() -> Callable[[str], Say]:
    """A registry that follows one of the files: says MSA-1, QAK-2 and how many persons, or the fault."""

    def begin(name: str) -> Say:
        scenarios, memory = [load(FILES[name], name)], Memory()

        def say(text: str) -> str:
            moment = datetime(2024, 4, 3, tzinfo=UTC)
            request = Request(
                transport="soap",
                operation="submitSingleMessage",
                username="clinic1",
                received=moment,
                control_id="R",
                message=read(text),
                text=text,
            )
            reply = respond(request, scenarios, memory)
            memory.apply(reply.changes, moment)
            if isinstance(reply, FaultReply):
                return f"{reply.kind} {reply.delay:g}"
            assert isinstance(reply, MessageReply)
            answer = read_answer(read(reply.text))
            waited = ["late"] if reply.delay else []
            persons = [str(len(answer.persons))] if answer.persons else []
            return " ".join(filter(None, [answer.acknowledgment_code, answer.query_status, *persons, *waited]))

        return say

    return begin


@pytest.mark.parametrize(("name", "text"), FILES.items(), ids=list(FILES))
def test_fifteen_lines(name: str, text: str) -> None:
    """Short enough to be read at a glance."""
    assert len(text.splitlines()) <= 15, name


CONVERSATIONS = [
    ("accept-all.yaml", [WITHOUT, WITH, query("Doe")], ["AA", "AA", "AA NF"]),
    ("missing-birth-date.yaml", [WITHOUT, WITH, WITHOUT, query("Doe")], ["AE", "AA", "AE", "AR"]),
    ("one-match.yaml", [query("Adams^Alice", "20240402"), query("Adams", "2024"), WITH], ["AA OK 1", "AR", "AR"]),
    ("several.yaml", [query("Smith"), query("SMITH^John", "20190105"), query("Doe")], ["AA TM", "AA OK 2", "AR"]),
    ("slow-then-fault.yaml", [WITH, OTHER, WITH, OTHER], ["AA late", "AA late", "SecurityFault 0", "SecurityFault 0"]),
    ("corrected.yaml", [WITHOUT, WITHOUT, OTHER, WITH, WITH], ["AE", "AR", "AE", "AA", "AA"]),
]


@pytest.mark.parametrize(("name", "said", "answers"), CONVERSATIONS, ids=[name for name, *_ in CONVERSATIONS])
def test_situation(talk_to: Callable[[str], Say], name: str, said: list[str], answers: list[str]) -> None:
    """The registry answers as the situation is called."""
    say = talk_to(name)
    assert answers == [say(text) for text in said]


def test_every_situation_is_tried() -> None:
    """There are six, and each has its conversation."""
    assert sorted(FILES) == sorted(name for name, *_ in CONVERSATIONS)
    assert 6 == len(FILES)
