"""What is checked, and how: ``nox -s tests`` and ``nox -s check``."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

ROOT = Path(__file__).parent
nox.options.sessions = ["tests"]
nox.options.error_on_external_run = True


def installed_wheel(session: nox.Session, extra: str = "") -> None:
    """Build the wheel and install it with the dependencies of one extra: never the checkout itself."""
    folder = Path(session.create_tmp()).resolve()
    shutil.rmtree(folder / "wheel", ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(folder / "wheel"), str(ROOT), silent=True)
    (wheel,) = (folder / "wheel").glob("*.whl")
    session.install(f"{wheel}[{extra}]" if extra else str(wheel))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests against the built wheel, from a copy outside the checkout, and measure coverage."""
    installed_wheel(session, "test")
    away = Path(session.create_tmp()).resolve() / "away"
    shutil.rmtree(away, ignore_errors=True)
    away.mkdir()
    for name in ("tests", "docs"):
        shutil.copytree(ROOT / name, away / name)
    for name in ("pyproject.toml", "README.md", "CONFORMANCE.md"):
        shutil.copy(ROOT / name, away)
    session.chdir(away)
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session
def check(session: nox.Session) -> None:
    """Style, types and import rules."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
