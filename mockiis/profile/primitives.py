"""Data types without components: formats of dates, times and numbers, compiled to checks of one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from mockiis.profile.dates import RANK, HL7Time, parse
from mockiis.profile.flaw import Flaw, ill_formed, missing_component, unexpected_component
from mockiis.profile.specification import ComponentSpec, Format

Check = Callable[[str], Sequence[Flaw]]
"""Takes the text of a repetition, component or subcomponent that is not empty; gives what is wrong with it."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_SEQUENCE = re.compile(r"\d{1,4}", re.ASCII)
DATE = Format(base="DT", least="year", most="day", zone="forbidden", shown="YYYY[MM[DD]]")
TIME = Format(base="DTM", least="year", most="fraction", zone="optional", shown="YYYY[MM[DD[HHMM[SS[.S]]]]][+/-ZZZZ]")


def dated(form: Format) -> Check:
    """A date or time of this form, that exists."""
    expected = f"a date or time as {form.shown}" if form.most != "day" else f"a date as {form.shown}"
    least, most, said = RANK[form.least], RANK[form.most], form.statement

    def check(text: str) -> Sequence[Flaw]:
        time = parse(text)
        if time is None:
            return (replace(ill_formed("no such date or time", expected, text, application="2"), statement=said),)
        if not least <= RANK[time.precision] <= most or not _zone_fits(form, time):
            return (replace(ill_formed("another precision or form", expected, text, application="2"), statement=said),)
        return ()

    return check


def time_stamp(dated: Check, precision: ComponentSpec | None) -> Check:
    """TS: its time stands for the whole field, as people write QPD-6; the degree of precision is out of use."""
    forbidden = precision is not None and precision.usage.when_true == "X"

    def check(text: str) -> Sequence[Flaw]:
        value, _, rest = text.partition("^")
        if not rest:
            return dated(value)
        flaws = [*dated(value)] if value else [missing_component("TS", 1)]
        return [*flaws, unexpected_component("TS", 2, rest)] if forbidden else flaws

    return check


def _zone_fits(form: Format, time: HL7Time) -> bool:
    if form.zone == "required":
        return time.zone is not None
    return form.zone == "optional" or time.zone is None


def _shaped(pattern: re.Pattern[str], expected: str) -> Check:
    def check(text: str) -> Sequence[Flaw]:
        return () if pattern.fullmatch(text) else (ill_formed("another form", expected, text),)

    return check


def undivided(text: str) -> Sequence[Flaw]:
    """One value; where another one may follow, the type is a composite."""
    if "^" not in text:
        return ()
    return (ill_formed("components", "one value without components", text),)


PRIMITIVES: dict[str, Check | None] = {
    "DT": dated(DATE),
    "DTM": dated(TIME),
    "NM": _shaped(_NUMBER, "a number"),
    "SI": _shaped(_SEQUENCE, "a whole number of at most four digits"),
    **dict.fromkeys(("ID", "IS", "ST", "TM", "GTS"), undivided),
    **dict.fromkeys(("TX", "FT", "varies", "NUL"), None),
}
