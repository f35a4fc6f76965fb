"""Rules about the money: eligibility and funding source of new doses, and vaccine that is borrowed between stocks.

That a new dose has them, and which codes count, is said by statements and tables, which differ from registry to
registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockiis.profile.codes import CodeSets
from mockiis.profile.facts import code_in, facts
from mockiis.profile.rule import Entry, Hit, hit, told
from mockiis.profile.scene import Scene, at


def observed_without_code(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose has an OBX of ``observation``, and none with a code, which is as good as no OBX."""
    code = entry["with"]["observation"]
    for dose in facts(scene).new:
        observations = dose.observed.get(code)
        if observations and not any(code_in(segment, 5) for segment in observations):
            yield Hit(
                at(dose.rxa),
                f"an OBX with {code} in OBX-3.1 and a code in OBX-5.1",
                f"no code in {at(observations[0], 5)}",
            )


def borrowed(scene: Scene, entry: Entry, _codes: CodeSets) -> Iterator[Hit]:
    """A new dose from a stock (``funding``) that is not for patients of this ``eligibility``."""
    given = entry["with"]
    for dose in facts(scene).new:
        for segment in dose.observed.get(_FUNDING, ()):
            if code_in(segment, 5) in given["funding"]:
                eligible = [code_in(one, 5) for one in dose.observed.get(_ELIGIBILITY, ())]
                if any(code in given["eligibility"] for code in eligible):
                    yield hit(segment, 5, given["expected"], code_in(segment, 5), 1)


RULES = {check.__name__: told(check) for check in (borrowed, observed_without_code)}

_ELIGIBILITY = "64994-7"
_FUNDING = "30963-3"
