"""Whatever arrives: the judge never raises, says the same twice, and points at what is there or missing as it says."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockiis.er7 import ER7Error, Message, read
from mockiis.profile.finding import Finding
from mockiis.profile.flaw import SHOWN
from mockiis.profile.memory import REMEMBERED, Memory
from mockiis.profile.standard import shipped
from mockiis.profile.tables import HL70357, HL70533
from mockiis.profile.validator import MAX_FINDINGS, Judgement, Validator, validator

from .judge_messages import CASES, RECEIVED, draft_of, judged, valid

TEXTS = [valid(case).text for case in CASES.values()]
BITS = st.sampled_from(
    ["", '""', "X", "20260230", "-1", "999999", "^", "~", "&", "\\", "|", "\\F\\", "\\", "\x00", "é", "٣", " "]
)

Change = Callable[[list[str]], None]


def _segment(numbers: tuple[int, int], change: Callable[[list[str], int, int], None]) -> Change:
    """A change of lines, the header excepted; ``numbers`` choose two of them."""

    def made(lines: list[str]) -> None:
        if len(lines) > 1:
            change(lines, 1 + numbers[0] % (len(lines) - 1), 1 + numbers[1] % (len(lines) - 1))

    return made


def _drop(lines: list[str], one: int, _two: int) -> None:
    del lines[one]


def _repeat(lines: list[str], one: int, two: int) -> None:
    lines.insert(two, lines[one])


def _swap(lines: list[str], one: int, two: int) -> None:
    lines[one], lines[two] = lines[two], lines[one]


def _field(line: int, number: int, text: str) -> Change:
    """One field, of the header too, is something else."""

    def made(lines: list[str]) -> None:
        fields = lines[line % len(lines)].split("|")
        fields[number % len(fields)] = text
        lines[line % len(lines)] = "|".join(fields)

    return made


def _character(line: int, number: int, text: str) -> Change:
    """One character is something else."""

    def made(lines: list[str]) -> None:
        old = lines[line % len(lines)]
        place = number % (len(old) + 1)
        lines[line % len(lines)] = old[:place] + text + old[place + 1 :]

    return made


NUMBERS = st.integers(0, 10_000)
CHANGES = st.one_of(
    st.builds(_segment, st.tuples(NUMBERS, NUMBERS), st.sampled_from([_drop, _repeat, _swap])),
    st.builds(_field, NUMBERS, NUMBERS, BITS | st.text(max_size=8)),
    st.builds(_character, NUMBERS, NUMBERS, BITS),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid message with a few things changed, perhaps with other line ends or encoding characters."""
    lines = draw(st.sampled_from(TEXTS)).split("\r")[:-1]
    for change in draw(st.lists(CHANGES, max_size=5)):
        change(lines)
    text = draw(st.sampled_from(["\r", "\n", "\r\n"])).join(lines)
    marks = draw(st.sampled_from(["|^~\\&", "#^~\\&", "|@~\\&", "|^*\\&", "|^~!$"]))
    return text.translate(str.maketrans("|^~\\&", marks))


COLD = Validator(shipped("ndiis"))
"""A second judge that has seen other messages."""


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_broken_message_is_judged(text: str) -> None:
    """No exception, the same findings in the same order however warm the judge is, each at a place that is one."""
    try:
        message = read(text)
    except ER7Error:
        return
    first = validator("ndiis").judge(message, RECEIVED)
    assert first == validator("ndiis").judge(read(text), RECEIVED)
    assert first == COLD.judge(message, RECEIVED)
    assert [] == [finding for finding in first.findings if not points_at_something(finding, message)]
    assert_sound(first)
    assert_sound(validator("cdc").judge(message, RECEIVED))


def assert_sound(judgement: Judgement) -> None:
    """Codes are of their tables, an E is what rejects, and the judgement as a whole says so."""
    for finding in judgement.findings:
        assert finding.code in HL70357
        assert finding.application_code in ("", *HL70533)
        assert (finding.severity == "E") == finding.effect.endswith("rejected")
        assert len(finding.found) <= SHOWN + len("...")
        assert finding.text
    effects = {finding.effect for finding in judgement.findings}
    assert judgement.rejected or "message rejected" not in effects
    assert bool(judgement.rejected_doses) <= ("dose rejected" in effects)


