"""What becomes of a person: new, known, told anew, cleared; newborns and twins; protection; origins."""

from __future__ import annotations

import pytest

from mockiis.message.person import Coded, Identifier

from .talk import MMR, Talk, errors, query, update

LATER = "20261001121500-0500"
EARLIER = "20260901101500-0500"


def test_a_person_is_kept_with_everything_that_was_sent() -> None:
    """Identifiers, names, mother, addresses, telephones, race, ethnic group, relatives, PD1."""
    talk = Talk()
    sent = update("shared", "mother", "father", *MMR)
    sent.put("PID-11", "12 Elm St^^Fargo^ND^58102^USA^L~P.O. Box 7^^Fargo^ND^58106^USA^M")
    sent.put("PID-13", "^PRN^PH^^^701^2345678~^NET^Internet^kari@example.org~^ORN^CP^^^701^5550144")
    sent.put("PID-5", "Larson^Erik^Nils^^^^L~Larsson^Eirik^^^^^A")
    talk.say(sent)
    person = talk.only.person

    assert (Identifier("90001", "DCL", "MR"),) == person.identifiers
    assert ("Larson", "Larsson") == (person.name.family, person.aliases[0].family)
    assert person.mother is not None
    assert ("Berg", ["MTH", "FTH"]) == (person.mother.family, [kin.relationship.code for kin in person.next_of_kin])
    assert ["M"] == [address.type for address in person.other_addresses]
    assert ["kari@example.org", ""] == [phone.email for phone in person.other_phones]
    assert (("2106-3",), Coded("2186-5", "not Hispanic or Latino", "CDCREC")) == (
        tuple(race.code for race in person.races),
        person.ethnicity,
    )
    assert ("N", "A", "20240201") == (person.protection, person.status, person.publicity_date)


def test_what_is_kept_is_told() -> None:
    """The response to a query has it all again, under the registry's own identifier too."""
    talk = Talk()
    talk.say(update("shared", "mother", *MMR, PID_30="N"))
    told, kept = talk.history(), talk.only.person

    assert Identifier("1", "NDIIS", "SR") == told.identifiers[0]
    assert (kept.name, kept.mother, kept.races, kept.address) == (told.name, told.mother, told.races, told.address)
    assert (kept.next_of_kin, kept.status, kept.death) == (told.next_of_kin, told.status, told.death)


def test_a_newer_message_tells_anew_what_it_says_and_leaves_the_rest() -> None:
    """An empty field changes nothing; the origin of each value is that of the message that said it."""
    talk = Talk()
    talk.say(update())
    talk.say(update(MSH_7=LATER, MSH_10="M2", PID_11="1 New St^^Minot^ND^58701^USA^L", PID_13="", PID_6=""))
    person, record = talk.only.person, talk.only

    assert person.address is not None
    assert ("1 New St", "2345678") == (person.address.street, person.phone and person.phone.number)
    origins = {place: origin.control_id for place, origin in record.origins}
    assert ("M2", "26-10-01-0815") == (origins["PID-11"], origins["PID-13"])


def test_an_older_message_does_not_touch_newer_values() -> None:
    """It says so, and adds what nobody had said."""
    talk = Talk()
    talk.say(update(PID_13=""))
    answer = talk.say(update(MSH_7=EARLIER, PID_11="1 Old St^^Minot^ND^58701^USA^L"))
    person = talk.only.person

    assert person.address is not None
    assert ("12 Elm St", "2345678") == (person.address.street, person.phone and person.phone.number)
    assert "I MSH^1^7" in errors(answer)


@pytest.mark.parametrize(
    ("place", "attribute", "empty"),
    [
        ("PID-6", "mother", None),
        ("PID-10", "races", ()),
        ("PID-11", "address", None),
        ("PID-13", "phone", None),
        ("PD1-16", "status", ""),
    ],
)
def test_hl7_null_clears(place: str, attribute: str, empty: object) -> None:
    """And an older message that arrives late does not bring the value back."""
    talk = Talk()
    sent = update("shared", *MMR)
    talk.say(sent)
    assert empty != getattr(talk.only.person, attribute)
    cleared = sent.copy().put("MSH-7", LATER).put(place, '""')
    if place.startswith("PD1"):
        cleared.put("PD1-17", "")
    talk.say(cleared)
    assert empty == getattr(talk.only.person, attribute)
    talk.say(sent)
    assert empty == getattr(talk.only.person, attribute)


def test_sex_unknown_and_text_without_a_code_overwrite_nothing() -> None:
    """They say that the sender does not know."""
    talk = Talk()
    talk.say(update())
    talk.say(update(MSH_7=LATER, PID_8="U", PID_10="^UNKNOWN^HL70005", PID_22="^UNKNOWN^HL70189"))
    person = talk.only.person

    assert ("M", "2106-3", "2186-5") == (person.sex, person.races[0].code, person.ethnicity and person.ethnicity.code)


def test_the_former_codes_of_ethnic_groups_are_told_in_those_of_today() -> None:
    """HL70189 H is 2135-2 of CDCREC."""
    talk = Talk()
    talk.say(update(PID_22="H^Hispanic^HL70189"))
    assert Coded("2135-2", "Hispanic or Latino", "CDCREC") == talk.history().ethnicity


def test_a_new_family_name_makes_the_former_one_an_alias() -> None:
    """Both find the person."""
    talk = Talk()
    talk.say(update())
    talk.say(update(MSH_7=LATER, PID_5="Novak^Erik^Nils^^^^L"))

    assert ("Novak", ["Larson"]) == (talk.only.person.name.family, [n.family for n in talk.only.person.aliases])
    assert "OK" == talk.say(query()).query_status
    assert "OK" == talk.say(query(QPD_4="Novak^Erik^^^^^L")).query_status


