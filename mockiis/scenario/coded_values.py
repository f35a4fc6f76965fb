"""Coded values as authors write them: a code, and its text if wanted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import PlainValidator

from mockiis.document import complaint
from mockiis.entry_types import choice, read_text
from mockiis.message.person import Coded


def code(system: str, pattern: str, example: str) -> Callable[[Any], Coded]:
    """A reader for ``20`` or ``20^DTaP``: a code of ``system``, and its text if wanted."""

    def read(value: Any) -> Coded:
        name, _, text = read_text(value).partition("^")
        if re.fullmatch(pattern, name, re.ASCII) and "^" not in text:
            return Coded(name, text, system)
        if system == "CVX" and re.fullmatch(r"\d", name, re.ASCII):
            raise complaint(f"CVX codes have two digits at least; write 0{name}")
        shown = example.partition("^")[0]
        raise complaint(f"'{value}' is not a code of {system}; write the code, such as {shown}, or {example}")

    return read


YesNo = Annotated[
    Literal["Y", "N"], PlainValidator(choice("Y or N", ("Y", "N"), {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N"}))
]
