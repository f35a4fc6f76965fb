"""IIS-Sandbox flavors that change what the built-in registry stores or tells: sent, stored, asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

import scenarios
from mockiis.er7 import Message, read
from mockiis.invented import household, query, update
from mockiis.message import MessageReply, Request
from mockiis.message.person import Coded, Name, Person
from mockiis.registry.registry import Registry
from mockiis.respond import respond
from mockiis.scenario.loader import load

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NAME = "iis-sandbox/flavors-of-records"
SCENARIO = load(scenarios.path(NAME).read_text(encoding="utf-8"), NAME)


def somebody(name: Name, *vaccines: Coded) -> Person:
    """Of a household, with another name and those vaccines."""
    person = next(person for person in household(3) if len(person.doses) > 1)
    doses = tuple(replace(dose, vaccine=cvx) for dose, cvx in zip(person.doses, vaccines, strict=False))
    return replace(person, name=name, doses=doses or person.doses[:1])


def told(flavor: str, person: Person) -> Message:
    """What the same facility is told of a person that it has reported."""
    registry = Registry()
    for text in (update(person, "V1", f"{flavor} Clinic"), query(person, "Q1", f"{flavor} Clinic")):
        request = Request(transport="mllp", received=NOW, control_id="R1", message=read(text), text=text)
        reply = respond(request, [SCENARIO], registry=registry)
        registry.keep(change for change in reply.changes)
        assert isinstance(reply, MessageReply)
    assert "|Q1|OK|" in reply.text, reply.text
    return read(reply.text)


@pytest.mark.parametrize(
    "flavor, sent, stored",
    [
        ("LIMITSIZENAME", Name(family="Featherstonehaugh-Testing", given="Ida"), "Featherstonehau^Ida^^^^^L"),
        ("MIDDLENAMECONCAT", Name(family="Moe", given="Ida", middle="Rose"), "Moe^Ida Rose^^^^^L"),
        ("MIDDLENAMECONCAT", Name(family="Moe", given="Ida"), "Moe^Ida^^^^^L"),
        ("ASCIICONVERT", Name(family="Ødegård", given="Zoë"), "Odegard^Zoe^^^^^L"),
        ("REMOVEHYPHENSPACES", Name(family="Moe-Berg", given="Ida Ann"), "MoeBerg^IdaAnn^^^^^L"),
        ("IGNORENAMETYPE", Name(family="Moe", given="Ida", type="A"), "Moe^Ida^^^^^L"),
        ("APPLESAUCE", Name(family="Moe", given="BABY GIRL"), "Moe^BABY GIRL^^^^^NB"),
        ("APPLESAUCE", Name(family="Moe", given="Test"), "Moe^Test^^^^^TEST"),
    ],
)
def test_names_are_stored_in_another_form(flavor: str, sent: Name, stored: str) -> None:
    """And told so; of babies and tests only what is told is another."""
    assert stored == told(flavor, somebody(sent)).get("PID-5")


def test_a_dose_of_typhoid_vaccine_is_stored_and_never_told() -> None:
    """Others are; without the flavor it is told."""
    typhoid, mmr = Coded("101", "typhoid, ViCPs", "CVX"), Coded("03", "MMR", "CVX")
    person = somebody(Name(family="Moe", given="Ida"), typhoid, mmr)
    codes = {flavor: [rxa.get(5, 1) for rxa in told(flavor, person).named("RXA")] for flavor in ("GREEN", "PITAYA")}
    assert {"101", "03"} <= set(codes["PITAYA"])
    assert "03" in codes["GREEN"]
    assert "101" not in codes["GREEN"]


@pytest.mark.parametrize("flavor", ["PITAYA", "PERSIMMON"])
def test_race_and_ethnic_group_are_told_as_they_were_sent(flavor: str) -> None:
    """If they are valid: what is not is never stored."""
    person = somebody(Name(family="Moe", given="Ida"))
    answer = told(flavor, person)
    assert (person.races[0].code, person.ethnicity and person.ethnicity.code) == (
        answer.get("PID-10.1"),
        answer.get("PID-22.1"),
    )
    assert "" == told(flavor, replace(person, races=(Coded("XXX", "None", "CDCREC"),))).get("PID-10.1")
