"""The scenarios that ship: one YAML file per situation. ``README.md`` is the reference of the language."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def names() -> tuple[str, ...]:
    """The names of the shipped scenarios, in order: ``accept-all`` and so on."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.yaml")))


def path(name: str) -> Path:
    """The file of a shipped scenario, named with or without ``.yaml``. Raises LookupError for any other name."""
    stem = name.removesuffix(".yaml")
    if stem not in names():
        raise LookupError(f"no scenario '{name}' is shipped; there are: {', '.join(names())}")
    return _HERE / f"{stem}.yaml"
