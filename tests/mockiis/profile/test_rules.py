"""The rules across fields: each is broken at its place, with its codes, and not by what is just right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import Location, read
from mockiis.profile.codes import shipped
from mockiis.profile.data import read as data
from mockiis.profile.place import Place
from mockiis.profile.rules import CHECKS, Rules
from mockiis.profile.scene import Fault, arranged
from mockiis.profile.tables import HL70357, HL70533

ENTRIES: dict[str, dict[str, Any]] = {entry["id"]: entry for entry in data("rules")}
RECEIVED = datetime(2026, 10, 2, 12, tzinfo=UTC)
PROFILES = ("Z22", "Z23", "Z31", "Z32", "Z33", "Z34", "Z42", "Z44")

VXU = r"""
MSH|^~\&|CLINIC|04999|NDIIS|ND0000|20261002055900-0600||VXU^V04^VXU_V04|1|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS
PID|1||41^^^CLINIC^MR||MOEN^INGRID^L^^^^L||20250310|F|||9 ELM ST^^FARGO^ND^58103^USA^H||^PRN^PH^^^701^5550142
NK1|1|MOEN^KARI^^^^^L|MTH^Mother^HL70063|9 ELM ST^^FARGO^ND^58103-1234^USA^H|^NET^Internet^kari.moen@example.org
ORC|RE||901^CLINIC
RXA|0|1|20261001|20261001|140^Influenza^CVX|0.5|mL^^UCUM||00^New^NIP001||||||U1234AA|20270630|PMC^Sanofi^MVX|||CP|A
RXR|C28161^IM^NCIT|LT^Left thigh^HL70163
OBX|1|CE|64994-7^Eligibility^LN|1|V01^Not VFC eligible^HL70064||||||F|||20261001
OBX|2|CE|30963-3^Funding^LN|2|PHC70^Private^CDCPHINVS||||||F|||20261001
OBX|3|DT|29769-7^VIS presented^LN|3|20261001||||||F|||20261001
ORC|RE||902^CLINIC
RXA|0|1|20260401|20260401|03^MMR^CVX|999|||01^Historical^NIP001|||||||||||CP|A
""".strip().split("\n")
QBP = r"""
MSH|^~\&|CLINIC|04999|NDIIS|ND0000|20261002055900-0600||QBP^Q11^QBP_Q11|1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS
QPD|Z34^Request Immunization History^CDCPHINVS|T1|41^^^CLINIC^MR|MOEN^INGRID^^^^^L||20250310|F
RCP|I|5^RD&records&HL70126
""".strip().split("\n")

Changes = Mapping[str, str]
REFUSED = {"RXA[2]-20": "RE", "RXA[2]-9": "", "RXA[2]-18": "00^Parental decision^NIP002", "ORC[2]-3": "9999"}
NEW = {"RXA[2]-9": "00", "RXA[2]-17": "MSD", "RXA[2]-15": "X123"}
"""What makes the second dose one that was refused, or new."""
BORN = {"PID-7": "18950310"}
PACKAGE = "49281-0421-50^Fluzone^NDC"
"""The NDC of an influenza vaccine, CVX 150, of Sanofi."""

# rule, what breaks it, where (with HL70357 code, severity; - where the effect decides), what nearly breaks it
TABLE: list[tuple[str, Changes, str, Changes]] = [
    ("birth-in-future", {"PID-7": "20261003"}, "PID-7 101 -", {"PID-7": "20261002"}),
    ("birth-in-future", {"PID-7": "20261002060001"}, "PID-7 101 -", {"PID-7": "202610"}),
    ("birth-implausible", {"PID-7": "19061001"}, "PID-7 999 W", {"PID-7": "19061002"}),
    ("death-in-future", {"PID-29": "20261003"}, "PID-29 999 W", {"PID-29": "20261002"}),
    ("death-before-birth", {"PID-29": "20250309"}, "PID-29 999 W", {"PID-29": "20250310"}),
    ("death-before-birth", {"PID-29": "2024"}, "PID-29 999 W", {"PID-29": "2025"}),
    ("dose-in-future", {"RXA[2]-3": "20261003"}, "RXA[2]-3 999 -", {"RXA[2]-3": "20261002"}),
    ("dose-in-future", {"RXA[1]-3": "20261002121000+0000"}, "RXA[1]-3 999 -", {"RXA[1]-3": "20261002055900-0600"}),
    ("dose-in-future", {**REFUSED, "RXA[2]-3": "20270101"}, "RXA[2]-3 999 -", {**REFUSED, "RXA[2]-3": "20261001"}),
    ("dose-before-birth", {"RXA[1]-3": "20250309"}, "RXA[1]-3 999 -", {"RXA[1]-3": "20250310"}),
    ("dose-before-birth", {"RXA[2]-3": "2024"}, "RXA[2]-3 999 -", {"RXA[2]-3": "2025"}),
    ("dose-before-birth", {"RXA[1]-3": "20250101"}, "RXA[1]-3 999 -", {"RXA[1]-3": "20250101", "RXA[1]-21": "D"}),
    ("dose-before-birth", {"PID-7": "20260501"}, "RXA[2]-3 999 -", {"PID-7": "20270501"}),
    ("dose-after-death", {"PID-29": "20260930"}, "RXA[1]-3 999 W", {"PID-29": "20261001"}),
    ("dose-after-death", {"PID-29": "20250310"}, "RXA[1]-3 999 W RXA[2]-3 999 W", {"PID-29": "20250309"}),
    ("dose-after-death", {"PID-29": "20260930"}, "RXA[1]-3 999 W", {"PID-29": "20260930", "RXA[1]-20": "RE"}),
    ("dose-implausible", {"RXA[2]-3": "19061001"}, "RXA[2]-3 999 W", {"RXA[2]-3": "19061003"}),
    ("lot-expired", {"RXA[1]-16": "20260930"}, "RXA[1]-16 999 W", {"RXA[1]-16": "202610"}),
    ("lot-expired", {"RXA[1]-16": "202609"}, "RXA[1]-16 999 W", {"RXA[1]-16": "20261001"}),
    ("vis-in-future", {"OBX[3]-5": "20261003"}, "OBX[3]-5 999 W", {"OBX[3]-5": "20261002"}),
    ("vis-in-future", {"OBX[3]-5": "20261003"}, "OBX[3]-5 999 W", {"OBX[3]-5": "20261003", "OBX[3]-3": "29768-9"}),
    ("message-in-future", {"MSH-7": "20261003060100-0600"}, "MSH-7 999 W", {"MSH-7": "20261003060000-0600"}),
    ("message-in-future", {"MSH-7": "20261004"}, "MSH-7 999 W", {"MSH-7": "20261003"}),
    ("no-vaccine-given", {"RXA[2]-5": "998^^CVX"}, "RXA[2]-20 999 W", {"RXA[2]-5": "998^^CVX", "RXA[2]-20": "NA"}),
    ("no-vaccine-refused", {**REFUSED, "RXA[2]-5": "998^^CVX"}, "RXA[2]-5.1 999 W", REFUSED),
    (
        "refusal-reason-without-text",
        {**REFUSED, "RXA[2]-18": "02^^NIP002"},
        "RXA[2]-18.2 999 W",
        {**REFUSED, "RXA[2]-18": "02^Waits for the school^NIP002"},
    ),
    (
        "refusal-reason-without-text",
        {**REFUSED, "RXA[2]-18": '00^Parental decision^NIP002~02^""^NIP002'},
        "RXA[2]-18[2].2 999 W",
        {**REFUSED, "RXA[2]-18": "00^^NIP002"},
    ),
    ("product-of-no-dose", {**REFUSED, "RXA[2]-15": "X1"}, "RXA[2]-15 999 W", {**REFUSED, "RXA[2]-15": '""'}),
    ("product-of-no-dose", {**REFUSED, "RXA[2]-16": "202701"}, "RXA[2]-16 999 W", {"RXA[2]-16": "202701"}),
    ("product-of-no-dose", {**REFUSED, "RXA[2]-17": "MSD^^MVX"}, "RXA[2]-17 999 W", {"RXA[2]-17": "MSD^^MVX"}),
    ("route-of-no-dose", {"RXA[1]-20": "RE"}, "RXR[1] 999 I", REFUSED),
    ("funding-of-no-new-dose", {"RXA[1]-9": "01"}, "OBX[1]-3.1 999 I OBX[2]-3.1 999 I", {"RXA[1]-9": ""}),
    ("funding-of-no-new-dose", {"RXA[1]-20": "NA", "OBX[2]-3": "X"}, "OBX[1]-3.1 999 I", {"RXA[1]-20": "PA"}),
    ("given-dose-numbered-9999", {"ORC[1]-3": "9999^CLINIC"}, "ORC[1]-3.1 999 W", REFUSED),
    ("given-dose-numbered-9999", {"ORC[1]-3": "9999", "RXA[1]-21": "D"}, "ORC[1]-3.1 999 W", {"ORC[1]-3": "99991"}),
    ("amount-absurd", {"RXA[1]-6": "0"}, "RXA[1]-6 999 W", {"RXA[1]-6": ".01"}),
    ("amount-absurd", {"RXA[1]-6": "0"}, "RXA[1]-6 999 W", {"RXA[1]-6": "0", "RXA[1]-20": "XX"}),
    ("amount-absurd", {"RXA[1]-6": "-0.5"}, "RXA[1]-6 999 W", {"RXA[1]-6": "+0.5"}),
    ("amount-absurd", {"RXA[1]-6": "20.5"}, "RXA[1]-6 999 W", {"RXA[1]-6": "20"}),
    ("amount-absurd", {"RXA[1]-6": "5" * 400}, "RXA[1]-6 999 W", {"RXA[1]-6": "999"}),
    ("amount-absurd", {"RXA[1]-6": "50"}, "RXA[1]-6 999 W", {"RXA[1]-6": "50", "RXA[1]-7": "mg^^UCUM"}),
    ("amount-absurd", {"RXA[1]-6": "0.0"}, "RXA[1]-6 999 W", {"RXA[1]-6": "half a vial"}),
    ("amount-unknown", {"RXA[1]-6": "999"}, "RXA[1]-6 999 I", {"RXA[1]-6": "9"}),
    ("dose-twice", {"RXA[2]-3": "202610010815", "RXA[2]-5": "140^^CVX"}, "RXA[2] 999 W", {"RXA[2]-5": "140^^CVX"}),
    ("dose-twice", {"RXA[2]-3": "20261001", "RXA[2]-5": "140^^CVX"}, "RXA[2] 999 W", {"RXA[2]-3": "20261001"}),
    (
        "dose-twice",
        {"RXA[1]-5": "150^^CVX", "RXA[2]-3": "20261001", "RXA[2]-5": PACKAGE},
        "RXA[2] 999 W",
        {"RXA[1]-5": "150^^CVX", "RXA[2]-3": "20261001", "RXA[2]-5": PACKAGE, "RXA[2]-21": "D"},
    ),
    ("order-number-twice", {"ORC[2]-3": "901^CLINIC"}, "ORC[2]-3 999 W", {"ORC[2]-3": "901^OTHER"}),
    ("order-number-twice", {"ORC[2]-3": "901^CLINIC^"}, "ORC[2]-3 999 W", {"ORC[1]-3": "9999", "ORC[2]-3": "9999"}),
    ("ndc-as-cvx", {"RXA[1]-5": "49281-0421-50^^CVX"}, "RXA[1]-5.1 103 -", {"RXA[1]-5": PACKAGE}),
    ("ndc-as-cvx", {"RXA[1]-5": "49281-0421-50^^CVX"}, "RXA[1]-5.1 103 -", {"RXA[1]-5": "Flu^^CVX"}),
    (
        "alternate-cvx-unknown",
        {"RXA[1]-5": f"{PACKAGE}^999999^^CVX"},
        "RXA[1]-5.4 103 W",
        {"RXA[1]-5": f"{PACKAGE}^150^^CVX"},
    ),
    ("cvx-inactive", {"RXA[1]-5": "15^^CVX"}, "RXA[1]-5.1 999 W", {"RXA[2]-5": "15^^CVX"}),
    ("cvx-inactive", {"RXA[1]-5": f"{PACKAGE}^15^^CVX"}, "RXA[1]-5.4 999 W", {"RXA[1]-5": f"{PACKAGE}^15^^C4"}),
    ("cvx-inactive", {"RXA[1]-5": "15"}, "RXA[1]-5.1 999 W", {"RXA[1]-5": "88^^CVX"}),
    ("cvx-never-used", {"RXA[2]-5": "61^^CVX"}, "RXA[2]-5.1 999 W", {"RXA[2]-5": "15^^CVX"}),
    ("cvx-unspecified", {"RXA[1]-5": "88^^CVX"}, "RXA[1]-5.1 999 W", {"RXA[2]-5": "88^^CVX"}),
    ("cvx-unspecified", {"RXA[1]-5": "999^^CVX"}, "RXA[1]-5.1 999 W", {"RXA[1]-5": "998^^CVX"}),
    ("manufacturer-inactive", {"RXA[1]-17": "AB^^MVX"}, "RXA[1]-17.1 999 W", {"RXA[2]-17": "AB^^MVX"}),
    ("manufacturer-unknown", {"RXA[1]-17": "UNK^^MVX"}, "RXA[1]-17.1 999 W", {"RXA[1]-17": "OTH^^MVX"}),
    ("lot-unknown", {"RXA[1]-15": "n/a."}, "RXA[1]-15 999 W", {"RXA[1]-15": "NA2045"}),
    ("lot-unknown", {**NEW, "RXA[2]-15": "Unknown"}, "RXA[2]-15 999 W", {"RXA[2]-15": "Unknown"}),
    ("manufacturer-of-another-vaccine", {"RXA[1]-17": "MSD^^MVX"}, "RXA[1]-17.1 999 W", {"RXA[1]-17": "OTH^^MVX"}),
    ("manufacturer-of-another-vaccine", {**NEW, "RXA[2]-17": "PMC"}, "RXA[2]-17.1 999 W", NEW),
    (
        "ndc-of-another-vaccine",
        {"RXA[1]-5": f"{PACKAGE}^03^MMR^CVX"},
        "RXA[1]-5.1 999 W",
        {"RXA[1]-5": f"{PACKAGE}^150^^CVX"},
    ),
    (
        "ndc-of-another-vaccine",
        {"RXA[1]-5": f"03^MMR^CVX^{PACKAGE}"},
        "RXA[1]-5.4 999 W",
        {"RXA[1]-5": "03^MMR^CVX^99999-9999-99^^NDC"},
    ),
    (
        "ndc-of-another-manufacturer",
        {"RXA[1]-5": PACKAGE, "RXA[1]-17": "MSD^^MVX"},
        "RXA[1]-17.1 999 W",
        {"RXA[1]-5": PACKAGE},
    ),
    ("eligibility-empty", {"OBX[1]-5": ""}, "RXA[1] 101 E", {"OBX[1]-5": "", "RXA[1]-9": "01"}),
    ("eligibility-empty", {"OBX[1]-5": "^Unknown"}, "RXA[1] 101 E", {"OBX[1]-5": "V99"}),
    ("eligibility-empty", {"OBX[1]-5": '""'}, "RXA[1] 101 E", {"OBX[1]-5": "", "RXA[1]-21": "D"}),
    ("funding-empty", {"OBX[2]-5": ""}, "RXA[1] 101 E", {"OBX[2]-5": "", "RXA[1]-20": "RE"}),
    (
        "eligibility-contradicted",
        {"OBX[3]-3": "64994-7", "OBX[3]-5": "V02"},
        "OBX[3]-5.1 999 -",
        {"OBX[3]-3": "64994-7", "OBX[3]-5": "V01^the same in other words"},
    ),
    (
        "eligibility-contradicted",
        {"OBX[2]-3": "64994-7", "OBX[2]-5": "", "OBX[3]-3": "64994-7", "OBX[3]-5": "V02"},
        "OBX[3]-5.1 999 -",
        {"OBX[3]-3": "64994-7", "OBX[3]-5": "^text only"},
    ),
    (
        "funding-contradicted",
        {"OBX[3]-3": "30963-3", "OBX[3]-5": "VXC1"},
        "OBX[3]-5.1 999 -",
        {"OBX[3]-3": "30963-3", "OBX[3]-5": "VXC1", "RXA[1]-9": "01"},
    ),
    ("borrowed-from-private-stock", {"OBX[1]-5": "V05"}, "OBX[2]-5.1 0 I", {"OBX[1]-5": "V07"}),
    ("borrowed-from-private-stock", {"OBX[1]-5": "V02^a^b"}, "OBX[2]-5.1 0 I", {"OBX[1]-5": "V02", "OBX[2]-5": "VXC1"}),
    ("borrowed-from-public-stock", {"OBX[2]-5": "VXC2"}, "OBX[2]-5.1 0 I", {"OBX[2]-5": "VXC2", "OBX[1]-5": "V07"}),
    (
        "borrowed-from-public-stock",
        {"OBX[2]-5": "VXC51"},
        "OBX[2]-5.1 0 I",
        {"OBX[2]-5": "VXC51", "RXA[1]-9": "01^Historical^NIP001"},
    ),
    ("name-of-baby", {"PID-5": "MOEN^Baby Boy"}, "PID-5.2 999 W", {"PID-5": "MOEN^BABETTE"}),
    ("name-of-baby", {"PID-5": "MOEN^Baby Boy of Kari"}, "PID-5.2 999 W", {"PID-5": "BABY^INGRID"}),
    ("name-of-baby", {"PID-5": "MOEN^newborn"}, "PID-5.2 999 W", {"PID-5": "MOEN^INGRID~MOEN^BABY GIRL^^^^^A"}),
    ("name-unknown", {"PID-5": "UNKNOWN^INGRID"}, "PID-5.1 999 W", {"PID-5": "UNKER^INGRID"}),
    ("name-unknown", {"PID-5": "MOEN^Unknown"}, "PID-5.2 999 W", {"PID-5": "MOEN^"}),
    ("name-of-test", {"PID-5": "ZZTEST^INGRID"}, "PID-5.1 999 W", {"PID-5": "ZZTEST^INGRID", "MSH-11": "T"}),
    ("name-of-test", {"PID-5": "Test&van^INGRID"}, "PID-5.1 999 W", {"PID-5": "TESTA^INGRID"}),
    ("name-with-digits", {"PID-5": "MOEN^INGR1D"}, "PID-5.2 999 I", {"PID-5": "MOEN^INGRID^^III"}),
    ("name-with-digits", {"NK1-2": "MOEN2^KARI"}, "NK1[1]-2.1 999 I", {"NK1-2": "MOEN^KARI^^2"}),
    ("birth-order-of-single", {"PID-24": "N", "PID-25": "2"}, "PID-25 999 W", {"PID-24": "Y", "PID-25": "2"}),
    ("birth-order-of-single", {"PID-24": "N", "PID-25": "2"}, "PID-25 999 W", {"PID-24": "N", "PID-25": "1"}),
    ("identifier-like-ssn", {"PID-3": "219-09-9999^^^C^MR"}, "PID-3.1 999 W", {"PID-3": "219-09-9999^^^C^SS"}),
    (
        "identifier-like-ssn",
        {"PID-3": "4^^^C^MR~219-09-9999^^^C"},
        "PID-3[2].1 999 W",
        {"PID-3": "2190-99-99^^^C^MR"},
    ),
    ("ssn-impossible", {"PID-3": "900-12-3456^^^C^SS"}, "PID-3.1 999 W", {"PID-3": "899-12-3456^^^C^SS"}),
    ("ssn-impossible", {"PID-3": "123456789^^^C^SS"}, "PID-3.1 999 W", {"PID-3": "123456789^^^C^MR"}),
    ("identifier-type-twice", {"PID-3": "1^^^C^MR~2^^^C^MR"}, "PID-3[2].5 999 W", {"PID-3": "1^^^C^MR~2^^^D^MR"}),
    ("identifier-type-twice", {"PID-3": "1^^^C^MR~2^^^C^MR"}, "PID-3[2].5 999 W", {"PID-3": "1^^^C^MR~2^^^C^PI"}),
    ("telephone-impossible", {"PID-13": "^PRN^PH^^^71^5550142"}, "PID-13.6 999 W", {"PID-13": "^PRN^PH^^47^71^55"}),
    (
        "telephone-impossible",
        {"PID-13": "^PRN^PH^^^701^5555555"},
        "PID-13.7 999 W",
        {"PID-13": "^PRN^PH^^^701^555-5554"},
    ),
    (
        "telephone-impossible",
        {"NK1-5": "^PRN^PH^^^701^5550142~^PRN^PH^^1^101^550142"},
        "NK1[1]-5[2].6 999 W NK1[1]-5[2].7 999 W",
        {"NK1-5": "^PRN^PH^^^701^5550142~^PRN^PH"},
    ),
    (
        "email-impossible",
        {"NK1-5": "^NET^^kari.example.org"},
        "NK1[1]-5.4 999 W",
        {"NK1-5": "^NET^^k+m@mail.example"},
    ),
    ("email-impossible", {"PID-13": "^NET^^a@b@example.org"}, "PID-13.4 999 W", {"PID-13": "^NET^^a@example.org"}),
    ("email-impossible", {"PID-13": "^NET^^a@example"}, "PID-13.4 999 W", {"PID-13": "^NET"}),
    ("zip-impossible", {"PID-11": "^^FARGO^ND^5810"}, "PID-11.5 999 I", {"PID-11": "^^WINNIPEG^MB^R3C 4T3^CAN"}),
    ("zip-impossible", {"NK1-4": "~^^^ND^5810x^USA"}, "NK1[1]-4[2].5 999 I", {"NK1-4": "~^^^ND^58103^USA"}),
    ("state-unknown", {"PID-11": "^^FARGO^N. Dakota^58103"}, "PID-11.4 999 I", {"PID-11": "^^X^BY^80331^DEU"}),
    ("state-unknown", {"NK1-4": "^^FARGO^Nd^58103^USA"}, "NK1[1]-4.4 999 I", {"NK1-4": "^^FARGO^^58103^USA"}),
]


def with_changes(lines: Sequence[str], changes: Changes) -> str:
    """The message with raw values put into fields."""
    made = [line.split("|") for line in lines]
    for place, value in changes.items():
        where = Location.parse(place)
        fields = [one for one in made if one[0] == where.segment][(where.occurrence or 1) - 1]
        number = (where.field or 0) - (where.segment == "MSH")
        fields += [""] * (number + 1 - len(fields))
        fields[number] = value
    return "".join("|".join(fields) + "\r" for fields in made)


def faults(rule: str, text: str, received: datetime = RECEIVED, profile: str = "Z22") -> list[Fault]:
    """What the rule has against the message."""
    return Rules([ENTRIES[rule]], shipped()).faults(arranged(read(text), profile, received))


def told(found: Iterable[Fault]) -> str:
    return " ".join(f"{one.location} {one.code} {one.severity or '-'}" for one in found)


@pytest.mark.parametrize(("rule", "changes", "expected"), [row[:3] for row in TABLE])
def test_a_rule_is_broken_at_its_place(rule: str, changes: Changes, expected: str) -> None:
    """The place with its numbers, the code and the severity; the fault says all that its entry says."""
    found = faults(rule, with_changes(VXU, changes))
    assert expected == told(found)
    entry = ENTRIES[rule]
    for fault in found:
        assert (rule, rule) == (fault.kind, fault.statement)
        assert [entry["text"], entry["fix"], entry["source"]] == [fault.text, fault.fix, fault.source]
        assert entry.get("application_code", "") == fault.application_code
        assert fault.expected
        assert fault.found


@pytest.mark.parametrize(("rule", "changes"), [(row[0], row[3]) for row in TABLE])
def test_what_is_just_right_breaks_no_rule(rule: str, changes: Changes) -> None:
    """The near miss of each row."""
    assert "" == told(faults(rule, with_changes(VXU, changes)))


@pytest.mark.parametrize("rule", ENTRIES)
def test_a_right_message_breaks_no_rule(rule: str) -> None:
    """The message that the rows change breaks none, nor does a query."""
    assert "" == told(faults(rule, with_changes(VXU, {})))
    if "Z34" in ENTRIES[rule]["profiles"]:
        assert "" == told(faults(rule, with_changes(QBP, {}), profile="Z34"))


def test_a_query_for_somebody_unborn_is_told_so() -> None:
    """The birth date of a query is not one to be stored, but nobody will be found by it."""
    assert "QPD-6 999 W" == told(faults("query-birth-in-future", with_changes(QBP, {"QPD-6": "20270101"})))
    assert "" == told(faults("query-birth-in-future", with_changes(QBP, {"QPD-6": "20261002"})))


def test_a_message_without_a_dose_is_told_so() -> None:
    """An update of the patient alone is legal; an order without RXA is none either."""
    assert "RXA[1] 0 I" == told(faults("no-dose", with_changes(VXU[:3], {})))
    assert "RXA[1] 0 I" == told(faults("no-dose", with_changes(VXU[:4], {})))
    assert "" == told(faults("no-dose", with_changes(VXU[:5], {})))


@pytest.mark.parametrize("rule", ENTRIES)
def test_a_dose_to_be_deleted_is_left_alone(rule: str) -> None:
    """It is named as it was sent, right or wrong; but a number that names it is needed."""
    deleted = {"RXA[1]-21": "D", "RXA[2]-21": "D"}
    for row in TABLE:
        if row[0] == rule and re.search(r"(RXA|RXR|OBX|ORC)\[", row[2]) and rule != "given-dose-numbered-9999":
            assert "" == told(faults(rule, with_changes(VXU, {**row[1], **deleted})))


def test_a_dose_without_completion_status_counts_as_given() -> None:
    """As under Release 1.4, where RXA-20 may be left out."""
    changes = {"RXA[1]-20": "", "RXA[1]-3": "20260101", "PID-29": "20250401", "RXA[2]-20": ""}
    assert "RXA[1]-3 999 W RXA[2]-3 999 W" == told(faults("dose-after-death", with_changes(VXU, changes)))


# Now is now where the sender is


@pytest.mark.parametrize(
    ("sent", "given", "received", "is_future"),
    [
        ("20261002190000-0600", "20261002", "2026-10-03 01:00", False),
        ("20261002190000-0600", "20261003", "2026-10-03 01:00", True),
        ("20261003090000+1000", "20261003", "2026-10-02 23:00", False),
        ("20261003000500", "20261003", "2026-10-02 23:55", False),
        ("202610030005", "202610030004", "2026-10-02 23:55", False),
        ("20261003", "20261003", "2026-10-02 23:55", True),
        ("20261005000500", "20261003", "2026-10-02 23:55", True),
        ("20250101000500", "20261002", "2026-10-02 23:55", False),
        ("nonsense", "20261003", "2026-10-02 23:55", True),
        ("", "20261003", "2026-10-02 23:55", True),
    ],
)
def test_now_is_by_the_clock_of_the_sender(sent: str, given: str, received: str, *, is_future: bool) -> None:
    """Its zone in MSH-7 counts, and MSH-7 itself when it is up to a day fast; a clock that is further off does not."""
    text = with_changes(VXU, {"MSH-7": sent, "RXA[1]-3": given})
    when = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert is_future == bool(faults("dose-in-future", text, when))


def test_the_zone_of_the_registry_counts_where_the_message_has_none() -> None:
    """A registry in Fargo knows what day it is there."""
    text = with_changes(VXU, {"MSH-7": "", "RXA[1]-3": "20261003"})
    fargo = timezone(timedelta(hours=-5))
    assert faults("dose-in-future", text, datetime(2026, 10, 2, 23, 30, tzinfo=fargo))
    assert not faults("dose-in-future", text, datetime(2026, 10, 3, 0, 30, tzinfo=fargo))


# What findings show


@pytest.mark.parametrize("number", ["219-09-9999", "900-12-3456", "123-45-6789"])
def test_a_number_like_an_ssn_is_never_shown(number: str) -> None:
    """Neither as what was found nor elsewhere."""
    found = []
    for kind in ("SS", "MR"):
        text = with_changes(VXU, {"PID-3": f"{number}^^^CLINIC^{kind}"})
        found += faults("identifier-like-ssn", text) + faults("ssn-impossible", text)
    assert found
    assert not any(number in repr(fault) for fault in found)


def test_a_long_value_is_shown_in_part() -> None:
    """A finding has room for one value, and not for a novel."""
    found = faults("name-with-digits", with_changes(VXU, {"PID-5": f"{'x1' * 5000}^INGRID"}))
    assert 63 == len(found[0].found)


def test_dates_of_others_are_not_shown() -> None:
    """A dose before birth shows its own date and not the birth date."""
    found = faults("dose-before-birth", with_changes(VXU, {"RXA[1]-3": "20250101"}))
    assert ["20250101"] == [fault.found for fault in found]
    assert "20250310" not in repr(found)


def test_makers_of_the_vaccine_are_named() -> None:
    """What would be right is said where the tables know it."""
    found = faults("manufacturer-of-another-vaccine", with_changes(VXU, {"RXA[2]-5": "133^^CVX", "RXA[2]-17": "MSD"}))
    assert "for CVX 133" in found[0].expected
    assert "PFR" in found[0].expected


def test_a_hundred_repetitions_are_looked_at() -> None:
    """A field of a hundred thousand repetitions costs no more."""
    text = with_changes(VXU, {"PID-3": "~".join(f"{n}^^^C^MR" for n in range(100_000))})
    assert 99 == len(faults("identifier-type-twice", text))


# The entries themselves


def test_every_rule_has_a_row_and_every_check_a_rule() -> None:
    """Nothing is written that is not tried."""
    rows = {row[0] for row in TABLE} | {"query-birth-in-future", "no-dose"}
    assert set(ENTRIES) == rows
    assert set(CHECKS) == {entry["check"] for entry in ENTRIES.values()}
    assert len(ENTRIES) == len(data("rules"))


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_says_what_it_must(entry: dict[str, Any]) -> None:
    """Codes are of their tables, texts are sentences, profiles and standards exist."""
    assert entry["code"] in HL70357
    assert entry.get("application_code", "1") in HL70533
    assert entry.get("severity", "E") in ("E", "W", "I")
    assert ("0" == entry["code"]) == ("application_code" not in entry)
    assert "0" != entry["code"] or "I" == entry["severity"]
    assert set(entry["profiles"]) <= set(PROFILES)
    assert set(entry.get("standards", ())) <= {"cdc", "ndiis"}
    assert all(entry[key].endswith(".") and entry[key][0].isupper() for key in ("text", "fix"))
    assert entry["source"]
    known = {"id", "at", "check", "with", "profiles", "severity", "code", "application_code", "text", "fix", "source"}
    assert set(entry) <= known | {"standards"}


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_a_hit_is_where_the_entry_says(row: tuple[str, Changes, str, Changes]) -> None:
    """Analysts read ``at``; findings stand there."""
    where = ENTRIES[row[0]]["at"]
    places = [Place.parse(one) for one in ([where] if isinstance(where, str) else where)]
    allowed = {(place.owner, place.field) for place in places}
    components = {(place.owner, place.field, place.component) for place in places}
    for fault in faults(row[0], with_changes(VXU, row[1])):
        assert fault.location is not None
        assert (fault.location.segment, fault.location.field) in allowed
        assert (fault.location.segment, fault.location.field, fault.location.component) in components


# Whatever the message


RAW = st.text(st.sampled_from('09AVX2-.^~&\\|" \r\nåé²'), max_size=12)
PLACES = [f"{line.split('|')[0]}-{number}" for line in VXU for number in range(3, 26)]
LINES = [line for row in TABLE for line in with_changes(VXU, row[1]).split("\r") if line]
TEXTS = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=14).map(lambda lines: "\r".join([VXU[0], *lines])),
    st.dictionaries(st.sampled_from(PLACES), RAW, max_size=6).map(lambda changes: with_changes(VXU, changes)),
    st.lists(RAW, max_size=8).map(lambda lines: "\r".join([VXU[0], *lines])),
    st.tuples(st.sampled_from(["MSH|^", "MSH|", "MSH|*~\\&", "MSH#^~\\&"]), st.lists(st.sampled_from(LINES))).map(
        lambda pair: "\r".join([f"{pair[0]}|A|B", *pair[1]])
    ),
)


ALL_RULES = Rules(ENTRIES.values(), shipped())


@given(TEXTS, st.sampled_from(PROFILES))
def test_no_message_makes_a_rule_raise(text: str, profile: str) -> None:
    """Every fault points at a segment that is there, or at the dose that is missing, by a location that can be read."""
    message = read(text)
    scene = arranged(message, profile, RECEIVED)
    for fault in ALL_RULES.faults(scene):
        where = fault.location
        assert where is not None
        assert where == Location.parse(str(where))
        assert "no-dose" == fault.kind or (where.occurrence or 1) <= len(message.named(where.segment))


def test_a_rule_gives_the_same_twice() -> None:
    """What was worked out for one message is not used for another."""
    early, late = with_changes(VXU, {"RXA[1]-3": "20250101"}), with_changes(VXU, {})
    assert ["RXA[1]-3 999 -", "", "RXA[1]-3 999 -"] == [
        told(faults("dose-before-birth", one)) for one in (early, late, early)
    ]
