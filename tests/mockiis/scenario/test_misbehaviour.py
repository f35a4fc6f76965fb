"""What is wrong in the text of an answer."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockiis.message import Request
from mockiis.message.misbehaviour import KINDS, Misbehaviour
from mockiis.scenario.misbehaviour import spoil

ACK = "MSH|^~\\&|NDIIS|ND0000|EHR|CLINIC1|20240403||ACK^V04^ACK|R1|P|2.5.1\rMSA|AE|77\rERR||PID^1^7|101^Required\r"


def spoiled(request: Request, *names: str, text: str = ACK, **values: Any) -> str:
    return spoil(text, request, [Misbehaviour(name=name, **values) for name in names])[0]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("wrong_msa_2", "MSA|AE|77\r", "MSA|AE|NOT-77\r"),
        ("missing_msa_2", "MSA|AE|77\r", "MSA|AE|\r"),
        ("lf_segments", "\r", "\n"),
        ("no_last_cr", "Required\r", "Required"),
        ("control_character", "\rERR", "\x13ERR"),
    ],
)
def test_one_thing_is_wrong(ask: Callable[..., Request], name: str, old: str, new: str) -> None:
    """And all the rest is as it was."""
    assert ACK.replace(old, new) == spoiled(ask(), name)


def test_the_message_in_another_form(ask: Callable[..., Request]) -> None:
    """Base64 and URL encoding give the message back."""
    assert ACK == b64decode(spoiled(ask(), "base64")).decode()
    assert ACK == unquote(spoiled(ask(), "url_encoded"))
    assert "|" not in spoiled(ask(), "url_encoded")


def test_another_control_id_of_one_s_own(ask: Callable[..., Request]) -> None:
    """As the IZ Gateway's canned answers have it."""
    done, _ = spoil(ACK, ask(), [Misbehaviour(name="wrong_msa_2", text="4513185")])
    assert "\rMSA|AE|4513185\r" in done


def test_more_than_a_sender_takes(ask: Callable[..., Request]) -> None:
    """The message over and over, until the limit is passed."""
    assert ACK * 2 == spoiled(ask(), "oversized", count=len(ACK))
    assert ACK == spoiled(ask(), "oversized", count=len(ACK) - 1)
    assert 65_536 < len(spoiled(ask(), "oversized")) <= 65_536 + len(ACK)
    assert "" == spoiled(ask(), "oversized", text="")


def test_several_at_once_in_an_order_of_their_own(ask: Callable[..., Request]) -> None:
    """Base64 comes last, wherever it is written."""
    done = spoiled(ask(), "base64", "lf_segments", "missing_msa_2")

    assert "\nMSA|AE|\n" in b64decode(done).decode()


def test_the_rest_is_left_for_the_wire(ask: Callable[..., Request]) -> None:
    """Over SOAP the control character too, since what writes XML would refuse it."""
    wire = [Misbehaviour(name=name) for name in ("dribble", "control_character", "lf_segments")]

    assert ["dribble"] == [entry.name for entry in spoil(ACK, ask(), wire)[1]]
    text, left = spoil(ACK, ask(transport="soap"), wire)
    assert ["dribble", "control_character"] == [entry.name for entry in left]
    assert ACK.replace("\r", "\n") == text


@given(text=st.text(), names=st.lists(st.sampled_from(list(KINDS))))
def test_it_never_raises(text: str, names: list[str]) -> None:
    """Whatever the text is."""
    from datetime import UTC, datetime

    request = Request(transport="mllp", received=datetime(2024, 1, 1, tzinfo=UTC), control_id="1")
    done, _ = spoil(text, request, [Misbehaviour(name=name) for name in names])

    assert isinstance(done, str)
