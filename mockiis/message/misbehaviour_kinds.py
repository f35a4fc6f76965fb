"""The table of everything that can go wrong with an answer on the wire: the one place that names the kinds.

The reader of scenario files, lint, the JSON Schema and the docs look here. Several are done to one answer in the order
of this table, whatever the order they are written in: the text, what carries it (frame or envelope), its bytes, its
pace, and what follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mockiis.message.request import Transport

Form = Literal["nothing", "text", "character", "times", "bytes", "amount", "duration", "pace"]
"""What may be written after a name: nothing at all, a text, a character by its number (0x13), how many times, how many
bytes, an amount (a share or bytes), a duration, or a pace (``{chunks: 6, over: 3s}``)."""
Answers = Literal["message", "fault", "http"]
"""The replies that something can be done to."""

_ALL: frozenset[Transport] = frozenset({"soap", "mllp", "http"})
_WEB: frozenset[Transport] = frozenset({"soap", "http"})
_SOAP: frozenset[Transport] = frozenset({"soap"})
_MLLP: frozenset[Transport] = frozenset({"mllp"})
_ANY: frozenset[Answers] = frozenset({"message", "fault", "http"})
_ENVELOPE: frozenset[Answers] = frozenset({"message", "fault"})
_MESSAGE: frozenset[Answers] = frozenset({"message"})
_FAULT: frozenset[Answers] = frozenset({"fault"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of misbehaviour. ``about`` completes the sentence "The answer ..." as its sender's peer sees it.

    ``form`` says what may follow the name; where that is left out, ``count``, ``share``, ``seconds`` and ``text`` hold.
    Of one ``group`` (empty: none) only one can be done to an answer, and the first one is.
    """

    name: str
    about: str
    transports: frozenset[Transport] = _ALL
    answers: frozenset[Answers] = _ANY
    form: Form = "nothing"
    example: str = ""
    group: str = ""
    count: int | None = None
    share: float | None = None
    seconds: float | None = None
    text: str | None = None


