"""XML from the network: which character set counts, what is refused, and that no sentence quotes the document."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.wire.xml import XMLError, carried, illegal_character, media_type, parse, shown


def refused(body: str | bytes, charset: str = "") -> str:
    with pytest.raises(XMLError) as caught:
        parse(body if isinstance(body, bytes) else body.encode(), charset)
    return str(caught.value)


@pytest.mark.parametrize(
    ("start", "codec", "charset"),
    [
        ("\ufeff", "utf-8", ""),
        ("\ufeff", "utf-8", "iso-8859-1"),
        ("\ufeff", "utf-16-le", "utf-8"),
        ("\ufeff", "utf-16-be", "klingon"),
        ("\ufeff<?xml version='1.0' encoding='utf-8'?>", "utf-16-be", ""),
        ("\ufeff<?xml version='1.0' encoding='iso-8859-1'?>", "utf-8", ""),
        ("", "utf-16-le", "utf-16"),
        ("", "utf-16-be", "utf-16"),
        ("", "utf-16-le", "utf-16le"),
        ("", "utf-16-be", "utf-16be"),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16-le", ""),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-8", "utf-8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "utf-8", "utf8"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>", "iso-8859-1", ""),
        ("", "iso-8859-1", "iso-8859-1"),
        ("", "cp1252", "windows-1252"),
        ("", "utf-8", "us-ascii"),
        ("", "utf-8", "ascii"),
        ("\n", "utf-8", ""),
    ],
)
def test_character_sets(start: str, codec: str, charset: str) -> None:
    """A byte order mark beats the charset label, which beats the XML declaration; UTF-8 is assumed."""
    assert "Nuñez é" == parse(f"{start}<a>Nuñez é</a>".encode(codec), charset).text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\rb\r\nc\nd&#xD;e&#13;\r\n", "a\nb\nc\nd\re\r\n"),
        ("<![CDATA[^~\\&|\r\nb&#xD;]]>", "^~\\&|\nb&#xD;"),
        ("a<!-- b -->c<?d e?>f<![CDATA[g]]>", "acfg"),
        ("&lt;&amp;&gt;&quot;&apos;", "<&>\"'"),
    ],
)
def test_the_text_is_whole(text: str, seen: str) -> None:
    """Line ends by the rules of XML; comments, instructions and CDATA sections do not cut it."""
    assert seen == parse(f"<a>{text}</a>".encode()).text


ENTITIES = '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "no XML element, at line 1, column 1"),
        (" \n", "no XML element"),
        ("MSH|^~\\&|", "no XML element, at line 1, column 1"),
        ("\n<?xml version='1.0'?><a/>", "something before the XML declaration, at line 2"),
        ("<a/>SECRET", "something after the end of the document"),
        ("<a/><b/>", "something after the end of the document"),
        ("<a>", "the end of the document inside an element"),
        ("<SECRET><b></SECRET>", "an element that is not closed, or not in order"),
        ("<a>\n^~\\&|</a>", "an & or < that is not escaped (write &amp; or &lt;, or use CDATA), at line 2, column"),
        ("<a>x&SECRET;</a>", "an & or < that is not escaped"),
        ("<a>x&SECRET </a>", "an & or < that is not escaped"),
        ("<a>1 < 2</a>", "an & or < that is not escaped"),
        ("<a>\x0bSECRET\x1c</a>", "a character that XML does not allow, such as a control character"),
        ("<a>&#x0B;</a>", "a character that XML does not allow"),
        ("<a>\x00</a>", "a character that XML does not allow"),
        ("<a>\ufffe</a>", "a character that XML does not allow"),
        ("<SECRET:a/>", "a namespace prefix that is not declared"),
        ("<a b='' b=''/>", "a syntax error"),
        (b"<a>Nu\xf1ez</a>", "the body is not valid UTF-8: byte 6 is 0xF1; send UTF-8, or name its charset"),
        (b"<a>\xed\xa0\x80</a>", "the body is not valid UTF-8: byte 4 is 0xED"),
        (b"\xff\xfe<", "the byte order mark says utf-16-le, but byte 1 of the body does not fit"),
        ("<?xml version='1.0' encoding='klingon'?><a/>", "a character set that is not known"),
        ("<?xml version='1.0' encoding='us-ascii'?><a>é</a>", "bytes that do not belong to its character set"),
        ("<!DOCTYPE a><a/>", "a DOCTYPE is not allowed"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "a DOCTYPE is not allowed"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "a DOCTYPE is not allowed"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>before&x;after</a>', "a DOCTYPE is not allowed"),
        (f"<!DOCTYPE a [{ENTITIES}]><a>&j;</a>", "elements nested too deeply, or too long a text or name"),
        (f'<!DOCTYPE a [{ENTITIES}]><a b="&j;"/>', "elements nested too deeply, or too long a text or name"),
        ("<a>" * 300 + "</a>" * 300, "elements nested too deeply, or too long a text or name"),
        (f"<{'a' * 60_000}/>", "elements nested too deeply, or too long a text or name"),
        (f"<a>{'a' * 10_000_001}</a>", "elements nested too deeply, or too long a text or name"),
        (f"<a b='{'a' * 10_000_001}'/>", "elements nested too deeply, or too long a text or name"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_what_is_refused(body: str | bytes, sentence: str) -> None:
    """Broken, hostile or too much: a sentence that says what and where, and quotes nothing."""
    said = refused(body)

    assert sentence in said
    assert "SECRET" not in said


@pytest.mark.parametrize(
    ("charset", "sentence"),
    [
        ("klingon", "the charset klingon is not known; send UTF-8"),
        ("zlib_codec", "the charset zlib_codec is not known; send UTF-8"),
        ("utf-16", "the Content-Type says utf-16-be, but byte 3 of the body does not fit"),
    ],
)
def test_a_wrong_charset_label_is_refused(charset: str, sentence: str) -> None:
    """Only the character sets that senders use, and no other codec of Python's."""
    assert sentence == refused("<a>", charset)


