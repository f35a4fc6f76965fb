"""Encoding by MSH-18, the counterpart of decoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.er7 import decode
from sender.charset import encode

MESSAGE = "MSH|^~\\&|A|B|C|D|20240506||VXU^V04^VXU_V04|M1|P|2.5.1||||||{}\rPID|1||||Sömmer\r"


@pytest.mark.parametrize(
    ("label", "codec"),
    [("", "utf-8"), ("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("ASCII", "utf-8"), ("NOBODY", "utf-8")],
)
def test_encodes_in_the_named_character_set(label: str, codec: str) -> None:
    """UTF-8 stands in where there is no label, an unknown one, or one that cannot carry the text."""
    message = MESSAGE.format(label)
    assert message.encode(codec) == encode(message)
    assert message == decode(encode(message)).text


@given(st.text())
def test_any_text_can_be_encoded(text: str) -> None:
    """Even what is no message; a lone surrogate does not raise."""
    assert isinstance(encode(text), bytes)
