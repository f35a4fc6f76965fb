"""Text of any kind in a database: what a column cannot hold is written in another form, and read back as it was."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

_MARK = "\x01base64:"
_UNFIT = re.compile("[\0\ud800-\udfff]")


class Whole(TypeDecorator[str]):
    """A text column. Messages may hold NUL or halves of characters, which PostgreSQL and UTF-8 refuse."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002
        """The text as it is, nearly always."""
        if value is None or not (_UNFIT.search(value) or value.startswith(_MARK)):
            return value
        return _MARK + b64encode(value.encode("utf-8", "surrogatepass")).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: ARG002
        """The text as it was."""
        if value is None or not value.startswith(_MARK):
            return value
        return b64decode(value.removeprefix(_MARK)).decode("utf-8", "surrogatepass")
