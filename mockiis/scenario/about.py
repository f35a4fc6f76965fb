"""Every key of a scenario file in a sentence: what editors show, from the JSON Schema. ``scenarios/README.md`` is the
reference, and says more.
"""

from __future__ import annotations

from collections.abc import Mapping

ABOUT: Mapping[str, Mapping[str, str]] = {
    "ScenarioEntry": {
        "version": "The version of the language: always 1.",
        "name": "What the scenario is called; the file's name if left out.",
        "about": "A sentence for people.",
        "track": "Whose state and replies are kept apart: the first of these places that has a value, or 'all' for one "
        "state shared by all. The patient's first identifier if left out.",
        "patients": "The people that query responses tell of, each by a name of your choice.",
        "preload": "Whether the registry knows these patients and their doses from the beginning.",
        "rules": "Tried from top to bottom; the first one whose conditions all hold answers.",
        "otherwise": "The reply to messages that no rule matches. If left out, AR 207 that names the closest rule.",
    },
    "RuleEntry": {
        "name": "What the rule is called, in logs and explanations; no two have the same name.",
        "when": "The conditions; all of them must hold. Without them the rule takes every message.",
        "reply": "The answer.",
        "replies": "Answers one after another for each tracked key. The last one repeats; if it is 'pass', the rules "
        "below answer from then on.",
        "then": "The state that the tracked key moves to.",
        "expect": "How often the rule must have answered when the test is over.",
    },
    "ThenEntry": {
        "state": "The state that the tracked key moves to.",
        "after": "How long that takes, such as 30s.",
    },
    "ExpectEntry": {"min": "At least so many answers.", "max": "At most so many answers."},
    "ReplyEntry": {
        "ack": "An acknowledgment with this MSA-1: AA accepted, AE error, AR refused.",
        "rsp": "A query response, RSP^K11.",
        "fault": "A SOAP fault; the rule must be for SOAP only.",
        "hl7": "The text as written, a segment on each line, with references such as {{ MSH-10 }} filled in.",
        "http": "An HTTP response in place of a SOAP envelope: a status, or more of it.",
        "registry": "What the built-in registry answers; or what is changed of what it takes, stores and tells.",
        "forward": "What the registry answers that 'mockiis serve --forward' names.",
        "echo": "What came, as it came.",
        "drop": "No answer: reset the connection, close it, or hang and say nothing.",
        "mix": "One of several replies, each as often as its share.",
        "errors": "One ERR segment each; a query response carries one at most.",
        "text": "The text of the only ERR, with references such as {{ RXA-5.1 }}.",
        "reason": "The Reason of the fault, in place of the fixed one.",
        "detail": "The Detail of the fault, a sentence for people.",
        "delay": "How long to wait first.",
        "wire": "What goes wrong with the answer on its way.",
        "chance": "How often the rule gives this reply at all; otherwise the rules below answer.",
        "broken": "The answer breaks its profile on purpose, so lint does not judge it.",
    },
    "MixEntry": {"share": "How much of all answers this one is, in any unit."},
    "RegistryEntry": {
        "take": "What becomes of values of the message before the registry takes it: each place with another "
        "value, empty, or with what is left of it.",
        "tell": "What becomes of values of the answer.",
        "without": "Each order (ORC, RXA and what follows) that these conditions hold for is left out of the answer.",
        "store": "no: the message is answered, and nothing of it is stored.",
    },
    "HTTPEntry": {
        "status": "The status, from 200 to 599.",
        "body": "The body, with references such as {{ MSH-10 }}.",
        "type": "The Content-Type; text/html if left out.",
        "headers": "More headers, such as Retry-After.",
    },
    "ErrorEntry": {
        "at": "Where: a location such as PID-7, or word for word as in ERR-2. Left out for the whole message.",
        "code": "ERR-3 from table HL70357.",
        "severity": "ERR-4: E (if left out), W or I.",
        "app": "ERR-5 from table HL70533.",
        "text": "ERR-8, for people, with references such as {{ RXA-5.1 }}.",
    },
    "QueryResponseEntry": {
        "profile": "Z31 candidates, Z32 history, Z42 evaluated history and forecast, Z33 nobody.",
        "status": "QAK-2; NF for Z33 and OK for the others if left out.",
        "patients": "Names from 'patients': one for Z32 and Z42, one or more for Z31, none for Z33.",
    },
    "PatientEntry": {
        "ids": "Identifiers by type (table HL70203), such as {SR: 77001}.",
        "name": "family^given^middle^suffix",
        "aliases": "Other names, in PID-5 after the first.",
        "born": "The birth date.",
        "sex": "Table HL70001.",
        "race": "PID-10, a code of CDCREC such as 2106-3^White, or a list of them.",
        "ethnicity": "PID-22, a code of CDCREC such as 2186-5.",
        "multiple_birth": "PID-24: Y for twins and so on.",
        "birth_order": "PID-25: 1 for the first born.",
        "died": "PID-29, the day of death.",
        "mother": "The mother's maiden name, family^given.",
        "address": "street^other^city^state^zip^country",
        "phone": "Ten digits.",
        "email": "An e-mail address, in PID-13 too.",
        "next_of_kin": "Relatives.",
        "protection": "PD1-12: Y if the record must not be disclosed.",
        "protection_date": "PD1-13, the day from which that holds.",
        "doses": "The history.",
        "forecast": "What is due.",
        "forecast_made": "The day the forecast was worked out; the day of the query if left out.",
    },
    "IdentifierEntry": {"id": "The identifier.", "authority": "Who assigned it; NDIIS if left out."},
    "NextOfKinEntry": {
        "name": "family^given^middle^suffix",
        "relationship": "Table HL70063, such as MTH^Mother.",
        "address": "street^other^city^state^zip^country",
        "phone": "Ten digits.",
    },
    "DoseEntry": {
        "cvx": "The vaccine (table CVX), with its text if wanted.",
        "given": "When it was given.",
        "lot": "RXA-15.",
        "expires": "RXA-16.",
        "mvx": "RXA-17 (table MVX).",
        "amount": "RXA-6; 999, unknown, if left out.",
        "units": "RXA-7.",
        "source": "RXA-9: 00 new, 01 historical (if left out) and so on.",
        "facility": "RXA-11.4.",
        "route": "RXR-1.",
        "site": "RXR-2.",
        "order": "ORC-3.1; made from the first identifier if left out.",
        "status": "RXA-20; CP if left out, RE with a refusal.",
        "refusal": "RXA-18, why it was refused.",
        "eligibility": "OBX 64994-7, of table HL70064.",
        "funding": "OBX 30963-3: PHC70 or VXC1 and so on.",
        "valid": "The evaluation: whether the dose counts.",
        "number": "The evaluation: the number of the dose in its series.",
        "series": "The evaluation: the series.",
        "reason": "The evaluation: why the dose does not count.",
    },
    "ForecastEntry": {
        "cvx": "The vaccine (table CVX), with its text if wanted.",
        "due": "When it is due.",
        "earliest": "When it may be given at the earliest.",
        "latest": "When it may be given at the latest.",
        "overdue": "When it is overdue.",
        "status": "Its status in the series, in the registry's words.",
    },
}
"""By the class that reads the mapping, and its keys."""

