"""Exchanges of the journal for people and spreadsheets, with what is about a patient masked. Values in, text out."""

from mockiis.journal_report.masked_entry import masked_entry
from mockiis.journal_report.selection import Selection

__all__ = ["Selection", "masked_entry"]
