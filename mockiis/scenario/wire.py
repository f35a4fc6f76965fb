"""``wire``: what an author wrote about how an answer goes wrong on its way, read into misbehaviours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from mockiis.document import advice, complaint
from mockiis.entry_types import kind as written
from mockiis.entry_types import read_duration, read_text
from mockiis.message.misbehaviour import KINDS, Form, Kind, Misbehaviour
from mockiis.scenario.model import ScriptedMisbehaviour
from mockiis.scenario.timing import read_chance
from mockiis.scenario.values import every, read_share

CHANCE = "chance"
"""The only other key of an entry: how often it happens."""
MOST = 1_000_000
"""Bytes, pieces or times: more is a slip of the unit."""


def read_wire(value: Any) -> tuple[ScriptedMisbehaviour, ...]:
    """Read the list under ``wire``. Raises a complaint, at its entry, about what cannot be taken."""
    entries: tuple[ScriptedMisbehaviour, ...] = every(_entry, "misbehaviours, such as no_end,")(value)
    certain: dict[str, str] = {}
    for index, entry in enumerate(entries):
        kind = entry.misbehaviour.kind
        other = certain.get(kind.group or kind.name)
        if other is not None:
            raise complaint(_both(other, kind.name), index)
        if entry.chance == 1:
            certain[kind.group or kind.name] = kind.name
    return entries


def _both(first: str, second: str) -> str:
    if first == second:
        return f"'{second}' stands here already; keep one"
    rivals = f"'{second}' never happens: of it and '{first}' only one can, and that one comes first"
    return f"{rivals}; keep one, or give '{first}' a chance"


def _entry(value: Any) -> ScriptedMisbehaviour:
    if isinstance(value, str):
        return ScriptedMisbehaviour(misbehaviour=Misbehaviour(name=_named(read_text(value)).name))
    if not isinstance(value, dict) or not value:
        raise complaint(f"write the name of a misbehaviour, or name: value, not {written(value)}")
    names = [key for key in value if key != CHANCE]
    if len(names) != 1:
        found = " and ".join(f"'{name}'" for name in names) + " stand in one entry" if names else "its name is missing"
        raise complaint(f"{found}; write one misbehaviour after each '- ', and its 'chance' beside it")
    kind = _named(names[0])
    chance = read_chance(value[CHANCE]) if CHANCE in value else 1.0
    return ScriptedMisbehaviour(misbehaviour=_misbehaviour(kind, value[kind.name]), chance=chance)


def _named(name: str) -> Kind:
    if name in KINDS:
        return KINDS[name]
    meant = _MEANT.get(re.sub(r"[\W_]+", "", name).lower())
    hint = f"did you mean '{meant}'?" if meant else advice(name, list(KINDS))
    raise complaint(f"'{name}' is not a misbehaviour; {hint}")


_MEANT: Mapping[str, str] = {
    **{name.replace("_", ""): name for name in KINDS},
    "delay": "split",
    "disconnect": "close_after",
    "close": "close_after",
    "reset": "reset_after",
    "rst": "reset_after",
    "hang": "hang_after",
    "eof": "truncate",
    "cut": "truncate",
    "noframe": "unframed",
    "noframing": "unframed",
    "nofs": "no_end",
    "noendblock": "no_end",
    "novt": "no_start",
    "nostartblock": "no_start",
    "nocr": "no_final_cr",
    "lf": "lf_segments",
    "duplicate": "duplicate_ack",
    "nak": "commit_nak",
    "wrongcontrolid": "wrong_msa_2",
    "missingcontrolid": "missing_msa_2",
    "urlencoded": "url_encoded",
    "badxml": "unclosed_xml",
    "emptybody": "empty",
    "compressed": "gzip",
}
"""Other words, in small letters without separators, for what the table has."""


def _misbehaviour(kind: Kind, value: Any) -> Misbehaviour:
    """``{no_end, chance: 10%}`` has no value, and every parameter has a default."""
    if value in ("", None):
        return Misbehaviour(name=kind.name)
    return Misbehaviour(name=kind.name, **_READERS[kind.form](kind, value))


def _nothing(kind: Kind, value: Any) -> dict[str, Any]:
    if value == "yes":
        return {}
    raise complaint(f"'{kind.name}' takes no value, and here is {written(value)}; write {kind.name} alone", kind.name)


def _text(kind: Kind, value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    raise complaint(f"'{kind.name}' takes a text such as {kind.example}, not {written(value)}", kind.name)


def _character(kind: Kind, value: Any) -> dict[str, Any]:
    match = re.fullmatch(r"0x([01][0-9A-Fa-f]|7[Ff])", value) if isinstance(value, str) else None
    if match is None:
        raise complaint(
            f"{written(value)} is not a control character; write its number, such as {kind.example}", kind.name
        )
    return {"text": chr(int(match[1], 16))}


def _times(kind: Kind, value: Any) -> dict[str, Any]:
    return {"count": _count(value, kind, "how many times", 1)}


def _bytes(kind: Kind, value: Any) -> dict[str, Any]:
    return {"count": _count(value, kind, "a number of bytes", 1)}


def _amount(kind: Kind, value: Any) -> dict[str, Any]:
    if isinstance(value, str) and "%" in value:
        return {"share": _share(value, kind)}
    return {"count": _count(value, kind, "a share such as 50% or a number of bytes such as 120 bytes", 0)}


def _duration(kind: Kind, value: Any) -> dict[str, Any]:
    try:
        return {"seconds": read_duration(value)}
    except PydanticCustomError as error:
        raise complaint(error.message(), kind.name) from None


def _pace(kind: Kind, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise complaint(f"'{kind.name}' takes {kind.example}, not {written(value)}", kind.name)
    found: dict[str, Any] = {}
    for key, content in value.items():
        if key == "chunks":
            found["count"] = _count(content, kind, "a number of chunks", 1)
        elif key == "over":
            found.update(_duration(kind, content))
        else:
            raise complaint(f"unknown key '{key}' of '{kind.name}'; {advice(key, ('chunks', 'over'))}", kind.name)
    return found


_READERS: Mapping[Form, Callable[[Kind, Any], dict[str, Any]]] = {
    "nothing": _nothing,
    "text": _text,
    "character": _character,
    "times": _times,
    "bytes": _bytes,
    "amount": _amount,
    "duration": _duration,
    "pace": _pace,
}


def _count(value: Any, kind: Kind, what: str, least: int) -> int:
    match = re.fullmatch(r"(\d{1,9})(?: ?(?:bytes?|times))?", value, re.ASCII) if isinstance(value, str) else None
    if match is None:
        raise complaint(f"'{kind.name}' takes {what}, not {written(value)}; such as {kind.example}", kind.name)
    number = int(match[1])
    if not least <= number <= MOST:
        raise complaint(f"'{kind.name}' takes a number from {least} to {MOST:,}, not {number}", kind.name)
    return number


def _share(value: Any, kind: Kind) -> float:
    try:
        return read_share(value)
    except PydanticCustomError as error:
        raise complaint(error.message(), kind.name) from None
