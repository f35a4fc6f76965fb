"""Files that people write: YAML and JSON read into models, every complaint with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, PlainValidator

from mockiis import document
from mockiis.document import Entry, complaint, load, parse
from mockiis.errors import DocumentError, MockIISError, Problem


LOADERS = [yaml.CBaseLoader, yaml.BaseLoader]
"""libyaml's parser, and the one in Python that takes its place where there is no libyaml."""


@pytest.fixture(params=LOADERS)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LOADER", request.param)


both = pytest.mark.usefixtures("_loader")
"""Properties draw the loader instead: pytest-twisted cannot run one Hypothesis test twice."""


def small(value: Any) -> str:
    if not str(value).islower():
        raise complaint(f"'{value}' needs small letters; write {{key}} as {{text}}")
    return str(value)


def no_x(value: Any) -> Any:
    if "x" in value:
        raise complaint("no {key} and no {text} here", "x")
    return value


class Dose(Entry):
    vaccine: str
    amount: float = 0
    site: Literal["LA", "RA"] = "LA"


class Record(Entry):
    name: str = ""
    doses: list[Dose] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=dict)
    either: int | list[int] | Dose = 0
    sure: bool = False
    word: Annotated[str, PlainValidator(small)] = ""
    by_alias: str = Field(default="", alias="other-name")
    free: Annotated[dict[str, str], PlainValidator(no_x)] = Field(default_factory=dict)


def problems(text: str) -> list[str]:
    """What load complains about, in order."""
    with pytest.raises(DocumentError) as refused:
        load(text, "f.yaml", Record)
    assert str(refused.value) == "\n".join(str(problem) for problem in refused.value.problems)
    return [str(problem) for problem in refused.value.problems]


@both
def test_a_file_becomes_a_model() -> None:
    """Keys, lists, numbers, yes and no, aliases of names; JSON is read the same way."""
    text = "name: Ann\ndoses:\n- {vaccine: 03, amount: .5}\ncounts: {a: 1}\nsure: yes\nother-name: B\n"
    expected = Record(name="Ann", doses=[Dose(vaccine="03", amount=0.5)], counts={"a": 1}, sure=True, by_alias="B")
    assert expected == load(text, "f.yaml", Record)
    assert expected == load(json.dumps(parse(text, "f.yaml")[0]), "f.json", Record)
    assert expected == load("\ufeff" + text.replace("\n", "\r\n"), "f.yaml", Record)


@both
def test_scalars_stay_the_text_they_are() -> None:
    """CVX 03, route NO, dates, numbers and null words are not turned into anything else."""
    text = "[03, 010, NO, yes, 2024-04-02, 1e3, .25, 1_000, null, ~, '', \"\\x41\", 'it''s', 0x1F, 12:30:45, =, <<]"
    expected = "03 010 NO yes 2024-04-02 1e3 .25 1_000 null ~  A it's 0x1F 12:30:45 = <<".split(" ")
    assert expected == parse(text, "f.yaml")[0]
    assert "03" == load("doses: [{vaccine: 03}]", "f.yaml", Record).doses[0].vaccine
    assert {"NO": "NO"} == load("free: {NO: NO}", "f.yaml", Record).free


@both
def test_every_node_has_its_place() -> None:
    """A key stands where it is written, an item where its value begins; what an alias repeats, where it was written."""
    _, marks = parse("a: 1\nb:\n  - x\n  - c: &one [y]\nd: *one\n", "f.yaml")
    expected: dict[tuple[str | int, ...], tuple[int, int]] = {
        (): (1, 1),
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 5),
        ("b", 1, "c", 0): (4, 14),
        ("d",): (5, 1),
        ("d", 0): (4, 14),
    }
    assert expected == marks


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nmae: x", ["1:1: nmae: unknown key 'nmae'; did you mean 'name'?"]),
        (
            "name: x\nzzz: 1\nsuer: 1",
            [
                "2:1: zzz: unknown key 'zzz'; write one of:"
                " name, doses, counts, either, sure, word, other-name, free",
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
        ("counts: {a: x, b: {}}", ["1:10: counts.a: write a whole number here", "1:16: counts.b: write a whole number here, not a mapping"]),
        ("counts: [1]", ["1:1: counts: write a mapping (key: value) here, not a list"]),
        ("either: x", ["1:1: either: write a whole number or a list or a mapping (key: value) here"]),
        ("either: [x]", ["1:1: either: write a whole number or a mapping (key: value) here, not a list", "1:10: either.1: write a whole number here"]),
        ("sure: perhaps", ["1:1: sure: write yes or no here"]),
        ("sure: []", ["1:1: sure: write yes or no here, not a list"]),
        ("word: Big", ["1:1: word: 'Big' needs small letters; write {key} as {text}"]),
        ("free:\n  y: 1\n  x: 2", ["3:3: free.x: no {key} and no {text} here"]),
        ("name: [1]\nsure: []\nname2: 1", ["3:1: name2: unknown key 'name2'; did you mean 'name'?"]),
        ("sure: x\nname: {}", ["1:1: sure: write yes or no here", "2:1: name: write text here, not a mapping"]),
        ("x", ["1:1: write a mapping (key: value) here"]),
        ("\n  [x]", ["2:3: write a mapping (key: value) here, not a list"]),
        (
            "doses:\n- &d {vaccine: []}\n- *d\n",
            ["2:7: doses.1.vaccine: write text here, not a list", "2:7: doses.2.vaccine: write text here, not a list"],
        ),
    ],
)  # fmt: skip
def test_what_the_model_refuses_is_told_with_its_place(text: str, expected: list[str]) -> None:
    """Line, column, the keys that lead there (counted from 1) and what to write; in the order of the file."""
    assert [f"f.yaml:{problem}" for problem in expected] == problems(text)


