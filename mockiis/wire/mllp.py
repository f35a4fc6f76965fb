r"""MLLP: messages <-> the blocks that carry them, VT message FS CR (HL7 Minimal Lower Layer Protocol, Release 1).

The reader takes what real senders send, and says what was odd about it. Its rules:

- A frame begins at VT and ends at the first FS, whatever follows. The message is given at once, so a sender that
  leaves out the CR gets its answer, and the same bytes cut in other places give the same events. The price: an FS
  inside a field ends the message there. MLLP forbids that byte in a message; ER7 writes it ``\X1C\``.
- What comes after the FS is known later, so it is told later, as a ``Note`` of its own: CR missing, LF, NUL or
  blanks between frames. Each kind of note is given once between two messages.
- A VT inside a frame means that its sender began again: the unfinished frame is dropped and the new one begins.
- Anything else between frames is skipped and reported once, when it ends.
- A frame over the limit is reported at the byte that passes it. The rest is counted, not kept.

Every byte is looked at a fixed number of times, so no sequence of bytes is slow. ``server.mllp`` and the sender's
MLLP transport are the counterparts that do the I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mockiis.er7 import Note

VT, FS, CR = b"\x0b", b"\x1c", b"\r"

DEFAULT_MAX_SIZE = 1024 * 1024
"""Bytes in one frame. A VXU with a long history is about 20,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A whole message, without VT, FS and CR. It may be empty, and need not be HL7."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Bytes that were dropped: a stable code, why in words, and how many. Never the bytes themselves."""

    code: str
    reason: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge:
    """A frame has passed the limit. A ``Broken`` with its full size follows when it ends."""

    limit: int


Event = Frame | Note | Broken | TooLarge

_NOTES = {
    note.code: note
    for note in (
        Note("mllp-cr-missing", "the FS (0x1C) that ends a frame was not followed by CR (0x0D)"),
        Note("mllp-line-feed-between", "LF (0x0A) between frames; the frame ends with FS CR"),
        Note("mllp-null-between", "NUL (0x00) between frames; the next frame begins at once with VT (0x0B)"),
        Note("mllp-blank-between", "spaces, tabs, form feeds or a further CR between frames"),
        Note("mllp-vt-repeated", "VT (0x0B) twice in a row at the start of a frame"),
        Note("mllp-fs-repeated", "FS (0x1C) with no frame before it"),
        Note("mllp-commit-block", "a commit block of MLLP Release 2, not answered; Release 1 has only messages"),
        Note("mllp-commit-nak", "a negative commit block (NAK) of MLLP Release 2: the message was not taken"),
    )
}

_BETWEEN_CODES = {ord("\n"): "mllp-line-feed-between", 0: "mllp-null-between"}
_PADDING = b"\r\n\0 \t\f"
_COMMIT_BLOCKS = {b"\x06": "mllp-commit-block", b"\x15": "mllp-commit-nak"}


class _Place(Enum):
    """Where in the stream the reader stands."""

    BETWEEN = auto()
    AFTER_FS = auto()
    INSIDE = auto()
    OUTSIDE = auto()
    """In bytes that belong to no frame."""
    OVERSIZE = auto()


_BROKEN = {
    (_Place.INSIDE, VT): (
        "mllp-vt-inside-frame",
        "VT (0x0B) inside a frame: the unfinished frame before it is dropped",
    ),
    (_Place.INSIDE, b""): ("mllp-frame-unfinished", "the connection was closed before the FS (0x1C) of the frame"),
    (_Place.OUTSIDE, VT): ("mllp-bytes-between", "bytes between frames that belong to none"),
    (_Place.OUTSIDE, FS): (
        "mllp-vt-missing",
        "text that ends with FS (0x1C) but does not begin with VT (0x0B); an FS inside a field is written \\X1C\\",
    ),
    (_Place.OUTSIDE, b""): ("mllp-bytes-between", "bytes that belong to no frame: a message begins with VT (0x0B)"),
    **dict.fromkeys(
        ((_Place.OVERSIZE, VT), (_Place.OVERSIZE, FS), (_Place.OVERSIZE, b"")),
        ("mllp-frame-too-large", "a frame larger than the limit was skipped"),
    ),
}
"""What is lost when the reader leaves a place by VT, FS or (empty) the end of the connection."""


