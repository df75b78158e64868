"""While the wheel is built: every language is compiled as gettext reads it, and goes in without its source, and every
command gets its man page."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WRITING = Path("reportgen", "writing")


class Made(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable":
            return  # a checkout compiles by itself, and has `make man`
        compiled = runpy.run_path(str(Path(self.root, WRITING, "catalogues.py")))["compiled"]
        self._made = TemporaryDirectory()
        for written in sorted(Path(self.root, WRITING, "languages").glob("*.po")):
            made = Path(self._made.name, f"{written.stem}.mo")
            made.write_bytes(compiled(written.read_bytes()))
            build_data["force_include"][str(made)] = (WRITING / "languages" / made.name).as_posix()
        for page in self._man_pages(Path(self._made.name, "man")):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        if version != "editable":
            self._made.cleanup()

    def _man_pages(self, folder: Path) -> list[Path]:
        reference = Path(self.root, "scripts", "reference.py")
        # pip hands what a build needs on by PYTHONPATH alone, to this process but to no python of its own.
        known = os.pathsep.join((self.root, *filter(None, sys.path)))
        environment = os.environ | {"PYTHONPATH": known, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, reference, "man", folder], check=True, env=environment)
        return sorted(folder.glob("*.1"))
