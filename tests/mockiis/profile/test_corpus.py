"""The judge on messages of our own (``data/judge``): valid ones pass, and the defect of each sibling is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mockiis.er7 import read
from mockiis.profile.standard import shipped

from .judge_messages import CASES, draft_of, judged, told, valid, words

STANDARDS = ("cdc", "ndiis")
CASE = pytest.mark.parametrize("name", CASES)


@CASE
def test_a_valid_message_has_no_error(name: str) -> None:
    """Under the guide it gives information only, under NDIIS no error."""
    for standard in CASES[name].get("standards", STANDARDS):
        judgement = judged(valid(CASES[name]).text, standard)
        unwanted = "EW" if standard == "cdc" else "E"
        assert (standard, []) == (standard, [told(one) for one in judgement.findings if one.severity in unwanted])
        assert not judgement.rejected


@CASE
def test_the_one_defect_is_found_where_it_is(name: str) -> None:
    """Broken in one place, the message gives the findings that its entry names and no other new ones."""
    message, defect = valid(CASES[name]), CASES[name]["defect"]
    standard = defect.get("under", "cdc")
    before = Counter(map(told, judged(message.text, standard).findings))
    after = Counter(map(told, judged(message.copy().changed(defect).text, standard).findings))
    assert sorted(words(defect["finds"])) == sorted((after - before).elements())


@pytest.mark.parametrize(
    ("changes", "finds"),
    [
        ({"MSH-12": "2.3.1"}, "MSH-12 203 E"),
        ({"MSH-12": "2.8"}, "MSH-12 203 E"),
        ({"MSH-9": "ADT^A04^ADT_A01"}, "MSH-9 200 E"),
        ({"MSH-9": ""}, "MSH-9 200 E"),
        ({"MSH-9": "VXU^V05^VXU_V04"}, "MSH-9 201 E"),
        ({"MSH-11": "X"}, "MSH-11 202 E"),
    ],
)
@pytest.mark.parametrize("standard", STANDARDS)
def test_what_no_profile_can_judge_is_rejected(changes: dict[str, str], finds: str, standard: str) -> None:
    """Another version, message type or event is the only finding, and there is no profile."""
    judgement = judged(draft_of(["VXU", "boy"]).changed({"set": changes}).text, standard)
    assert (True, "", [finds]) == (judgement.rejected, judgement.profile, [told(one) for one in judgement.findings])


@pytest.mark.parametrize(
    ("place", "value", "finds"),
    [
        ("PID-5", '""', "PID-5 101 E"),
        ("PID-5.1", '""', "PID-5.1 101 E"),
        ("PID-3.1", '""', "PID-3.1 101 E"),
        ("RXA-3", '""', "RXA[1]-3 101 E"),
    ],
)
def test_what_is_required_cannot_be_deleted(place: str, value: str, finds: str) -> None:
    """The null value asks to delete what is stored; a field or component without which there is nothing has none."""
    assert finds in map(told, judged(draft_of(["VXU", "boy", "old DTaP"]).put(place, value).text, "cdc").findings)


def test_an_unknown_profile_is_said_and_judged_by_content() -> None:
    """MSH-21 names a profile that the message cannot have: a warning, and the message type decides."""
    judgement = judged(draft_of(["Z34", "ask history", "at most 5"]).put("MSH-21", "Z22^CDCPHINVS").text, "ndiis")
    assert ("Z34", False) == (judgement.profile, judgement.rejected)
    assert "MSH-21 103 W" in map(told, judgement.findings)


@pytest.mark.parametrize(
    ("names", "moved", "after", "finds"),
    [
        (["VXU", "boy", "shared", "mother", "old DTaP"], "PD1", "NK1", "PD1 100 W"),
        (["VXU", "boy", "mother", "old DTaP"], "NK1", "RXA", "NK1[1] 100 W"),
        (["VXU", "boy", "new MMR", "dose 1"], "RXR", "OBX", "RXR[1] 100 W"),
        (["VXU", "boy", "old DTaP"], "PID", "RXA", "PID 100 E"),
        (["ACK", "taken", "error at RXA-15"], "MSA", "ERR", "MSA 100 E"),
        (["Z34", "ask history", "at most 5"], "QPD", "RCP", "QPD 100 E"),
    ],
)
def test_a_segment_out_of_order_is_found(names: list[str], moved: str, after: str, finds: str) -> None:
    """It is ignored; where the message cannot do without it, that rejects."""
    draft = draft_of(names)
    line = draft.lines[draft.index(moved)]
    assert finds in map(told, judged(draft.drop(moved).add(after, line).text, "cdc").findings)


def test_the_corpus_covers_what_registries_are_sent() -> None:
    """Every profile, completion status, action code, source of information, eligibility and refusal has its case."""
    messages = [read(valid(case).text) for case in CASES.values()]
    assert len(messages) >= 40
    assert set(shipped("cdc").profiles) == {message.get("MSH-21.1") for message in messages}
    sent = {
        place: {value for message in messages for value in message.values(place)}
        for place in ("RXA-9.1", "RXA-20", "RXA-21", "RXA-18.1", "MSA-1", "QAK-2", "OBX-3.1")
    }
    assert {"CP", "PA", "RE", "NA"} == sent["RXA-20"]
    assert {"A", "D", "U"} == sent["RXA-21"]
    assert set(shipped("cdc").tables["NIP001"].codes) == sent["RXA-9.1"]
    assert set(shipped("cdc").tables["NIP002"].codes) == sent["RXA-18.1"]
    assert {"AA", "AE", "AR"} == sent["MSA-1"]
    assert {"OK", "NF", "TM", "AE"} == sent["QAK-2"]
    assert {"30945-0", "31044-1", "59784-9", "75505-8", "69764-9", "29768-9"} <= sent["OBX-3.1"]


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_eligibility_code_has_a_valid_message(standard: str) -> None:
    """The codes of table HL70064 in that standard are all sent in some valid message."""
    sent = {
        value
        for case in CASES.values()
        if standard in case.get("standards", STANDARDS)
        for value in read(valid(case).text).values("OBX[3.1=64994-7]-5.1")
    }
    assert set(shipped(standard).tables["HL70064"].codes) <= sent


DATA = Path(__file__).parents[2] / "data"
EXAMPLES = sorted(file for folder in ("", "-1.4") for file in (DATA / f"ndiis-examples{folder}").glob("*.hl7"))


@pytest.mark.parametrize("file", EXAMPLES, ids=[f"{file.parent.name}/{file.name}" for file in EXAMPLES])
def test_the_examples_of_ndiis_have_no_error(file: Path) -> None:
    """In the form of either release; the one query with a birth date that does not exist excepted."""
    judgement = judged(file.read_bytes().decode(), "ndiis")
    errors = [(told(one), one.application_code) for one in judgement.findings if one.severity == "E"]
    expected = [("QPD-6 102 E Q10", "2")] if "no_such_date" in file.name else []
    assert expected == errors
    assert bool(expected) == judgement.rejected
