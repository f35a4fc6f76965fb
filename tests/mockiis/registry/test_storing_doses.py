"""What becomes of a dose: added, updated, deleted, told once; refusals; borrowed vaccine; what a rejection leaves."""

from __future__ import annotations

import pytest

from mockiis.er7 import STANDARD

from ..profile.judge_messages import Draft
from .talk import MMR, NEW, Talk, errors, query, update

LATER = "20261001121500-0500"
OLD = ("old DTaP",)


def test_the_same_message_again_changes_nothing() -> None:
    """Not even where a value came from."""
    talk = Talk()
    sent = update("shared", "mother", *MMR, "new hepatitis A", *NEW, "refused MMR")
    talk.say(sent)
    before = dict(talk.records.by_number)
    talk.say(sent)
    assert before == talk.records.by_number


def test_observations_are_kept_with_their_dose() -> None:
    """Eligibility, funding, VIS, reaction: and told with it, each set apart."""
    talk = Talk()
    talk.say(update(*MMR, "rash"))
    [dose] = talk.doses()
    codes = [seen.code.code for seen in dose.observations]
    assert ["64994-7", "30963-3", "69764-9", "29769-7", "31044-1"] == codes
    assert ["1", "1", "2", "2", "3"] == [seen.group for seen in dose.observations]


def test_sets_of_observations_are_numbered_as_they_begin() -> None:
    """However they were numbered; so the same message again is the same."""
    talk = Talk()
    sent = update(OBX1_4="7", OBX2_4="7", OBX3_4="3", OBX4_4="3")
    talk.say(sent)
    before = dict(talk.records.by_number)
    talk.say(sent)
    assert before == talk.records.by_number
    assert ["1", "1", "2", "2"] == [seen.group for seen in talk.only.doses[0].dose.observations]


def test_what_a_sender_says_of_validity_is_not_taken() -> None:
    """The registry evaluates by itself."""
    talk = Talk()
    talk.say(update(*MMR, "dose 1"))
    assert "30973-2" not in [seen.code.code for kept in talk.only.doses for seen in kept.dose.observations]


def test_an_update_corrects_the_dose_of_its_order_number() -> None:
    """RXA-21 U: the lot number is corrected, what the update leaves out stays."""
    talk = Talk()
    talk.say(update())
    talk.say(update("new MMR", *NEW, RXA_15="X0418AC", RXA_21="U", MSH_7=LATER))
    [dose] = talk.doses()
    assert ("X0418AC", 4) == (dose.lot, len(dose.observations))


def test_an_update_corrects_the_vaccine() -> None:
    """The order number alone says which dose is meant."""
    talk = Talk()
    talk.say(update())
    talk.say(update("new hepatitis A", *NEW, RXA_21="U", MSH_7=LATER))
    assert ["83"] == [dose.vaccine.code for dose in talk.doses()]


def test_an_update_of_an_unknown_dose_is_stored_and_told() -> None:
    """With an I."""
    talk = Talk()
    answer = talk.say(update(RXA_21="U"))
    assert 1 == len(talk.doses())
    assert "I ORC^1^3" in errors(answer)


def test_a_deleted_dose_is_told_no_more() -> None:
    """And a late copy of the message that added it does not bring it back."""
    talk = Talk()
    talk.say(update(*MMR, "new hepatitis A", *NEW))
    talk.say(update(RXA_21="D", MSH_7=LATER))
    assert ["83"] == [dose.vaccine.code for dose in talk.doses()]
    answer = talk.say(update())
    assert ["83"] == [dose.vaccine.code for dose in talk.doses()]
    assert "I RXA^1" in errors(answer)


def test_a_deleted_dose_may_be_added_again() -> None:
    """By a newer message."""
    talk = Talk()
    talk.say(update())
    talk.say(update(RXA_21="D"))
    assert () == talk.doses()
    talk.say(update(MSH_7=LATER))
    assert 1 == len(talk.doses())


def test_an_update_of_a_deleted_dose_is_stored_and_told() -> None:
    """With an I, once: it may not be known to who updates it that it was deleted."""
    talk = Talk()
    talk.say(update())
    talk.say(update(RXA_21="D"))
    sent = update(RXA_21="U", MSH_7=LATER)
    assert "I ORC^1^3" in errors(talk.say(sent))
    assert 1 == len(talk.doses())
    assert "I ORC^1^3" not in errors(talk.say(sent))


@pytest.mark.parametrize("known", [True, False])
def test_a_deletion_of_an_unknown_dose_is_a_warning(known: bool) -> None:
    """Nothing is stored, of the person neither if nobody knew it."""
    talk = Talk()
    if known:
        talk.say(update(*OLD, ORC_3="F9^DCL"))
    answer = talk.say(update(RXA_21="D"))
    assert ("AE", known) == (answer.acknowledgment_code, bool(talk.everybody))
    assert "W ORC^1^3" in errors(answer)