_TABLE = (
    # The text of the message.
    Kind(
        name="wrong_msa_2",
        about="acknowledges another message: MSA-2 holds the text given, or NOT- and the message control id sent",
        answers=_MESSAGE,
        form="text",
        example="4513185",
        group="msa-2",
    ),
    Kind(name="missing_msa_2", about="has an empty MSA-2", answers=_MESSAGE, group="msa-2"),
    Kind(
        name="oversized",
        about="is its own text over and over, until it has more bytes than given",
        answers=_MESSAGE,
        form="bytes",
        example="100000 bytes",
        count=65_536,
    ),
    Kind(name="lf_segments", about="has segments that end with LF in place of CR", answers=_MESSAGE),
    Kind(name="no_last_cr", about="has no CR after its last segment", answers=_MESSAGE),
    Kind(
        name="control_character",
        about="has a control character in place of the CR before its last segment; XML does not allow it",
        answers=_MESSAGE,
        form="character",
        example="0x13",
        text="\x13",
    ),
    Kind(name="base64", about="is base64 of the message", answers=_MESSAGE, group="encoding"),
    Kind(name="url_encoded", about="is the message with %7C for | and so on", answers=_MESSAGE, group="encoding"),
    # The MLLP block.
    Kind(name="unframed", about="comes as bare text, without VT, FS and CR", transports=_MLLP, answers=_MESSAGE),
    Kind(name="no_start", about="has no VT before it", transports=_MLLP, answers=_MESSAGE),
    Kind(name="no_end", about="has no FS and CR after it, so its frame never ends", transports=_MLLP, answers=_MESSAGE),
    Kind(name="no_final_cr", about="ends with FS and no CR after it", transports=_MLLP, answers=_MESSAGE),
    Kind(
        name="duplicate_ack",
        about="comes twice, or as many times as given",
        transports=_MLLP,
        answers=_MESSAGE,
        form="times",
        example="3",
        count=2,
    ),
    Kind(
        name="stray_ack",
        about="comes after an acknowledgment of another message, whose MSA-2 is the text given",
        transports=_MLLP,
        answers=_MESSAGE,
        form="text",
        example="4513185",
        text="STRAY",
    ),
    Kind(
        name="commit_ack",
        about="comes after a commit acknowledgment of MLLP Release 2 (a block of 0x06)",
        transports=_MLLP,
        answers=_MESSAGE,
        group="commit",
    ),
    Kind(
        name="commit_nak",
        about="is only a negative commit acknowledgment of MLLP Release 2 (a block of 0x15)",
        transports=_MLLP,
        answers=_MESSAGE,
        group="commit",
    ),
    # The SOAP envelope.
    Kind(
        name="fault_unqualified",
        about="is a fault whose Code, Reason and Detail are in no namespace",
        transports=_SOAP,
        answers=_FAULT,
    ),
    Kind(
        name="fault_outside_body",
        about="is a fault directly under Envelope, without Body",
        transports=_SOAP,
        answers=_FAULT,
    ),
    Kind(
        name="fault_without_value",
        about="is a fault whose SOAP Code holds bare text and no Value (SOAP 1.1: an empty faultcode)",
        transports=_SOAP,
        answers=_FAULT,
    ),
    Kind(
        name="fault_wrong_reason",
        about="is a fault whose Reason is not the fixed value but the text given, or the fault's name in words",
        transports=_SOAP,
        answers=_FAULT,
        form="text",
        example="Bad login",
    ),
    Kind(
        name="wrong_namespace",
        about="has its elements in another namespace, the text given",
        transports=_SOAP,
        answers=_ENVELOPE,
        form="text",
        example="urn:cdc:iisb:2014",
        text="urn:cdc:iisb:2014",
    ),
    Kind(
        name="wrong_elements",
        about="has another name, the text given, for the element that holds it",
        transports=_SOAP,
        answers=_ENVELOPE,
        form="text",
        example="result",
        text="result",
    ),
    Kind(
        name="extra_element",
        about="has an element more, of the name given, before the one that holds it",
        transports=_SOAP,
        answers=_ENVELOPE,
        form="text",
        example="status",
        text="status",
    ),
    Kind(
        name="no_prefixes",
        about="has no namespace prefix and declares none, so that every element is in no namespace",
        transports=_SOAP,
        answers=_ENVELOPE,
    ),
    Kind(name="cdata", about="is in a CDATA section, where CR becomes LF", transports=_SOAP, answers=_MESSAGE),
    Kind(name="unclosed_xml", about="has no end tag of the envelope", transports=_SOAP, answers=_ENVELOPE),
    # The bytes, and HTTP around them.
    Kind(name="empty", about="is empty: HTTP 200 without a body, or an MLLP block without a message"),
    Kind(
        name="garbage",
        about="comes after bytes that do not belong there, the text given (MLLP: before VT; SOAP: before the XML)",
        form="text",
        example="'?'",
        text="\x00\x07?garbage?",
    ),
    Kind(name="gzip", about="is compressed, and says so, whatever the request accepts", transports=_WEB),
    Kind(
        name="wrong_content_type",
        about="has another Content-Type, the text given",
        transports=_WEB,
        form="text",
        example="text/plain",
        text="text/plain",
    ),
    Kind(
        name="content_length_too_long",
        about="has a Content-Length that promises more bytes than come; the connection stays open",
        transports=_WEB,
        form="bytes",
        example="100 bytes",
        group="length",
        count=10,
    ),
    Kind(
        name="content_length_too_short",
        about="has a Content-Length that is less than what comes; then the connection is closed",
        transports=_WEB,
        form="bytes",
        example="100 bytes",
        group="length",
        count=10,
    ),
    Kind(
        name="truncate",
        about="breaks off after that share, or that many bytes, of its block or body; then the connection is closed",
        form="amount",
        example="50%",
        share=0.5,
    ),
    # Its pace.
    Kind(
        name="slow_headers",
        about="has HTTP headers that come one by one, over the time given",
        transports=_WEB,
        form="duration",
        example="5s",
        seconds=5.0,
    ),
    Kind(
        name="split",
        about="comes in two halves, with the time given between them",
        form="duration",
        example="1s",
        group="pace",
        seconds=1.0,
    ),
    Kind(
        name="dribble",
        about="comes in so many pieces, over the time given",
        form="pace",
        example="{chunks: 6, over: 3s}",
        group="pace",
        count=6,
        seconds=3.0,
    ),
    # What follows it. What comes in its place is the reply ``drop``.
    Kind(name="close_after", about="is followed by the end of the connection, unannounced", group="end"),
    Kind(name="reset_after", about="is followed by a reset of the connection", group="end"),
    Kind(
        name="hang_after",
        about="is the last one on its connection, which stays open and silent",
        group="end",
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _TABLE}
"""Every kind by the name that scenario files use, in the order in which they are done to an answer."""