def test_nothing_is_included() -> None:
    """XInclude is an element like others."""
    body = '<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///etc/passwd"/></a>'

    assert ["{http://www.w3.org/2001/XInclude}include"] == [child.tag for child in parse(body.encode())]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("", ("", "")),
        (" Text/XML ", ("text/xml", "")),
        ('application/soap+xml; action="urn:x"; Charset = "UTF-8"', ("application/soap+xml", "utf-8")),
        ("text/xml;charset='utf-16';x", ("text/xml", "utf-16")),
        ("text/xml; charset=", ("text/xml", "")),
    ],
)
def test_content_types(content_type: str, expected: tuple[str, str]) -> None:
    """In lower case, without quotes."""
    assert expected == media_type(content_type)


def test_a_qualified_name_is_shown_in_words() -> None:
    """And cut, since a peer chose it."""
    assert "a in namespace urn:x" == shown("{urn:x}a")
    assert "a in no namespace" == shown("a")
    assert 250 > len(shown(f"{{{'x' * 1000}}}{'a' * 1000}"))


@given(st.text())
def test_what_xml_cannot_carry_is_found_and_replaced(text: str) -> None:
    """A text without such characters stays as it is and comes back from a parser, but for its line ends."""
    assert "" == illegal_character(carried(text))
    assert (carried(text) == text) == (illegal_character(text) == "")
    written = carried(text).replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;").replace("\r", "&#13;")

    assert carried(text) == (parse(f"<a>{written}</a>".encode()).text or "")


@given(st.binary(), st.sampled_from(["", "utf-8", "utf-16", "iso-8859-1", "windows-1252"]))
def test_no_bytes_raise_anything_else(body: bytes, charset: str) -> None:
    """An element, or XMLError."""
    with contextlib.suppress(XMLError):
        assert parse(body, charset).tag
