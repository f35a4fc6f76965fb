"""Which profile a message is to be judged by, and what makes it one that no profile here can judge.

MSH-21 says it; where it is empty, as in Release 1.4, MSH-9 and the query name do. What is not supported at all
(message type, event, version) is what an AR is for: CDC guide 1.5, pages 139 and 154.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mockiis.er7 import STANDARD, Location, Message
from mockiis.profile.flaw import shown
from mockiis.profile.memory import Memory
from mockiis.profile.scene import Fault
from mockiis.profile.specification import Standard

VERSION = "2.5.1"
_BY_TYPE = {"VXU": "Z22", "ACK": "Z23"}
_QUERIES = {"Z34": "Z34", "Z44": "Z44"}
_REQUESTS = ("VXU", "QBP")
_PROCESSING = ("P", "T", "D")
_EVENTS = {"VXU": "V04", "QBP": "Q11", "RSP": "K11"}


@dataclass(frozen=True, slots=True)
class Identified:
    """The profile's name, or None with the faults that say why. ``is_claimed``: the header says it, and rightly."""

    profile: str | None
    faults: tuple[Fault, ...] = field(default=())
    is_claimed: bool = False


class Identifier:
    """Finds profiles of one standard. What headers say of it repeats, and is remembered where they say all."""

    def __init__(self, standard: Standard) -> None:
        self._standard = standard
        self._known: Memory[Identified] = Memory()

    def __call__(self, message: Message) -> Identified:
        """Find the profile of a message."""
        headers = message.by_id["MSH"]
        if len(headers) > 1 or message.delimiters is not STANDARD:
            return identify(message, self._standard)
        said = "|".join([headers[0].raw(number) for number in _SAYING])
        known = self._known.get(said)
        if known is None:
            known = identify(message, self._standard)
            if known.is_claimed:
                self._known.keep(said, known)
        return known


_SAYING = (9, 11, 12, 21)
"""The fields of MSH that say what a message is."""


def identify(message: Message, standard: Standard) -> Identified:
    """Find the profile of a message."""
    header = message.header
    message_type, event, version = header.get(9, 1), header.get(9, 2), header.get(12, 1)
    unsupported = _unsupported_by(message_type, event, version, header.get(11, 1).upper())
    if unsupported:
        return Identified(None, unsupported)
    claimed = [name for name in _named(message) if name in standard.profiles]
    fitting = [name for name in claimed if _fits(name, message_type, standard)]
    if fitting:
        return Identified(fitting[0], is_claimed=True)
    return Identified(_by_content(message, message_type), _wrong_claim(message, message_type))


def _unsupported_by(message_type: str, event: str, version: str, processing: str) -> tuple[Fault, ...]:
    """Why no profile here can judge such messages; nothing when one can."""
    if message_type not in (*_BY_TYPE, "QBP", "RSP"):
        return (_unsupported("200", 9, "message type", message_type, "VXU, QBP, RSP or ACK"),)
    if event and event != _EVENTS.get(message_type, event):
        return (_unsupported("201", 9, "event", event, _EVENTS[message_type]),)
    if processing and processing not in _PROCESSING and message_type in _REQUESTS:
        return (_unsupported("202", 11, "processing id", processing, "P, T or D"),)
    if version and version != VERSION:
        return (_unsupported("203", 12, "version", version, VERSION),)
    return ()


def _named(message: Message) -> list[str]:
    """What MSH-21 calls the profile, in each repetition that is not empty."""
    headers = message.by_id["MSH"]
    found = [header.part(text, 1) for header in headers for text in header.repetitions(21)]
    return [name for name in found if name]


def _fits(name: str, message_type: str, standard: Standard) -> bool:
    return any(text.startswith(message_type) for text in standard.profiles[name].message_types)


def _by_content(message: Message, message_type: str) -> str:
    if message_type in _BY_TYPE:
        return _BY_TYPE[message_type]
    query = message.get("QPD-1.1")
    if message_type == "QBP":
        return _QUERIES.get(query, "Z34")
    patients = len(message.named("PID"))
    if patients == 0:
        return "Z33"
    if patients > 1 or not message.named("RXA"):
        return "Z31"
    return "Z42" if query == "Z44" else "Z32"


def _wrong_claim(message: Message, message_type: str) -> tuple[Fault, ...]:
    """A profile identifier that this type of message cannot have. None at all is the business of MSH-21's usage."""
    named = _named(message)
    if not named:
        return ()
    return (
        Fault(
            location=Location(segment="MSH", field=21),
            kind="profile",
            code="103",
            application_code="5",
            text=f"The profile identifier is not one of a {message_type} message; it is judged by its content.",
            expected=f"a profile of {message_type}",
            found=shown(named[0]),
            fix="Send the identifier of the profile, such as Z22^CDCPHINVS.",
            severity="W",
        ),
    )


def _unsupported(code: str, number: int, what: str, found: str, expected: str) -> Fault:
    return Fault(
        location=Location(segment="MSH", field=number),
        kind="unsupported",
        code=code,
        text=f"The {what} is not supported.",
        expected=expected,
        found=shown(found) or "nothing",
        fix=f"Send {expected}.",
        severity="E",
    )
