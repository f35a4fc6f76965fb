"""Values are changed wherever they stand, and nothing else is; orders are left out as a whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockiis.er7 import Location, Message, read, write
from mockiis.message import Request
from mockiis.scenario.edit import Edit, edited, without
from mockiis.scenario.template import Source, Template, read_template
from mockiis.scenario.when import read_conditions

TEXT = (
    "MSH|^~\\&|A|B|||20260101||VXU^V04^VXU_V04|1|P|2.5.1\r"
    "PID|1||7^^^B^MR~8^^^S^SS||Moe-Berg^Zo\\S\\ë&x^Rose~Moe^Ida\r"
    "ORC|RE||1^B\rRXA|0|1|20250101||03^MMR^CVX\rOBX|1|CE|59781-5^V^LN|1|Y\r"
    "RXA|0|1|20250102||20^DTaP^CVX\rOBX|1|CE|59781-5^V^LN|1|N\r"
    "ORC|RE||3^B\rRXA|0|1|20250103||10^IPV^CVX\r"
)


def request(text: str = TEXT) -> Request:
    return Request(
        transport="mllp", received=datetime(2026, 1, 1, tzinfo=UTC), control_id="1", message=read(text), text=text
    )


def changed(place: str, **how: object) -> Message:
    edit = Edit(location=Location.parse(place), **how)  # type: ignore[arg-type]
    return edited(read(TEXT), [edit], Source(request=request(), parts={}))


@pytest.mark.parametrize(
    "place, how, before, after",
    [
        ("PID-5.1", {"first": 3}, "Moe-Berg^Zo\\S\\ë&x^Rose~Moe^Ida", "Moe^Zo\\S\\ë&x^Rose~Moe^Ida"),
        ("PID-5[2].2", {"first": 1}, "~Moe^Ida\r", "~Moe^I\r"),
        ("PID-5", {"remove": "-o"}, "Moe-Berg^Zo\\S\\ë&x^Rose~Moe^Ida", "MeBerg^Z\\S\\ë\\T\\x^Rse~Me^Ida"),
        ("PID-5[1].3", {"value": Template(())}, "x^Rose~", "x^~"),
        ("PID-3[5=SS].1", {"value": read_template("9|9")}, "~8^", "~9\\F\\9^"),
        ("PID-8", {"value": read_template("F")}, "Ida\r", "Ida|||F\r"),
        ("PID-3", {"value": read_template("1^^^B^MR")}, "7^^^B^MR~8^^^S^SS", "1^^^B^MR~1^^^B^MR"),
        ("RXA-5.2", {"first": 1}, "03^MMR^CVX", "03^M^CVX"),
    ],
)
def test_a_value_is_changed_where_it_stands(place: str, how: dict[str, object], before: str, after: str) -> None:
    """In every repetition and segment that is meant."""
    assert after in write(changed(place, **how))
    if place != "RXA-5.2":
        assert write(changed(place, **how)) == TEXT.replace(before, after)


def test_what_is_not_there_stays_away() -> None:
    """Unless a value is given for it."""
    assert TEXT == write(changed("PID-30", first=2))
    assert TEXT == write(changed("PV1-3", value=read_template("x")))


def test_letters_without_their_accents() -> None:
    edit = Edit(location=Location.parse("PID-5.1"), ascii=True)
    message = read(TEXT.replace("Moe-Berg", "Ødegård æøß"))
    assert "Odegard aeoss^" in write(edited(message, [edit], Source(request=request(), parts={})))


@pytest.mark.parametrize(
    "conditions, left",
    [
        ({"RXA-5.1": "03"}, ["20", "10"]),
        ({"RXA-5.1": ["03", "10"]}, ["20"]),
        ({"OBX[3.1=59781-5]-5": "N"}, ["03", "10"]),
        ({"RXA-3": {"after": "20250101"}}, ["03"]),
        ({"PID-3": {"present": "true"}}, ["03", "20", "10"]),
    ],
)
def test_orders_are_left_out_with_all_that_belongs_to_them(conditions: dict[str, object], left: list[str]) -> None:
    """An RXA without an ORC is an order too; the patient is none."""
    message = without(read(TEXT), read_conditions(conditions), request())
    assert left == [rxa.get(5, 1) for rxa in message.named("RXA")]
    assert 1 == len(message.named("PID"))
