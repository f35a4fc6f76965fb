"""Replies in a few words."""

from __future__ import annotations

import pytest

from mockiis.scenario import load
from mockiis.scenario.description import in_words

PATIENTS = """\
patients:
  a: {ids: {SR: 1}, name: A^B, born: 2020-01-01, sex: F}
  b: {ids: {SR: 2}, name: C^D, born: 2020-01-01, sex: F}
"""
REPLIES = [
    ("ack: AA", "AA"),
    ("ack: AA, text: hello", "AA, information 0"),
    (
        "ack: AE, errors: [{at: PID-7, code: 101}, {at: PID^1^11^5, code: 102, severity: W}], delay: 8s",
        "AE, error 101 at PID-7, warning 102 at PID^1^11^5, after 8 s",
    ),
    ("rsp: {profile: Z33}", "Z33 with status NF"),
    (
        "rsp: {profile: Z32, patients: [a]}, errors: [{code: 0, severity: I}]",
        "Z32 with status OK, 1 patient, information 0",
    ),
    (
        "rsp: {profile: Z31, patients: [a, b]}, delay: iis",
        "Z31 with status OK, 2 patients, after 0.05 to 50 s, as measured",
    ),
    ("fault: SecurityFault, delay: {uniform: [1s, 3s]}", "SecurityFault, after 1 to 3 s"),
    ("hl7: 'MSA|AA|1', chance: 12.5%", "a message as written, 12.5 % of the time"),
    ("http: 503", "HTTP status 503"),
    ("registry: true", "what the built-in registry answers"),
    ("echo: true, delay: {lognormal: {median: 1.6s, sigma: 0.8}}", "the request itself, after about 1.6 s"),
    ("drop: close", "nothing, the connection closed"),
    ("drop: reset", "nothing, the connection reset"),
    ("drop: hang", "nothing, in silence"),
    ("ack: AA, wire: [gzip, {truncate: 50%}]", "AA, on the wire: gzip, truncate"),
    (
        "mix: [{ack: AA, share: 2}, {drop: hang, delay: 1s, share: 1}], chance: 50%",
        "one of: 66.7 % AA; 33.3 % nothing, in silence, after 1 s, 50 % of the time",
    ),
]


@pytest.mark.parametrize(("reply", "words"), REPLIES)
def test_in_words(reply: str, words: str) -> None:
    """What it is, how late it comes, how often, and what goes wrong on its way."""
    text = f"version: 1\n{PATIENTS}rules:\n  - {{name: a, when: {{transport: soap}}, reply: {{{reply}}}}}\n"
    assert words == in_words(load(text, "a.yaml").rules[0].scripts[0])
