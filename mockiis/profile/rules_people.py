"""Rules about persons: names that stand for none, identifiers, telephones, e-mail addresses, ZIP codes and states.

Lists of names and codes are in the entries. A number that looks like an SSN is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from mockiis.er7 import STANDARD
from mockiis.profile.facts import Facts, Repetition, code_in, repetitions
from mockiis.profile.flaw import shown
from mockiis.profile.rule import Entry, Hit, fields, hit, of_messages, of_repetitions, value
from mockiis.profile.scene import at


def name_among(one: Repetition, entry: Entry, facts: Facts) -> Iterable[Hit]:
    """The given name is one of ``given`` or begins with a word of ``beginnings``, or the family name is of ``family``.

    With ``processing``, only in messages with that processing id (MSH-11). The first repetition is the legal name.
    """
    named = _named(one, entry["with"]) if one.number is None else None
    return [named] if named is not None and _is_processed(facts, entry["with"]) else ()


def name_with_digits(one: Repetition, _entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A family, given or middle name has a digit."""
    for component in (1, 2, 3) if one.number is None else ():
        name = one.parts[component]
        if not name.isalpha() and _DIGIT.search(STANDARD.unescape(name)):
            yield _told(one, component, "a name without digits", shown(STANDARD.unescape(name)))


def number_like_ssn(one: Repetition, entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """An identifier of another type than ``type`` is written as a social security number is."""
    if _SSN.fullmatch(one.parts[1]) and one.parts[5] != entry["with"]["type"]:
        return [_told(one, 1, "another identifier", "a number such as 999-99-9999")]
    return ()


def ssn_impossible(one: Repetition, entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A social security number (type ``type``) that was never given out, or is one of ``examples``."""
    if one.parts[5] == entry["with"]["type"]:
        digits = one.parts[1].replace("-", "")
        if digits and (not _REAL_SSN.fullmatch(digits) or digits in entry["with"]["examples"]):
            return [_told(one, 1, "a number that can be an SSN", "one that cannot")]
    return ()


def type_twice(facts: Facts, entry: Entry) -> Iterator[Hit]:
    """Two identifiers of the same type and authority."""
    for owner, number in fields(entry):
        for segment in facts.scene.by_id.get(owner, ()):
            first: dict[tuple[str, str], Repetition] = {}
            for one in repetitions(segment, number) if "~" in segment.raw(number) else ():
                kind = one.parts[5]
                if kind and first.setdefault((one.parts[4], kind), one) is not one:
                    found = f"a second one of type {shown(kind)}"
                    yield _told(one, 5, "one identifier of each type and authority", found)


def telephone_impossible(one: Repetition, _entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """An area code (XTN.6) or local number (XTN.7) that no telephone in North America has."""
    area, local = one.parts[6], one.parts[7]
    if one.parts[5] not in _NORTH_AMERICA:
        return
    if area and not _AREA.fullmatch(area):
        yield _told(one, 6, "3 digits, the first of them 2 to 9", shown(area))
    if local and not _LOCAL.fullmatch(local):
        yield _told(one, 7, "7 digits, not all the same", shown(local))


def email_impossible(one: Repetition, _entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """An e-mail address (XTN.4) that is none."""
    address = one.parts[4]
    if address and not _EMAIL.fullmatch(address[:_LONGEST_EMAIL]):
        return [_told(one, 4, "an address such as name@example.org", shown(address))]
    return ()


def zip_impossible(one: Repetition, entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A ZIP code (XAD.5) of an address in one of ``countries`` that has another form than 58103 or 58103-1234."""
    code = one.parts[5]
    if code and not _ZIP.fullmatch(code) and one.parts[6] in entry["with"]["countries"]:
        return [_told(one, 5, "a ZIP code such as 58103 or 58103-1234", shown(code))]
    return ()


def state_unknown(one: Repetition, entry: Entry, _facts: Facts) -> Iterable[Hit]:
    """A state (XAD.4) of an address in one of ``countries`` that is none of ``states``."""
    listed = entry["with"]
    state = one.parts[4]
    if state and state not in listed["states"] and one.parts[6] in listed["countries"]:
        return [_told(one, 4, "a state's two letters, such as ND", shown(state))]
    return ()


def birth_order_of_single(facts: Facts, _entry: Entry) -> Iterator[Hit]:
    """A birth order above 1 (PID-25) of somebody who was born alone (PID-24 is N)."""
    for pid in facts.scene.by_id.get("PID", ()):
        if pid.raw(24) == "N" and value(pid, 25) not in ("", "1"):
            yield hit(pid, 25, "nothing or 1, as PID-24 is N", value(pid, 25))


CHECKS = {
    **of_repetitions(
        email_impossible,
        name_among,
        name_with_digits,
        number_like_ssn,
        ssn_impossible,
        state_unknown,
        telephone_impossible,
        zip_impossible,
    ),
    **of_messages(birth_order_of_single, type_twice),
}

_DIGIT = re.compile("[0-9]")
_SSN = re.compile("[0-9]{3}-[0-9]{2}-[0-9]{4}")
_REAL_SSN = re.compile("(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}")
_NORTH_AMERICA = ("", "1", "001", "+1")
_AREA = re.compile("[2-9][0-9]{2}")
_LOCAL = re.compile(r"(?!([0-9])\1{2}-?\1{4})[0-9]{3}-?[0-9]{4}")
_EMAIL = re.compile(r"[^@\s]{1,64}@(?:[^@\s.]{1,63}\.){1,8}[^@\s.]{2,63}")
_LONGEST_EMAIL = 320
_ZIP = re.compile("[0-9]{5}(?:-?[0-9]{4})?")
_LONGEST_NAME = 60
"""Characters of a name that are compared with the lists."""


def _named(one: Repetition, listed: Entry) -> Hit | None:
    family, given = one.parts[1:3]
    if _letters(given) in listed["given"] or _begins(given, listed.get("beginnings", ())):
        return _told(one, 2, "the given name", shown(given))
    if "family" in listed and _letters(family.partition("&")[0]) in listed["family"]:
        return _told(one, 1, "the family name", shown(family))
    return None


def _is_processed(facts: Facts, listed: Entry) -> bool:
    wanted = listed.get("processing")
    return wanted is None or any(code_in(header, 11) in wanted for header in facts.scene.by_id.get("MSH", ()))


def _letters(name: str) -> str:
    """A name as the lists have it: capitals only."""
    name = name[:_LONGEST_NAME]
    return (name if name.isalpha() else "".join(filter(str.isalpha, name))).upper()


def _begins(name: str, words: Collection[str]) -> bool:
    """Whether the first of several words is one of these."""
    first, space, _rest = name[:_LONGEST_NAME].partition(" ")
    return bool(words and space) and _letters(first) in words


def _told(one: Repetition, component: int, expected: str, found: str) -> Hit:
    return Hit(at(one.segment, one.field, component, one.number), expected, found)