def test_a_newborn_gets_its_name() -> None:
    """One record, whose placeholder name is an alias; who still sends that does not take the name away."""
    talk = Talk()
    talk.say(update(patient="newborn", PID_5="Okafor^Baby Girl^^^^^L", PID_24="N", PID_25=""))
    talk.say(update(patient="newborn", MSH_7=LATER, PID_24="N", PID_25=""))
    assert ("Ada", ["Baby Girl"]) == (talk.only.person.name.given, [n.given for n in talk.only.person.aliases])

    talk.say(
        update(patient="newborn", PID_5="Okafor^Baby Girl^^^^^L", MSH_7="20261001131500-0500", PID_24="N", PID_25="")
    )
    assert ("Ada", ["Baby Girl"]) == (talk.only.person.name.given, [n.given for n in talk.only.person.aliases])


def test_a_newborn_is_known_by_its_mother_at_another_facility() -> None:
    """Mother's maiden name and birth date."""
    talk = Talk()
    talk.say(update(patient="newborn", PID_5="Okafor^BG^^^^^L", PID_24="N", PID_25=""))
    talk.say(update(patient="newborn", PID_3="7^^^OTHER^MR", MSH_4="OTHER", PID_24="N", PID_25=""))
    assert 2 == len(talk.only.person.identifiers)


def test_twins_stay_two_even_under_one_identifier() -> None:
    """The second is told that the identifier is taken."""
    talk = Talk()
    talk.say(update(patient="newborn"))
    answer = talk.say(update(patient="newborn", PID_5="Okafor^Ife^^^^^L", PID_25="1"))
    assert ["Ada", "Ife"] == [record.person.name.given for record in talk.everybody]
    assert "W PID^1^3" in errors(answer)

    talk.say(update(patient="newborn", PID_5="Okafor^Ife^^^^^L", PID_25="1", MSH_7=LATER))
    assert 2 == len(talk.everybody)


def test_an_identifier_that_was_used_again_makes_another_person() -> None:
    """Neither name nor birth date agrees."""
    talk = Talk()
    talk.say(update())
    answer = talk.say(update(patient="girl", PID_3="90001^^^DCL^MR"))
    assert ["Larson", "Moreno"] == [record.person.name.family for record in talk.everybody]
    assert "W PID^1^3" in errors(answer)


def test_the_authority_of_an_identifier_is_the_sending_facility_where_none_is_said() -> None:
    """Two facilities' numbers are two identifiers."""
    talk = Talk()
    talk.say(update(PID_3="1^^^^MR"))
    talk.say(update(PID_3="1^^^^MR", MSH_4="OTHER"))
    assert ["DAKOTA CLINIC", "OTHER"] == [one.authority for one in talk.only.person.identifiers]


def test_an_authority_may_be_an_oid() -> None:
    """It names the authority where there is no namespace."""
    talk = Talk()
    talk.say(update(PID_3="1^^^&2.16.840.1.113883.19&ISO^MR"))
    assert ["2.16.840.1.113883.19"] == [one.authority for one in talk.only.person.identifiers]


def test_only_the_owner_lifts_protection() -> None:
    """The other facility is told; the owner may."""
    talk = Talk()
    protected = update("shared", *MMR).put("PD1-12", "Y")
    talk.say(protected)
    assert ("Y", "DAKOTA CLINIC") == (talk.only.person.protection, talk.only.owner)

    answer = talk.say(protected.copy().put("MSH-4", "OTHER").put("MSH-7", LATER).put("PD1-12", "N"))
    assert ("Y", "DAKOTA CLINIC") == (talk.only.person.protection, talk.only.owner)
    assert "I PD1^1^12" in errors(answer)

    talk.say(protected.copy().put("MSH-7", LATER).put("PD1-12", "N"))
    assert ("N", "") == (talk.only.person.protection, talk.only.owner)


def test_a_relative_is_told_anew_and_the_others_stay() -> None:
    """Relatives are known by relationship and given name."""
    talk = Talk()
    talk.say(update("mother", "father", *MMR))
    talk.say(update("mother", *MMR, MSH_7=LATER, NK1_5="^PRN^PH^^^701^9998888"))
    phones = [kin.phone and kin.phone.number for kin in talk.only.person.next_of_kin]
    assert ["9998888", None] == phones


def test_what_the_judge_ignores_is_not_kept() -> None:
    """A next of kin without a relationship, an address that must not be sent so, a second mother's name."""
    talk = Talk()
    answer = talk.say(update("mother", *MMR, NK1_3="", PID_13="^PRN^PH^^^701^2345678~^NET^Internet^^^701^5550144"))
    assert () == talk.only.person.next_of_kin
    assert () == talk.only.person.other_phones
    assert "AE" == answer.acknowledgment_code


def test_several_who_could_be_meant_are_not_merged() -> None:
    """Two of the same names and birth date under other identifiers: a third message of nobody's identifier is new."""
    talk = Talk()
    talk.say(update(PID_3="1^^^A^MR", PID_5="Net^Dup^R^^^^L", PID_6="", PID_11="", PID_13=""))
    talk.say(update(PID_3="2^^^B^MR", PID_5="Net^Dup^C^^^^L", PID_6="", PID_11="", PID_13=""))
    answer = talk.say(update(PID_3="3^^^C^MR", PID_5="Net^Dup^^^^^L", PID_6="", PID_11="", PID_13=""))
    assert 3 == len(talk.everybody)
    assert "I PID^1" in errors(answer)
