"""What masking keeps of a message. Everything that is not in this table is masked, whatever segment it stands in.

Kept is what says how the interface behaves: headers, acknowledgment codes, error locations and codes, codes of
vaccines, routes, sites, eligibility and funding, lot numbers, and who gave an identifier or name which type.
Masked are names, identifiers, order numbers, birth dates, addresses, phones, sex, race, ethnic group, providers,
clinics of patients, policies, and all free text, the text of coded values and of ERR included. Of other dates the year
is kept: the first dose of many children has the date of their birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Keep:
    """How a field is kept: as it is, its year, a location, or its components with these numbers if they are codes."""

    how: Literal["whole", "year", "location", "codes"]
    components: frozenset[int] = frozenset()


WHOLE = Keep("whole")
YEAR = Keep("year")
LOCATION = Keep("location")
CODES = Keep("codes", frozenset({1, 3, 4, 6}))
"""Of CE and CWE: the codes and their systems, not the texts."""
CODE = Keep("codes", frozenset({1}))


def _types(*components: int) -> Keep:
    return Keep("codes", frozenset(components))


_HEADER = dict.fromkeys(range(1, 8), WHOLE)
_IDENTIFIER = _types(4, 5)

KEPT: Mapping[str, Mapping[int, Keep]] = {
    "MSH": {**_HEADER, **dict.fromkeys((9, 10, 11, 12, 15, 16, 17, 18, 19, 20, 21), WHOLE)},
    "FHS": _HEADER | {11: CODE, 12: CODE},
    "BHS": _HEADER | {11: CODE, 12: CODE},
    "FTS": {1: CODE},
    "BTS": {1: CODE},
    "MSA": {1: WHOLE, 2: WHOLE},
    "ERR": {1: LOCATION, 2: LOCATION, 3: CODES, 4: CODE, 5: CODES},
    "QAK": {1: WHOLE, 2: WHOLE, 3: CODES, 4: CODE, 5: CODE, 6: CODE},
    "QPD": {1: CODES, 2: WHOLE, 3: _IDENTIFIER, 4: _types(7), 5: _types(7), 8: _types(7), 9: _types(2, 3)},
    "RCP": {1: CODE, 2: CODES, 3: CODES},
    "PID": {1: CODE, 3: _IDENTIFIER, 5: _types(7), 6: _types(7), 9: _types(7), 11: _types(7), 13: _types(2, 3)},
    "PD1": {11: CODES, 12: CODE, 16: CODE},
    "NK1": {1: CODE, 2: _types(7), 3: CODES, 4: _types(7), 5: _types(2, 3)},
    "PV1": {1: CODE, 2: CODE},
    "IN1": {1: CODE},
    "GT1": {},
    "ORC": {1: CODE, 2: _types(2), 3: _types(2), 5: CODE},
    "RXA": {
        **dict.fromkeys((1, 2, 6, 15, 20, 21), CODE),
        **dict.fromkeys((3, 4, 16, 22), YEAR),
        **dict.fromkeys((5, 7, 9, 17, 18), CODES),
    },
    "RXR": {1: CODES, 2: CODES},
    "OBX": {1: CODE, 2: CODE, 3: CODES, 4: CODE, 6: CODES, 11: CODE, 14: YEAR, 17: CODES},
    "NTE": {1: CODE, 2: CODE},
    **{name: {} for name in ("DSC", "EVN", "IN2", "IN3", "PV2", "SFT", "TQ1", "TQ2")},
}
"""Segment -> field -> how it is kept. A segment that is not named here loses its name too: it may be no segment."""

CODED_OBSERVATIONS = frozenset(
    {
        "64994-7",  # eligibility
        "30963-3",  # funding
        "30956-7",  # vaccine type
        "69764-9",  # document type
        "59779-9",  # schedule
        "59781-5",  # validity of the dose
        "59782-3",  # doses in the series
        "59783-1",  # status in the series
        "30973-2",  # number in the series
    }
)
"""OBX-3.1 of observations on doses: codes and numbers in OBX-5 are kept."""
DATED_OBSERVATIONS = frozenset({"29768-9", "29769-7", "30980-7", "30981-5", "59777-3", "59778-1"})
"""Of these the year is kept: publication and presentation of a statement, and when a dose is due."""