WHEN: Mapping[str, str] = {
    "message": "MSH-9, by as many components as are written: VXU, VXU^V04, VXU^V04^VXU_V04.",
    "profile": "MSH-21.1 in any repetition: Z22, Z34, Z44.",
    "transport": "How the message came.",
    "operation": "The SOAP operation; messages that come otherwise have none.",
    "username": "The user name of the SOAP or HTTP request.",
    "facility": "The facility id of the SOAP or HTTP request.",
    "state": "The state of the tracked key; 'start' before any rule has moved it.",
    "any_of": "Conditions of which at least one alternative must hold.",
    "not": "Conditions that must not all hold.",
}
"""The words under ``when``."""

OPERATORS: Mapping[str, str] = {
    "not": "What follows does not hold.",
    "in": "A value equals one of these.",
    "missing": "It is absent or empty everywhere.",
    "present": "There is a value.",
    "matches": "A whole value matches the regular expression, without regard to case.",
    "contains": "A value contains the text, without regard to case.",
    "starts": "A value starts with the text, without regard to case.",
    "word": "A value has the text as a word of its own, without regard to case.",
    "before": "A date is before a date, today, or the date at another place.",
    "after": "A date is after a date, today, or the date at another place.",
    "longer_than": "A value has more characters.",
    "exact": "A value equals it letter by letter.",
    "same_as": "A value equals one at another place, or the user name or facility.",
}
"""The operators of a condition."""
