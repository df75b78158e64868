"""While the wheel is built: every language is compiled as gettext reads it, and goes in without its source."""

from __future__ import annotations

import runpy
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WRITING = Path("reportgen", "writing")


class CompiledLanguages(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        if version == "editable":
            return  # a checkout compiles by itself
        compiled = runpy.run_path(str(Path(self.root, WRITING, "catalogues.py")))["compiled"]
        self._made = TemporaryDirectory()
        for written in sorted(Path(self.root, WRITING, "languages").glob("*.po")):
            made = Path(self._made.name, f"{written.stem}.mo")
            made.write_bytes(compiled(written.read_bytes()))
            build_data["force_include"][str(made)] = (WRITING / "languages" / made.name).as_posix()

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        if version != "editable":
            self._made.cleanup()
