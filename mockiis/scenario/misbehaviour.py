"""Misbehaviour in the text of an answer, done before anything carries it. The rest is done on the wire."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from mockiis.message.damage import control_character, replaced
from mockiis.message.misbehaviour import Misbehaviour, effective
from mockiis.message.request import Request


def spoil(text: str, request: Request, wire: Sequence[Misbehaviour]) -> tuple[str, tuple[Misbehaviour, ...]]:
    """The text of the answer with what is wrong in it, and the misbehaviours that are left for the wire.

    Never raises: what cannot be done, such as another MSA-2 in a text that is no message, leaves the text as it is.
    """
    if not wire:
        return text, ()
    chosen = effective(wire, request.transport, "message")
    control_id = request.message.header.get(10) if request.message else ""
    for name, change in _CHANGES.items():
        if name in chosen and not _left_to_wire(name, request):
            entry = chosen[name]
            text = change(text, replace(entry, text=entry.text or f"NOT-{control_id}"))
    left = (entry for entry in wire if entry.name not in _CHANGES or _left_to_wire(entry.name, request))
    return text, tuple(left)


def _left_to_wire(name: str, request: Request) -> bool:
    """A writer of XML refuses such a character, so it is put in when the envelope is written."""
    return name == "control_character" and request.transport == "soap"


def _oversized(text: str, limit: int) -> str:
    """The text so often that it has more bytes than the limit; one without a byte stays as it is."""
    size = len(text.encode("utf-8", "replace"))
    return text * (limit // size + 1) if size else text


_CHANGES: Mapping[str, Callable[[str, Misbehaviour], str]] = {
    "wrong_msa_2": lambda text, entry: replaced(text, "MSA-2", entry.text or ""),
    "missing_msa_2": lambda text, _: replaced(text, "MSA-2", ""),
    "oversized": lambda text, entry: _oversized(text, entry.count or 0),
    "no_last_cr": lambda text, _: text.rstrip("\r\n"),
    "control_character": lambda text, entry: control_character(text, entry.text or ""),
    "lf_segments": lambda text, _: re.sub("\r\n?", "\n", text),
    "base64": lambda text, _: b64encode(text.encode("utf-8", "replace")).decode(),
    "url_encoded": lambda text, _: quote(text, safe="", errors="replace"),
}
"""What is done to the text, in this order."""
