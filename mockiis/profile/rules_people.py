"""Rules about persons: names that stand for none, identifiers, telephones, e-mail addresses, ZIP codes and states.

Lists of names and codes are in the entries. A number that looks like an SSN is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockiis.er7 import Segment
from mockiis.profile.codes import CodeSets
from mockiis.profile.flaw import shown
from mockiis.profile.rule import Entry, Hit, hit, repetitions, told, value, valued
from mockiis.profile.scene import Scene, at


def name_among(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """The given name is one of ``given`` or begins with a word of ``beginnings``, or the family name is of ``family``.

    With ``processing``, only in messages with that processing id (MSH-11).
    """
    listed = entry["with"]
    if "processing" in listed and not _is_processed(scene, listed["processing"]):
        return
    for segment, field in valued(scene, entry):
        given, family = value(segment, field, 2), value(segment, field, 1, 1)
        if _letters(given) in listed["given"] or _first_word(given) in listed.get("beginnings", ()):
            yield hit(segment, field, "the given name", given, 2)
        elif _letters(family) in listed.get("family", ()):
            yield hit(segment, field, "the family name", family, 1)


def name_with_digits(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A family, given or middle name has a digit."""
    for segment, field in valued(scene, entry):
        if not _DIGIT.search(segment.raw(field)):
            continue
        for component in (1, 2, 3):
            name = value(segment, field, component)
            if _DIGIT.search(name):
                yield hit(segment, field, "a name without digits", name, component)


def number_like_ssn(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An identifier of another type than ``type`` is written as a social security number is."""
    for segment, field, number, text in repetitions(scene, entry):
        if _SSN.fullmatch(segment.part(text, 1)) and not segment.matches(text, 5, entry["with"]["type"]):
            yield _told(segment, field, number, 1, "another identifier", "a number such as 999-99-9999")


def ssn_impossible(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A social security number (type ``type``) that was never given out, or is one of ``examples``."""
    for segment, field, number, text in repetitions(scene, entry):
        if segment.matches(text, 5, entry["with"]["type"]):
            digits = segment.part(text, 1).replace("-", "")
            if digits and (not _REAL_SSN.fullmatch(digits) or digits in entry["with"]["examples"]):
                yield _told(segment, field, number, 1, "a number that can be an SSN", "one that cannot")


def type_twice(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """Two identifiers of the same type and authority."""
    first: dict[tuple[Segment, str, str], int] = {}
    for segment, field, number, text in repetitions(scene, entry):
        kind = segment.part(text, 5)
        if kind and first.setdefault((segment, segment.part(text, 4), kind), number) != number:
            expected = "one identifier of each type and authority"
            yield _told(segment, field, number, 5, expected, f"a second one of type {shown(kind)}")


def telephone_impossible(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An area code (XTN.6) or local number (XTN.7) that no telephone in North America has."""
    for segment, field, number, text in repetitions(scene, entry):
        if segment.part(text, 5) not in _NORTH_AMERICA:
            continue
        area, local = segment.part(text, 6), segment.part(text, 7)
        if area and not _AREA.fullmatch(area):
            yield _told(segment, field, number, 6, "3 digits, the first of them 2 to 9", shown(area))
        if local and (not _LOCAL.fullmatch(local) or len(set(local)) == 1):
            yield _told(segment, field, number, 7, "7 digits, not all the same", shown(local))


def email_impossible(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """An e-mail address (XTN.4) that is none."""
    for segment, field, number, text in repetitions(scene, entry):
        address = segment.part(text, 4)
        if address and not _EMAIL.fullmatch(address[:_LONGEST_EMAIL]):
            yield _told(segment, field, number, 4, "an address such as name@example.org", shown(address))


def zip_impossible(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A ZIP code (XAD.5) of an address in one of ``countries`` that has another form than 58103 or 58103-1234."""
    for segment, field, number, text in repetitions(scene, entry):
        code = segment.part(text, 5)
        if code and not _ZIP.fullmatch(code) and segment.part(text, 6) in entry["with"]["countries"]:
            yield _told(segment, field, number, 5, "a ZIP code such as 58103 or 58103-1234", shown(code))


def state_unknown(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A state (XAD.4) of an address in one of ``countries`` that is none of ``states``."""
    listed = entry["with"]
    for segment, field, number, text in repetitions(scene, entry):
        state = segment.part(text, 4)
        if state and state not in listed["states"] and segment.part(text, 6) in listed["countries"]:
            yield _told(segment, field, number, 4, "a state's two letters, such as ND", shown(state))


def birth_order_of_single(scene: Scene, _entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A birth order above 1 (PID-25) of somebody who was born alone (PID-24 is N)."""
    for pid in scene.by_id.get("PID", ()):
        order = value(pid, 25)
        if pid.raw(24) == "N" and order not in ("", "1"):
            yield hit(pid, 25, "nothing or 1, as PID-24 is N", order)


RULES = {
    check.__name__: told(check)
    for check in (
        birth_order_of_single,
        email_impossible,
        name_among,
        name_with_digits,
        number_like_ssn,
        ssn_impossible,
        state_unknown,
        telephone_impossible,
        type_twice,
        zip_impossible,
    )
}

_DIGIT = re.compile("[0-9]")
_SSN = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}")
_REAL_SSN = re.compile(r"(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}")
_NORTH_AMERICA = ("", "1", "001", "+1")
_AREA = re.compile("[2-9][0-9]{2}")
_LOCAL = re.compile("[0-9]{3}-?[0-9]{4}")
_EMAIL = re.compile(r"[^@\s]{1,64}@(?:[^@\s.]{1,63}\.){1,8}[^@\s.]{2,63}")
_LONGEST_EMAIL = 320
_ZIP = re.compile("[0-9]{5}(?:-?[0-9]{4})?")
_LONGEST_NAME = 60
"""Characters of a name that are compared with the lists."""


def _is_processed(scene: Scene, wanted: list[str]) -> bool:
    return any(header.get(11, 1) in wanted for header in scene.by_id.get("MSH", ()))


def _letters(name: str) -> str:
    """A name as the lists have it: capitals only."""
    name = name[:_LONGEST_NAME]
    return (name if name.isalpha() else "".join(filter(str.isalpha, name))).upper()


def _first_word(name: str) -> str:
    """The first of several words."""
    first, space, _rest = name[:_LONGEST_NAME].partition(" ")
    return _letters(first) if space else ""


def _told(segment: Segment, field: int, number: int, component: int, expected: str, found: str) -> Hit:
    """A hit at a component of a repetition; the first one is not counted."""
    repetition = number if number > 1 else None
    return Hit(at(segment, field, component, repetition), expected, found)