@both
def test_no_value_is_repeated_in_a_complaint_about_its_type() -> None:
    """It may be a password, and complaints are logged."""
    assert ["f.yaml:1:1: sure: write yes or no here"] == problems("sure: s3cret")


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("---\n", "1:1: the file is empty"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; write one per file"),
        ("a: 1\nb: {c: 1, c: 2}\n", "2:11: 'c' stands twice in the same mapping"),
        ("a: 1\n'a': 2\n", "2:1: 'a' stands twice in the same mapping"),
        ("? [a]\n: b\n", "1:3: a key must be plain text"),
        ("- &a x\n- *a : b\n", "2:3: a key must be plain text"),
        ("a: *b\nb: &b 1", "1:4: nothing above is named '&b'"),
        ("a: &a\n  b: *a\n", "2:6: an alias may not stand inside what it names"),
        ("&a [x, [*a]]", "1:9: an alias may not stand inside what it names"),
        ("a: 1\n\tb: 2", "2:1: this is not YAML: a tab cannot indent a line; write spaces"),
        ("\ta: 1", "1:1: this is not YAML: a tab cannot indent a line; write spaces"),
        ("a: x\x07", "1:5: the character U+0007 is not allowed here"),
        ("a:\r\n  b\u2028 \ud800", "3:2: the character U+D800 is not allowed here"),
        ("[" * 51 + "]" * 51, "1:51: the file has more than 200000 values or 50 levels"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(text: str, expected: str) -> None:
    """Whichever parser reads it, the sentence is the same."""
    with pytest.raises(DocumentError) as refused:
        parse(text, "f.yaml")
    assert f"f.yaml:{expected}" == str(refused.value)


@both
@pytest.mark.parametrize(
    ("text", "place", "advice"),
    [
        ("a: b: c", "1:5", "; write a value that holds ': ' in quotes, or mend the indentation"),
        ("a: 1\n b: 2\n", "2:3", "; write a value that holds ': ' in quotes, or mend the indentation"),
        ("a: @b", "1:4", "; write such a value in quotes"),
        ("- x\n- '", "2:4", " while scanning a quoted scalar that begins on line 2"),
        ("x: {a: 1}}", "1:10", ""),
        ("a: b\n- c\n", "2:1", " while parsing a block mapping that begins on line 1"),
    ],
)
def test_a_syntax_error_is_told_with_its_place_and_a_way_out(text: str, place: str, advice: str) -> None:
    """The words in the middle are the parser's own."""
    with pytest.raises(DocumentError) as refused:
        parse(text, "f.yaml")
    said = str(refused.value)
    assert (f"f.yaml:{place}: this is not YAML: ", advice) == (said[: len(place) + 27], said[len(said) - len(advice) :])


@both
def test_a_backslash_in_double_quotes_is_told(loader: str) -> None:
    """The two parsers count the column differently; both say how to write it."""
    with pytest.raises(DocumentError, match="^f.yaml:1:[56]: .*; in single quotes a backslash is plain text$"):
        parse('a: "\\d"', "f.yaml")


@both
@pytest.mark.parametrize("text", ["a: '\n", "a: [1\n\n", "a: {b: 1\n"])
def test_an_unfinished_file_is_told_where_it_ends(text: str) -> None:
    """Something opened and not closed is found at the end, and the place where it was opened is named."""
    with pytest.raises(DocumentError, match=r"^f.yaml:[1-4]:\d+: this is not YAML: .* that begins on line 1$"):
        parse(text, "f.yaml")


@both
@pytest.mark.parametrize(
    "text",
    ['"\\UFFFFFFFF"', '"\\ud800"', "!%ed%a0%80 a", "!<%c0%80> a", f"%YAML {'9' * 5000}.1\n---\na"],
)
def test_escapes_that_stand_for_nothing_are_refused(text: str) -> None:
    """Neither parser checks all of them; none may pass or raise anything else."""
    with pytest.raises(DocumentError, match="^f.yaml:1:"):
        parse(text, "f.yaml")


@both
def test_an_alias_means_the_latest_anchor_above_it() -> None:
    """Also where what an earlier alias repeats holds an anchor of the same name."""
    assert [["1"], "2", ["1"], "2"] == parse("[&b [&a 1], &a 2, *b, *a]", "f.yaml")[0]


@both
@pytest.mark.parametrize("text", ["[", "{", "- ", "? ", "{a: ", "[[]", "- [\n"])
def test_deep_nesting_is_refused(text: str) -> None:
    """Depth that would end the process in libyaml's composer, or exhaust Python's stack, is one complaint."""
    with pytest.raises(DocumentError):
        parse(text * 20_000, "f.yaml")


@both
def test_depth_through_aliases_is_refused() -> None:
    """Aliases cannot be piled up to what is refused when written out."""
    text = "- &a0 [x]\n" + "".join(f"- &a{n} [[[[[*a{n - 1}]]]]]\n" for n in range(1, 20))
    with pytest.raises(DocumentError, match="the file has more than 200000 values or 50 levels$"):
        parse(text, "f.yaml")


@both
def test_an_alias_bomb_is_refused_after_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten lines that mean ten thousand million values stop at the limit."""
    built = 0
    build = document._Builder.build

    def counted(self: Any, path: document.Path) -> Any:
        nonlocal built
        built += 1
        return build(self, path)

    monkeypatch.setattr(document._Builder, "build", counted)
    monkeypatch.setattr(document, "MAX_NODES", 5_000)
    text = "- &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"- &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    with pytest.raises(DocumentError, match="the file has more than 200000 values or 50 levels$"):
        parse(text, "f.yaml")
    assert 5_001 == built


@both
def test_a_long_file_is_refused_before_it_is_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The events of the parser are counted while they come."""
    monkeypatch.setattr(document, "MAX_NODES", 5)
    with pytest.raises(DocumentError, match="^f.yaml:1:22: "):
        parse("[1,1,1,1,1,1,1,1,1,1,1,1,1]", "f.yaml")


def test_errors_are_of_the_kind_that_commands_show() -> None:
    """A document error is something a person can mend, and holds its problems one by one."""
    error = DocumentError([Problem("a.yaml", 2, 3, "this"), Problem("b.yaml", 1, 1, "that")])
    assert isinstance(error, MockIISError)
    assert "a.yaml:2:3: this\nb.yaml:1:1: that" == str(error)
    assert [2, 1] == [problem.line for problem in error.problems]


like_yaml = st.text(st.sampled_from("ab01 \t\n-:?[]{},&*!|>'\"%@#\\xuU~=<.\r\x85\ufeff"))


@settings(deadline=None)
@given(st.sampled_from(LOADERS), st.text(st.characters()) | like_yaml)
def test_arbitrary_text_is_data_or_a_document_error(loader: Any, text: str) -> None:
    """Nothing else is ever raised, and every problem has a file, a line and a column."""
    try:
        data, marks = parse(text, "f.yaml")
    except DocumentError as error:
        assert all(("f.yaml", True, True) == (p.file, p.line >= 1, p.column >= 1) for p in error.problems)
        assert error.problems
        return
    assert isinstance(data, str | list | dict)
    assert () in marks


@settings(deadline=None)
@given(
    like_yaml
    | st.sampled_from(["name: ", "doses: ", "doses: [{vaccine: ", "either: "]).flatmap(
        lambda k: like_yaml.map(k.__add__)
    )
)
def test_arbitrary_text_is_a_model_or_a_document_error(text: str) -> None:
    """Whatever a model refuses becomes a problem with a place."""
    try:
        loaded = load(text, "f.yaml", Record)
    except DocumentError as error:
        assert error.problems
        return
    assert isinstance(loaded, Record)


plain = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))


@settings(deadline=None)
@given(
    st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(plain, inner), max_leaves=8).filter(
        lambda value: value != ""
    )
)
def test_json_is_read_as_it_is(value: Any) -> None:
    """Any JSON of text, lists and mappings comes back equal."""
    assert value == parse(json.dumps(value, ensure_ascii=False), "f.json")[0]
