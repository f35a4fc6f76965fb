"""OBX: one observation."""

from __future__ import annotations

from sender.observations import Observation
from sender.segments.obx import obx


def test_fills_an_observation() -> None:
    """Identifier, value, units, method and date stand at their fields; the result is final."""
    observation = Observation(
        value_type="NM", identifier="30973-2^dose^LN", value="3", units="NA^^HL70353", method="VXC40^^CDCPHINVS"
    )
    expected = "OBX|5|NM|30973-2^dose^LN|2|3|NA^^HL70353|||||F|||20240506|||VXC40^^CDCPHINVS"
    assert expected == obx(5, 2, observation, "20240506")
