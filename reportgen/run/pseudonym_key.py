"""The key of the pseudonyms: whether it is the one that earlier reports of the source were made with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from reportgen.base.errors import MachineFailed
from reportgen.privacy.key_file import EXCHANGED, check_value, key_file, read_key
from reportgen.publish.report_folders import places

CASES, PSEUDONYMOUS = "cases", ("board", "partner")


def key_of(root: Path | None, output: Path, new: bool = False) -> bytes:
    """The key, which is made only where no earlier run of the source has pseudonyms, or new ones are wanted.

    root: OUTPUT/<source stem>; None where there is none. MachineFailed where the key of earlier runs is gone, or is
    another one.
    """
    if new or root is None:
        return read_key(output)
    before = sorted(_made_before(root), key=lambda manifest: str(manifest.get("made")))
    key = read_key(output, made=not before)
    known = str(before[-1].get("pseudonyms", "")) if before else ""
    # A run of an earlier version kept no mark.
    if known and known != check_value(key):
        raise MachineFailed(EXCHANGED.format(path=key_file(output)))
    return key


def key_mark(output: Path) -> str:
    """What a manifest keeps of the key."""
    return check_value(read_key(output, made=False))


def _made_before(root: Path) -> Iterator[Mapping]:
    """The manifests of runs whose files have pseudonyms."""
    for folder in places(root):
        for path in (folder / "manifest.json", folder / CASES / "manifest.json"):
            # What is damaged tells of no key; whether that ends the run, whoever needs the manifest itself says.
            with suppress(OSError, ValueError, LookupError, TypeError):
                manifest = json.loads(path.read_bytes())
                reviews = path.parent.name == CASES and "outputs" in manifest
                if reviews or manifest["settings"]["privacy"]["profile"] in PSEUDONYMOUS:
                    yield dict(manifest)
