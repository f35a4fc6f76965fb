"""The order of segments against a profile's grammar: a recursive matcher that says what is missing, out of place or
too many, and which segments no grammar takes.

A group begins with its first segment, or with another that it requires: an RXA without its ORC begins an order too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mockiis.er7 import Location, Segment
from mockiis.profile.scene import Fault, at
from mockiis.profile.specification import GroupItem, MessageProfile, SegmentItem

Item = SegmentItem | GroupItem


@dataclass(slots=True)
class Placed:
    """What the matcher found: faults, and the segments that have no place and are ignored."""

    faults: list[Fault] = field(default_factory=list)
    ignored: set[Segment] = field(default_factory=set)


def match(segments: Sequence[Segment], profile: MessageProfile) -> Placed:
    """Put every segment at its place in the grammar."""
    known = frozenset(_names(profile.grammar))
    placed = Placed()
    whole = _Instance(_Whole(profile.grammar), None, placed, first=None)
    here = whole
    for number, segment in enumerate(segments, 1):
        found = here.take(segment)
        if found is not None:
            here = found
        else:
            placed.ignored.add(segment)
            placed.faults.append(_misplaced(segment) if segment.id in known else _unknown(segment, number, profile))
    here.finish_all()
    return placed


@dataclass(frozen=True, slots=True)
class _Whole:
    """The message itself, as a group that does not repeat."""

    items: tuple[Item, ...]
    maximum: int = 1


class _Instance:
    """One occurrence of a group: how far in its items the message has come, and how often each was there."""

    __slots__ = ("counts", "first", "group", "parent", "placed", "position")

    def __init__(
        self, group: GroupItem | _Whole, parent: _Instance | None, placed: Placed, first: Segment | None
    ) -> None:
        self.group, self.parent, self.placed, self.first = group, parent, placed, first
        self.position = 0
        self.counts = [0] * len(group.items)

    def take(self, segment: Segment) -> _Instance | None:
        """The instance that the segment belongs to, here or further up; None when it has no place any more."""
        instance: _Instance | None = self
        while instance is not None:
            found = instance.forward(segment)
            if found is not None:
                self._finish_until(instance)
                return found
            instance = instance.parent
        return None

    def forward(self, segment: Segment) -> _Instance | None:
        """The place at or after the position in this very instance."""
        for index in range(self.position, len(self.group.items)):
            item = self.group.items[index]
            if isinstance(item, SegmentItem):
                if item.segment == segment.id and self._has_room(index, item):
                    self._arrive(index, segment, item)
                    return self
            elif segment.id in _starts(item):
                self._arrive(index, segment, item)
                inner = _Instance(item, self, self.placed, segment)
                return inner.forward(segment)
        return None

    def _has_room(self, index: int, item: SegmentItem) -> bool:
        """A second segment where one is allowed begins the next group, if there is one to begin."""
        full = item.maximum is not None and self.counts[index] >= max(item.maximum, 1)
        return not (full and isinstance(self.group, GroupItem))

    def _arrive(self, index: int, segment: Segment, item: Item) -> None:
        self.skipped(index)
        self.position = index
        self.counts[index] += 1
        if item.usage == "X" or item.maximum == 0:
            self.placed.faults.append(_forbidden(segment))
            self.placed.ignored.add(segment)
        elif item.maximum is not None and self.counts[index] > item.maximum:
            self.placed.faults.append(_too_many(segment, item))

    def skipped(self, index: int) -> None:
        """What should have come before ``index`` and did not."""
        for number in range(self.position, index):
            item = self.group.items[number]
            if item.minimum and not self.counts[number]:
                self.placed.faults.append(_missing(item, self.first))

    def _finish_until(self, instance: _Instance) -> None:
        """Instances left behind are complete: say what they lack."""
        leaving: _Instance | None = self
        while leaving is not None and leaving is not instance:
            leaving.skipped(len(leaving.group.items))
            leaving = leaving.parent

    def finish_all(self) -> None:
        """The message is over."""
        instance: _Instance | None = self
        while instance is not None:
            instance.skipped(len(instance.group.items))
            instance = instance.parent


def _starts(group: GroupItem) -> frozenset[str]:
    """The segments that a group may begin with: its first, and the others that it requires."""
    names = []
    for number, item in enumerate(group.items):
        if isinstance(item, SegmentItem) and (number == 0 or item.minimum):
            names.append(item.segment)
    return frozenset(names)


def _names(items: Iterable[Item]) -> Iterable[str]:
    for item in items:
        if isinstance(item, SegmentItem):
            yield item.segment
        else:
            yield from _names(item.items)


def _missing(item: Item, first: Segment | None) -> Fault:
    while isinstance(item, GroupItem):
        item = item.items[0]
    place = at(first) if first is not None else None
    where = f" in the group that begins with {place}" if place else ""
    return Fault(
        location=place or _absent(item.segment),
        kind="missing",
        code="100",
        text=f"The segment {item.segment} is required and missing{where}.",
        expected=f"a segment {item.segment}",
        found="none",
        fix=f"Send {item.segment} at its place.",
    )


def _absent(name: str) -> Location:
    return Location(segment=name)


def _too_many(segment: Segment, item: Item) -> Fault:
    return Fault(
        location=at(segment),
        kind="repeats",
        code="100",
        text=f"The segment {segment.id} may stand here {item.maximum} time(s) only.",
        expected=f"at most {item.maximum}",
        found=f"{segment.id} number {segment.occurrence}",
        fix=f"Leave out the further {segment.id}.",
    )


def _misplaced(segment: Segment) -> Fault:
    return Fault(
        location=at(segment),
        kind="sequence",
        code="100",
        text=f"The segment {segment.id} is out of order and is ignored.",
        expected="the order of the profile's grammar",
        found=f"{segment.id} too late",
        fix=f"Move {segment.id} to its place in the message.",
    )


def _unknown(segment: Segment, number: int, profile: MessageProfile) -> Fault:
    """A segment that the profile does not have, or a line that is no segment at all and so has no location."""
    named = _NAME.fullmatch(segment.id) is not None
    what = f"The segment {segment.id}" if named else f"Segment {number} of the message has no name of a segment; it"
    return Fault(
        location=at(segment) if named else None,
        kind="unknown segment",
        code="0" if named else "100",
        text=f"{what} is not part of profile {profile.id} and is ignored.",
        expected=f"a segment of profile {profile.id}",
        found=segment.id if named else "another text",
        severity="I" if named else "W",
        fix="Leave it out, or agree with the registry what it means.",
    )


_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")


def _forbidden(segment: Segment) -> Fault:
    return Fault(
        location=at(segment),
        kind="unexpected",
        code="100",
        text=f"The segment {segment.id} must not be sent in this profile and is ignored.",
        expected="no such segment",
        found=segment.id,
        fix=f"Leave out {segment.id}.",
    )
