"""What queries are answered with, by the table of the guide: one, candidates, none, too many, protected, in error."""

from __future__ import annotations

import pytest

from mockiis.er7 import read
from mockiis.message.person import Identifier

from .talk import MMR, NEW, Talk, errors, query, update

BY_ID = ("ask forecast", "at most 5")


def of(count: int, **settings: object) -> Talk:
    """A registry that knows so many persons of one family name and birth date, and the names A, B and so on."""
    talk = Talk(**settings)
    for number in range(count):
        name = "Larson^" + "ABCDEFGHIJKLMNOP"[number] * 4
        talk.say(update("shared", "mother", *MMR, PID_3=f"{number}^^^X^MR", PID_5=f"{name}^^^^^L", PID_6="", PID_13=""))
    return talk


def outcome(talk: Talk, profile: str = "Z34", **values: str) -> tuple[str, str, str, int, int]:
    """Profile, MSA-1, QAK-2, how many ERR that are not information, and how many persons."""
    answer = talk.say(query(*(BY_ID if profile == "Z44" else ()), profile=profile, **values))
    serious = [finding for finding in answer.findings if finding.severity != "I"]
    return answer.profile, answer.acknowledgment_code, answer.query_status, len(serious), len(answer.persons)


@pytest.mark.parametrize(
    ("known", "profile", "values", "expected"),
    [
        (0, "Z34", {}, ("Z33", "AA", "NF", 0, 0)),
        (0, "Z44", {}, ("Z33", "AA", "NF", 0, 0)),
        (1, "Z34", {"QPD_4": "Larson^AAAA^^^^^L"}, ("Z32", "AA", "OK", 0, 1)),
        (1, "Z44", {"QPD_3": "", "QPD_4": "Larson^AAAA^^^^^L"}, ("Z42", "AA", "OK", 0, 1)),
        (3, "Z34", {}, ("Z31", "AA", "OK", 0, 3)),
        (3, "Z44", {"QPD_3": ""}, ("Z33", "AA", "NF", 0, 0)),
        (5, "Z34", {}, ("Z31", "AA", "OK", 0, 5)),
        (6, "Z34", {}, ("Z33", "AA", "TM", 0, 0)),
        (6, "Z44", {"QPD_3": ""}, ("Z33", "AA", "TM", 0, 0)),
        (6, "Z34", {"QPD_4": "Larson^AAAA^^^^^L"}, ("Z32", "AA", "OK", 0, 1)),
        (10, "Z34", {"RCP_2": "20^RD&Records&HL70126"}, ("Z31", "AA", "OK", 0, 10)),
        (11, "Z34", {"RCP_2": "20^RD&Records&HL70126"}, ("Z33", "AA", "TM", 0, 0)),
        (3, "Z34", {"QPD_6": ""}, ("Z33", "AA", "NF", 0, 0)),
        (1, "Z34", {"QPD_3": "0^^^X^MR", "QPD_4": "Larson^AAAA^^^^^L", "QPD_6": ""}, ("Z32", "AA", "OK", 0, 1)),
        (1, "Z34", {"QPD_3": "0^^^X^MR", "QPD_4": "Novak^Eva^^^^^L", "QPD_6": ""}, ("Z33", "AA", "NF", 0, 0)),
        (1, "Z34", {"QPD_3": "0^^^X^MR", "QPD_4": "Novak^Eva^^^^^L"}, ("Z32", "AA", "OK", 0, 1)),
        (1, "Z34", {"QPD_3": "0^^^Y^MR", "QPD_4": "Novak^Eva^^^^^L"}, ("Z33", "AA", "NF", 0, 0)),
        (1, "Z34", {"QPD_4": ""}, ("Z33", "AE", "AE", 1, 0)),
        (1, "Z34", {"QPD_4": "Larson"}, ("Z33", "AE", "AE", 1, 0)),
        (1, "Z34", {"QPD_2": ""}, ("Z33", "AE", "AE", 1, 0)),
        (1, "Z34", {"QPD_6": "19981912"}, ("Z33", "AE", "AE", 1, 0)),
        (1, "Z34", {"QPD_1": "Z99^Other^CDCPHINVS"}, ("Z33", "AE", "AE", 1, 0)),
    ],
)
def test_outcome(known: int, profile: str, values: dict[str, str], expected: tuple[str, str, str, int, int]) -> None:
    """The table."""
    assert expected == outcome(of(known), profile, **values)


def test_an_unknown_profile_is_a_warning() -> None:
    """The query name says which one is meant."""
    assert ("Z33", "AE", "NF", 1, 0) == outcome(Talk(), MSH_21="Z99^CDCPHINVS")


def test_the_registry_s_own_number_finds() -> None:
    """As it is told in PID-3, if the name or the birth date agrees; a stored state identifier comes first."""
    talk = of(2)
    told = talk.say(query()).persons
    assert [Identifier("1", "NDIIS", "SR"), Identifier("2", "NDIIS", "SR")] == [one.identifiers[0] for one in told]
    [second] = talk.say(query(QPD_3="2^^^NDIIS^SR")).persons
    assert "BBBB" == second.name.given
    assert "NF" == talk.say(query(QPD_3="2^^^NDIIS^SR", QPD_4="Novak^Eva^^^^^L", QPD_6="19700101")).query_status


