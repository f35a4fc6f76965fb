"""Whatever arrives: the registry answers, its answers are valid, and the same message again changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockiis.er7 import ER7Error, read
from mockiis.message import read_answer

from ..profile.judge_messages import CASES, Draft, draft_of, valid
from ..profile.test_any_message import CHANGES, mutated
from .talk import MMR, NEW, Talk, query, update

UNHURRIED = settings(deadline=None, max_examples=75, suppress_health_check=[HealthCheck.too_slow])
VALID = [valid(case).text for case in CASES.values()]
SENT = [text for text in VALID if "|VXU^" in text or "|QBP^" in text]


@UNHURRIED
@given(st.lists(mutated(), max_size=3))
def test_every_message_is_answered(texts: list[str]) -> None:
    """Never an exception; one answer to each; the answer is valid by its own profile (``Talk`` looks)."""
    talk = Talk()
    for text in [*texts, update().text, query().text]:
        try:
            message = read(text)
        except ER7Error:
            continue
        answer = read_answer(talk.answer(text))
        assert answer.acknowledgment_code in ("AA", "AE", "AR")
        assert answer.message_type in ("ACK", "RSP")
        control_id, separator = message.header.raw(10), message.delimiters.component
        assert separator in control_id or answer.message_control_id == message.header.get(10).strip()


@UNHURRIED
@given(st.sampled_from(SENT), st.lists(CHANGES, max_size=4))
def test_the_same_message_twice_is_the_same_as_once(text: str, changes: list[object]) -> None:
    """Records and borrow events."""
    lines = text.split("\r")[:-1]
    for change in changes:
        change(lines)  # type: ignore[operator]
    changed = "\r".join(lines)
    try:
        read(changed)
    except ER7Error:
        return
    talk = Talk()
    talk.answer(changed)
    before = dict(talk.records.by_number), dict(talk.records.borrowed)
    talk.answer(changed)
    assert before == (dict(talk.records.by_number), dict(talk.records.borrowed))


@UNHURRIED
@given(st.sampled_from(SENT), st.lists(CHANGES, max_size=4))
def test_a_rejected_message_changes_nothing(text: str, changes: list[object]) -> None:
    """And one that is acknowledged with AA has been stored."""
    lines = text.split("\r")[:-1]
    for change in changes:
        change(lines)  # type: ignore[operator]
    try:
        message = read("\r".join(lines))
    except ER7Error:
        return
    talk = Talk()
    answer = read_answer(talk.answer("\r".join(lines)))
    stored = bool(talk.everybody)
    update_taken = message.get("MSH-9.1") == "VXU" and answer.acknowledgment_code == "AA"
    assert stored or not update_taken
    if answer.acknowledgment_code == "AR" or answer.message_type == "RSP":
        assert not stored


PIECES = st.lists(
    st.sampled_from([MMR, ("new hepatitis A", *NEW), ("old DTaP",), ("refused MMR",), ("no dose", "had varicella")]),
    min_size=1,
    max_size=3,
)
PATIENTS = st.sampled_from(["boy", "girl", "man"])


@UNHURRIED
@given(PATIENTS, PIECES)
def test_who_was_submitted_is_found(patient: str, pieces: list[tuple[str, ...]]) -> None:
    """With every dose, by name and birth date; and by the identifier alone with the birth date."""
    talk = Talk()
    sent = update(*(piece for group in pieces for piece in group), patient=patient)
    talk.say(sent)
    birth = sent.get("PID-7")[:8]
    asked = query(QPD_4=sent.get("PID-5"), QPD_6=birth)
    [person] = talk.say(asked).persons
    again = talk.say(query(QPD_3=sent.get("PID-3"), QPD_4="Nobody^At All^^^^^L", QPD_6=birth)).persons
    expected = {read(sent.text).get(f"RXA[{n}]-5.1") for n in range(1, len(read(sent.text).named("RXA")) + 1)}
    assert expected == {dose.vaccine.code for dose in person.doses}
    assert [replace(person, forecast_made="")] == [replace(one, forecast_made="") for one in again]


@UNHURRIED
@given(PATIENTS, PIECES)
def test_what_is_deleted_is_not_told(patient: str, pieces: list[tuple[str, ...]]) -> None:
    """Every dose of the message, by its own order number."""
    talk = Talk()
    sent = update(*(piece for group in pieces for piece in group), patient=patient)
    talk.say(sent)
    gone = sent.copy()
    for number in range(1, len(read(sent.text).named("RXA")) + 1):
        gone.put(f"RXA[{number}]-21", "D")
    talk.say(gone)
    [person] = talk.say(query(QPD_4=sent.get("PID-5"), QPD_6=sent.get("PID-7")[:8])).persons
    assert () == person.doses


@pytest.mark.parametrize("text", SENT, ids=[name for name, case in CASES.items() if valid(case).text in SENT])
def test_the_valid_messages_of_the_judge_are_answered(text: str) -> None:
    """Updates are stored, and told in a response that is valid; queries are answered."""
    talk = Talk()
    answer = talk.say(text)
    assert answer.acknowledgment_code in ("AA", "AE")
    for record in talk.everybody:
        person = record.person
        name = f"{person.name.family}^{person.name.given}^^^^^L"
        for profile, pieces in (("Z34", ()), ("Z44", ("ask forecast", "at most 5"))):
            asked = query(*pieces, profile=profile, QPD_3="", QPD_4=name, QPD_5="", QPD_6=person.birth_date, QPD_7="")
            assert "OK" == talk.say(asked).query_status


def many(count: int, **values: str) -> Draft:
    """A message of so many historical doses."""
    draft, old = draft_of(["VXU", "boy"]), draft_of(["old DTaP"])
    for number in range(count):
        day = f"{2024 + number % 2}{4 + number % 9:02}{1 + number % 28:02}"
        dose = old.copy().put("ORC-3", values.get("order", f"F{number}^DCL")).put("RXA-3", day)
        draft.lines += dose.lines
    return draft


@pytest.mark.parametrize("values", [{}, {"order": "F1^DCL"}, {"order": "9999^DCL"}])
def test_thousands_of_doses_are_stored_and_told(values: dict[str, str]) -> None:
    """In time that grows with their number, whatever their order numbers; one for each day is told."""
    talk = Talk()
    sent = many(4000, **values)
    talk.say(sent)
    before = dict(talk.records.by_number)
    talk.say(sent)
    assert before == talk.records.by_number
    assert 0 < len(talk.doses()) <= 2 * 9 * 28


def test_a_field_of_very_many_repetitions_is_stored_in_part() -> None:
    """As many as the judge looks at."""
    talk = Talk()
    talk.say(update(PID_3="~".join(f"{number}^^^DCL^MR" for number in range(20_000))))
    assert 100 == len(talk.only.person.identifiers)