def frame(message: bytes) -> bytes:
    """The block that carries a message."""
    return VT + message + FS + CR


class FrameReader:
    """Bytes in, events out, in order; feed it whatever the socket gave. ``max_size`` counts the message alone."""

    __slots__ = ("_data", "_events", "_max_size", "_noted", "_place", "_size")

    def __init__(self, max_size: int = DEFAULT_MAX_SIZE) -> None:
        self._max_size = max_size
        self._place = _Place.BETWEEN
        self._data = bytearray()
        self._size = 0
        self._noted: set[str] = set()
        self._events: list[Event] = []

    def feed(self, data: bytes) -> list[Event]:
        """The events these bytes complete. Nothing waits for more bytes than it needs."""
        *ended, rest = data.split(FS)
        for piece in ended:
            self._take(piece)
            self._end()
        self._take(rest)
        return self._taken_events()

    def finish(self) -> list[Event]:
        """The connection is closed: what was left over. The reader is then as new."""
        self._leave(b"")
        self._noted.clear()
        self._place = _Place.BETWEEN
        return self._taken_events()

    def _taken_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _take(self, piece: bytes) -> None:
        before, *starts = piece.split(VT)
        self._text(before)
        for text in starts:
            self._leave(VT)
            self._place = _Place.INSIDE
            self._text(text)

    def _end(self) -> None:
        if self._place is _Place.INSIDE:
            data = bytes(self._data)
            self._forget()
            self._noted.clear()
            if data in _COMMIT_BLOCKS:
                self._note(_COMMIT_BLOCKS[data])
            else:
                self._events.append(Frame(data=data))
        else:
            self._leave(FS)
        self._place = _Place.AFTER_FS

    def _leave(self, by: bytes) -> None:
        """A VT, a stray FS or the end of the connection: report what is dropped, and forget it."""
        place = self._place
        if place is _Place.AFTER_FS:
            self._note("mllp-cr-missing")
        if by == FS and place in (_Place.AFTER_FS, _Place.BETWEEN):
            self._note("mllp-fs-repeated")
        elif by == VT and place is _Place.INSIDE and not self._size:
            self._note("mllp-vt-repeated")
        elif (place, by) in _BROKEN:
            code, reason = _BROKEN[place, by]
            self._events.append(Broken(code=code, reason=reason, size=self._size))
        self._forget()

    def _forget(self) -> None:
        self._data.clear()
        self._size = 0

    def _text(self, text: bytes) -> None:
        """Bytes that are neither VT nor FS."""
        if text and self._place is _Place.AFTER_FS:
            text = self._after_fs(text)
        if text and self._place is _Place.BETWEEN:
            text = self._between(text)
        if not text:
            return
        self._size += len(text)
        if self._place is _Place.INSIDE:
            self._keep(text)

    def _keep(self, text: bytes) -> None:
        if self._size <= self._max_size:
            self._data += text
            return
        self._events.append(TooLarge(limit=self._max_size))
        self._data.clear()
        self._place = _Place.OVERSIZE

    def _after_fs(self, text: bytes) -> bytes:
        """Swallow the CR that ends the block."""
        self._place = _Place.BETWEEN
        if text.startswith(CR):
            return text[1:]
        self._note("mllp-cr-missing")
        return text

    def _between(self, text: bytes) -> bytes:
        """Swallow padding, and note each kind of it. What is left belongs to no frame."""
        rest = text.lstrip(_PADDING)
        for byte in dict.fromkeys(text[: len(text) - len(rest)]):
            self._note(_BETWEEN_CODES.get(byte, "mllp-blank-between"))
        if rest:
            self._place = _Place.OUTSIDE
        return rest

    def _note(self, code: str) -> None:
        if code not in self._noted:
            self._noted.add(code)
            self._events.append(_NOTES[code])
