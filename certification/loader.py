"""Case files -> cases: YAML text read, grids expanded, ids checked. Every complaint names file, line and column.

``each: {eligibility: [V01, V02], funding: [PHC70, VXC1]}`` makes a case of every combination; ``{eligibility}``
stands for the value anywhere in the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Annotated, Any

from pydantic import PlainValidator

from certification import files
from certification.case import Case, Step
from certification.values import Some
from mockiis.document import Entry, Marks, advice, complaint, load, parse
from mockiis.entry_types import Text, read_text
from mockiis.errors import DocumentError, Problem

_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")


def shipped_cases() -> tuple[Case, ...]:
    """Every case that ships with the suite, in the order of file names."""
    return tuple(case for file in files.names("cases") for case in load_cases(files.text("cases", file), file))


def load_cases(text: str, name: str) -> tuple[Case, ...]:
    """Read the case file ``name``. Raises DocumentError with every problem found."""
    entries = load(text, name, _File).cases
    _, marks = parse(text, name)
    cases = [_placed(case, index, marks, name) for index, entry in enumerate(entries) for case in entry]
    _refuse_same_ids(entries, marks, name)
    return tuple(cases)


def _expanded(value: Any) -> tuple[Case, ...]:
    """One entry of ``cases``: one case, or one for each combination of its ``each``."""
    if not isinstance(value, dict):
        raise complaint("write a case here: id, title, source, capability, steps")
    grid = _grid(value.get("each", {}))
    rest = {key: item for key, item in value.items() if key != "each"}
    combinations = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    return tuple(Case.model_validate(_filled(rest, combination)) for combination in combinations)


def _grid(each: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(each, dict):
        raise complaint("write what varies and its values, as in {funding: [PHC70, VXC1]}", "each")
    for name, values in each.items():
        if not isinstance(values, list) or not values or not re.fullmatch("[a-z_]+", name):
            raise complaint(f"'{name}' needs a name in small letters and a list of values", "each")
    return {name: tuple(map(read_text, values)) for name, values in each.items()}


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    """The value with every placeholder replaced."""
    if isinstance(value, dict):
        return {_filled(key, names): _filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    return _PLACEHOLDER.sub(_replacement(names), value)


def _replacement(names: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def replacement(match: re.Match[str]) -> str:
        if match[1] not in names:
            what_to_do = advice(match[1], list(names)) if names else "only a case with 'each' has placeholders"
            raise complaint(f"unknown placeholder {match[0]}; {what_to_do}")
        return names[match[1]]

    return replacement


class _File(Entry):
    about: Text
    cases: Some[Annotated[tuple[Case, ...], PlainValidator(_expanded)]]


def _placed(case: Case, index: int, marks: Marks, name: str) -> Case:
    """The case whose scripts know their place in the file, so that complaints about them can name it."""

    def placed(number: int, step: Step) -> Step:
        if step.answer is None:
            return step
        line, _ = marks["cases", index, "steps", number, "answer"]
        return step.model_copy(update={"answer": step.answer.model_copy(update={"file": name, "line": line})})

    return case.model_copy(update={"steps": tuple(placed(number, step) for number, step in enumerate(case.steps))})


def _refuse_same_ids(entries: tuple[tuple[Case, ...], ...], marks: Marks, name: str) -> None:
    problems = [Problem(name, *marks["cases", index, "id"], text) for index, text in _same_ids(entries)]
    if problems:
        raise DocumentError(problems)


def _same_ids(entries: tuple[tuple[Case, ...], ...]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        for case in entry:
            if case.id in seen:
                advice = "put the placeholders into the id" if len(entry) > 1 else "each case needs its own"
                yield index, f"the id '{case.id}' stands twice; {advice}"
            seen.add(case.id)
