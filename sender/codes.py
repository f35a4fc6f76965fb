"""Texts that go with the codes people write, so that a record needs the code only.

Source: CDC guide 1.5 Appendix A with the 2015 addendum, and the NDIIS specification for its local codes. This is
no judge of codes: a code that is not here is sent without a text. Routes are the exception, because Release 1.5
and 1.4 write them in different code systems.
"""

from __future__ import annotations

RACE = {
    "1002-5": "American Indian or Alaska Native",
    "2028-9": "Asian",
    "2054-5": "Black or African-American",
    "2076-8": "Native Hawaiian or Other Pacific Islander",
    "2106-3": "White",
    "2131-1": "Other Race",
}
ETHNICITY = {"2135-2": "Hispanic or Latino", "2186-5": "Not Hispanic or Latino"}
LANGUAGE = {"eng": "English", "spa": "Spanish", "som": "Somali", "nep": "Nepali", "ara": "Arabic"}
RELATIONSHIP = {
    "BRO": "Brother",
    "CGV": "Care giver",
    "CHD": "Child",
    "FCH": "Foster child",
    "FTH": "Father",
    "GRD": "Guardian",
    "GRP": "Grandparent",
    "MTH": "Mother",
    "OTH": "Other",
    "PAR": "Parent",
    "SCH": "Stepchild",
    "SEL": "Self",
    "SIB": "Sibling",
    "SIS": "Sister",
    "SPO": "Spouse",
}
PUBLICITY = {
    "01": "No reminder/recall",
    "02": "Reminder/recall - any method",
    "03": "Reminder/recall - no calls",
    "04": "Reminder only - any method",
    "05": "Reminder only - no calls",
    "06": "Recall only - any method",
    "07": "Recall only - no calls",
    "08": "Reminder/recall - to provider",
    "09": "Reminder to provider",
    "10": "Only reminder to provider, no recall",
    "11": "Recall to provider",
    "12": "Only recall to provider, no reminder",
}
SOURCE = {
    "00": "New immunization record",
    "01": "Historical information - source unspecified",
    "02": "Historical information - from other provider",
    "03": "Historical information - from parent's written record",
    "04": "Historical information - from parent's recall",
    "05": "Historical information - from other registry",
    "06": "Historical information - from birth certificate",
    "07": "Historical information - from school record",
    "08": "Historical information - from public agency",
}
REFUSAL = {"00": "Parental decision", "01": "Religious exemption", "02": "Other", "03": "Patient decision"}
SITE = {
    "LA": "Left Arm",
    "LD": "Left Deltoid",
    "LG": "Left Gluteous Medius",
    "LLFA": "Left Lower Forearm",
    "LT": "Left Thigh",
    "LVL": "Left Vastus Lateralis",
    "MO": "Mouth",
    "NO": "Nose",
    "RA": "Right Arm",
    "RD": "Right Deltoid",
    "RG": "Right Gluteous Medius",
    "RLFA": "Right Lower Forearm",
    "RT": "Right Thigh",
    "RVL": "Right Vastus Lateralis",
}
ELIGIBILITY = {
    "V01": "Not VFC Eligible",
    "V02": "VFC eligible - Medicaid/Medicaid Managed Care",
    "V03": "VFC eligible - Uninsured",
    "V04": "VFC eligible - American Indian/Alaska Native",
    "V05": "VFC eligible - Federally Qualified Health Center Patient (under-insured)",
    "V07": "Local-specific eligibility",
}
ELIGIBILITY_METHOD = {
    "VXC40": "Eligibility captured at the immunization level",
    "VXC41": "Eligibility captured at the visit level",
}
FUNDING = {
    "PHC70": "Private Funds",
    "VXC1": "Federal Funds",
    "VXC2": "State Funds",
    "VXC50": "Public",
    "VXC51": "Public VFC",
    "VXC52": "Public non-VFC",
}
REACTION = {
    "VXC9": "Persistent, inconsolable crying lasting more than 3 hours within 48 hours of dose",
    "VXC10": "Collapse or shock-like state within 48 hours of dose",
    "VXC11": "Convulsions (fits, seizures) within 72 hours of dose",
    "VXC12": "Fever of more than 40.5 C (105 F) within 48 hours of dose",
    "VXC13": "Guillain-Barre syndrome within 6 weeks of dose",
    "VXC14": "Rash within 14 days of dose",
    "VXC15": "Intussusception within 30 days of dose",
    "39579001": "Anaphylaxis",
    "81308009": "Encephalopathy",
}

NCIT_ROUTE = {
    "ID": "C38238",
    "IM": "C28161",
    "NS": "C38284",
    "IN": "C38284",
    "IV": "C38276",
    "PO": "C38288",
    "SC": "C38299",
    "TD": "C38305",
    "OTH": "",
}
"""Routes of table 0162 and their NCIT codes; OTH has none."""

ROUTE = {
    "ID": "Intradermal",
    "IM": "Intramuscular",
    "NS": "Nasal",
    "IN": "Intranasal",
    "IV": "Intravenous",
    "PO": "Oral",
    "SC": "Subcutaneous",
    "TD": "Transdermal",
    "OTH": "Other",
    "C38676": "Percutaneous",
}

OBSERVATION = {
    "64994-7": "Vaccine funding program eligibility category",
    "30963-3": "Vaccine purchased with",
    "30956-7": "Vaccine type",
    "69764-9": "Document type",
    "29768-9": "DATE VACCINE INFORMATION STATEMENT PUBLISHED",
    "29769-7": "DATE VACCINE INFORMATION STATEMENT PRESENTED",
    "31044-1": "Reaction",
}
"""Observation identifiers (LOINC), spelled as the NDIIS specification prints them where it does."""
