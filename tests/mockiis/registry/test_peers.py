"""Errors of other mock registries that this one must not make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from .talk import MMR, NEW, Talk, errors, query, update


@pytest.mark.parametrize(("hour", "zone"), [(0, 0), (9, 0), (12, 0), (13, 0), (23, 0), (17, -6)])
def test_the_time_of_an_answer_is_of_24_hours_and_has_its_zone(hour: int, zone: int) -> None:
    """Afternoon is not told as morning."""
    moment = datetime(2026, 10, 2, hour, 5, 6, tzinfo=timezone(timedelta(hours=zone)) if zone else UTC)
    answer = Talk().answer(update(), received=moment)
    assert f"20261002{hour:02}0506{zone * 100:+05}" == answer.get("MSH-7")


def test_no_telephone_is_no_warning() -> None:
    """It may be empty."""
    answer = Talk().say(update(PID_13=""))
    assert ("AA", []) == (answer.acknowledgment_code, errors(answer))


def test_an_ethnic_group_is_located_at_its_own_field() -> None:
    """PID-22, not PID-10."""
    answer = Talk().say(update(PID_22="9999-9^none^CDCREC"))
    assert all("PID^1^10" not in place for place in errors(answer))
    assert any("PID^1^22" in place for place in errors(answer))


def test_every_error_is_told_and_not_the_last_one_only() -> None:
    """In an ACK; an RSP has the worst one, whichever came last."""
    answer = Talk().say(update(*MMR, "new hepatitis A", *NEW, RXA_15="UNKNOWN", RXA2_3="20301231"))
    assert {"W RXA^1^15", "E RXA^2^3"} <= set(errors(answer))
    told = Talk().say(query(QPD_6="19981912", QPD_9="^PRN^PH^^^7011^23456789"))
    assert ["E QPD^1^6"] == errors(told)


def test_err_3_is_not_always_101() -> None:
    """It says what is wrong."""
    answer = Talk().say(update(*MMR, "new hepatitis A", *NEW, RXA_5="777^none^CVX", RXA2_3="20260230"))
    assert {"103", "102"} <= {finding.code for finding in answer.findings}


def test_an_error_at_rxa_3_is_not_told_of_rxa_5() -> None:
    """Text and place are of the same field."""
    [finding] = [one for one in Talk().say(update(RXA_3="20260230")).findings if one.severity == "E"]
    assert "RXA^1^3" == finding.err_2
    assert "RXA[1]-3" in finding.text


def test_no_match_is_answered_by_a_response_and_not_by_an_ack() -> None:
    """RSP^K11, Z33, and MSH-9 is that of the query's answer."""
    answer = Talk().answer(query())
    assert ("RSP^K11^RSP_K11", "Z33", "NF") == (answer.get("MSH-9"), answer.get("MSH-21.1"), answer.get("QAK-2"))


def test_the_forecast_is_not_in_the_history_by_the_guide() -> None:
    """Z32 has none where the setting says so; Z42 always has; nobody gets Z42 who asked for Z34."""
    talk = Talk(forecast_in_history=False)
    talk.say(update())
    assert ("Z32", ()) == (talk.say(query()).profile, talk.history().forecast)


def test_nothing_is_committed_before_a_rejection() -> None:
    """Neither the patient nor the doses before the one that makes the message fall."""
    talk = Talk()
    answer = talk.say(update(*MMR, PID_22=""))
    assert ("AE", []) == (answer.acknowledgment_code, talk.everybody)


def test_a_facility_that_may_not_send_is_located_at_msh_4() -> None:
    """And is no internal error."""
    [finding] = Talk().say(update(), ["OTHER"]).findings
    assert ("MSH^1^4", "999", "E") == (finding.err_2, finding.code, finding.severity)


def test_twins_are_told_apart() -> None:
    """Same birth date, family name, mother, address."""
    talk = Talk()
    talk.say(update(patient="newborn", PID_3="1^^^DCL^MR", PID_25="1"))
    talk.say(update(patient="newborn", PID_3="2^^^DCL^MR", PID_25="2", PID_5="Okafor^Ada May^^^^^L"))
    assert 2 == len(talk.everybody)


def test_the_middle_name_is_compared_with_the_middle_name() -> None:
    """And not with the given one: Larson^Erik^Erik is somebody else than Larson^Erik^Nils unless more speaks for it."""
    talk = Talk()
    talk.say(update(PID_6="", PID_11="", PID_13=""))
    assert "Z31" == talk.say(query(QPD_4="Larson^Erik^Erik^^^^L")).profile


def test_too_many_for_an_evaluated_history_are_told_so() -> None:
    """Z44 gets TM, not NF."""
    talk = Talk()
    for number in range(3):
        name = f"Larson^{'ABC'[number] * 4}^^^^^L"
        talk.say(update(PID_3=f"{number}^^^X^MR", PID_5=name, PID_6="", PID_13=""))
    sent = query("ask forecast", "at most 5", profile="Z44", QPD_3="", RCP_2="1^RD&Records&HL70126")
    assert "TM" == talk.say(sent).query_status


@pytest.mark.parametrize("name", ["NPE", "Multi", "AIRA", "badpassword", "TC_07"])
def test_no_name_has_a_meaning_of_its_own(name: str) -> None:
    """Special patients are the business of scenarios."""
    talk = Talk()
    talk.say(update(PID_5=f"{name}^{name}^{name}^^^^L", MSH_11="T"))
    assert "OK" == talk.say(query(QPD_4=f"{name}^{name}^^^^^L")).query_status


def test_a_query_without_qpd_is_answered() -> None:
    """By a whole message that ends its segments."""
    answer = Talk().answer(query().drop("QPD"))
    assert ("AE", "AE") == (answer.get("MSA-1"), answer.get("QAK-2"))
    assert "\r" == (answer.ends[-1] if answer.ends else "\r")