def test_an_older_report_of_a_dose_does_not_undo_a_newer_one() -> None:
    """It says so."""
    talk = Talk()
    talk.say(update(RXA_15="NEW1", MSH_7=LATER))
    answer = talk.say(update(RXA_15="OLD1"))
    assert ["NEW1"] == [dose.lot for dose in talk.doses()]
    assert "I RXA^1" in errors(answer)


def test_one_number_for_two_vaccines_keeps_both() -> None:
    """As the printed NDIIS examples have it: what is added under the number of another vaccine is another dose."""
    talk = Talk()
    talk.say(update())
    answer = talk.say(update("new hepatitis A", *NEW))
    assert ["03", "83"] == [dose.vaccine.code for dose in talk.doses()]
    assert "W ORC^1^3" in errors(answer)
    talk.say(update("new hepatitis A", *NEW, RXA_21="D", MSH_7=LATER))
    assert ["03"] == [dose.vaccine.code for dose in talk.doses()]


def at_other(*pieces: str, **values: str) -> Draft:
    return update(*pieces, MSH_4="OTHER", ORC_3="X1^OTHER", **values)


def test_an_administered_report_beats_a_historical_one() -> None:
    """Whichever came first: one dose is told, and the second reporter hears of it."""
    for first, second in (("given", "historical"), ("historical", "given")):
        talk = Talk()
        reports = {
            "given": update(),
            "historical": at_other("old DTaP", RXA_3="20260930", RXA_5="03^MMR^CVX"),
        }
        talk.say(reports[first])
        answer = talk.say(reports[second])
        [dose] = talk.doses()
        assert "00" == dose.source.code
        assert "I RXA^1" in errors(answer)
        assert 2 == len(talk.only.doses)


def test_reports_of_one_dose_are_deleted_one_by_one() -> None:
    """The other facility's report stays, and is told then."""
    talk = Talk()
    talk.say(update())
    talk.say(at_other("old DTaP", RXA_3="20260930", RXA_5="03^MMR^CVX"))
    talk.say(update(RXA_21="D", MSH_7=LATER))
    assert ["01"] == [dose.source.code for dose in talk.doses()]


@pytest.mark.parametrize(
    ("vaccine", "date", "told"),
    [
        ("03^MMR^CVX", "20260930", 1),
        ("03^MMR^CVX", "20260929", 2),
        ("03^MMR^CVX", "202609301115", 1),
        ("83^Hep A, ped/adol, 2 dose^CVX", "20260930", 2),
    ],
)
def test_the_same_day_and_vaccine_is_one_dose(vaccine: str, date: str, told: int) -> None:
    """Across facilities, a time of day does not matter."""
    talk = Talk()
    talk.say(update())
    talk.say(at_other("old DTaP", RXA_3=date, RXA_5=vaccine))
    assert told == len(talk.doses())


def test_an_unspecified_formulation_is_the_combination_that_has_its_group() -> None:
    """DTaP, unspecified, is told as the DTaP-HepB-IPV of that day; hepatitis A is not."""
    talk = Talk()
    talk.say(update("new DTaP-HepB-IPV", *NEW))
    talk.say(at_other("old DTaP", RXA_3="20260930"))
    assert ["110"] == [dose.vaccine.code for dose in talk.doses()]


def test_one_facility_may_report_a_dose_twice() -> None:
    """Under two numbers; it is told once, and deleting the one leaves the other."""
    talk = Talk()
    talk.say(update(*MMR, *MMR, ORC2_3="F2^DCL"))
    assert (1, 2) == (len(talk.doses()), len(talk.only.doses))
    talk.say(update(RXA_21="D", MSH_7=LATER))
    assert ["F2"] == [dose.order_number for dose in talk.doses()]


def test_a_refusal_is_told_with_its_reason() -> None:
    """Under 9999, and once however often it is sent."""
    talk = Talk()
    for _ in range(2):
        talk.say(update("refused MMR"))
    [dose] = talk.doses()
    assert dose.refusal is not None
    assert ("RE", "00", "9999") == (dose.completion, dose.refusal.code, dose.order_number)


def test_evidence_of_immunity_is_told_and_is_no_forecast() -> None:
    """RXA-5 998 with what was observed."""
    talk = Talk()
    talk.say(update("no dose", "had varicella"))
    person = talk.history()
    assert ["59784-9"] == [seen.code.code for dose in person.doses for seen in dose.observations]
    assert person.forecast


def test_an_ndc_with_a_cvx_code_beside_it_is_told_by_the_cvx_code() -> None:
    """Responses hold CVX."""
    talk = Talk()
    talk.say(update("new Tdap by NDC", *NEW))
    assert [("115", "CVX")] == [(dose.vaccine.code, dose.vaccine.system) for dose in talk.doses()]


