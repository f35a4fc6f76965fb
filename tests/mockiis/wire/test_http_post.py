"""A message in the body of an HTTP request: as it is, in a form, in a form of parts, and what is none of these."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.wire.http_post import (
    HL7,
    MULTIPART,
    URL_ENCODED,
    NoPost,
    Post,
    body_as_form,
    credential_headers,
    read_post,
)

MESSAGE = b"MSH|^~\\&|EHR|CLINIC|\rPID|1||1||Doe^J\xc3\xa4ne+%&=\r"


def read(body: bytes, content_type: str = "", **headers: str) -> Post | NoPost:
    """As a server reads it."""
    return read_post(body, {"content-type": content_type, **headers}.get)


def parts(*fields: tuple[str, bytes], boundary: str = "XX") -> bytes:
    """A form as browsers send it."""
    written = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary.encode(), name.encode(), value)
        for name, value in fields
    ]
    return b"".join(written) + b"--%s--\r\n" % boundary.encode()


@pytest.mark.parametrize("kind", ["", *HL7])
def test_a_body_that_is_the_message(kind: str) -> None:
    """Its bytes are untouched, and its type is that of the answer."""
    assert Post(data=MESSAGE, answer_type=kind or "application/hl7-v2") == read(
        MESSAGE, f"{kind}; charset=utf-8" if kind else ""
    )


@pytest.mark.parametrize(
    ("headers", "credentials"),
    [
        ({}, ("", "", "")),
        ({"authorization": "Basic YW5uOnA6dw=="}, ("ann", "p:w", "")),
        ({"authorization": "basic YW5uOnA6dw==", "facilityid": "F1"}, ("ann", "p:w", "F1")),
        ({"userid": "bob", "password": "pw", "facilityid": "F1"}, ("bob", "pw", "F1")),
        ({"authorization": "Basic YW5uOnA6dw==", "userid": "bob"}, ("bob", "p:w", "")),
        ({"authorization": "Basic !!"}, ("", "", "")),
        ({"authorization": "Basic /w=="}, ("", "", "")),
        ({"authorization": "Bearer YW5uOnA6dw=="}, ("", "", "")),
    ],
)
def test_credentials_of_a_bare_message(headers: dict[str, str], credentials: tuple[str, ...]) -> None:
    """By HTTP Basic or in headers; what cannot be read is none."""
    post = read(MESSAGE, "text/plain", **headers)

    assert isinstance(post, Post)
    assert credentials == (post.username, post.password, post.facility)


@pytest.mark.parametrize(
    "names", [("USERID", "PASSWORD", "FACILITYID", "MESSAGEDATA"), ("userid", "Password", "facilityId", "messageData")]
)
def test_a_form_in_either_encoding(names: tuple[str, ...]) -> None:
    """Names in any case; a field counts before a header."""
    values = (b"ann", b"p&w", b"F 1", MESSAGE)
    encoded = "&".join(f"{name}={quote(value)}" for name, value in zip(names, values, strict=True)).encode()
    expected = Post(data=MESSAGE, username="ann", password="p&w", facility="F 1", answer_type="text/plain")

    assert expected == read(encoded, URL_ENCODED, userid="other")
    assert expected == read(parts(*zip(names, values, strict=True)), f"{MULTIPART}; boundary=XX", userid="other")
    assert expected == read(parts(*zip(names, values, strict=True)), f'{MULTIPART}; boundary="XX"')


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        (
            MESSAGE,
            "application/json",
            415,
            f"expected a Content-Type of {', '.join(HL7)}, {URL_ENCODED} or {MULTIPART}; found application/json",
        ),
        (
            MESSAGE,
            "Doe, Jane",
            415,
            f"expected a Content-Type of {', '.join(HL7)}, {URL_ENCODED} or {MULTIPART}; found something else",
        ),
        (b"", URL_ENCODED, 400, "the form has no field MESSAGEDATA; found none of its fields"),
        (b"USERID=a&password=b&x=Doe", URL_ENCODED, 400, "the form has no field MESSAGEDATA; found USERID, PASSWORD"),
        (
            MESSAGE,
            URL_ENCODED,
            400,
            (
                "the form has no field MESSAGEDATA; the body is a message, not a form: send it with the Content-Type"
                " application/hl7-v2"
            ),
        ),
        (b"MESSAGEDATA=" + MESSAGE, URL_ENCODED, 400, "MESSAGEDATA breaks off at an & that is not written as %26"),
        (
            parts(("MESSAGEDATA", MESSAGE)),
            MULTIPART,
            400,
            "the form has no field MESSAGEDATA; found none of its fields",
        ),
    ],
)
def test_what_holds_no_message_is_told_so(body: bytes, kind: str, status: int, sentence: str) -> None:
    """The sentence says what to send instead, and quotes nothing."""
    assert NoPost(status=status, sentence=sentence) == read(body, kind)


@given(st.binary(), st.text(), st.text(), st.text())
def test_both_ends_agree(data: bytes, username: str, password: str, facility: str) -> None:
    """What the sender writes is what the mock reads, whatever it is; a form without a message is none."""
    username, password, facility = (text.encode("utf-8", "replace").decode() for text in (username, password, facility))
    post = read(body_as_form(b"MSH|^~\\&|" + data, username, password, facility), URL_ENCODED)

    assert isinstance(post, Post)
    assert (b"MSH|^~\\&|" + data, username, password, facility) == (
        post.data,
        post.username,
        post.password,
        post.facility,
    )


@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters=":")), st.text())
def test_basic_credentials_come_back(username: str, password: str) -> None:
    """Any user name without a colon, any password."""
    password = password.encode("utf-8", "replace").decode()
    headers = {name.lower(): value for name, value in credential_headers(username, password, "F1").items()}
    post = read(MESSAGE, "", **headers)

    assert isinstance(post, Post)
    assert (username, password, "F1") == (post.username, post.password, post.facility)


@given(
    st.binary(),
    st.sampled_from(["", *HL7, URL_ENCODED, MULTIPART, f"{MULTIPART}; boundary=X", "a/b"]),
    st.text(max_size=20),
)
def test_nothing_raises(body: bytes, kind: str, header: str) -> None:
    """Whatever comes is a message to read, or a status and a sentence."""
    assert isinstance(read_post(body, {"content-type": kind, "authorization": header}.get), Post | NoPost)


@given(st.binary(max_size=300).filter(lambda data: b"--XX" not in data))
def test_a_part_keeps_every_byte(data: bytes) -> None:
    """CR, LF and blanks at its ends too."""
    post = read(parts(("MESSAGEDATA", b"MSH|^~\\&|" + data)), f"{MULTIPART}; boundary=XX")

    assert isinstance(post, Post)
    assert b"MSH|^~\\&|" + data == post.data
