"""OBX, one observation about a dose. CDC guide 1.5 chapter 5, table OBX; statements IZ-20, 22, 35 to 37 and 44."""

from __future__ import annotations

from mockiis.er7.compose import segment
from sender.observations import Observation


def obx(number: int, sub_id: int, observation: Observation, observed: str) -> str:
    """The observation as number ``number`` of its dose; ``sub_id`` is shared by observations that belong together."""
    return segment(
        "OBX",
        {
            1: str(number),
            2: observation.value_type,
            3: observation.identifier,
            4: str(sub_id),
            5: observation.value,
            6: observation.units,
            11: "F",
            14: observed,
            17: observation.method,
        },
    )