@pytest.mark.parametrize(
    ("eligibility", "funding", "expected"),
    [
        ("V01", "PHC70", False),
        ("V02", "PHC70", True),
        ("V03", "PHC70", True),
        ("V04", "PHC70", True),
        ("V05", "PHC70", True),
        ("V07", "PHC70", False),
        ("V01", "VXC1", True),
        ("V01", "VXC2", True),
        ("V02", "VXC2", False),
        ("V07", "VXC1", False),
    ],
)
def test_borrowed_vaccine_is_listed(eligibility: str, funding: str, expected: bool) -> None:
    """Once, told by an I, and withdrawn when the dose is deleted."""
    talk = Talk()
    sent = update(OBX1_5=f"{eligibility}^^HL70064", OBX2_5=f"{funding}^^CDCPHINVS")
    for _ in range(2):
        answer = talk.say(sent)
    assert expected == bool([finding for finding in answer.findings if "borrowed" in finding.text])
    assert [("DAKOTA CLINIC", "03", eligibility, funding)] * expected == [
        (event.facility, event.vaccine, event.eligibility, event.funding) for event in talk.records.borrowed[1]
    ]
    talk.say(update(RXA_21="D", MSH_7=LATER))
    assert () == talk.records.borrowed[1]


@pytest.mark.parametrize(
    ("pieces", "values"),
    [
        ((), {"PID_22": ""}),
        ((), {"RXA_5": "777^no such^CVX"}),
        (("new hepatitis A", *NEW), {"RXA_5": "777^no such^CVX"}),
    ],
)
def test_nothing_is_said_to_be_borrowed_that_is_rejected(pieces: tuple[str, ...], values: dict[str, str]) -> None:
    """The message, its only dose, or one of two: no ERR-3 0 (accepted) tells of it."""
    talk = Talk()
    answer = talk.say(update(*MMR, *pieces, OBX1_5="V02^^HL70064", OBX2_5="PHC70^^CDCPHINVS", **values))
    assert "AE" == answer.acknowledgment_code
    assert "0" not in [finding.code for finding in answer.findings]


def test_what_is_taken_beside_a_rejected_dose_is_said_to_be_borrowed() -> None:
    """The second dose falls, the first was borrowed."""
    talk = Talk()
    borrowed = {"OBX1_5": "V02^^HL70064", "OBX2_5": "PHC70^^CDCPHINVS"}
    answer = talk.say(update(*MMR, "new hepatitis A", *NEW, RXA2_5="777^no such^CVX", **borrowed))
    assert ["I OBX^2^5^1^1"] == [told for told in errors(answer) if told.startswith("I")]
    assert 1 == len(talk.records.borrowed[1])


def test_a_rejected_dose_falls_and_the_rest_stays() -> None:
    """Partial acceptance: the acknowledgment says which."""
    talk = Talk()
    answer = talk.say(update(*MMR, "new hepatitis A", *NEW, RXA2_5="777^no such^CVX"))
    assert ["03"] == [dose.vaccine.code for dose in talk.doses()]
    assert "AE" == answer.acknowledgment_code
    assert any(finding.err_2.startswith("RXA^2^5") and finding.severity == "E" for finding in answer.findings)


@pytest.mark.parametrize("values", [{"RXA_5": "777^no such^CVX"}, {"PID_7": "20260230"}, {"PID_3": ""}, {"PID_22": ""}])
def test_a_rejected_message_changes_nothing(values: dict[str, str]) -> None:
    """The only dose, the patient: then all falls."""
    talk = Talk()
    talk.say(update("new hepatitis A", *NEW))
    before = dict(talk.records.by_number)
    assert (
        "AE" == talk.say(update(MSH_7=LATER, PID_11="9 Other St^^Fargo^ND^58102^USA^L", **values)).acknowledgment_code
    )
    assert before == talk.records.by_number


def test_the_older_route_codes_are_told_in_those_of_the_guide() -> None:
    """HL70162 SC is C38299."""
    talk = Talk()
    talk.say(update(RXR_1="SC^Subcutaneous^HL70162"))
    assert ["C38299"] == [dose.route.code for dose in talk.doses() if dose.route]


def test_values_with_delimiters_come_back_as_they_were() -> None:
    """Escaped on the way out."""
    talk = Talk()
    talk.say(update(RXA_15="A\\T\\B\\F\\1"))
    assert [STANDARD.unescape("A\\T\\B\\F\\1")] == [dose.lot for dose in talk.doses()]


def test_a_message_about_the_person_alone_is_stored() -> None:
    """AA: the judge says by an I that there is no dose."""
    talk = Talk()
    answer = talk.say(update("shared"))
    assert ("AA", ()) == (answer.acknowledgment_code, talk.only.doses)
    assert "OK" == talk.say(query()).query_status
