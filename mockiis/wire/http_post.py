"""A message posted over plain HTTP: what the body of a request holds, and who sends it. No sockets.

Two forms, both of which registries use: the message itself as the body, with credentials by HTTP Basic or in headers,
and a form with the fields USERID, PASSWORD, FACILITYID and MESSAGEDATA.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus, unquote_to_bytes

from mockiis.wire.xml import media_type

HL7 = ("application/hl7-v2", "application/hl7-v2+er7", "x-application/hl7-v2+er7", "text/plain")
"""Media types of a body that is the message. One without any type is taken for the first."""
URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
USER, PASSWORD, FACILITY, MESSAGE = "USERID", "PASSWORD", "FACILITYID", "MESSAGEDATA"
"""Names of the fields in any case; the first three are those of headers too."""
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(rb'(?<![\w*])name=(?:"([^"]*)"|([^\s;"]*))', re.IGNORECASE)
_CUT = re.compile(rb"(?:MSH|FHS|BHS)[^\w\s]{2,4}")
_BARE = re.compile(rb"\s*(?:MSH|FHS|BHS)\W")
_KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The bytes of a message or a batch, and the credentials, empty where there are none. ``answer_type`` is the media
    type that its answer has.
    """

    data: bytes = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    facility: str = ""
    answer_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPost:
    """A request that holds no message: the HTTP status, and a sentence that quotes nothing of its content."""

    status: int
    sentence: str


def read_post(body: bytes, header: Callable[[str], str | None]) -> Post | NoPost:
    """What a POST request holds; ``header`` looks one up by its name. Never raises because of what is in it."""
    content_type = header("content-type") or ""
    kind, _ = media_type(content_type)
    if kind in (URL_ENCODED, MULTIPART):
        fields = _url_encoded(body) if kind == URL_ENCODED else _multipart(body, content_type)
        problem = _problem(body, fields)
        return problem or _post(fields[MESSAGE], fields, header, "text/plain")
    if kind and kind not in HL7:
        found = kind if _KIND.fullmatch(kind) else "something else"
        expected = f"{', '.join(HL7)}, {URL_ENCODED} or {MULTIPART}"
        return NoPost(status=415, sentence=f"expected a Content-Type of {expected}; found {found}")
    return _post(body, {}, header, kind or HL7[0])


def body_as_form(data: bytes, username: str, password: str, facility: str) -> bytes:
    """The form of a message, as a sender posts it; empty credentials are left out."""
    credentials = {USER: username, PASSWORD: password, FACILITY: facility}
    given = {name: value.encode() for name, value in credentials.items()} | {MESSAGE: data}
    return "&".join(f"{name}={quote_plus(value)}" for name, value in given.items() if value).encode("ascii")


def credential_headers(username: str, password: str, facility: str) -> dict[str, str]:
    """The headers by which the sender of a bare message says who it is; those of empty credentials are left out."""
    basic = b64encode(f"{username}:{password}".encode()).decode("ascii")
    headers = {"Authorization": f"Basic {basic}"} if username or password else {}
    return headers | ({FACILITY: facility} if facility else {})


def _problem(body: bytes, fields: Mapping[str, bytes]) -> NoPost | None:
    """Why a form holds no message."""
    if MESSAGE not in fields:
        known = [name for name in (USER, PASSWORD, FACILITY) if name in fields]
        found = f"found {', '.join(known) or 'none of its fields'}"
        if _BARE.match(body):
            found = f"the body is a message, not a form: send it with the Content-Type {HL7[0]}"
        return NoPost(status=400, sentence=f"the form has no field {MESSAGE}; {found}")
    if _CUT.fullmatch(fields[MESSAGE].strip()):
        return NoPost(status=400, sentence=f"{MESSAGE} breaks off at an & that is not written as %26")
    return None


def _post(data: bytes, fields: Mapping[str, bytes], header: Callable[[str], str | None], answer_type: str) -> Post:
    """Fields of a form count before headers, and headers before HTTP Basic."""
    basic_user, basic_password = _basic(header("authorization") or "")

    def given(name: str) -> str:
        return fields[name].decode("utf-8", "replace") if name in fields else (header(name.lower()) or "")

    return Post(
        data=data,
        username=given(USER) or basic_user,
        password=given(PASSWORD) or basic_password,
        facility=given(FACILITY),
        answer_type=answer_type,
    )


def _basic(authorization: str) -> tuple[str, str]:
    """User and password of HTTP Basic; empty for any other scheme, and for what cannot be read."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return user, password


def _url_encoded(body: bytes) -> dict[str, bytes]:
    """The fields by their names in capitals; of two with the same name the first counts."""
    found: dict[str, bytes] = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        found.setdefault(_capitals(_decoded(name)), _decoded(value))
    return found


def _decoded(part: bytes) -> bytes:
    return unquote_to_bytes(part.replace(b"+", b" "))


def _multipart(body: bytes, content_type: str) -> dict[str, bytes]:
    """The same of a form in parts. What has no boundary, or no name, is no field."""
    boundary = _BOUNDARY.search(content_type)
    found: dict[str, bytes] = {}
    if boundary is None:
        return found
    mark = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    for part in (b"\r\n" + body).split(mark)[1:]:
        head, gap, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head) if gap and not part.startswith(b"--") else None
        if name is not None:
            found.setdefault(_capitals(name[1] if name[1] is not None else name[2]), value)
    return found


def _capitals(name: bytes) -> str:
    return name.decode("latin-1").strip().upper()
