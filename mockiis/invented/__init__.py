"""Invented patients in any number: families, twins, newborns and histories, the same ones for the same seed.

Nobody in it lives: names are made of syllables. Each household is a function of its number and the seed, so that the
millionth costs no more than the first, and nothing is kept.
"""

from mockiis.invented.messages import query, update
from mockiis.invented.people import household, people

__all__ = ["household", "people", "query", "update"]