def test_candidates_are_numbered_and_their_history_is_not_told() -> None:
    """PID-1 counts from 1; PD1 and NK1 come along."""
    answer = of(3).answer(query())
    assert ["1", "2", "3"] == answer.values("PID-1")
    assert (3, 3, 0) == tuple(len(answer.named(name)) for name in ("PD1", "NK1", "RXA"))


def test_the_likely_candidate_comes_first() -> None:
    """What supports it counts: the same telephone."""
    talk = of(3)
    talk.say(update(PID_3="9^^^X^MR", PID_5="Larson^Zoe^^^^^L", PID_13="^PRN^PH^^^701^5550000"))
    first = talk.say(query(QPD_9="^PRN^PH^^^701^5550000")).persons[0]
    assert "Zoe" == first.name.given


def test_a_protected_person_is_told_to_the_owner_only() -> None:
    """Nobody else learns that there is a record, not among candidates either."""
    talk = Talk()
    talk.say(update("shared", *MMR).put("PD1-12", "Y"))
    for profile in ("Z34", "Z44"):
        assert "OK" == talk.say(query(*(BY_ID if profile == "Z44" else ()), profile=profile)).query_status
        other = query(*(BY_ID if profile == "Z44" else ()), profile=profile, MSH_4="OTHER")
        assert ("Z33", "AA", "NF") == (talk.say(other).profile, "AA", talk.say(other).query_status)
    assert "OK" == talk.say(query(QPD_4="Larson^Anna^^^^^L")).query_status
    assert "NF" == talk.say(query(QPD_4="Larson^Anna^^^^^L", MSH_4="OTHER")).query_status


def test_query_tag_name_and_parameters_come_back_byte_for_byte() -> None:
    """Escapes and trailing separators too."""
    talk = Talk()
    sent = query(QPD_2="T\\T\\47|", QPD_5="O\\F\\Neil^^^")
    answer = talk.answer(sent)
    qpd = read(sent.text).named("QPD")[0]
    assert qpd.text == answer.named("QPD")[0].text
    assert (qpd.raw(2), qpd.raw(1)) == (answer.named("QAK")[0].raw(1), answer.named("QAK")[0].raw(3))


def test_every_dose_has_its_order() -> None:
    """One ORC for each RXA; historical doses and refusals are told, deleted ones are not."""
    talk = Talk()
    talk.say(update(*MMR, "old DTaP", "refused MMR", "new hepatitis A", *NEW))
    talk.say(update("new hepatitis A", *NEW, ORC_3="F4^DCL", RXA_21="D"))
    answer = talk.answer(query())
    names = [segment.id for segment in answer.segments if segment.id in ("ORC", "RXA")]
    assert ["ORC", "RXA"] * (len(names) // 2) == names
    assert ["107", "03", "03", "998"] == answer.values("RXA-5.1")


@pytest.mark.parametrize(("in_history", "told"), [(True, True), (False, False)])
def test_the_forecast_with_the_history_is_a_setting(in_history: bool, told: bool) -> None:
    """NDIIS adds it to Z32; by the guide it belongs to Z42, which has it always."""
    talk = Talk(forecast_in_history=in_history)
    talk.say(update())
    assert told == bool(talk.history().forecast)
    [person] = talk.say(query(*BY_ID, profile="Z44")).persons
    assert person.forecast
    assert all(dose.evaluations for dose in person.doses)


def test_an_alias_and_a_near_name_find() -> None:
    """The one with certainty, the other as a candidate."""
    talk = Talk()
    talk.say(update(PID_5="Larson^Erik^^^^^L~Larsson^Eirik^^^^^A"))
    assert "Z32" == talk.say(query(QPD_4="Larsson^Eirik^^^^^L")).profile
    assert "Z31" == talk.say(query(QPD_4="Larsen^Eric^^^^^L")).profile


def test_a_warning_shows_in_the_answer_that_finds() -> None:
    """MSA-1 is AE, and AA where the policy says so; the person is told all the same."""
    sent = query(QPD_9="^PRN^PH^^^7011^23456789")
    for policy in ("AE", "AA"):
        talk = Talk(warnings=policy)
        talk.say(update())
        answer = talk.say(sent)
        assert (policy, "OK") == (answer.acknowledgment_code, answer.query_status)
        assert ["W"] == [finding.severity for finding in answer.findings]


def test_a_facility_that_is_not_the_account_s_is_refused() -> None:
    """At MSH-4; whoever has the facility in any capitals may ask."""
    talk = Talk()
    talk.say(update())
    refused = talk.say(query(), ["OTHER"])
    assert ("Z33", "AE", "AE", ["E MSH^1^4"]) == (
        refused.profile,
        refused.acknowledgment_code,
        refused.query_status,
        errors(refused),
    )
    assert "OK" == talk.say(query(), ["OTHER", "Dakota Clinic"]).query_status
