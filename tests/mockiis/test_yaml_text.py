"""YAML and JSON text read into plain data with places, by libyaml's parser and by the one in Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockiis import yaml_text
from mockiis.errors import DocumentError
from mockiis.yaml_text import parse

LOADERS = [yaml.CBaseLoader, yaml.BaseLoader]
"""libyaml's parser, and the one in Python that takes its place where there is no libyaml."""

TOO_LARGE = "the file has more than 200000 values or 50 levels"


@pytest.fixture(params=LOADERS)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "LOADER", request.param)


both = pytest.mark.usefixtures("_loader")
"""Properties draw the loader instead: pytest-twisted cannot run one Hypothesis test with several parameters."""


def refusal(text: str) -> str:
    """What is said of text that cannot be read."""
    with pytest.raises(DocumentError) as refused:
        parse(text, "f.yaml")
    return str(refused.value)


@both
def test_scalars_stay_the_text_they_are() -> None:
    """CVX 03, route NO, dates, numbers and null words are not turned into anything else."""
    scalars = [
        "03",
        "010",
        "NO",
        "yes",
        "2024-04-02",
        "1e3",
        ".25",
        "1_000",
        "null",
        "~",
        "0x1F",
        "12:30:45",
        "=",
        "<<",
    ]
    assert scalars == parse(f"[{', '.join(scalars)}]", "f.yaml")[0]
    assert ["A", "it's", ""] == parse("[\"\\x41\", 'it''s', '']", "f.yaml")[0]


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
        ("[" * 51 + "]" * 51, f"1:51: {TOO_LARGE}"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, expected: str) -> None:
    """Whichever parser reads it, the sentence is the same."""
    assert f"f.yaml:{expected}" == refusal(text)


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
    said = refusal(text)
    assert said.startswith(f"f.yaml:{place}: this is not YAML: ")
    assert said.endswith(advice)


@both
def test_a_backslash_in_double_quotes_is_told() -> None:
    """The two parsers count the column differently; both say how to write it."""
    said = refusal('a: "\\d"')
    assert said.startswith(("f.yaml:1:5: this is not YAML: ", "f.yaml:1:6: this is not YAML: "))
    assert said.endswith("; in single quotes a backslash is plain text")


@both
@pytest.mark.parametrize("text", ["a: '\n", "a: [1\n\n", "a: {b: 1\n"])
def test_an_unfinished_file_is_told_where_it_ends(text: str) -> None:
    """Something opened and not closed is found at the end, and the place where it was opened is named."""
    assert re.fullmatch(r"f.yaml:[1-4]:\d+: this is not YAML: .* that begins on line 1", refusal(text))


@both
@pytest.mark.parametrize(
    "text",
    ['"\\UFFFFFFFF"', '"\\ud800"', "!%ed%a0%80 a", "!<%c0%80> a", f"%YAML {'9' * 5000}.1\n---\na"],
)
def test_escapes_that_stand_for_nothing_are_refused(text: str) -> None:
    """Neither parser checks all of them; none may pass or raise anything else."""
    assert refusal(text).startswith("f.yaml:1:")


@pytest.mark.parametrize(("text", "place"), [("!%c0%80 a", "1:1"), ("- a\n- !%c0%80 b", "1:3")])
def test_what_only_the_decoder_refuses_is_told_near_its_place(
    monkeypatch: pytest.MonkeyPatch, text: str, place: str
) -> None:
    """libyaml hands over bytes in a tag that are no text, without a place; the last one known is told."""
    monkeypatch.setattr(yaml_text, "LOADER", yaml.CBaseLoader)
    said = refusal(text)
    assert said.startswith(f"f.yaml:{place}: this is not YAML: 'utf-8' codec can't decode byte 0xc0")
    assert said.endswith(", in or after this value")


@both
def test_an_alias_means_the_latest_anchor_above_it() -> None:
    """Also where what an earlier alias repeats holds an anchor of the same name."""
    assert [["1"], "2", ["1"], "2"] == parse("[&b [&a 1], &a 2, *b, *a]", "f.yaml")[0]


@both
@pytest.mark.parametrize("text", ["[", "{", "- ", "? ", "{a: ", "[[]", "- [\n"])
def test_deep_nesting_is_refused(text: str) -> None:
    """Depth that would end the process in libyaml's composer, or exhaust Python's stack, is one complaint."""
    assert refusal(text * 20_000).startswith("f.yaml:")


@both
def test_as_many_levels_as_allowed_are_read() -> None:
    """Fifty levels are data, and a value may stand in the innermost."""
    data, marks = parse("[" * 50 + "x" + "]" * 50, "f.yaml")
    assert "[" * 50 + "'x'" + "]" * 50 == str(data)
    assert (1, 51) == marks[(0,) * 50]


@both
def test_depth_through_aliases_is_refused() -> None:
    """Aliases cannot be piled up to what is refused when written out."""
    text = "- &a0 [x]\n" + "".join(f"- &a{n} [[[[[*a{n - 1}]]]]]\n" for n in range(1, 20))
    assert refusal(text).endswith(TOO_LARGE)


@both
def test_an_alias_bomb_is_refused_after_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten lines that mean ten thousand million values stop at the limit."""
    built = 0
    build = yaml_text._Builder.build

    def counted(self: Any, path: yaml_text.Path) -> Any:
        nonlocal built
        built += 1
        return build(self, path)

    monkeypatch.setattr(yaml_text._Builder, "build", counted)
    monkeypatch.setattr(yaml_text, "MAX_NODES", 5_000)
    text = "- &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"- &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    assert refusal(text).endswith(TOO_LARGE)
    assert 5_001 == built


@both
def test_a_long_file_is_refused_before_it_is_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The events of the parser are counted while they come."""
    monkeypatch.setattr(yaml_text, "MAX_NODES", 5)
    assert f"f.yaml:1:22: {TOO_LARGE}" == refusal("[1,1,1,1,1,1,1,1,1,1,1,1,1]")


loaders = st.sampled_from(LOADERS)
like_yaml = st.text(st.sampled_from("ab01 \t\n-:?[]{},&*!|>'\"%@#\\xuU~=<.\r\x85\ufeff"))
plain = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))
json_values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(plain, inner), max_leaves=8)


@settings(deadline=None)
@given(loaders, st.text(st.characters()) | like_yaml)
def test_arbitrary_text_is_data_or_a_document_error(loader: Any, text: str) -> None:
    """Nothing else is ever raised, and what is taken has a place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "LOADER", loader)
        try:
            data, marks = parse(text, "f.yaml")
        except DocumentError as error:
            data, marks = [], {(): (error.problems[0].line, error.problems[0].column)}
    assert isinstance(data, str | list | dict)
    assert min(marks[()]) > 0


@settings(deadline=None)
@given(loaders, json_values.filter(bool))
def test_json_is_read_as_it_is(loader: Any, value: Any) -> None:
    """Any JSON of text, lists and mappings comes back equal, and every part of it has a place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "LOADER", loader)
        data, marks = parse(json.dumps(value, ensure_ascii=False), "f.json")
    assert value == data
    assert {path[:1] for path in marks} == {(), *((part,) for part in _parts(value))}


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        return range(len(value))
    return value if isinstance(value, dict) else ()
