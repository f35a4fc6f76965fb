"""Rules about the money: eligibility and funding source of new doses, and vaccine that is borrowed between stocks.

That a new dose has them, and which codes count, is said by statements and tables, which differ from registry to
registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockiis.profile.facts import ELIGIBILITY, FUNDING, Dose, Facts, code_in
from mockiis.profile.flaw import shown
from mockiis.profile.rule import NEW, Entry, Hit, hit, of_codes
from mockiis.profile.scene import at


def observed_without_code(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A new dose has an OBX of ``observation``, and none with a code, which is as good as no OBX."""
    code = entry["with"]["observation"]
    observations = dose.order.observed.get(code)
    if observations and not any(code_in(segment, 5) for segment in observations):
        yield Hit(
            at(dose.rxa),
            f"an OBX with {code} in OBX-3.1 and a code in OBX-5.1",
            f"no code in {at(observations[0], 5)}",
        )


def observed_otherwise(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A new dose has a further OBX of ``observation`` that contradicts the first one with a code."""
    told = [(code_in(one, 5), one) for one in dose.order.observed.get(entry["with"]["observation"], ())]
    coded = [(code, segment) for code, segment in told if code]
    for code, segment in coded[1:]:
        first, where = coded[0]
        if code != first:
            yield hit(segment, 5, f"nothing other than {shown(first)}, as in {at(where, 5)}", code, 1)


def borrowed(dose: Dose, entry: Entry, _facts: Facts) -> Iterator[Hit]:
    """A new dose from a stock (``funding``) that is not for patients of this ``eligibility``."""
    given, observed = entry["with"], dose.order.observed
    for segment in observed.get(FUNDING, ()):
        if code_in(segment, 5) in given["funding"]:
            eligible = [code_in(one, 5) for one in observed.get(ELIGIBILITY, ())]
            if any(code in given["eligibility"] for code in eligible):
                yield hit(segment, 5, given["expected"], code_in(segment, 5), 1)


CHECKS = of_codes(NEW, borrowed, observed_otherwise, observed_without_code)
