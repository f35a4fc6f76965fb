"""Text of any kind in a database: what a column cannot hold is written in another form, and read back as it was."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

_MARK = "\x01base64:"
_UNFIT = re.compile("[\0\ud800-\udfff]")


def fit(text: str) -> str:
    """The text in a form that every database takes: as it is, nearly always."""
    plain = text.isascii() and "\0" not in text  # told at once, of most text
    if (plain or not _UNFIT.search(text)) and not text.startswith(_MARK):
        return text
    return _MARK + b64encode(text.encode("utf-8", "surrogatepass")).decode()


def whole(text: str) -> str:
    """The text as it was."""
    if not text.startswith(_MARK):
        return text
    return b64decode(text.removeprefix(_MARK)).decode("utf-8", "surrogatepass")


class Whole(TypeDecorator[str]):
    """A text column. Messages may hold NUL or halves of characters, which PostgreSQL and UTF-8 refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002
        """The text as it is, nearly always."""
        return None if value is None else fit(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002
        """The text as it was."""
        return None if value is None else whole(value)
