"""The message that every benchmark uses, and the bytes that carry it over each transport."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

MESSAGE = Path(__file__).with_name("two_doses.hl7").read_text(encoding="utf-8").replace("\n", "\r")
"""A VXU with two doses: 18 segments, 2.3 kB; NDIIS's example of two vaccinations."""

_ENVELOPE = """\
<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:urn="urn:cdc:iisb:2011">
<soap:Header/><soap:Body><urn:submitSingleMessage><urn:username>benchmark</urn:username>\
<urn:password>invented</urn:password><urn:facilityID>SENFAC</urn:facilityID>\
<urn:hl7Message>{}</urn:hl7Message></urn:submitSingleMessage></soap:Body></soap:Envelope>"""

_HEAD = """\
POST {path} HTTP/1.1\r
Host: {host}\r
Content-Type: application/soap+xml; charset=utf-8; action="urn:cdc:iisb:2011:submitSingleMessage"\r
Content-Length: {length}\r
\r
"""


def is_http(address: str) -> bool:
    """Whether messages go there over SOAP; else over MLLP."""
    return address.startswith("http")


@cache
def request(address: str) -> bytes:
    """The bytes that submit the message to an address."""
    if not is_http(address):
        return b"\x0b" + MESSAGE.encode() + b"\x1c\r"
    body = _ENVELOPE.format(escape(MESSAGE, {"\r": "&#xD;"})).encode()
    parts = urlsplit(address)
    return _HEAD.format(path=parts.path, host=parts.netloc, length=len(body)).encode() + body
