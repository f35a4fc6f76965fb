"""Whatever an author scripts of kind ack or rsp is valid by its profile, of patients and errors of every sort."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis.er7 import read
from mockiis.message import MessageReply, Request, read_answer
from mockiis.profile.tables import HL70357, HL70533
from mockiis.profile.validator import Validator, validator
from mockiis.respond import respond
from mockiis.scenario import load

NOW = datetime(2024, 4, 3, 10, 15, 30, tzinfo=UTC)
NAMES = {"Z34": "Request Immunization History", "Z44": "Request Evaluated History and Forecast"}
UPDATE = (
    "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403100000-0500||VXU^V04^VXU_V04|77|P|2.5.1|||ER|AL|||||Z22^CDCPHINVS\r"
    "PID|1||A100^^^CLINIC1^MR||Doe^Kim^^^^^L||20200101|F\r"
)


def query(profile: str) -> str:
    """A query of that profile."""
    return (
        "MSH|^~\\&|EHR|CLINIC1|NDIIS|ND0000|20240403100000-0500||QBP^Q11^QBP_Q11|78|P|2.5.1|||ER|AL|||||"
        f"{profile}^CDCPHINVS\rQPD|{profile}^{NAMES[profile]}^CDCPHINVS|t1|A1^^^CLINIC1^MR|Doe^Kim^^^^^L||20200101|F\r"
        "RCP|I|5^RD&Records&HL70126\r"
    )


@cache
def judge(name: str) -> Validator:
    """One that is made once for all examples."""
    return validator(name)


def complaints(request: str, rule: dict[str, Any], patients: dict[str, Any] | None = None) -> list[str]:
    """Every finding, but for information, about the answer of a rule."""
    file = {"version": "1", "rules": [{"name": "a", **rule}], **({"patients": patients} if patients else {})}
    scenario = load(yaml.safe_dump(file, allow_unicode=True), "a.yaml")
    reply = respond(Request(transport="mllp", received=NOW, control_id="R1", message=read(request)), [scenario])
    assert isinstance(reply, MessageReply)
    answer = read(reply.text)
    assert () == read_answer(answer).notes
    return [
        f"{name}: {finding.severity} {finding.code} {finding.location} {finding.text}\n{reply.text}"
        for name in ("ndiis", "cdc")
        for finding in judge(name).judge(answer, NOW).findings
        if finding.severity != "I"
    ]


WORDS = st.text(st.sampled_from("Ab ñ|^&~\\"), min_size=1, max_size=8).map(lambda text: f"X{text}X")
PLAIN = st.text(st.sampled_from("Abc dñ|&~\\"), min_size=1, max_size=8).map(lambda text: f"X{text}X")
DATES = st.dates(datetime(2020, 1, 2, tzinfo=UTC).date(), datetime(2024, 4, 2, tzinfo=UTC).date()).map(str)
PHONES = st.sampled_from(["701-555-0101", "(701) 555 0102"])
ADDRESSES = st.sampled_from(["12 Test Avenue^^Fargo^ND^58103", "1 Main^Apt 2^Minot^ND^58701^USA"])
VACCINES = st.sampled_from(["08^Hep B", "03", "10^IPV", "20^DTaP", "141"])
EVALUATION = {
    "valid": st.sampled_from(["Y", "N"]),
    "number": st.integers(1, 9).map(str),
    "series": PLAIN,
    "reason": PLAIN,
}
HISTORICAL = st.fixed_dictionaries(
    {"cvx": VACCINES, "given": DATES},
    optional={
        "source": st.sampled_from(["01", "02", "06^Historical information - from registry"]),
        "lot": PLAIN,
        "expires": DATES,
        "mvx": st.sampled_from(["MSD^Merck", "PMC"]),
        "facility": PLAIN,
        "order": st.integers(1, 9999).map(str),
        **EVALUATION,
    },
)
NEW = st.fixed_dictionaries(
    {
        "cvx": VACCINES,
        "given": DATES,
        "source": st.just("00^New immunization record"),
        "lot": PLAIN,
        "mvx": st.just("MSD^Merck"),
        "amount": st.sampled_from(["0.5", ".25", "1"]),
        "units": st.just("mL"),
    },
    optional={
        "status": st.sampled_from(["CP", "PA"]),
        "route": st.just("C28161^Intramuscular"),
        "site": st.sampled_from(["LT^Left Thigh", "RA"]),
        "eligibility": st.sampled_from(["V01", "V02^VFC eligible - Medicaid/Medicaid Managed Care"]),
        "funding": st.just("PHC70^Private funds"),
        **EVALUATION,
    },
)
REFUSED = st.fixed_dictionaries(
    {"cvx": VACCINES, "given": DATES, "refusal": st.sampled_from(["00^Parental decision", "03"])},
    optional={"status": st.just("RE")},
)
NOT_GIVEN = st.fixed_dictionaries({"cvx": VACCINES, "given": DATES, "status": st.just("NA")})
DOSES = st.lists(
    HISTORICAL | NEW | REFUSED | NOT_GIVEN, max_size=4, unique_by=lambda dose: (dose["cvx"][:2], dose["given"])
)
FORECASTS = st.fixed_dictionaries(
    {"cvx": VACCINES}, optional=dict.fromkeys(("due", "earliest", "latest", "overdue"), DATES) | {"status": PLAIN}
)
PATIENTS = st.fixed_dictionaries(
    {
        "ids": st.fixed_dictionaries(
            {"SR": st.integers(1, 99999).map(str)},
            optional={"MR": st.just({"id": "A100", "authority": "CLINIC1"})},
        ),
        "name": st.sampled_from(["Adams^Alice", "O'Neil & Sons^Ann|e^Marie^III"]),
        "born": st.just("2020-01-01"),
        "sex": st.sampled_from(["F", "M", "U"]),
    },
    optional={
        "mother": st.just("Baker^Anna"),
        "aliases": st.just(["Adams^Ali", "Zed^Al^X"]),
        "race": st.sampled_from(["2106-3^White", ["2106-3", "2028-9^Asian"]]),
        "ethnicity": st.sampled_from(["2186-5^not Hispanic or Latino", "2135-2"]),
        "address": ADDRESSES,
        "phone": PHONES,
        "email": st.just("alice@example.org"),
        "died": st.just("2024-04-02"),
        "protection": st.sampled_from(["Y", "N"]),
        "next_of_kin": st.lists(
            st.fixed_dictionaries(
                {"name": st.just("Adams^Anna"), "relationship": st.sampled_from(["MTH^Mother", "FTH"])},
                optional={"address": ADDRESSES, "phone": PHONES},
            ),
            max_size=2,
        ),
        "doses": DOSES,
        "forecast": st.lists(FORECASTS, max_size=3),
        "forecast_made": st.just("2024-04-02"),
    },
)


def born_together(patient: dict[str, Any], order: int) -> dict[str, Any]:
    """One of several children, or an only one."""
    return (
        {**patient, "multiple_birth": "Y", "birth_order": str(order)} if order else {**patient, "multiple_birth": "N"}
    )


@settings(deadline=None)  # the first one loads the profiles
@given(st.builds(born_together, PATIENTS, st.integers(0, 3)), st.sampled_from(["Z31", "Z32", "Z42"]))
def test_a_scripted_patient(patient: dict[str, Any], profile: str) -> None:
    """Doses, evaluations, refusals and forecasts of any sort, as candidate, as history and as evaluated history."""
    rule = {"reply": {"rsp": {"profile": profile, "patients": ["alice"]}}}
    assert [] == complaints(query("Z44" if profile == "Z42" else "Z34"), rule, {"alice": patient})


@settings(deadline=None)  # the first one loads the profiles
@given(st.lists(PATIENTS, min_size=2, max_size=10))
def test_several_candidates(found: list[dict[str, Any]]) -> None:
    """Each is a patient of its own."""
    patients = {f"p{number}": patient for number, patient in enumerate(found)}
    assert [] == complaints(query("Z34"), {"reply": {"rsp": {"profile": "Z31", "patients": list(patients)}}}, patients)


ERRORS = st.fixed_dictionaries(
    {"code": st.sampled_from(sorted(HL70357)), "severity": st.sampled_from(["E", "W", "I"])},
    optional={
        "at": st.sampled_from(["PID-7", "PID-5.1", "RXA[2]-15", "MSH-9", "OBX-5", "PID^1^11^1^5"]),
        "app": st.sampled_from(sorted(HL70533)[:6]),
        "text": WORDS | st.sampled_from(["{{ PID-5.1 }} & {{ MSH-2 }}", "{{ RXA-5 }}"]),
    },
)


@settings(deadline=None)  # the first one loads the profiles
@given(
    st.sampled_from(["AA", "AE", "AR"]),
    st.lists(ERRORS, min_size=1, max_size=4),
    st.sampled_from([UPDATE, query("Z34")]),
)
def test_a_scripted_acknowledgment(code: str, errors: list[dict[str, str]], request: str) -> None:
    """Errors of any sort, to an update and to a query."""
    assert [] == complaints(request, {"reply": {"ack": code, "errors": errors}})


@pytest.mark.parametrize("code", ["AA", "AE", "AR"])
@pytest.mark.parametrize("text", [{}, {"text": "Because of {{ PID-5.1 }}"}])
@pytest.mark.parametrize("request_text", [UPDATE, query("Z34"), query("Z44")])
def test_an_acknowledgment_in_few_words(code: str, text: dict[str, str], request_text: str) -> None:
    """What the author leaves out is filled in."""
    assert [] == complaints(request_text, {"reply": {"ack": code, **text}})


@settings(deadline=None)  # the first one loads the profiles
@given(st.sampled_from(["NF", "TM", "AE", "AR"]), st.none() | ERRORS, st.sampled_from(["Z34", "Z44"]))
def test_nobody(status: str, error: dict[str, str] | None, profile: str) -> None:
    """None found, too many, and queries that are refused."""
    reply: dict[str, Any] = {"rsp": {"profile": "Z33", "status": status}, **({"errors": [error]} if error else {})}
    assert [] == complaints(query(profile), {"reply": reply})


@pytest.mark.parametrize(
    "text", [UPDATE, query("Z34"), query("Z44"), UPDATE.replace("VXU^V04^VXU_V04", "ADT^A04^ADT_A01")]
)
@pytest.mark.parametrize("rule", [{"reply": "registry"}, {"when": {"PID-8": "X"}, "reply": {"ack": "AA"}}])
def test_what_the_engine_answers_itself(text: str, rule: dict[str, Any]) -> None:
    """The built-in registry, and the refusal of what no rule matches."""
    assert [] == complaints(text, rule)
