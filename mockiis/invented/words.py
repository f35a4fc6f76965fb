"""Words that invented patients are made of. Names are syllables put together; places are in no atlas."""

from __future__ import annotations

from random import Random

_FAMILY = (
    ("Bran", "Cor", "Dal", "Ever", "Fal", "Gar", "Hol", "Jor", "Kel", "Lom", "Mar", "Nor", "Ost", "Per", "Ras", "Sol"),
    ("", "a", "den", "do", "er", "i", "la", "min", "o", "ri", "tu", "va"),
    ("berg", "by", "dahl", "feld", "gard", "holt", "kin", "lund", "mere", "nes", "quist", "rud", "sen", "stad", "vik"),
)
_GIRLS = (
    ("A", "Be", "Ca", "De", "E", "Fe", "I", "Ja", "Ke", "Lu", "Ma", "No", "O", "Ri", "Sa", "Ta"),
    ("bri", "da", "la", "li", "ma", "mi", "na", "ra", "ri", "vi"),
    ("", "elle", "lia", "na", "ra", "sa", "tha"),
)
_BOYS = (
    ("A", "Bra", "Ca", "Da", "E", "Fi", "Ga", "Ha", "I", "Jo", "Ke", "Lo", "Ma", "Ni", "Ro", "Te"),
    ("bo", "da", "la", "li", "mi", "no", "ra", "ri", "ro", "vi"),
    ("", "ck", "l", "n", "r", "s", "th"),
)
_CITIES = (("Sampleton", "58990"), ("Mockville", "58991"), ("Test Prairie", "58992"), ("Fixture Falls", "58993"))
_STREETS = ("Nowhere Ln", "Example St", "Placeholder Ave", "Fictional Rd", "Invented Blvd", "Dummy Ct")


def family_name(random: Random) -> str:
    """A family name; a few are common and most are rare, as among people."""
    name = _common(random, _FAMILY)
    return f"{name}-{_common(random, _FAMILY)}" if random.random() < 0.03 else name


def given_name(random: Random, sex: str) -> str:
    """A given name."""
    return _common(random, _GIRLS if sex == "F" else _BOYS)


def street(random: Random) -> str:
    """A street with a number."""
    return f"{random.randrange(1, 9999)} {random.choice(_STREETS)}"


def city(random: Random) -> tuple[str, str]:
    """A city and its ZIP code."""
    return random.choice(_CITIES)


def _common(random: Random, parts: tuple[tuple[str, ...], ...]) -> str:
    return "".join(part[int(len(part) * random.random() ** 1.5)] for part in parts)
