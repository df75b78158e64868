"""One file put beside what the last run left, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from reportgen.base.errors import MachineFailed, reason
from reportgen.publish.folder import (
    beside,
    check_names,
    flush_folder,
    locked,
    make_private,
    recover,
    set_aside,
    write_file,
)
from reportgen.publish.run_files import seal_holds, sealed, sha256


def amend(
    files: Mapping[str, bytes], folder: Path, taken: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Put files beside what the last run left in the folder, each whole or not at all; the rest stays as it is.

    Where the run's manifest names such a file, its entry follows. taken, and what is returned: as with
    `publish`. Raises MachineFailed as `publish` does.
    """
    check_names(files)
    try:
        folder = Path(os.path.realpath(folder))
        make_private(folder.parent)
        with locked(folder):
            recover(folder)
            folder.mkdir(mode=0o700, exist_ok=True)
            aside = set_aside(folder, folder, taken or {})
            files = {**files, **_amended_manifest(folder, files)}
            try:
                for name, content in files.items():
                    beside(folder / name, "new").unlink(missing_ok=True)
                    write_file(beside(folder / name, "new"), content)
                for name in files:
                    beside(folder / name, "new").replace(folder / name)
            finally:
                for name in files:
                    beside(folder / name, "new").unlink(missing_ok=True)
            flush_folder(folder)
        return aside
    except OSError as failure:
        raise MachineFailed(
            f"{' and '.join(files)} could not be written to {folder}: {reason(failure)}. "
            "Mend this, or choose another folder with --output."
        ) from failure


def lead_to(path: Path, folder: Path) -> None:
    """Let a folder below that of `path` hold the file under its name, as a link, so that there is no second one to
    write into. What lies there already stays; a system without links has the file in one place alone.
    """
    link = folder / path.name
    with suppress(OSError, NotImplementedError):
        link.symlink_to(os.path.relpath(path, folder))


def _amended_manifest(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    try:
        written = (folder / "manifest.json").read_bytes()
        manifest = json.loads(written)
        named = [name for name in files if name in manifest["outputs"]]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}
    for name in named:
        manifest["outputs"][name] = {"sha256": sha256(files[name]), "bytes": len(files[name])}
    holds = seal_holds(written)
    if holds:  # a seal that is broken stays so: what somebody else has changed is not to be sealed anew
        del manifest["seal"]
    text = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    return {"manifest.json": sealed(text) if holds else text} if named else {}
