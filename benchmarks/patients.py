"""Messages about invented patients, each about somebody else: names, numbers, dates and vaccines vary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import count

from request import MESSAGE

Make = Callable[[int], str]
"""The message about the patient with this number."""

_FAMILIES = ("Larson", "Nygaard", "Berg", "Voss", "Dahl", "Haugen", "Lund", "Moe", "Solberg", "Aas", "Ruud", "Sletten")
_GIVEN = ("Erik", "Ida", "Kari", "Per", "Anna", "Nils", "Liv", "Odd", "Sigrid", "Tor", "Unni", "Vidar", "Astrid")
_CITIES = (("Fargo", "58102"), ("Bismarck", "58501"), ("Minot", "58701"), ("Grand Forks", "58201"))
_VACCINES = (
    ("03", "MMR", "MSD", "Merck"), ("21", "Varicella", "MSD", "Merck"), ("10", "IPV", "PMC", "Sanofi Pasteur"),
    ("83", "Hep A, ped/adol, 2 dose", "SKB", "GlaxoSmithKline"), ("115", "Tdap", "SKB", "GlaxoSmithKline"),
)  # fmt: skip
_ELIGIBILITY = (("V01", "Not VFC eligible", "PHC70", "Private"), ("V02", "VFC eligible - Medicaid", "VXC1", "Federal"))


def example(number: int) -> str:
    """NDIIS's example of two vaccinations, which has findings, about another patient each time."""
    named = MESSAGE.replace("DOE^", f"Doe{_letters(number)}^").replace("|50000009^", f"|{number}^")
    return named.replace("|26999999-3|", f"|M{number}|").replace("|2013100", f"|201{number % 4}100")


def messages(make: Make) -> Iterator[str]:
    """One message after the other, none twice."""
    return map(make, count(1))


def vxu(doses: int) -> Make:
    """Reports that many new doses."""
    return partial(_vxu, doses=doses)


def qbp(number: int) -> str:
    """Asks for a patient's history."""
    return _text(
        _header(number, "QBP^Q11^QBP_Q11", "ER", "AL", "Z34"),
        _query(number),
        "RCP|I|5^RD&Records&HL70126|R^Real-time^HL70394",
    )


def rsp(number: int) -> str:
    """Answers with one patient, who had two doses."""
    return _text(
        _header(number, "RSP^K11^RSP_K11", "NE", "NE", "Z32"),
        f"MSA|AA|M{number}",
        f"QAK|Q{number}|OK|Z34^Request Immunization History^CDCPHINVS",
        _query(number),
        _patient(number),
        *_order(number, 1),
        *_order(number, 2),
    )


def _vxu(number: int, doses: int) -> str:
    orders = [segment for dose in range(1, doses + 1) for segment in _order(number, dose)]
    kin = f"NK1|1|{_name(number * 7)}|MTH^Mother^HL70063|{_address(number)}|{_telephone(number * 3)}"
    reminder = (
        f"PD1|||||||||||02^Reminder/recall - any method^HL70215|N|{_day(number)}|||A|{_day(number)}|{_day(number)}"
    )
    return _text(_header(number, "VXU^V04^VXU_V04", "ER", "AL", "Z22"), _patient(number), reminder, kin, *orders)


def _text(*segments: str) -> str:
    return "\r".join(segments) + "\r"


def _header(number: int, kind: str, accept: str, application: str, profile: str) -> str:
    sent = f"{_day(number)}{number % 24:02}{number % 60:02}{number % 59:02}-0500"
    asked = f"{accept}|{application}|||||{profile}^CDCPHINVS"
    return f"MSH|^~\\&|EHR|CLINIC|NDIIS|ND0000|{sent}||{kind}|M{number}|P|2.5.1|||{asked}"


def _patient(number: int) -> str:
    return (
        f"PID|1||{number}^^^CLINIC^MR||{_name(number)}|{_name(number * 5)[:-1]}M|{_born(number)}|{'FM'[number % 2]}||"
        f"2106-3^White^CDCREC|{_address(number)}||{_telephone(number)}|||||||||2186-5^not Hispanic or Latino^CDCREC"
    )


def _query(number: int) -> str:
    return (
        f"QPD|Z34^Request Immunization History^CDCPHINVS|Q{number}|{number}^^^CLINIC^MR|{_name(number)}"
        f"|{_name(number * 5)[:-1]}M|{_born(number)}|{'FM'[number % 2]}|{_address(number)}|{_telephone(number)}"
    )


def _order(number: int, dose: int) -> tuple[str, ...]:
    key = f"{number}-{dose}"
    cvx, name, mvx, maker = _VACCINES[(number + dose) % len(_VACCINES)]
    eligible, why, fund, whose = _ELIGIBILITY[number % 2]
    day = _day(number - 7 * dose)
    vaccine = f"{cvx}^{name}^CVX|0.5|mL^milliliter^UCUM||00^New immunization record^NIP001"
    lot = f"L{number % 997}{dose}|{_expiry(number)}|{mvx}^{maker}^MVX"
    captured = "VXC40^Eligibility captured at the immunization level^CDCPHINVS"
    return (
        f"ORC|RE|P{key}^CLINIC|F{key}^CLINIC|||||||{_staff(number)}||{_staff(number + 3)}|||||CLINIC^Clinic^HL70362",
        f"RXA|0|1|{day}|{day}|{vaccine}|{_staff(number)}|^^^CLINIC||||{lot}|||CP|A",
        "RXR|C38299^Subcutaneous^NCIT|LT^Left Thigh^HL70163",
        f"OBX|1|CE|64994-7^Funding program eligibility^LN|1|{eligible}^{why}^HL70064||||||F|||{day}|||{captured}",
        f"OBX|2|CE|30963-3^Vaccine funding source^LN|1|{fund}^{whose}^CDCPHINVS||||||F|||{day}",
        f"OBX|3|CE|69764-9^Document type^LN|2|253088698300012711250131^MMR VIS^cdcgs1vis||||||F|||{day}",
        f"OBX|4|DT|29769-7^Date VIS presented^LN|2|{day}||||||F|||{day}",
    )


def _name(number: int) -> str:
    family, given = _FAMILIES[number % len(_FAMILIES)], _GIVEN[number // 3 % len(_GIVEN)]
    return f"{family}{_letters(number)}^{given}^{_GIVEN[number // 5 % len(_GIVEN)]}^^^^L"


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def _address(number: int) -> str:
    city, code = _CITIES[number % len(_CITIES)]
    return f"{number} Elm St^^{city}^ND^{code}^USA^L"


def _telephone(number: int) -> str:
    return f"^PRN^PH^^^701^{2_340_000 + number % 100_000}"


def _staff(number: int) -> str:
    person = number % 20
    return f"{1000 + person}^{_FAMILIES[person % 12]}^{_GIVEN[person % 13]}^^^^^^CLINIC^L^^^EI"


def _day(number: int) -> str:
    """A day of two years, so that the doses of one message are weeks apart."""
    return _date(date(2024, 9, 1), number % 730)


def _born(number: int) -> str:
    return _date(date(2004, 1, 1), number % 6500)


def _expiry(number: int) -> str:
    return _date(date(2027, 1, 1), number % 365)


def _date(first: date, days: int) -> str:
    return (first + timedelta(days=days)).strftime("%Y%m%d")
