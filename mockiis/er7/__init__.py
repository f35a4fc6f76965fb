"""ER7 text <-> message values, locations and batch files. Standard library only."""

from mockiis.er7.batch import Batch, read_batch
from mockiis.er7.charset import Decoded, decode
from mockiis.er7.delimiters import STANDARD, Delimiters
from mockiis.er7.location import REPEATING, Location, LocationError
from mockiis.er7.message import NULL, Message, Note, Segment
from mockiis.er7.reader import ER7Error, read, write

__all__ = [
    "NULL",
    "REPEATING",
    "STANDARD",
    "Batch",
    "Decoded",
    "Delimiters",
    "ER7Error",
    "Location",
    "LocationError",
    "Message",
    "Note",
    "Segment",
    "decode",
    "read",
    "read_batch",
    "write",
]
