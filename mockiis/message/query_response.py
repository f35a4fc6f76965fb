"""Query responses: RSP^K11 (profiles Z31, Z32, Z33, Z42) built from persons.

CDC guide 1.5 chapters 7 to 12 with the 2015 addendum. QPD is echoed byte for byte, QAK-3 mirrors QPD-1, one ERR
at most, one ORC for each RXA, a forecast stands under one RXA with CVX 998. ``answer`` reads these back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mockiis.er7.compose import components, in_standard, message, repetitions, segment
from mockiis.message.acknowledgment import err, header
from mockiis.message.person import (
    AUTHORITY,
    Address,
    Coded,
    Dose,
    Evaluation,
    Forecast,
    Name,
    NextOfKin,
    Observation,
    Person,
    Phone,
)
from mockiis.message.request import Request
from mockiis.profile import Finding

ACIP = Coded("VXC16", "ACIP Schedule", "CDCPHINVS")
NO_VACCINE = Coded("998", "no vaccine administered", "CVX")
_SEVERITIES = "EWI"


def query_response(
    request: Request,
    profile: str,
    status: str,
    persons: Sequence[Person] = (),
    findings: Sequence[Finding] = (),
    *,
    evaluated: bool = True,
    forecast: bool = True,
    code: str = "",
) -> str:
    """An RSP to the query in ``request``.

    ``profile`` is Z31, Z32, Z33 or Z42, ``status`` QAK-2 (OK, NF, TM, AE, AR). MSA-1 follows: AE when a finding is
    E or W or the status is AE, AR for AR, else AA; ``code`` replaces it. An RSP carries one ERR: the worst finding.

    Z42 always tells evaluations and forecast. ``evaluated`` and ``forecast`` say whether Z32 does: by the guide it is
    the history alone; NDIIS adds the forecast. A script's persons are told whole.
    """
    worst = sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity))[:1]
    query = request.message
    qpd = query.named("QPD")[:1] if query else []
    qpd_1, tag = (in_standard(query.delimiters, qpd[0].raw(n)) if query and qpd else "" for n in (1, 2))
    control_id = in_standard(query.delimiters, query.header.raw(10)) if query else ""
    lines = [
        header(request, "RSP^K11^RSP_K11", profile),
        f"MSA|{code or _acknowledgment_code(status, worst)}|{control_id}",
        *(err(finding) for finding in worst),
        segment("QAK", {1: tag, 2: status, 3: qpd_1}),
    ]
    if query and qpd:
        lines.append("|".join(in_standard(query.delimiters, field) for field in qpd[0].fields))
    for number, person in enumerate(persons, 1):
        lines.extend(_demographics(number, person, profile))
        told = replace(person, forecast_made=person.forecast_made or f"{request.received:%Y%m%d}")
        if profile == "Z42":
            lines.extend(_evaluated_history(told))
        elif profile == "Z32":
            lines.extend(_history(told, evaluated=evaluated, forecast=forecast))
    return message(lines)


def reported(person: Person) -> list[str]:
    """The segments by which a person is reported, from PID on: without evaluation and forecast."""
    return [*_demographics(1, person, "Z32"), *_history(person, evaluated=False, forecast=False)]


def _acknowledgment_code(status: str, findings: Sequence[Finding]) -> str:
    if status == "AR":
        return "AR"
    if status == "AE" or any(finding.severity in "EW" for finding in findings):
        return "AE"
    return "AA"


def _demographics(number: int, person: Person, profile: str) -> Iterator[str]:
    yield pid(number, person)
    if profile in ("Z31", "Z32"):
        if person.publicity or person.protection or person.status:
            yield _pd1(person)
        for count, relative in enumerate(person.next_of_kin, 1):
            yield _nk1(count, relative)


def _history(person: Person, *, evaluated: bool, forecast: bool) -> Iterator[str]:
    for dose in person.doses:
        told = dose.evaluations if evaluated else ()
        yield from _dose(dose, told)
        yield from _observed(dose.observations, told)
    if person.forecast and forecast:
        yield from _forecast(person.forecast, person.forecast_made)


def told_in_full(person: Person) -> Iterator[str]:
    """The person and every dose, without evaluations and forecast, as in Z32 and in an update."""
    yield from _demographics(1, person, "Z32")
    yield from _history(person, evaluated=False, forecast=False)


def _evaluated_history(person: Person) -> Iterator[str]:
    """Z42: an observation in every group, and at least one group, since the profile asks for both."""
    for dose in person.doses:
        yield from _dose(dose, dose.evaluations or (Evaluation(),))
    if person.forecast or not person.doses:
        yield from _forecast(person.forecast, person.forecast_made)


def pid(number: int, person: Person) -> str:
    """The PID segment of a person; ``number`` is PID-1."""
    return segment(
        "PID",
        {
            1: str(number),
            3: repetitions([components(i.id, "", "", i.authority, i.type) for i in person.identifiers]),
            5: repetitions([_name(person.name), *(_name(alias) for alias in person.aliases)]),
            6: _name(person.mother),
            7: person.birth_date,
            8: person.sex,
            10: repetitions([coded(race) for race in person.races]),
            11: repetitions([_address(address) for address in (person.address, *person.other_addresses)]),
            13: repetitions([_phone(phone) for phone in (person.phone, *person.other_phones)]),
            22: coded(person.ethnicity),
            24: person.multiple_birth,
            25: person.birth_order,
            29: person.death_date,
            30: person.death,
        },
    )


def _pd1(person: Person) -> str:
    return segment(
        "PD1",
        {
            11: coded(person.publicity),
            12: person.protection,
            13: person.protection_date,
            16: person.status,
            17: person.status_date,
            18: person.publicity_date,
        },
    )


def coded(value: Coded | None) -> str:
    """A coded value as CE: code^text^coding system."""
    return components(value.code, value.text, value.system) if value else ""


def _name(name: Name | None) -> str:
    return components(name.family, name.given, name.middle, name.suffix, "", "", name.type) if name else ""


def _address(place: Address | None) -> str:
    if place is None:
        return ""
    return components(place.street, place.other, place.city, place.state, place.zip, place.country, place.type)


def _phone(phone: Phone | None) -> str:
    if phone is None:
        return ""
    return components("", phone.use, phone.equipment, phone.email, "", phone.area, phone.number)


def _nk1(number: int, relative: NextOfKin) -> str:
    return segment(
        "NK1",
        {
            1: str(number),
            2: _name(relative.name),
            3: coded(relative.relationship),
            4: _address(relative.address),
            5: _phone(relative.phone),
        },
    )


def _dose(dose: Dose, evaluations: Sequence[Evaluation]) -> Iterator[str]:
    given = dose.completion in ("CP", "PA")
    yield segment("ORC", {1: "RE", 3: components(dose.order_number if given else "9999", dose.order_authority)})
    yield segment(
        "RXA",
        {
            1: "0",
            2: "1",
            3: dose.given,
            5: coded(dose.vaccine),
            6: dose.amount,
            7: components(dose.units, dose.units, "UCUM") if dose.units and dose.amount != "999" else "",
            9: coded(dose.source) if given else "",
            11: components("", "", "", dose.facility) if dose.facility else "",
            15: components(dose.lot),
            16: dose.expires,
            17: coded(dose.manufacturer),
            18: coded(dose.refusal),
            20: dose.completion,
        },
    )
    if dose.route:
        yield segment("RXR", {1: coded(dose.route), 2: coded(dose.site)})
    yield from _observations(dose.given, [_evaluated(evaluation, dose.vaccine) for evaluation in evaluations])


def _observed(observations: Sequence[Observation], evaluations: Sequence[Evaluation]) -> Iterator[str]:
    """What was observed of a dose, after its evaluations: OBX-1 and OBX-4 are counted on from theirs."""
    groups: dict[str, int] = {}
    before = sum(bool(value) for told in evaluations for *_, value in _evaluated(told, NO_VACCINE))
    for number, observation in enumerate(observations, before + 1):
        group = groups.setdefault(observation.group, len(evaluations) + len(groups) + 1)
        yield segment(
            "OBX",
            {
                1: str(number),
                2: observation.type,
                3: coded(observation.code),
                4: str(group),
                5: coded(observation.value),
                6: coded(observation.units),
                11: "F",
                14: observation.date,
                17: coded(observation.method),
            },
        )


ObservedValue = tuple[str, str, str]
"""OBX-2 value type, OBX-3 composed, OBX-5 composed."""


def _evaluated(evaluation: Evaluation, vaccine: Coded) -> list[ObservedValue]:
    series = Coded(evaluation.series, evaluation.series, "99107") if evaluation.series else None
    return [
        ("CE", "30956-7^Vaccine Type^LN", coded(evaluation.vaccine or vaccine)),
        ("CE", "59779-9^Immunization Schedule used^LN", coded(evaluation.schedule or ACIP)),
        ("NM", "30973-2^Dose number in series^LN", evaluation.dose_number),
        ("CE", "59780-7^Immunization Series name^LN", coded(series)),
        ("ID", "59781-5^Dose validity^LN", evaluation.validity),
        ("ST", "30982-3^Reason applied by forecast logic^LN", components(evaluation.reason)),
    ]


def _forecast(forecasts: Sequence[Forecast], made: str) -> Iterator[str]:
    yield segment("ORC", {1: "RE", 3: components("9999", AUTHORITY)})
    yield segment("RXA", {1: "0", 2: "1", 3: made, 5: coded(NO_VACCINE), 6: "999", 20: "NA"})
    yield from _observations(made, [_due(due) for due in forecasts] or [_NOTHING_DUE])


def _due(forecast: Forecast) -> list[ObservedValue]:
    status = Coded(forecast.status, forecast.status, "99106") if forecast.status else None
    return [
        ("CE", "30956-7^Vaccine Type^LN", coded(forecast.vaccine)),
        ("CE", "59779-9^Immunization Schedule used^LN", coded(forecast.schedule or ACIP)),
        ("CE", "59783-1^Status in immunization series^LN", coded(status)),
        ("DT", "30981-5^Earliest date to give^LN", forecast.earliest),
        ("DT", "30980-7^Date vaccination due^LN", forecast.due),
        ("DT", "59777-3^Latest date to give vaccine^LN", forecast.latest),
        ("DT", "59778-1^Date when overdue for immunization^LN", forecast.overdue),
    ]


_NOTHING_DUE: list[ObservedValue] = [
    ("CE", "30956-7^Vaccine Type^LN", coded(NO_VACCINE)),
    ("CE", "59779-9^Immunization Schedule used^LN", coded(ACIP)),
    ("ST", "30982-3^Reason applied by forecast logic^LN", "no forecast"),
]
"""What Z42 says of somebody of whom it has neither a dose nor a forecast to tell."""


def _observations(date: str, groups: Iterable[list[ObservedValue]]) -> Iterator[str]:
    """OBX segments, numbered through; OBX-4 is the number of the group."""
    told = [(group, *observed) for group, listed in enumerate(groups, 1) for observed in listed if observed[2]]
    for number, (group, value_type, identifier, value) in enumerate(told, 1):
        units = "NA^not applicable^HL70353" if value_type == "NM" else ""
        fields = {1: str(number), 2: value_type, 3: identifier, 4: str(group), 5: value, 6: units, 11: "F"}
        yield segment("OBX", {**fields, 14: date[:8]})
