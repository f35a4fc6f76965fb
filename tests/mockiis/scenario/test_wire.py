"""Reading ``wire``: what may be written, and what is said about the rest."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from mockiis.message.misbehaviour import KINDS, Misbehaviour
from mockiis.scenario.wire import read_wire
from mockiis.yaml_text import parse


def written(text: str) -> Any:
    return parse(f"wire: {text}", "test.yaml")[0]["wire"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no_end", {}),
        ("{no_end: yes}", {}),
        ("{truncate: 50%}", {"share": 0.5}),
        ("{truncate: 120 bytes}", {"count": 120}),
        ("{truncate: 0}", {"count": 0}),
        ("{dribble: {chunks: 6, over: 3s}}", {"count": 6, "seconds": 3.0}),
        ("{dribble: {over: 250ms}}", {"seconds": 0.25}),
        ("{dribble: }", {}),
        ("{split: 1s}", {"seconds": 1.0}),
        ("{duplicate_ack: 3}", {"count": 3}),
        ("{control_character: 0x07}", {"text": "\x07"}),
        ("{wrong_msa_2: 04513185}", {"text": "04513185"}),
    ],
)
def test_an_entry(text: str, expected: dict[str, Any]) -> None:
    """A bare name, or a name with its value; what is left out has its default later."""
    name = re.search(r"\w+", text)
    assert name is not None

    (entry,) = read_wire(written(f"[{text}]"))

    assert Misbehaviour(name=name[0], **expected) == entry.misbehaviour
    assert 1.0 == entry.chance


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_example_of_every_kind(kind: Any) -> None:
    """What the table shows can be written; the bare name too."""
    read_wire([kind.name])
    if kind.example:
        (entry,) = read_wire(written(f"[{{{kind.name}: {kind.example}}}]"))
        assert Misbehaviour(name=kind.name) != entry.misbehaviour


def test_a_chance() -> None:
    """Beside the name, with or without a value."""
    first, second = read_wire(written("[{no_end, chance: 10%}, {split: 1s, chance: 0.5%}]"))

    assert (0.1, "no_end") == (first.chance, first.misbehaviour.name)
    assert 0.005 == second.chance


def test_rivals_with_a_chance() -> None:
    """What excludes each other may take turns."""
    assert 2 == len(read_wire(written("[{close_after, chance: 10%}, reset_after]")))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("no_end", "write a list of misbehaviours, such as no_end, here, each after '- ' or in [ ], not 'no_end'"),
        ("[]", "the list of misbehaviours, such as no_end, is empty"),
        ("[no_ends]", "'no_ends' is not a misbehaviour; did you mean 'no_end'?"),
        ("[disconnect]", "'disconnect' is not a misbehaviour; did you mean 'close_after'?"),
        ("[NO-END]", "'NO-END' is not a misbehaviour; did you mean 'no_end'?"),
        ("[[no_end]]", "write the name of a misbehaviour, or name: value, not a list"),
        ("[{chance: 10%}]", "its name is missing; write one misbehaviour after each '- '"),
        ("[{no_end, no_start}]", "'no_end' and 'no_start' stand in one entry; write one misbehaviour after each '- '"),
        ("[{no_end: 3}]", "'no_end' takes no value, and here is '3'; write no_end alone"),
        (
            "[{truncate: half}]",
            "'truncate' takes a share such as 50% or a number of bytes such as",
        ),
        ("[{truncate: 101%}]", "'101%' is not a share; write one from 0% to 100%, such as 10%"),
        ("[{split: 1}]", "'1' is not a duration; did you mean '1s'?"),
        ("[{split: {over: 1s}}]", "write text here, not a mapping"),
        ("[{dribble: 3s}]", "'dribble' takes {chunks: 6, over: 3s}, not '3s'"),
        ("[{dribble: {chunk: 3}}]", "unknown key 'chunk' of 'dribble'; did you mean 'chunks'?"),
        ("[{dribble: {chunks: 0}}]", "'dribble' takes a number from 1 to 1,000,000, not 0"),
        ("[{control_character: A}]", "'A' is not a control character; write its number, such as 0x13"),
        ("[{garbage: [1]}]", "'garbage' takes a text such as '?', not a list"),
        ("[{no_end, chance: often}]", "'often' is not a share; write one from 0% to 100%, such as 10%"),
        ("[no_end, no_end]", "'no_end' stands here already; keep one"),
        (
            "[split, dribble]",
            "'dribble' never happens: of it and 'split' only one can, and that one comes first; keep one, or give",
        ),
    ],
)
def test_what_is_refused(text: str, complaint: str) -> None:
    """What is wrong, and what to write instead."""
    with pytest.raises((PydanticCustomError, ValidationError), match=re.escape(complaint)):
        read_wire(written(text))


_values = st.recursive(
    st.text() | st.sampled_from([*KINDS, "chance", "10%", "3s"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*KINDS, "chance", "chunks"]) | st.text(), inner),
)


@given(_values)
def test_anything_else_is_a_complaint(value: Any) -> None:
    """Never another error."""
    with contextlib.suppress(PydanticCustomError, ValidationError):
        read_wire(value)
