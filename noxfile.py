"""What is checked, and how: ``nox -s tests`` and ``nox -s check``."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
LEFT_OUT = ("__pycache__", ".*_cache", ".hypothesis")
nox.options.sessions = ["tests"]
nox.options.error_on_external_run = True


def installed_wheel(session: nox.Session, extra: str) -> None:
    """Build the wheel and install it with the dependencies of one extra: never the checkout itself."""
    folder = Path(tempfile.mkdtemp(prefix="mockiis-wheel-"))
    try:
        session.install("build")
        session.run("python", "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT), silent=True)
        (wheel,) = folder.glob("*.whl")
        session.install(f"{wheel}[{extra}]")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against the built wheel, from a copy outside the checkout, and measure coverage."""
    installed_wheel(session, "test")
    away = Path(tempfile.mkdtemp(prefix="mockiis-tests-"))
    try:
        for name in ("tests", "docs"):
            shutil.copytree(ROOT / name, away / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name in ("pyproject.toml", *(file.name for file in ROOT.glob("*.md")), "LICENSE"):
            shutil.copy(ROOT / name, away)
        session.chdir(away)
        if os.environ.get("MOCKIIS_NO_COVERAGE"):  # a second Python, which covers what the first one does
            session.run("pytest", *session.posargs)
            return
        session.run("coverage", "run", "-m", "pytest", *session.posargs)
        session.run("coverage", "combine", "--quiet")
        session.run("coverage", "report")
    finally:
        session.chdir(ROOT)
        shutil.rmtree(away, ignore_errors=True)


@nox.session
def check(session: nox.Session) -> None:
    """Style, types and import rules."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
