"""What an invented patient was given: by age, mostly on time, some late, some never, some told from elsewhere.

It is made up for interface testing and is no schedule of care.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from mockiis.message.person import Coded, Dose, Observation, Person

_HEP_B = Coded("08", "Hep B, adolescent or pediatric", "CVX")
_DTAP = Coded("20", "DTaP", "CVX")
_IPV = Coded("10", "IPV", "CVX")
_MMR = Coded("03", "MMR", "CVX")
_VARICELLA = Coded("21", "varicella", "CVX")
_TDAP = Coded("115", "Tdap", "CVX")
_PLAN = (
    (1, _HEP_B), (60, _HEP_B), (61, _DTAP), (61, _IPV), (122, _DTAP), (122, _IPV), (183, _HEP_B), (183, _DTAP),
    (366, _MMR), (366, _VARICELLA), (460, _DTAP), (1470, _MMR), (1470, _VARICELLA), (1470, _DTAP), (1470, _IPV),
    (4020, _TDAP),
)  # fmt: skip
"""Age in days, and what is given then."""
_NEVER, _LATE, _ELSEWHERE, _REFUSED = 0.08, 0.2, 0.1, 0.01
_GIVEN, _TOLD = Coded("00", "New immunization record", "NIP001"), Coded("01", "Historical information", "NIP001")
_MERCK, _GSK = Coded("MSD", "Merck and Co., Inc.", "MVX"), Coded("SKB", "GlaxoSmithKline", "MVX")
_SANOFI = Coded("PMC", "Sanofi Pasteur", "MVX")
_MAKERS = {"20": _GSK, "10": _SANOFI, "115": _GSK}
"""Who makes it, by CVX; Merck the rest."""
_DOCUMENT, _PRESENTED = Coded("69764-9", "Document type", "LN"), Coded("29769-7", "Date VIS presented", "LN")
_STATEMENT = Coded("253088698300012711250131", "MMR VIS", "cdcgs1vis")
_ROUTE, _SITE = Coded("C28161", "Intramuscular", "NCIT"), Coded("LT", "Left Thigh", "HL70163")
_ELIGIBILITY, _FUNDING = Coded("64994-7", "Eligibility", "LN"), Coded("30963-3", "Funding source", "LN")
_CAPTURED = Coded("VXC40", "Eligibility captured at the immunization level", "CDCPHINVS")
_STOCKS = (
    (Coded("V01", "Not VFC eligible", "HL70064"), Coded("PHC70", "Private", "CDCPHINVS")),
    (Coded("V02", "VFC eligible - Medicaid", "HL70064"), Coded("VXC1", "Federal", "CDCPHINVS")),
)


def history(random: Random, person: Person, clinic: str, today: date) -> tuple[Dose, ...]:
    """The doses up to that day."""
    return tuple(_doses(random, person, clinic, today))


def _doses(random: Random, person: Person, clinic: str, today: date) -> Iterator[Dose]:
    born = datetime.strptime(person.birth_date, "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    stock = random.choice(_STOCKS)
    for number, (age, vaccine) in enumerate(_PLAN, 1):
        late = random.randrange(1, 90) if random.random() < _LATE else 0
        day, chance = born + timedelta(days=age + late), random.random()
        if day > today or chance < _NEVER:
            continue
        order = f"{person.identifiers[0].id}-{number}"
        yield _dose(random, vaccine, f"{day:%Y%m%d}", clinic, order, stock, chance)


def _dose(
    random: Random, vaccine: Coded, day: str, clinic: str, order: str, stock: tuple[Coded, Coded], chance: float
) -> Dose:
    if chance > 1 - _REFUSED:
        refusal = Coded("00", "Parental decision", "NIP002")
        return Dose(given=day, vaccine=vaccine, source=_GIVEN, refusal=refusal, completion="RE")
    if chance > 1 - _REFUSED - _ELSEWHERE:
        return Dose(given=day, vaccine=vaccine, source=_TOLD, order_number=order, order_authority=clinic)
    eligibility, funding = stock
    return Dose(
        given=day,
        vaccine=vaccine,
        order_number=order,
        order_authority=clinic,
        amount="0.5",
        units="mL",
        source=_GIVEN,
        facility=clinic,
        lot=f"LOT{random.randrange(1000, 9999)}",
        expires="20301231",
        manufacturer=_MAKERS.get(vaccine.code, _MERCK),
        route=_ROUTE,
        site=_SITE,
        observations=(
            Observation(code=_ELIGIBILITY, value=eligibility, date=day, method=_CAPTURED),
            Observation(code=_FUNDING, value=funding, date=day),
            Observation(code=_DOCUMENT, value=_STATEMENT, group="2", date=day),
            Observation(code=_PRESENTED, value=Coded(day), type="DT", group="2", date=day),
        ),
    )
