"""Files that people write, read into models: every complaint has its place. The text layer is in test_yaml_text."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, PlainValidator

from mockiis.document import Entry, complaint, load
from mockiis.errors import DocumentError, MockIISError, Problem


def small(value: Any) -> str:
    if not str(value).islower():
        raise complaint(f"'{value}' needs small letters; write {{key}} as {{text}}")
    return str(value)


def no_x(value: Any) -> Any:
    if "x" in value:
        raise complaint("no {key} and no {text} here", "x")
    return value


class Dose(Entry):
    """A mapping inside a list."""

    vaccine: str
    amount: float = 0
    site: Literal["LA", "RA"] = "LA"


class Record(Entry):
    """One key of each kind."""

    name: str = ""
    doses: list[Dose] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=dict)
    either: int | list[int] | Dose = 0
    sure: bool = False
    some: list[str] = Field(default=["x"], min_length=1)
    word: Annotated[str, PlainValidator(small)] = ""
    by_alias: str = Field(default="", alias="other-name")
    free: Annotated[dict[str, str], PlainValidator(no_x)] = Field(default_factory=dict)


KEYS = "name, doses, counts, either, sure, some, word, other-name, free"


def problems(text: str) -> list[str]:
    """What load complains about, in order."""
    with pytest.raises(DocumentError) as refused:
        load(text, "f.yaml", Record)
    assert "\n".join(str(problem) for problem in refused.value.problems) == str(refused.value)
    return [str(problem) for problem in refused.value.problems]


def test_a_file_becomes_a_model() -> None:
    """Keys, lists, numbers, yes and no, and names that differ from the attribute; JSON is read the same way."""
    text = "name: Ann\ndoses:\n- {vaccine: 03, amount: .5}\ncounts: {a: 1}\nsure: yes\nother-name: B\n"
    expected = Record(name="Ann", doses=[Dose(vaccine="03", amount=0.5)], counts={"a": 1}, sure=True)
    expected = expected.model_copy(update={"by_alias": "B"})
    assert expected == load(text, "f.yaml", Record)
    assert expected == load("\ufeff" + text.replace("\n", "\r\n"), "f.yaml", Record)
    json = '{"name": "Ann", "doses": [{"vaccine": "03", "amount": 0.5}], "counts": {"a": 1}, "sure": true,'
    assert expected == load(f'{json} "by_alias": "B"}}', "f.json", Record)


def test_codes_stay_as_written() -> None:
    """CVX 03 and route NO reach the model as text."""
    loaded = load("doses: [{vaccine: 03}]\nfree: {NO: NO}", "f.yaml", Record)
    assert ("03", {"NO": "NO"}) == (loaded.doses[0].vaccine, loaded.free)


def test_an_entry_does_not_change() -> None:
    """What was read is a value."""
    with pytest.raises(ValueError, match="frozen"):
        load("name: x", "f.yaml", Record).name = "y"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nmae: x", ["1:1: nmae: unknown key 'nmae'; did you mean 'name'?"]),
        (
            "name: x\nzzz: 1\nsuer: 1",
            [
                f"2:1: zzz: unknown key 'zzz'; write one of: {KEYS}",
                "3:1: suer: unknown key 'suer'; did you mean 'sure'?",
            ],
        ),
        ("doses:\n- {vacine: a}\n", ["2:4: doses.1.vacine: unknown key 'vacine'; did you mean 'vaccine'?"]),
        ("doses:\n- vaccine: a\n- amount: 1\n", ["3:3: doses.2: 'vaccine' is missing"]),
        ("doses: {vaccine: a}", ["1:1: doses: write a list here, not a mapping"]),
        ("doses: [a]", ["1:9: doses.1: write a mapping (key: value) here"]),
        ("doses: [[a]]", ["1:9: doses.1: write a mapping (key: value) here, not a list"]),
        ("doses: [{vaccine: [a]}]", ["1:10: doses.1.vaccine: write text here, not a list"]),
        ("doses: [{vaccine: a, site: LL}]", ["1:22: doses.1.site: write one of: 'LA' or 'RA'"]),
        ("doses: [{vaccine: a, amount: x}]", ["1:22: doses.1.amount: write a number here"]),
        (
            "counts: {a: x, b: {}}",
            ["1:10: counts.a: write a whole number here", "1:16: counts.b: write a whole number here, not a mapping"],
        ),
        ("counts: [1]", ["1:1: counts: write a mapping (key: value) here, not a list"]),
        ("either: x", ["1:1: either: write a whole number or a list or a mapping (key: value) here"]),
        (
            "either: [x]",
            [
                "1:1: either: write a whole number or a mapping (key: value) here, not a list",
                "1:10: either.1: write a whole number here",
            ],
        ),
        ("sure: perhaps", ["1:1: sure: write yes or no here"]),
        ("sure: []", ["1:1: sure: write yes or no here, not a list"]),
        ("some: []", ["1:1: some: list should have at least 1 item after validation, not 0"]),
        ("word: Big", ["1:1: word: 'Big' needs small letters; write {key} as {text}"]),
        ("free:\n  y: 1\n  x: 2", ["3:3: free.x: no {key} and no {text} here"]),
        (
            "name: [1]\nsure: []\nname2: 1",
            [
                "1:1: name: write text here, not a list",
                "2:1: sure: write yes or no here, not a list",
                "3:1: name2: unknown key 'name2'; did you mean 'name'?",
            ],
        ),
        (
            "zzz: 1\ndoses:\n- {vacine: a, amount: x, site: LL}\n- {vaccine: [], zzz: 1}\nword: {Big}\nsome: []",
            [
                f"1:1: zzz: unknown key 'zzz'; write one of: {KEYS}",
                "3:4: doses.1.vacine: unknown key 'vacine'; did you mean 'vaccine'?",
                "3:15: doses.1.amount: write a number here",
                "3:26: doses.1.site: write one of: 'LA' or 'RA'",
                "4:4: doses.2.vaccine: write text here, not a list",
                "4:17: doses.2.zzz: unknown key 'zzz'; write one of: vaccine, amount, site",
                "5:1: word: '{'Big': ''}' needs small letters; write {key} as {text}",
                "6:1: some: list should have at least 1 item after validation, not 0",
            ],
        ),
        (
            "doses: [{zzz: 1}]",
            [
                "1:9: doses.1: 'vaccine' is missing",
                "1:10: doses.1.zzz: unknown key 'zzz'; write one of: vaccine, amount, site",
            ],
        ),
        (
            "zzz: 1\nfree: {x: y}",
            [f"1:1: zzz: unknown key 'zzz'; write one of: {KEYS}", "2:8: free.x: no {key} and no {text} here"],
        ),
        ("NAME: x", ["1:1: NAME: unknown key 'NAME'; did you mean 'name'?"]),
        (
            "either: {vacine: x}\nfree: {x: y}",
            [
                "1:1: either: write a whole number or a list here, not a mapping",
                "1:10: either.vacine: unknown key 'vacine'; did you mean 'vaccine'?",
                "2:8: free.x: no {key} and no {text} here",
            ],
        ),
        ("sure: x\nname: {}", ["1:1: sure: write yes or no here", "2:1: name: write text here, not a mapping"]),
        ("x", ["1:1: write a mapping (key: value) here"]),
        ("\n  [x]", ["2:3: write a mapping (key: value) here, not a list"]),
        (
            "doses:\n- &d {vaccine: []}\n- *d\n",
            ["2:7: doses.1.vaccine: write text here, not a list", "2:7: doses.2.vaccine: write text here, not a list"],
        ),
    ],
)
def test_what_the_model_refuses_is_told_with_its_place(text: str, expected: list[str]) -> None:
    """Line, column, the keys that lead there (counted from 1) and what to write; in the order of the file."""
    assert [f"f.yaml:{problem}" for problem in expected] == problems(text)


def test_no_value_is_repeated_in_a_complaint_about_its_type() -> None:
    """It may be a password, and complaints are logged."""
    assert ["f.yaml:1:1: sure: write yes or no here"] == problems("sure: s3cret")


def test_errors_are_of_the_kind_that_commands_show() -> None:
    """A document error is something a person can mend, and holds its problems one by one."""
    error = DocumentError([Problem("a.yaml", 2, 3, "this"), Problem("b.yaml", 1, 1, "that")])
    assert isinstance(error, MockIISError)
    assert "a.yaml:2:3: this\nb.yaml:1:1: that" == str(error)
    assert [2, 1] == [problem.line for problem in error.problems]


keys = st.sampled_from(["", "name: ", "doses: [{vaccine: ", "either: ", "counts: {a: ", "- "])
like_records = st.lists(keys | st.text("ab01 \t\n-:?[]{},&*!|>'\"%@#\\")).map("".join)


@settings(deadline=None)
@given(st.text(st.characters()) | like_records)
def test_arbitrary_text_is_a_model_or_a_document_error(text: str) -> None:
    """Nothing else is ever raised, and every problem has a file, a line and a column."""
    found: tuple[Problem, ...] = ()
    try:
        load(text, "f.yaml", Record)
    except DocumentError as error:
        found = error.problems or (Problem("", 0, 0, "an error without a problem"),)
    assert all(problem.file == "f.yaml" and min(problem.line, problem.column) > 0 for problem in found)
