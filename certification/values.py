"""Values of case files only: lists, and keys that are HL7 locations. The others are in ``mockiis.entry_types``."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator

from mockiis.document import complaint
from mockiis.entry_types import read_location, read_text
from mockiis.er7 import Location

T = TypeVar("T")


def _some(value: Any) -> Any:
    if not isinstance(value, list):
        raise complaint("write a list here, each entry after '- ' or in [ ]")
    if not value:
        raise complaint("the list is empty")
    return value


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, tuple) else _some(value if isinstance(value, list) else [value])


Some = Annotated[tuple[T, ...], BeforeValidator(_some)]
"""A list that is not empty."""
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_one_or_more)]
"""The same; one value may stand without the list."""


def read_place(value: Any) -> Location:
    """An HL7 location; one that was read already stays."""
    return value if isinstance(value, Location) else read_location(read_text(value))


def looks_like_location(key: str) -> bool:
    """Whether a key was meant as a location rather than as a word of the case language."""
    return re.match(r"[A-Za-z][A-Za-z0-9]{2}([-._^\[ ]?\d|[-\[]|$)", key) is not None
