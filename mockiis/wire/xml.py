"""Bytes of XML from the network -> an element, or one sentence that says why not.

Hardened: no DOCTYPE, so no entities; nothing is fetched; depth and text length are limited by libxml2. The
sentences name places, never content, so they may be logged. Used by both ends of SOAP.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from lxml import etree

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "cp1252",
}
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNESCAPED = "an & or < that is not escaped (write &amp; or &lt;, or use CDATA)"
_TOO_MUCH = "elements nested too deeply, or too long a text or name"
# By libxml2's error numbers (xmlParserErrors). Its own texts quote names and entities from the document.
_WORDS = {
    4: "no XML element",
    5: "something after the end of the document",
    9: "a character that XML does not allow, such as a control character",
    23: _UNESCAPED,
    26: _UNESCAPED,
    32: "a character set that is not known",
    64: "something before the XML declaration",
    68: _UNESCAPED,
    76: "an element that is not closed, or not in order",
    77: "the end of the document inside an element",
    81: "bytes that do not belong to its character set",
    110: _TOO_MUCH,
    114: _TOO_MUCH,
    201: "a namespace prefix that is not declared",
}


class XMLError(ValueError):
    """The bytes are not XML that can be taken; the text says why and where, and holds nothing of their content."""


@lru_cache(maxsize=64)
def media_type(content_type: str) -> tuple[str, str]:
    """The media type and the charset of a Content-Type value, in lower case; empty where they are missing."""
    charset = _CHARSET.search(content_type)
    return content_type.partition(";")[0].strip().lower(), charset[1].lower() if charset else ""


def parse(body: bytes, charset: str = "") -> etree._Element:
    """The root element. A byte order mark beats ``charset``, and ``charset`` beats the XML declaration (RFC 7303).

    Comments and processing instructions are left out, so an element's text is whole.
    """
    body, encoding = _transcoded(body, charset)
    try:
        root = etree.fromstring(body, _parser(encoding))
    except etree.XMLSyntaxError as error:
        raise XMLError(_sentence(error, body)) from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise XMLError("a DOCTYPE is not allowed")
    return root


def illegal_character(text: str) -> str:
    """What XML cannot carry in a text, as ``U+000B at character 12``; empty when it can carry all of it."""
    found = _ILLEGAL.search(text)
    return f"U+{ord(found[0]):04X} at character {found.start() + 1}" if found else ""


def carried(text: str) -> str:
    """The text with a question mark for each character that XML cannot carry."""
    return _ILLEGAL.sub("?", text)


def shown(tag: str) -> str:
    """A qualified name as a person reads it: ``name in namespace``, cut when a peer made it long."""
    namespace, _, name = tag.rpartition("}")
    where = f"namespace {namespace[1:][:100]}" if namespace else "no namespace"
    return f"{name[:100]} in {where}"


@cache
def _parser(encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _transcoded(body: bytes, charset: str) -> tuple[bytes, str | None]:
    """The body, in UTF-8 when something outside of it names its character set, and that name for the parser."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _utf8(body[len(mark) :], codec, "the byte order mark says"), "utf-8"
    if not charset:
        return body, None
    if charset not in _CODECS:
        raise XMLError(f"the charset {charset[:40]} is not known; send UTF-8")
    codec = _CODECS[charset]
    if codec == "utf-16":
        codec = "utf-16-le" if body.startswith(b"<\x00") else "utf-16-be"
    return _utf8(body, codec, "the Content-Type says"), "utf-8"


def _utf8(body: bytes, codec: str, who: str) -> bytes:
    if codec == "utf-8":
        return body
    try:
        return body.decode(codec).encode("utf-8")
    except UnicodeDecodeError as error:
        raise XMLError(f"{who} {codec}, but byte {error.start + 1} of the body does not fit") from None


def _sentence(error: Any, body: bytes) -> str:
    if error.code == 81:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as wrong:
            value = body[wrong.start]
            return (
                f"the body is not valid UTF-8: byte {wrong.start + 1} is 0x{value:02X}; send UTF-8, or name its charset"
            )
    line, column = error.position
    words = _WORDS.get(error.code, "a syntax error")
    return f"not well-formed XML: {words}, at line {line}, column {column}"
