"""Everything that is wrong with a scenario file, and what is probably not meant. Pure: text in, remarks out."""

from __future__ import annotations

from mockiis.document import Marks, parse
from mockiis.errors import DocumentError, Problem
from mockiis.profile.codes import CodeSets
from mockiis.scenario.lint_answers import Judge, about_answers
from mockiis.scenario.lint_patients import about_patients
from mockiis.scenario.lint_rules import about_rules, about_values
from mockiis.scenario.loader import load_entry
from mockiis.scenario.remark import Found, Place, Remark

LOADER = "refused"
"""The code of what the loader refuses."""


def lint(text: str, name: str, codes: CodeSets, judge: Judge) -> list[Remark]:
    """Remarks in the order of the file. One that cannot be loaded gets the loader's complaints alone."""
    try:
        entry, marks = load_entry(text, name)
    except DocumentError as error:
        return [Remark(severity="error", code=LOADER, problem=problem) for problem in error.problems]
    persons = {key: patient.person() for key, patient in entry.patients.items()}
    data, _ = parse(text, name)
    found = [
        *about_rules(entry, entry.scenario(name)),
        *about_values(data["rules"]),
        *about_patients(entry, codes),
        *about_answers(entry, persons, judge),
    ]
    remarks = [_remark(entry, name, marks) for entry in found]
    return sorted(remarks, key=lambda remark: (remark.problem.line, remark.problem.column))


def _remark(found: Found, name: str, marks: Marks) -> Remark:
    problem = Problem(name, *_mark(found.place, marks), found.text)
    return Remark(severity=found.severity, code=found.code, problem=problem)


def _mark(place: Place, marks: Marks) -> tuple[int, int]:
    """Where the deepest part of the place that the file has stands: what a short form leaves out is not there."""
    while place not in marks:
        place = place[:-1]
    return marks[place]
