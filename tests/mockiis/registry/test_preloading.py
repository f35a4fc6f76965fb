"""Persons that the registry knows from the beginning are found as if they had been submitted."""

from __future__ import annotations

from pathlib import Path

from mockiis.er7 import read
from mockiis.message import read_answer
from mockiis.registry.preloading import preloaded
from mockiis.registry.records import Origin

from .talk import Talk

SCRIPT = Origin(facility="", control_id="", received="2026-10-01T00:00:00+00:00")


def test_the_persons_of_the_specification_s_answers_are_found(data: Path) -> None:
    """The printed query finds the one, with its dose under its number; the other query finds two candidates."""
    talk = Talk()
    for name in ("RSP_K11_ex1_one_match_Z32", "RSP_K11_ex2_candidates_Z31"):
        printed = read_answer(read((data / "ndiis-examples" / f"{name}.hl7").read_text("utf-8")))
        talk.registry.keep([preloaded(person, SCRIPT) for person in printed.persons])
    query = (data / "ndiis-examples" / "QBP_Q11_Z34.hl7").read_text("utf-8")
    [jane] = talk.say(query).persons
    assert ("Z32", "JANE", ["5551"]) == (
        talk.say(query).profile,
        jane.name.given,
        [dose.order_number for dose in jane.doses],
    )
    twice = query.replace("37262522", "0000813314").replace("DOE^JANE^R", "NET^DUP^R").replace("19980629", "20110101")
    answer = talk.say(twice.replace("|F|", "|M|").replace("NET^DUP^R", "NET^DUP"))
    assert ("Z31", ["R", "C"]) == (answer.profile, [person.name.middle for person in answer.persons])
