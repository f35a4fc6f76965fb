"""What the journal is asked: which exchanges match, how many, in which order, and why not. No sockets, no clock."""

from mockiis.verification.expectation import Counted, InOrder, Verification
from mockiis.verification.inquiry import EVERYTHING, EntrySubject, Inquiry, read_inquiry

__all__ = ["EVERYTHING", "Counted", "EntrySubject", "InOrder", "Inquiry", "Verification", "read_inquiry"]
