"""Building the wheel: the YAML data of the standard is also written as JSON, which loads in a fraction of the time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildData(build_py):
    """Copies the packages as ever, then compiles the data of ``mockiis.profile``. A checkout keeps the YAML alone."""

    def run(self) -> None:
        """Build from nothing, since setuptools would ship whatever an earlier build has left; and compile the data."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for source in (Path(self.build_lib) / "mockiis" / "profile" / "data").rglob("*.yaml"):
                data = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
                source.with_suffix(".json").write_text(json.dumps(data), encoding="utf-8")


setup(cmdclass={"build_py": BuildData})
