"""Files that extend a standard, damaged at random."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read as read_message
from mockiis.errors import DocumentError
from mockiis.profile.data import read
from mockiis.profile.extension import read_standard
from mockiis.profile.validator import Validator

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MESSAGE = read_message(
    "MSH|^~\\&|A|B|C|D|20260101120000-0600||VXU^V04^VXU_V04|1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||1^^^B^MR||DOE^KIM^^^^^L||20200101|F\rORC|RE||1^B\rRXA|0|1|20251231||08^HepB^CVX|1|mL^mL^UCUM||00^New^NIP001\r"
)
TEXTS = ["", "off", "R", "C(R/O)", "PID-3", "XPN.7", "2.1", "OBX", "CVX", "Z22", "true", "[", "1.0", "valued", "DT"]
NODES = [[], {}, ["PID-3"], {"Z22": "R"}, {"not": "x"}, {"table": "HL70001"}, {"check": "vis"}, {"matches": "("}]


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_makes_a_standard_that_judges(data: st.DataObject) -> None:
    """Whatever stands in the file, nothing but its own complaint is raised, then or when a message is judged."""

    file = copy.deepcopy(read("ndiis"))
    node: Any = file
    key = data.draw(st.sampled_from(sorted(node)))
    while isinstance(node[key], dict) and node[key] and data.draw(st.booleans()):
        node = node[key]
        key = data.draw(st.sampled_from(sorted(node)))
    node[key] = data.draw(st.sampled_from([*TEXTS, *NODES]))
    with suppress(DocumentError):
        Validator(read_standard(json.dumps(file), "mine.yaml")).judge(MESSAGE, NOW)
