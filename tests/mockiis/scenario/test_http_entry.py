"""``http`` as written, and what a wrong one is told."""

from __future__ import annotations

import pytest

from mockiis.errors import DocumentError
from mockiis.scenario import Scenario, load
from mockiis.scenario.model import HTTPScript
from mockiis.scenario.template import Template


def scenario(http: str) -> Scenario:
    """A file of one rule, with ``http`` in line 5."""
    return load(
        f"version: 1\nrules:\n  - name: a\n    when: {{transport: soap}}\n    reply: {{http: {http}}}\n", "a.yaml"
    )


@pytest.mark.parametrize(
    ("http", "script"),
    [
        ("503", HTTPScript(status=503)),
        ("{status: 200, body: ''}", HTTPScript(status=200, body=Template(("",)))),
        (
            "{status: 302, headers: {Location: 'https://example.org/', X-A: b c}}",
            HTTPScript(status=302, headers=(("Location", "https://example.org/"), ("X-A", "b c"))),
        ),
        (
            "{status: 500, body: <html>, type: text/html; charset=latin-1}",
            HTTPScript(status=500, body=Template(("<html>",)), content_type="text/html; charset=latin-1"),
        ),
    ],
)
def test_http(http: str, script: HTTPScript) -> None:
    """A status alone, or with a body, its type, and headers."""
    assert script == scenario(http).rules[0].scripts[0]


@pytest.mark.parametrize(
    ("http", "column", "problem"),
    [
        ("99", 13, "http: '99' is not an HTTP status; write one from 200 to 599, such as 503"),
        ("{status: 100}", 20, "http.status: '100' is not an HTTP status; write one from 200 to 599, such as 503"),
        ("{body: x}", 13, "http: 'status' is missing"),
        ("[503]", 13, "http: write a mapping here (key: value), not a list"),
        ("{status: 503, bdoy: x}", 33, "http.bdoy: unknown key 'bdoy'; did you mean 'body'?"),
        (
            "{status: 503, body: {a: b}}",
            33,
            "http.body: write the body as text; quote text that begins with {, or put it after |",
        ),
        (
            "{status: 503, body: '{{ nope }}'}",
            33,
            (
                "http.body: 'nope' is not a location or one of the words of a reference;"
                " write one of: now, today, control_id, username, facility"
            ),
        ),
        (
            "{status: 503, type: html}",
            33,
            "http.type: 'html' is not a content type; write one such as text/html or application/xml",
        ),
        ("{status: 503, headers: x}", 33, "http.headers: write headers here, such as {Retry-After: 120}"),
        (
            "{status: 503, headers: {Retry After: 1}}",
            43,
            "http.headers.Retry After: 'Retry After' is not the name of a header; write one such as Retry-After",
        ),
        (
            "{status: 503, headers: {Content-Length: 1}}",
            43,
            "http.headers.Content-Length: Content-Length is filled in; 'wire' has misbehaviours that make it wrong",
        ),
        (
            "{status: 503, headers: {A: 'ä'}}",
            43,
            "http.headers.A: write one line of plain text as the value of a header",
        ),
        (
            '{status: 503, headers: {A: "a\\r\\nB: c"}}',
            43,
            "http.headers.A: write one line of plain text as the value of a header",
        ),
    ],
)
def test_problem_in_http(http: str, column: int, problem: str) -> None:
    """Each mistake is told at its line and column."""
    with pytest.raises(DocumentError) as caught:
        scenario(http)
    assert [f"a.yaml:5:{column}: rules.1.reply.{problem}"] == [str(found) for found in caught.value.problems]
