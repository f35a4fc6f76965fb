"""Who the registry knows because ``serve --preload`` says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockiis.cli.preload import Preload
from mockiis.errors import DocumentError, MockIISError
from mockiis.registry.records import MemoryRecords
from mockiis.registry.registry import Registry

EXAMPLES = "VXU_ex1_V01_private", "VXU_ex3_two_vaccinations"


def known(*names: str | Path, registry: Registry | None = None) -> list[str]:
    """The given names of whoever is known after the files were read."""
    registry = registry or Registry(records=MemoryRecords())
    Preload([str(name) for name in names], lambda: datetime.now(UTC))(registry)
    return [record.person.name.given for record in registry.records.every()]


def test_messages_tables_and_scenarios_of_a_folder(tmp_path: Path, data: Path) -> None:
    """Everything that tells of a person, in batches too; and the patients of a shipped scenario."""
    texts = [(data / "ndiis-examples" / f"{name}.hl7").read_text("utf-8") for name in EXAMPLES]
    (tmp_path / "batch.hl7").write_text("FHS|^~\\&\rBHS|^~\\&\r" + "\r".join(texts) + "\rBTS|2\rFTS|1\r")
    (tmp_path / "people.csv").write_text("id,family,given,born,sex\n1,Doe,Lee,2024-01-05,F\n")
    assert ["KIM", "Lee", "JANE", "DUP", "DUP"] == known(tmp_path, "ndiis-examples")


def test_whoever_is_known_stays_as_it_is(tmp_path: Path) -> None:
    """A durable registry that is started again keeps what it has learned since."""
    registry = Registry(records=MemoryRecords())
    table = tmp_path / "people.csv"
    table.write_text("id,family,given,born,sex\n1,Doe,Lee,2024-01-05,F\n")
    known(table, registry=registry)
    table.write_text("id,family,given,born,sex\n1,Doe,Leonie,2024-01-05,F\n")
    assert ["Lee"] == known(table, registry=registry)


def test_what_a_message_lacks_is_told_with_file_and_line(tmp_path: Path, data: Path) -> None:
    """The line of the segment, and what is to be done; nothing of what the message says."""
    text = (data / "messages" / "VXU_without_ethnic_group.hl7").read_text("utf-8").replace("\r", "\n")
    query = (data / "ndiis-examples" / "QBP_Q11_Z34.hl7").read_text("utf-8")
    (tmp_path / "a.hl7").write_text(text)
    (tmp_path / "b.hl7").write_text(query)
    (tmp_path / "c.hl7").write_text("hello")
    with pytest.raises(DocumentError) as refused:
        known(tmp_path)
    first, *_, last, none = map(str, refused.value.problems)
    assert f"{tmp_path / 'a.hl7'}:2:1: Patient ethnic group (PID-22): The field is required and empty." in first
    assert f"{tmp_path / 'b.hl7'}:1:1: is QBP; only VXU tells of a person" == last
    assert f"{tmp_path / 'c.hl7'}:1:1: expected HL7 messages that begin with MSH, found 'hel...'" == none


@pytest.mark.parametrize("name", ["no-such-file.hl7", "no-such-name"])
def test_what_is_not_there(name: str) -> None:
    """One sentence."""
    with pytest.raises(MockIISError, match=f"{name}: cannot be read: No such file"):
        known(name)


def test_a_folder_of_nothing(tmp_path: Path) -> None:
    """Surely a mistake."""
    with pytest.raises(MockIISError, match=r"the folder holds no file that ends in .hl7, .er7, .csv, .yaml, .yml"):
        known(tmp_path)
