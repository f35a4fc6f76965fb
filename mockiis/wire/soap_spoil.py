"""What is wrong with an envelope: the bytes of an answer that ``soap_server`` wrote -> bytes that no toolkit writes.

An answer is known to the byte, so it is changed as text: a writer of XML would refuse most of this. A change that finds
nothing to do leaves the envelope as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from mockiis.message.damage import control_character
from mockiis.wire.delivery import Chosen
from mockiis.wire.soap import Dialect

_RETURN = re.compile(r"(<(\w+):return>)(.*)(</\2:return>)", re.DOTALL)
_HOLDER = re.compile(r"(</?\w+:)(?:return|\w+Fault|fault)>")
_FAULT = re.compile(r"(<(\w+):(\w+Fault|fault)>)(.*)(</\2:\3>)", re.DOTALL)


def spoil_envelope(body: bytes, dialect: Dialect, chosen: Chosen) -> bytes:
    """The envelope with everything that is to be wrong with it. Never raises."""
    if not _CHANGES.keys() & chosen.keys():
        return body
    text = body.decode("utf-8", "replace")
    for name, change in _CHANGES.items():
        if name in chosen:
            text = change(text, chosen[name].text or "", dialect)
    return text.encode("utf-8", "replace")


def _control_character(text: str, character: str, _dialect: Dialect) -> str:
    return _payload(text, lambda message: _escaped(control_character(message, character)))


def _cdata(text: str, _: str, _dialect: Dialect) -> str:
    return _payload(text, lambda message: f"<![CDATA[{message.replace(']]>', ']]]]><![CDATA[>')}]]>")


def _payload(text: str, change: Callable[[str], str]) -> str:
    """``change`` takes what ``return`` holds as it reads, and gives what is to be written there."""
    return _RETURN.sub(lambda found: found[1] + change(unescape(found[3])) + found[4], text, count=1)


def _escaped(message: str) -> str:
    return escape(message, {"\r": "&#13;"})


def _wrong_namespace(text: str, namespace: str, dialect: Dialect) -> str:
    return text.replace(f'"{dialect.namespace}"', quoteattr(namespace), 1)


def _wrong_elements(text: str, name: str, _dialect: Dialect) -> str:
    return _HOLDER.sub(lambda found: f"{found[1]}{name}>", text)


def _extra_element(text: str, name: str, _dialect: Dialect) -> str:
    before = re.compile(r"<(tns):(?:return|Code)>")
    return before.sub(lambda found: f"<{found[1]}:{name}>extra</{found[1]}:{name}>{found[0]}", text, count=1)


def _fault_unqualified(text: str, _: str, _dialect: Dialect) -> str:
    def bare(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"(</?)\w+:(Code|Reason|Detail)>", r"\1\2>", found[4]) + found[5]

    return _FAULT.sub(bare, text, count=1)


def _fault_wrong_reason(text: str, reason: str, _dialect: Dialect) -> str:
    def other(found: re.Match[str]) -> str:
        said = reason or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", "UnknownFault" if found[3] == "fault" else found[3])
        return found[1] + re.sub(r"(:Reason>)[^<]*", lambda tag: tag[1] + escape(said), found[4], count=1) + found[5]

    return _FAULT.sub(other, text, count=1)


def _fault_without_value(text: str, _: str, _dialect: Dialect) -> str:
    text = re.sub(r"(<\w+:Code>)<(\w+:Value)>([^<]*)</\2>", r"\1\3", text, count=1)
    return re.sub(r"<faultcode>[^<]*", "<faultcode>", text, count=1)


def _fault_outside_body(text: str, _: str, _dialect: Dialect) -> str:
    return re.sub(r"</?\w+:Body>", "", text)


def _no_prefixes(text: str, _: str, _dialect: Dialect) -> str:
    return re.sub(r"(</?)\w+:", r"\1", re.sub(r' xmlns:\w+="[^"]*"', "", text))


def _unclosed_xml(text: str, _: str, _dialect: Dialect) -> str:
    return text[: text.rfind("</")]


_CHANGES: Mapping[str, Callable[[str, str, Dialect], str]] = {
    "control_character": _control_character,
    "cdata": _cdata,
    "fault_unqualified": _fault_unqualified,
    "fault_wrong_reason": _fault_wrong_reason,
    "fault_without_value": _fault_without_value,
    "fault_outside_body": _fault_outside_body,
    "extra_element": _extra_element,
    "wrong_namespace": _wrong_namespace,
    "wrong_elements": _wrong_elements,
    "no_prefixes": _no_prefixes,
    "unclosed_xml": _unclosed_xml,
}
"""What is done to the envelope, in this order."""
