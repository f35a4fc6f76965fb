"""The scenarios that ship: one YAML file per situation, families of them in folders.

``README.md`` is the reference of the language.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def names() -> tuple[str, ...]:
    """The names of the shipped scenarios, in order: ``accept-all``, ``izgateway/faults`` and so on."""
    return tuple(sorted(file.relative_to(_HERE).with_suffix("").as_posix() for file in _HERE.rglob("*.yaml")))


def families() -> tuple[str, ...]:
    """The folders of scenarios that belong together: ``izgateway`` and so on."""
    return tuple(sorted({name.partition("/")[0] for name in names() if "/" in name}))


def path(name: str) -> Path:
    """The file of a shipped scenario, named with or without ``.yaml``. Raises LookupError for any other name."""
    stem = name.removesuffix(".yaml")
    if stem not in names():
        raise LookupError(f"no scenario '{name}' is shipped; there are: {', '.join(names())}")
    return _HERE / f"{stem}.yaml"


def paths(name: str) -> tuple[Path, ...]:
    """The file of a shipped scenario, or all files of a folder such as ``izgateway``. Raises LookupError."""
    folder = name.rstrip("/")
    if folder not in families():
        return (path(name),)
    return tuple(path(entry) for entry in names() if entry.startswith(f"{folder}/"))