def points_at_something(finding: Finding, message: Message) -> bool:
    """The segment is there, or said to be missing; what has a wrong value has a value; what is missing has none."""
    where = finding.location
    if where is None:
        return True
    there = len(message.named(where.segment)) >= (where.occurrence or 1)
    if not there:
        return finding.code in ("0", "100")
    if where.field is None:
        return True
    value = message.get(where)
    if finding.code in ("102", "103"):
        return bool(message.values(where))
    return finding.code != "101" or finding.application_code == "6" or not value.strip('^~&@*!$" ')


def _with(place: str, value: str) -> str:
    return draft_of(["VXU", "boy", "new MMR", "eligible V01", "private stock"]).put(place, value).text


MILLION = 1_000_000
LONG = {
    "a name of 1 MB": _with("PID-5", "A" * MILLION),
    "a million empty repetitions": _with("PID-3", "~" * MILLION),
    "a million components": _with("PID-5", "^" * MILLION),
    "a million subcomponents": _with("PID-5.1", "&" * MILLION),
    "a million fields": _with("PID-39", "|" * MILLION),
    "a date of 1 MB": _with("PID-7", "2" * MILLION),
    "an amount of 1 MB": _with("RXA-6", "9" * MILLION),
    "an OID of 1 MB": _with("PID-3", f"1^^^A&{'1.' * (MILLION // 2)}x&ISO^MR"),
    "an e-mail address of 1 MB": _with("PID-13", f"^NET^Internet^{'a.' * (MILLION // 2)}@b"),
    "an observation of 1 MB": _with("OBX[1]-5", "A" * MILLION),
    "escape sequences of 1 MB": _with("PID-11", "\\T\\" * (MILLION // 3)),
}


REPEATED = {
    "identifiers": _with("PID-3", "1^^^A~" * (MILLION // 6)),
    "observations": _with("OBX[1]-5", "A~" * (MILLION // 2)),
    "sources of information": _with("RXA-9", "A~" * (MILLION // 2)),
    "refusal reasons": _with("RXA-18", "02~" * (MILLION // 3)),
    "telephones": _with("PID-13", "^NET^Internet^a@b~" * (MILLION // 18)),
}


@pytest.mark.parametrize("text", REPEATED.values(), ids=list(REPEATED))
def test_a_field_of_a_million_repetitions_is_judged(text: str) -> None:
    """Some of them are looked at, and there are no more findings than anybody reads."""
    assert 0 < len(judged(text, "ndiis").findings) <= MAX_FINDINGS + 1


@pytest.mark.parametrize("text", LONG.values(), ids=list(LONG))
def test_a_long_field_is_judged(text: str) -> None:
    """It gives a few findings, none of which is long."""
    findings = judged(text, "ndiis").findings
    assert len(findings) < 10
    assert all(len(finding.text) + len(finding.found) + len(finding.expected) < 500 for finding in findings)


def test_findings_beyond_the_limit_are_counted_and_reject() -> None:
    """What is cut is told, and an error among it still rejects."""
    draft = draft_of(["VXU", "boy"])
    draft.lines += ["NK1||a^^b"] * 1001 + draft_of(["old DTaP"]).put("RXA-3", "").lines
    judgement = judged(draft.text, "cdc")
    assert (True, {1}) == (judgement.rejected, set(judgement.rejected_doses))
    assert "more" in judgement.findings[-1].text or "further" in judgement.findings[-1].text


def _many(start: Sequence[str], again: Sequence[str]) -> str:
    return "\r".join([*draft_of(start).lines, *(list(again) * (100_000 // len(again)))]) + "\r"


DOSE = draft_of(["new MMR", "eligible V01", "private stock"]).lines
MANY = {
    "doses": _many(["VXU", "boy"], DOSE),
    "unknown segments": _many(["VXU", "boy"], ["ZZZ|1"]),
    "groups that do not end": _many(["VXU", "boy"], ["ORC|RE", "TQ1|1"]),
}


@pytest.mark.parametrize("text", MANY.values(), ids=list(MANY))
def test_100_000_segments_are_judged(text: str) -> None:
    """There are no more findings than anybody reads."""
    assert 0 < len(judged(text, "ndiis").findings) <= MAX_FINDINGS + 1


def test_so_many_faults_that_the_rest_is_not_judged() -> None:
    """The message is rejected, and the first finding says that it was too much."""
    dose = "RXA|0|1|20240101||08^Hep B^CVX|0.5"
    start = draft_of(["VXU", "boy"]).lines
    some, many = (judged("\r".join([*start, *[dose] * count, ""]), "ndiis") for count in (1_000, 10_000))
    assert [] == [finding for finding in some.findings if "20,000 faults" in finding.text]
    first = many.findings[0]
    assert first.text.startswith("The message has more than 20,000 faults")
    assert ("100", "E", "message rejected") == (first.code, first.severity, first.effect)
    assert many.rejected
    assert MAX_FINDINGS + 1 == len(many.findings)


@pytest.mark.parametrize("text", ["MSH", "MSH|^~\\&", "MSH|^~\\&|||||||||||", "MSH|^~\\&|||||||VXU^V04^VXU_V04"])
def test_a_message_of_next_to_nothing_is_judged(text: str) -> None:
    """It is rejected, and something is said about it."""
    try:
        judgement = judged(text, "cdc")
    except ER7Error:
        return
    assert judgement.rejected
    assert judgement.findings


def test_a_value_type_of_separators_is_no_wrong_one() -> None:
    """OBX-2 that holds nothing is missing where it is required; there is no value that could be another type."""
    draft = draft_of(["VXU", "boy", "new MMR", "eligible V01", "private stock", "MMR statement"]).put("OBX-2", "~")
    codes = [one.code for one in judged(draft.text, "ndiis").findings if str(one.location) == "OBX[1]-2"]
    assert ["101", "999"] == codes


# What the judge remembers


def test_what_was_judged_before_changes_nothing() -> None:
    """Texts that repeat are judged once and remembered: a message gets the same after others as before them."""
    broken = [valid(case).changed(case["defect"]).text for case in CASES.values()]
    texts = [text for pair in zip(TEXTS, broken, strict=True) for text in pair]
    for name in ("ndiis", "cdc"):
        forward, backward = Validator(shipped(name)), Validator(shipped(name))
        found = [forward.judge(read(text), RECEIVED) for text in texts]
        assert found == [backward.judge(read(text), RECEIVED) for text in reversed(texts)][::-1]
        assert found == [forward.judge(read(text), RECEIVED) for text in texts]


def test_segments_with_the_same_texts_in_other_fields_are_told_apart() -> None:
    """A fine OBX with a text in OBX-15 says nothing of one that has the text in OBX-13, where it does not belong."""
    fine = draft_of(["VXU", "boy", "new MMR", "eligible V01", "private stock", "MMR statement"]).put("OBX-15", "A^B^L")
    wrong = fine.copy().put("OBX-15", "").put("OBX-13", "A^B^L")
    judge = Validator(shipped("cdc"))
    found = [judge.judge(read(draft.text), RECEIVED).findings for draft in (fine, wrong)]
    assert [False, True] == [any(" OBX[1]-13" in f" {one.location}" for one in findings) for findings in found]


def test_memory_has_an_end() -> None:
    """However many different texts a field has had, the judge keeps a limited number of them."""
    judge, draft = Validator(shipped("ndiis")), draft_of(["VXU", "boy", "new MMR", "eligible V01", "private stock"])
    for number in range(2 * REMEMBERED + 10):
        judge.judge(read(draft.put("RXA-7", f"X{number}").text), RECEIVED)
    kept = [one for one in gc.get_objects() if isinstance(one, Memory)]
    assert max(map(len, kept)) <= REMEMBERED
