"""JSON as programs send it -> dicts, lists and strings, as ``yaml_text`` gives for what people write.

Scalars are text here too, so that the same models read both: 7 is "7", true is "true", null is "" (no value).
"""

from __future__ import annotations

import json
import re
from typing import Any

from mockiis.errors import DocumentError, Problem
from mockiis.yaml_text import MAX_DEPTH, MAX_NODES, Marks, Path

_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(data: bytes, name: str) -> tuple[Any, Marks]:
    """Read JSON in UTF-8. There are no lines worth telling in what a program made, so every mark is 1, 1.

    Raises DocumentError for what is no JSON, for a key that stands twice, for half a character, and for more values
    or levels than a file may have.
    """
    try:
        read = json.loads(
            data.decode("utf-8"),
            parse_int=str,
            parse_float=str,
            parse_constant=_refused_number,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise _wrong(name, f"this is not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        said = error.msg[:1].lower() + error.msg[1:]
        raise DocumentError([Problem(name, error.lineno, error.colno, f"this is not JSON: {said}")]) from None
    except RecursionError:
        raise _wrong(name, _TOO_LARGE) from None
    except _Refused as error:
        raise _wrong(name, str(error)) from None
    marks: Marks = {}
    return _as_text(read, (), name, marks), marks


class _Refused(Exception):  # noqa: N818  # it never leaves this module
    """What a hook of the parser will not have."""


_TOO_LARGE = f"there are more than {MAX_NODES} values or {MAX_DEPTH} levels"


def _refused_number(text: str) -> None:
    raise _Refused(f"this is not JSON: there is no number {text}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"'{twice}' stands twice in the same object")
    return found


def _as_text(value: Any, path: Path, name: str, marks: Marks) -> Any:
    marks[path] = (1, 1)
    if len(marks) > MAX_NODES or len(path) > MAX_DEPTH:
        raise _wrong(name, _TOO_LARGE)
    if isinstance(value, dict):
        return {
            _whole(key, name): _as_text(below, (*path, _whole(key, name)), name, marks) for key, below in value.items()
        }
    if isinstance(value, list):
        return [_as_text(below, (*path, number), name, marks) for number, below in enumerate(value)]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else _whole(str(value), name)


def _whole(text: str, name: str) -> str:
    if _SURROGATE.search(text):
        raise _wrong(name, "an escape sequence here stands for no character")
    return text


def _wrong(name: str, text: str) -> DocumentError:
    return DocumentError([Problem(name, 1, 1, text)])
