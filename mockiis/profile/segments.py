"""Segments, compiled: the fields of one, what statements say about it, and what of that was settled by an earlier one.

Most of a segment repeats from message to message: its codes, units and flags; only dates, numbers, names and addresses
are new each time. What repeats is its shape. All that looks at nothing else is asked once for each shape, and after
that only if it was not fulfilled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from mockiis.er7 import Segment
from mockiis.profile.fields import FieldRule, Found
from mockiis.profile.memory import Memory
from mockiis.profile.predicate import Test
from mockiis.profile.scene import Order, Scene
from mockiis.profile.statement_checks import Broken, Check
from mockiis.profile.statements import DELIMITERS, Compiled

Also = Callable[[Segment], Sequence[Found]]
"""Further checks of a segment, which look at nothing but its shape."""
_LONGEST_SHAPE = 400
"""Characters of a shape that is remembered."""


class _Left(NamedTuple):
    """What must be asked of each segment of one shape: its fields, each with the texts that are fine there, and those
    it is too short for; broken statements about the shape, broken further checks, and statements about more.
    """

    fields: Sequence[tuple[int, Memory[bool], FieldRule]]
    beyond: Sequence[FieldRule]
    shaped: Sequence[Compiled]
    also: Also | None
    situated: Sequence[tuple[Test | None, Check, Compiled]]


class _Known(NamedTuple):
    """Of segments with a certain number of fields: what takes the shape out, and what each shape leaves to be asked."""

    shape: Callable[[Sequence[str]], Sequence[str]]
    left: Memory[_Left]


class SegmentRules:
    """One segment in one profile, ready to be checked. A check ``also`` looks at fields of the shape only."""

    def __init__(
        self, segment_id: str, rules: Sequence[FieldRule], statements: Sequence[Compiled], also: Also | None = None
    ) -> None:
        self._by_number = {rule.number: rule for rule in rules}
        judged = [rule for rule in rules if (segment_id, rule.number) not in DELIMITERS]
        shape = frozenset(rule.number for rule in judged if rule.repeats)
        self._decided = frozenset(rule.number for rule in judged if _is_within(rule.decided_by, shape))
        self._settled = shape & self._decided
        self._shape = sorted(shape)
        stated = [statement for statement in statements if statement.by_text is None]
        self._rules, self._also = judged, also
        self._shaped = [statement for statement in stated if _is_within(statement.looks_at, shape)]
        self._situated = [statement for statement in stated if not _is_within(statement.looks_at, shape)]
        self._chosen = {one: replace(one, when=None) for one in stated if _is_within(one.chosen_by, shape)}
        self._by_count: dict[int, _Known] = {}

    def check(self, segment: Segment, order: Order | None, scene: Scene) -> list[Found]:
        """Everything that is wrong with this segment."""
        fields = segment.fields
        known = self._by_count.get(len(fields)) or self._known(len(fields))
        shape = "|".join(known.shape(fields))
        left = known.left.get(shape)
        if left is None:
            return self._first(known, shape, segment, order, scene)
        found: list[Found] = []
        for number, fine, rule in left.fields:
            text = fields[number]
            if text not in fine:
                found += rule.check(text, segment, order, scene)
        for rule in left.beyond:
            found += rule.check("", segment, order, scene)
        for statement in left.shaped:
            found += self._stated(statement, segment, order, scene)
        if left.also is not None:
            found += left.also(segment)
        for when, check, statement in left.situated:
            if when is None or when(segment, order, scene):
                broken = check(segment, order, scene)
                if broken:
                    found += self._told(statement, broken, segment, order, scene)
        return found

    def _known(self, count: int) -> _Known:
        """What is known of segments with that many fields."""
        numbers = [number for number in self._shape if number < count]
        made = _Known(itemgetter(0, *numbers, 0), Memory(longest=_LONGEST_SHAPE))
        if len(self._by_count) < _COUNTS:
            self._by_count[count] = made
        return made

    def _first(self, known: _Known, shape: str, segment: Segment, order: Order | None, scene: Scene) -> list[Found]:
        """Check a segment of a shape that is not known, and remember what must be asked of others like it."""
        count = len(segment.fields)
        by_field = [(rule, rule.check(segment.raw(rule.number), segment, order, scene)) for rule in self._rules]
        by_shape = [(one, self._stated(one, segment, order, scene)) for one in self._shaped]
        also = self._also(segment) if self._also is not None else ()
        situated = [kept for one in self._situated if (kept := self._kept(one, segment, order, scene)) is not None]
        unsettled = [
            rule.fixed(segment, order, scene) if rule.number in self._decided else rule
            for rule, found in by_field
            if found or rule.number not in self._settled
        ]
        left = _Left(
            fields=[(rule.number, rule.fine, rule) for rule in unsettled if rule.number < count],
            beyond=[rule for rule in unsettled if rule.number >= count and rule.watched],
            shaped=[one for one, found in by_shape if found],
            also=self._also if also else None,
            situated=[(one.when, one.check, one) for one in situated],
        )
        known.left.keep(shape, left)
        found = [fault for _, faults in by_field for fault in faults]
        found += [fault for _, faults in by_shape for fault in faults]
        found += also
        return found + [fault for one in situated for fault in self._stated(one, segment, order, scene)]

    def _kept(self, statement: Compiled, segment: Segment, order: Order | None, scene: Scene) -> Compiled | None:
        """The statement as it is asked of segments of this shape; None when it is not about them."""
        when, chosen = statement.when, self._chosen.get(statement)
        if when is None or chosen is None:
            return statement
        return chosen if when(segment, order, scene) else None

    def _stated(self, statement: Compiled, segment: Segment, order: Order | None, scene: Scene) -> Sequence[Found]:
        if statement.when is not None and not statement.when(segment, order, scene):
            return ()
        return self._told(statement, statement.check(segment, order, scene), segment, order, scene)

    def _told(
        self, statement: Compiled, broken: Broken, segment: Segment, order: Order | None, scene: Scene
    ) -> Sequence[Found]:
        if not broken:
            return ()
        number = statement.statement.at.field
        required = number is None or self._requires(number, segment, order, scene)
        return [(fault, required) for fault in statement.faults(broken)]

    def _requires(self, number: int, segment: Segment, order: Order | None, scene: Scene) -> bool:
        """Whether a field may not be empty here."""
        rule = self._by_number.get(number)
        return rule is not None and rule.used(segment, order, scene) == "R"


_COUNTS = 64
"""Different numbers of fields of one segment that are remembered; nobody sends that many."""


def _is_within(looked_at: frozenset[int] | None, shape: frozenset[int]) -> bool:
    """Whether fields of the shape decide it, and nothing else."""
    return looked_at is not None and looked_at <= shape
