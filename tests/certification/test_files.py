"""The files of the suite."""

from __future__ import annotations

import pytest

from certification import files
from mockiis.errors import MockIISError


def test_a_message_is_read_as_HL7_has_it() -> None:
    """Written a segment on a line, read with CR after each."""
    text = files.text("messages", "adt-a04.hl7")

    assert ["MSH", "EVN", "PID", "PV1", ""] == [segment[:3] for segment in text.split("\r")]
    assert "\n" not in text


def test_a_file_that_is_not_there_is_refused() -> None:
    """With the nearest name."""
    with pytest.raises(MockIISError) as caught:
        files.text("records", "refusals.yaml")

    assert "certification/records/refusals.yaml: there is no such file; did you mean 'refusal.yaml'?" == str(
        caught.value
    )
