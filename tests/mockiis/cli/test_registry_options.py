"""What ``serve`` is told of its registry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockiis.cli.registry_options import registry_of
from mockiis.er7 import read
from mockiis.errors import MockIISError
from mockiis.message import MessageReply, Request

USUAL: dict[str, Any] = {"profile": "ndiis", "warnings": "AE", "forecaster": None, "preload": ()}


def said(path: Path, place: str, **options: Any) -> str:
    """What the registry answers at a place."""
    message = read(path.read_text("utf-8"))
    made = registry_of({**USUAL, **options})
    reply = made.answer(Request(transport="mllp", received=datetime.now(UTC), control_id="1", message=message))
    assert isinstance(reply, MessageReply)
    return read(reply.text).get(place)


@pytest.mark.parametrize(("options", "code"), [({}, "AE"), ({"warnings": "AA"}, "AA")])
def test_warnings(data: Path, options: dict[str, Any], code: str) -> None:
    """MSA-1 of a message with warnings only is a matter of the registry."""
    assert code == said(data / "ndiis-examples" / "VXU_ex1_V01_private.hl7", "MSA-1", **options)


def test_the_profile(data: Path, tmp_path: Path) -> None:
    """``cdc`` does not ask for the ethnic group; a file extends either."""
    message = data / "messages" / "VXU_without_ethnic_group.hl7"
    own = tmp_path / "own.yaml"
    own.write_text("extends: cdc\n", encoding="utf-8")
    places = [said(message, "ERR-2", profile=profile) for profile in ("ndiis", "cdc", str(own))]
    assert ("PID^1^22", True) == (places[0], "PID^1^22" not in places[1:])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"profile": "no-such"}, "no-such: there is no such file or shipped profile; shipped are"),
        ({"forecaster": "non"}, "there is no forecaster 'non'; did you mean 'none'?"),
    ],
)
def test_what_there_is_not(options: dict[str, Any], complaint: str) -> None:
    """Told before anything is served."""
    with pytest.raises(MockIISError, match=complaint.replace("?", r"\?")):
        registry_of({**USUAL, **options})


def test_no_forecast() -> None:
    """The forecaster that says nothing."""
    assert "NoForecaster" == type(registry_of({**USUAL, "forecaster": "none"}).forecaster()).__name__
